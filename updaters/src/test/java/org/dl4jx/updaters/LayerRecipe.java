package org.dl4jx.updaters;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CapsuleLayer;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PrimaryCapsules;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A layer of Deeplearning4j and what is expected of its parameters.
 *
 * @param name its name in reports
 * @param layer creates a layer or a vertex
 * @param input the input that it gets
 * @param parameters the names of its weights, which decay; after a slash, those of its biases,
 *     which decay on request; after another slash, those of its other parameters
 * @param refusal a part of the message if decay cannot be attached to it, otherwise null
 * @param ofBiases what Deeplearning4j does with a separate updater for its biases
 */
record LayerRecipe(
    String name,
    Supplier<Object> layer,
    InputType input,
    String parameters,
    String refusal,
    OfBiases ofBiases) {

  /** The updater of vertices without a configuration around them. */
  static final AdamWDecoupled UPDATER = new AdamWDecoupled(0.01, 5);

  private static final InputType FEATURES = InputType.feedForward(4);
  private static final InputType ONE_FEATURE = InputType.feedForward(1);
  private static final InputType SEQUENCE = InputType.recurrent(4, 6);
  private static final InputType IMAGE = InputType.convolutional(5, 5, 2);
  private static final InputType GREY_IMAGE = InputType.convolutional(5, 5, 1);
  private static final InputType VOLUME =
      InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 4, 4, 4, 2);
  private static final InputType CAPSULES = InputType.recurrent(3, 4);

  /** What Deeplearning4j does with a separate updater for the biases. */
  enum OfBiases {
    /** Uses it. */
    OWN,
    /** Applies it to other numbers, so attach refuses. */
    MISPLACED,
    /** Ignores it. */
    IGNORED
  }

  private static LayerRecipe recipe(
      String name, Supplier<Object> layer, InputType input, String parameters) {
    return new LayerRecipe(name, layer, input, parameters, null, OfBiases.OWN);
  }

  private LayerRecipe refusedFor(String reason) {
    return new LayerRecipe(name, layer, input, parameters, reason, ofBiases);
  }

  private LayerRecipe with(OfBiases what) {
    return new LayerRecipe(name, layer, input, parameters, refusal, what);
  }

  List<String> weights() {
    return names(0);
  }

  List<String> biases() {
    return names(1);
  }

  List<String> others() {
    return names(2);
  }

  private List<String> names(int part) {
    String[] parts = parameters.split(" / ");
    return part < parts.length && !parts[part].equals("-")
        ? List.of(parts[part].split(" "))
        : List.of();
  }

  boolean isVertex() {
    return layer.get() instanceof GraphVertex;
  }

  boolean isRefused() {
    return refusal != null;
  }

  /** Between two layers with the same updater, so that all share a block if possible. */
  ComputationGraphConfiguration graph(NeuralNetConfiguration.Builder conf) {
    GraphBuilder builder =
        conf.graphBuilder()
            .addInputs("before", "in", "after")
            .addLayer("first", new DenseLayer.Builder().nOut(2).build(), "before");
    Object it = layer.get();
    if (it instanceof AttentionVertex vertex) {
      builder.addVertex("it", vertex, "in", "in", "in");
    } else if (it instanceof GraphVertex vertex) {
      builder.addVertex("it", vertex, "in");
    } else {
      builder.addLayer("it", (Layer) it, "in");
    }
    return builder
        .addLayer("last", new DenseLayer.Builder().nOut(2).build(), "after")
        .setOutputs("first", "it", "last")
        .setInputTypes(InputType.feedForward(3), input, InputType.feedForward(3))
        .build();
  }

  @Override
  public String toString() {
    return name;
  }

  private static DenseLayer.Builder dense() {
    return new DenseLayer.Builder().nOut(5);
  }

  private static LSTM lstm() {
    return new LSTM.Builder().nIn(4).nOut(5).build();
  }

  private static SimpleRnn normalizedRnn() {
    return new SimpleRnn.Builder().nIn(4).nOut(5).hasLayerNorm(true).build();
  }

  static Stream<LayerRecipe> all() {
    return Stream.of(
            feedForward(), recurrent(), convolutional(), normalizing(), wrapped(), attentive())
        .flatMap(recipes -> recipes);
  }

  private static Stream<LayerRecipe> feedForward() {
    return Stream.of(
        recipe("dense", () -> dense().build(), FEATURES, "W / b"),
        recipe("dense without bias", () -> dense().hasBias(false).build(), FEATURES, "W"),
        recipe("output", () -> Networks.output().nOut(3).build(), FEATURES, "W / b"),
        recipe(
            "output without bias",
            () -> Networks.output().nOut(3).hasBias(false).build(),
            FEATURES,
            "W"),
        recipe(
                "center loss",
                () -> new CenterLossOutputLayer.Builder(LossFunction.MSE).nOut(3).build(),
                FEATURES,
                "W / b / cL")
            .with(OfBiases.IGNORED),
        recipe(
                "one class",
                () -> new OCNNOutputLayer.Builder().hiddenLayerSize(3).build(),
                FEATURES,
                "w v / - / r")
            .refusedFor("lets no regularization reach its \"w\""),
        recipe("embedding", () -> new EmbeddingLayer.Builder().nOut(3).build(), FEATURES, "W"),
        recipe(
            "embedding with bias",
            () -> new EmbeddingLayer.Builder().hasBias(true).nOut(3).build(),
            FEATURES,
            "W / b"),
        recipe(
            "embedded sequence",
            () -> new EmbeddingSequenceLayer.Builder().nOut(3).build(),
            SEQUENCE,
            "W"),
        recipe(
            "embedded sequence with bias",
            () -> new EmbeddingSequenceLayer.Builder().hasBias(true).nOut(3).build(),
            SEQUENCE,
            "W / b"),
        recipe("PReLU", () -> new PReLULayer.Builder().inputShape(4).build(), FEATURES, "W"),
        recipe(
            "PReLU of images",
            () -> new PReLULayer.Builder().inputShape(2, 1, 1).sharedAxes(2, 3).build(),
            IMAGE,
            "W"),
        recipe(
            "elementwise",
            () -> new ElementWiseMultiplicationLayer.Builder().nIn(4).nOut(4).build(),
            FEATURES,
            "W / b"),
        // Deeplearning4j trains the reconstruction part only in pretraining.
        recipe(
            "autoencoder", () -> new AutoEncoder.Builder().nOut(3).build(), FEATURES, "W / b / vb"),
        recipe(
            "variational autoencoder",
            () -> variationalAutoencoder(4),
            FEATURES,
            "e0W e1W pZXMeanW / e0b e1b pZXMeanb / pZXLogStd2W pZXLogStd2b d0W d0b pXZW pXZb"));
  }

  static VariationalAutoencoder variationalAutoencoder(int in) {
    return new VariationalAutoencoder.Builder()
        .encoderLayerSizes(3, 2)
        .decoderLayerSizes(3)
        .nIn(in)
        .nOut(2)
        .build();
  }

  @SuppressWarnings("deprecation")
  private static Stream<LayerRecipe> recurrent() {
    return Stream.of(
        recipe("LSTM", () -> lstm(), SEQUENCE, "W RW / b"),
        recipe(
            "LSTM of one", () -> new LSTM.Builder().nIn(4).nOut(4).build(), SEQUENCE, "W RW / b"),
        recipe(
            "Graves' LSTM", () -> new GravesLSTM.Builder().nOut(3).build(), SEQUENCE, "W RW / b"),
        recipe(
            "Graves' bidirectional LSTM",
            () -> new GravesBidirectionalLSTM.Builder().nOut(3).build(),
            SEQUENCE,
            "WF RWF WB RWB / bF bB"),
        recipe("RNN", () -> new SimpleRnn.Builder().nOut(3).build(), SEQUENCE, "W RW / b"),
        recipe("normalized RNN", () -> normalizedRnn(), SEQUENCE, "W RW / b / g"),
        recipe(
            "normalized RNN of one",
            () -> new SimpleRnn.Builder().nIn(4).nOut(2).hasLayerNorm(true).build(),
            SEQUENCE,
            "W RW / b / g"),
        recipe(
            "recurrent output",
            () -> new RnnOutputLayer.Builder(LossFunction.MSE).nOut(3).build(),
            SEQUENCE,
            "W / b"),
        recipe(
            "recurrent output without bias",
            () -> new RnnOutputLayer.Builder(LossFunction.MSE).hasBias(false).nOut(3).build(),
            SEQUENCE,
            "W"));
  }

  /** The class has no builder. */
  private static Convolution2D convolution2D() {
    Convolution2D layer = new Convolution2D();
    fill(layer, 2, 2);
    return layer;
  }

  /** The class has no builder. */
  private static Convolution1D convolution1D() {
    Convolution1D layer = new Convolution1D();
    fill(layer, 2, 1);
    return layer;
  }

  private static void fill(ConvolutionLayer layer, int... kernel) {
    layer.setNOut(3);
    layer.setHasBias(true);
    layer.setKernelSize(kernel);
    layer.setStride(new int[] {1, 1});
    layer.setPadding(new int[] {0, 0});
    layer.setDilation(new int[] {1, 1});
    layer.setConvolutionMode(ConvolutionMode.Truncate);
  }

  private static DepthwiseConvolution2D depthwise(int multiplier, boolean hasBias) {
    return new DepthwiseConvolution2D.Builder()
        .kernelSize(2, 2)
        .depthMultiplier(multiplier)
        .hasBias(hasBias)
        .nOut(4)
        .build();
  }

  private static SeparableConvolution2D separable(int out, boolean hasBias) {
    return new SeparableConvolution2D.Builder(2, 2).hasBias(hasBias).nOut(out).build();
  }

  private static Stream<LayerRecipe> convolutional() {
    return Stream.of(
        recipe(
            "convolution",
            () -> new ConvolutionLayer.Builder(2, 2).nOut(3).build(),
            IMAGE,
            "W / b"),
        recipe(
            "convolution without bias",
            () -> new ConvolutionLayer.Builder(2, 2).hasBias(false).nOut(3).build(),
            IMAGE,
            "W"),
        recipe("Convolution2D", () -> convolution2D(), IMAGE, "W / b"),
        recipe("Convolution1D", () -> convolution1D(), SEQUENCE, "W / b"),
        recipe(
            "1D convolution",
            () -> new Convolution1DLayer.Builder(2).nOut(3).build(),
            SEQUENCE,
            "W / b"),
        recipe(
            "3D convolution",
            () -> new Convolution3D.Builder(2, 2, 2).nOut(3).build(),
            VOLUME,
            "W / b"),
        recipe(
            "deconvolution",
            () -> new Deconvolution2D.Builder(2, 2).nOut(3).build(),
            IMAGE,
            "W / b"),
        recipe(
            "3D deconvolution",
            () ->
                new Deconvolution3D.Builder()
                    .kernelSize(2, 2, 2)
                    .stride(1, 1, 1)
                    .padding(0, 0, 0)
                    .nOut(3)
                    .build(),
            VOLUME,
            "W / b"),
        recipe("depthwise convolution", () -> depthwise(2, true), IMAGE, "W / b")
            .with(OfBiases.MISPLACED),
        // Four weights, then four biases: the same length.
        recipe("depthwise convolution of one", () -> depthwise(1, true), GREY_IMAGE, "W / b")
            .with(OfBiases.MISPLACED),
        recipe("depthwise convolution without bias", () -> depthwise(2, false), IMAGE, "W"),
        recipe("separable convolution", () -> separable(3, true), IMAGE, "W pW / b")
            .with(OfBiases.MISPLACED),
        // More biases than depthwise weights, so what Deeplearning4j passes as W contains only
        // biases.
        recipe("separable convolution to many", () -> separable(7, true), GREY_IMAGE, "W pW / b")
            .with(OfBiases.MISPLACED),
        // Depthwise weights, pointwise weights and biases all have the same length.
        recipe("separable convolution to four", () -> separable(4, true), GREY_IMAGE, "W pW / b")
            .with(OfBiases.MISPLACED),
        recipe("separable convolution without bias", () -> separable(3, false), IMAGE, "W pW"),
        recipe(
            "locally connected 1D",
            () -> new LocallyConnected1D.Builder().kernelSize(2).hasBias(true).nOut(3).build(),
            SEQUENCE,
            "W / b"),
        recipe(
            "locally connected 1D without bias",
            () -> new LocallyConnected1D.Builder().kernelSize(2).hasBias(false).nOut(3).build(),
            SEQUENCE,
            "W"),
        recipe(
            "locally connected 2D",
            () -> new LocallyConnected2D.Builder().kernelSize(2, 2).hasBias(true).nOut(3).build(),
            IMAGE,
            "W / b"),
        recipe(
            "primary capsules",
            () ->
                new PrimaryCapsules.Builder(2, 3)
                    .kernelSize(2, 2)
                    .stride(1, 1)
                    .hasBias(true)
                    .build(),
            IMAGE,
            "weight / bias"),
        recipe("capsules", () -> new CapsuleLayer.Builder(2, 3, 1).build(), CAPSULES, "weight"),
        recipe(
            "capsules with bias",
            () -> new CapsuleLayer.Builder(2, 3, 1).hasBias(true).build(),
            CAPSULES,
            "weight / bias"));
  }

  private static Stream<LayerRecipe> normalizing() {
    return Stream.of(
        recipe("normalized dense", () -> dense().hasLayerNorm(true).build(), FEATURES, "W / b / g"),
        recipe(
            "normalized dense of one",
            () -> dense().hasLayerNorm(true).build(),
            ONE_FEATURE,
            "W / b / g"),
        recipe(
            "normalized dense without bias",
            () -> dense().hasLayerNorm(true).hasBias(false).build(),
            FEATURES,
            "W / - / g"),
        recipe(
            "batch normalization",
            () -> new BatchNormalization(),
            FEATURES,
            "- / - / gamma beta mean log10stdev"),
        recipe(
            "batch normalization of variances",
            () -> new BatchNormalization.Builder().useLogStd(false).build(),
            IMAGE,
            "- / - / gamma beta mean var"),
        recipe(
            "locked batch normalization",
            () -> new BatchNormalization.Builder().lockGammaBeta(true).build(),
            FEATURES,
            "- / - / mean log10stdev"));
  }

  private static Stream<LayerRecipe> wrapped() {
    return Stream.of(
        recipe("bidirectional", () -> new Bidirectional(lstm()), SEQUENCE, "fW fRW bW bRW / fb bb"),
        recipe(
            "bidirectional normalized RNN",
            () -> new Bidirectional(normalizedRnn()),
            SEQUENCE,
            "fW fRW bW bRW / fb bb / fg bg"),
        recipe("last step", () -> new LastTimeStep(lstm()), SEQUENCE, "W RW / b"),
        recipe(
            "last step of both directions",
            () -> new LastTimeStep(new Bidirectional(lstm())),
            SEQUENCE,
            "fW fRW bW bRW / fb bb"),
        recipe("masked zeros", () -> new MaskZeroLayer(lstm(), 0), SEQUENCE, "W RW / b"),
        recipe(
            "distributed over time",
            () -> new TimeDistributed(dense().nIn(4).hasLayerNorm(true).build()),
            SEQUENCE,
            "W / b / g"),
        recipe("frozen", () -> new FrozenLayer(dense().build()), FEATURES, "- / - / W b"),
        recipe(
            "frozen, both directions",
            () -> new FrozenLayer(new Bidirectional(lstm())),
            SEQUENCE,
            "- / - / fW fRW fb bW bRW bb"),
        recipe(
            "frozen batch normalization",
            () -> new FrozenLayer(new BatchNormalization()),
            FEATURES,
            "- / - / gamma beta mean log10stdev"),
        recipe(
            "frozen with backpropagation",
            () -> new FrozenLayerWithBackprop(dense().nIn(4).build()),
            FEATURES,
            "- / - / W b"),
        recipe(
            "frozen with backpropagation, last step",
            () -> new FrozenLayerWithBackprop(new LastTimeStep(lstm())),
            SEQUENCE,
            "- / - / W RW b"));
  }

  private static Stream<LayerRecipe> attentive() {
    return Stream.of(
        recipe(
            "self-attention",
            () ->
                new SelfAttentionLayer.Builder()
                    .nOut(4)
                    .nHeads(2)
                    .headSize(2)
                    .projectInput(true)
                    .build(),
            SEQUENCE,
            "Wq Wk Wv Wo"),
        recipe(
            "learned self-attention",
            () ->
                new LearnedSelfAttentionLayer.Builder()
                    .nOut(4)
                    .nHeads(2)
                    .headSize(2)
                    .nQueries(3)
                    .projectInput(true)
                    .build(),
            SEQUENCE,
            "Q Wq Wk Wv Wo"),
        recipe(
            "learned queries",
            () ->
                new LearnedSelfAttentionLayer.Builder()
                    .nIn(4)
                    .nOut(4)
                    .nHeads(1)
                    .nQueries(3)
                    .projectInput(false)
                    .build(),
            SEQUENCE,
            "Q"),
        recipe(
            "recurrent attention",
            () ->
                new RecurrentAttentionLayer.Builder()
                    .nIn(4)
                    .nOut(4)
                    .nHeads(2)
                    .headSize(2)
                    .hasBias(true)
                    .projectInput(true)
                    .build(),
            SEQUENCE,
            "W RW Wq Wk Wv Wo / b"),
        recipe(
            "attention vertex",
            () ->
                new AttentionVertex.Builder()
                    .nInQueries(4)
                    .nInKeys(4)
                    .nInValues(4)
                    .headSize(3)
                    .nHeads(2)
                    .nOut(5)
                    .projectInput(true)
                    .build(),
            SEQUENCE,
            "Wq Wk Wv Wo"),
        recipe("layer vertex", () -> layerVertex(), FEATURES, "W / b"),
        recipe("frozen vertex", () -> new FrozenVertex(layerVertex()), FEATURES, "- / - / W b"));
  }

  private static LayerVertex layerVertex() {
    DenseLayer layer = dense().nIn(4).name("it").build();
    return new LayerVertex(Networks.with(UPDATER).layer(layer).build(), null);
  }
}
