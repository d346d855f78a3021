package org.dl4jx.updaters.sophia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.ops.transforms.Transforms;

class SampledGradientTest {
  private static final int BATCH = 6;
  private static final int INPUTS = 4;
  private static final int CLASSES = 3;

  private static NeuralNetConfiguration.Builder conf() {
    return new NeuralNetConfiguration.Builder().seed(3).dataType(DataType.DOUBLE);
  }

  private static OutputLayer output(Activation activation, LossFunction loss) {
    return new OutputLayer.Builder(loss).nIn(INPUTS).nOut(CLASSES).activation(activation).build();
  }

  private static MultiLayerNetwork network(Layer... layers) {
    var list = conf().list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    MultiLayerNetwork network = new MultiLayerNetwork(list.build());
    network.init();
    return network;
  }

  private static INDArray random(long... shape) {
    return Nd4j.rand(Nd4j.getRandomFactory().getNewRandomInstance(5), shape)
        .castTo(DataType.DOUBLE)
        .subi(0.3);
  }

  private static INDArray sum(
      Model model, INDArray input, SplittableRandom random, long... labels) {
    if (model instanceof MultiLayerNetwork network) {
      network.setInput(input);
    } else {
      ((ComputationGraph) model).setInputs(input);
    }
    INDArray[] shaped = {Nd4j.zeros(DataType.DOUBLE, labels)};
    return SampledGradient.of(model).sum(shaped, random).dup();
  }

  /** Weights in Deeplearning4j's order: W by columns, then b. */
  private static INDArray flat(INDArray w, INDArray b) {
    return Nd4j.toFlattened('f', w, b);
  }

  /** Both compute in double, with sums of 6 numbers of at most 1. */
  @Test
  void equalsAPlainComputationFromTheDrawnLabels() {
    INDArray x = random(BATCH, INPUTS);
    MultiLayerNetwork network = network(output(Activation.SOFTMAX, LossFunction.MCXENT));

    INDArray actual = sum(network, x, new SplittableRandom(8), BATCH, CLASSES);

    INDArray p = network.output(x);
    INDArray y = SampledLabels.draw(p, true, new SplittableRandom(8).split());
    INDArray delta = p.sub(y);
    INDArray expected = flat(x.transpose().mmul(delta), delta.sum(0));
    assertThat(actual.toDoubleVector()).containsExactly(expected.toDoubleVector(), within(1e-15));
  }

  /**
   * For a linear model, the Gauss–Newton diagonal of the mean loss is the mean of {@code x² p (1 -
   * p)}, for softmax and sigmoid alike. The mean over n draws of B ĝ² is off by more than 5 of its
   * standard errors once in 1.7 million times.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void onAverageTheSquareIsTheGaussNewtonDiagonal(boolean isSoftmax) {
    INDArray x = random(BATCH, INPUTS);
    MultiLayerNetwork network =
        network(
            isSoftmax
                ? output(Activation.SOFTMAX, LossFunction.MCXENT)
                : output(Activation.SIGMOID, LossFunction.XENT));
    INDArray p = network.output(x);
    INDArray curvature = p.mul(p.rsub(1));
    INDArray expected = flat(x.mul(x).transpose().mmul(curvature), curvature.sum(0)).div(BATCH);

    int n = 2_000;
    INDArray total = Nd4j.zeros(DataType.DOUBLE, expected.length());
    INDArray squares = total.dup();
    network.setInput(x);
    SampledGradient sampled = SampledGradient.of(network);
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < n; i++) {
      INDArray sum = sampled.sum(new INDArray[] {Nd4j.zeros(BATCH, CLASSES)}, random);
      INDArray estimate = sum.mul(sum).div(BATCH); // B (sum / B)²
      total.addi(estimate);
      squares.addi(estimate.mul(estimate));
    }
    INDArray mean = total.div(n);
    INDArray errors = Transforms.sqrt(squares.div(n).sub(mean.mul(mean)).div(n));
    for (int i = 0; i < expected.length(); i++) {
      assertThat(mean.getDouble(i))
          .isCloseTo(expected.getDouble(i), within(5 * errors.getDouble(i)));
      // Tight enough to tell from the square of the mean gradient, which has no B
      assertThat(5 * errors.getDouble(i)).isLessThan(0.3 * expected.getDouble(i));
    }
  }

  /** The last two time steps of the first example do not exist. */
  @Test
  void leavesOutMaskedTimeSteps() {
    int time = 5;
    INDArray x = random(2, INPUTS, time);
    INDArray mask = Nd4j.ones(DataType.DOUBLE, 2, time);
    mask.get(NDArrayIndex.point(0), NDArrayIndex.interval(3, 5)).assign(0);
    MultiLayerNetwork network =
        network(
            new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .nIn(INPUTS)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .dataFormat(RNNFormat.NCW)
                .build());
    network.setLayerMaskArrays(null, mask);
    INDArray masked = sum(network, x, new SplittableRandom(8), 2, CLASSES, time);

    INDArray changed = x.dup();
    changed.get(NDArrayIndex.point(0), NDArrayIndex.all(), NDArrayIndex.interval(3, 5)).assign(1e3);
    network.setLayerMaskArrays(null, mask);
    assertThat(sum(network, changed, new SplittableRandom(8), 2, CLASSES, time)).isEqualTo(masked);
    network.clearLayerMaskArrays();
    assertThat(sum(network, x, new SplittableRandom(8), 2, CLASSES, time)).isNotEqualTo(masked);
  }

  private static LSTM lstm(int inputs, int outputs) {
    return new LSTM.Builder().nIn(inputs).nOut(outputs).dataFormat(RNNFormat.NCW).build();
  }

  static Stream<Named<MultiLayerNetwork>> networks() {
    return Stream.of(
        Named.of(
            "with batch normalization",
            network(
                new DenseLayer.Builder().nIn(INPUTS).nOut(INPUTS).build(),
                new BatchNormalization.Builder().nIn(INPUTS).nOut(INPUTS).build(),
                output(Activation.SOFTMAX, LossFunction.MCXENT))),
        Named.of(
            "with a frozen layer",
            network(
                new FrozenLayer(new DenseLayer.Builder().nIn(INPUTS).nOut(INPUTS).build()),
                new DenseLayer.Builder().nIn(INPUTS).nOut(INPUTS).build(),
                output(Activation.SOFTMAX, LossFunction.MCXENT))),
        Named.of(
            "of two layers with l2",
            network(
                new DenseLayer.Builder().nIn(INPUTS).nOut(INPUTS).l2(0.1).build(),
                output(Activation.SOFTMAX, LossFunction.MCXENT))));
  }

  /** It is a network, too, and computes the same, so to the last bit. */
  @ParameterizedTest
  @MethodSource("networks")
  void equalsWhatTheNetworkComputesForTheseLabels(MultiLayerNetwork network) {
    INDArray x = random(BATCH, INPUTS);

    INDArray actual = sum(network, x, new SplittableRandom(8), BATCH, CLASSES);

    INDArray p = network.output(x, true);
    network.setInput(x);
    network.setLabels(SampledLabels.draw(p, true, new SplittableRandom(8).split()));
    network.computeGradientAndScore();
    assertThat(actual.toDoubleVector())
        .isEqualTo(network.getFlattenedGradients().reshape(actual.length()).toDoubleVector());
    assertThat(actual.norm2Number().doubleValue()).isPositive();
  }

  /** As above, with the same masks. */
  @Test
  void layersSeeTheMaskOfTheInput() {
    MultiLayerNetwork network =
        network(
            new Bidirectional(lstm(INPUTS, 5)),
            lstm(10, INPUTS),
            new GlobalPoolingLayer(PoolingType.AVG),
            output(Activation.SOFTMAX, LossFunction.MCXENT));
    INDArray x = random(2, INPUTS, 5);
    INDArray mask = Nd4j.ones(DataType.DOUBLE, 2, 5);
    mask.get(NDArrayIndex.point(0), NDArrayIndex.interval(3, 5)).assign(0);

    network.setLayerMaskArrays(mask, null);
    INDArray masked = sum(network, x, new SplittableRandom(8), 2, CLASSES);
    network.clearLayerMaskArrays();
    INDArray unmasked = sum(network, x, new SplittableRandom(8), 2, CLASSES);

    INDArray p = network.output(x, true, mask, null);
    network.setInput(x);
    network.setLabels(SampledLabels.draw(p, true, new SplittableRandom(8).split()));
    network.setLayerMaskArrays(mask, null);
    network.computeGradientAndScore();
    assertThat(masked.toDoubleVector())
        .isEqualTo(network.getFlattenedGradients().reshape(masked.length()).toDoubleVector());
    assertThat(unmasked.distance2(masked)).isGreaterThan(1e-6);
  }

  /** So that there is one twin for a whole training. */
  @Test
  void knowsItsNetwork() {
    MultiLayerNetwork network = network(output(Activation.SOFTMAX, LossFunction.MCXENT));
    MultiLayerNetwork copy = network.clone();
    ComputationGraph graph = network.toComputationGraph();
    for (Model model : new Model[] {network, copy, graph}) {
      SampledGradient sampled = SampledGradient.of(model);

      assertThat(sampled.isOf(model)).isTrue();
      for (Model other : new Model[] {network, copy, graph}) {
        assertThat(sampled.isOf(other)).isEqualTo(other == model);
      }
    }
  }

  /** Even if all of them are set. */
  @Test
  void followsTheParametersOfTheNetwork() {
    MultiLayerNetwork network = network(output(Activation.SOFTMAX, LossFunction.MCXENT));
    network.setInput(random(BATCH, INPUTS));
    SampledGradient sampled = SampledGradient.of(network);
    INDArray[] labels = {Nd4j.zeros(DataType.DOUBLE, BATCH, CLASSES)};
    INDArray before = sampled.sum(labels, new SplittableRandom(8)).dup();

    network.setParams(network.params().mul(-3));
    INDArray after = sampled.sum(labels, new SplittableRandom(8)).dup();

    assertThat(after).isNotEqualTo(before);
    assertThat(SampledGradient.of(network).sum(labels, new SplittableRandom(8))).isEqualTo(after);
  }

  /** The same network and draws, so the difference is rounding in double. */
  @Test
  void graphsAreAsNetworks() {
    MultiLayerNetwork network =
        network(
            new DenseLayer.Builder().nIn(INPUTS).nOut(INPUTS).build(),
            output(Activation.SOFTMAX, LossFunction.MCXENT));
    INDArray x = random(BATCH, INPUTS);

    INDArray ofNetwork = sum(network, x, new SplittableRandom(8), BATCH, CLASSES);
    INDArray ofGraph =
        sum(network.toComputationGraph(), x, new SplittableRandom(8), BATCH, CLASSES);

    assertThat(ofGraph.toDoubleVector()).containsExactly(ofNetwork.toDoubleVector(), within(1e-15));
  }

  /** Sums of at most 24 numbers below 1 in double. */
  @Test
  void addsUpSeveralOutputs() {
    ComputationGraph graph =
        new ComputationGraph(
            conf()
                .graphBuilder()
                .addInputs("a", "b")
                .addLayer(
                    "one", output(Activation.SOFTMAX, LossFunction.NEGATIVELOGLIKELIHOOD), "a")
                .addLayer("two", output(Activation.SIGMOID, LossFunction.XENT), "b")
                .setOutputs("one", "two")
                .build());
    graph.init();
    INDArray a = random(BATCH, INPUTS);
    INDArray b = random(BATCH, INPUTS).muli(-2);
    graph.setInputs(a, b);
    INDArray shape = Nd4j.zeros(DataType.DOUBLE, BATCH, CLASSES);
    INDArray actual =
        SampledGradient.of(graph).sum(new INDArray[] {shape, shape}, new SplittableRandom(8)).dup();

    INDArray[] p = graph.output(a, b);
    SplittableRandom random = new SplittableRandom(8);
    INDArray one = p[0].sub(SampledLabels.draw(p[0], true, random.split()));
    INDArray two = p[1].sub(SampledLabels.draw(p[1], false, random.split()));
    INDArray expected =
        Nd4j.concat(
            0,
            flat(a.transpose().mmul(one), one.sum(0)),
            flat(b.transpose().mmul(two), two.sum(0)));
    assertThat(actual.toDoubleVector()).containsExactly(expected.toDoubleVector(), within(1e-14));
  }

  static Stream<Arguments> outputsWithoutWeights() {
    return Stream.of(
        Arguments.of(
            new LossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build(),
            false),
        Arguments.of(
            new LossLayer.Builder(LossFunction.XENT).activation(Activation.SIGMOID).build(), false),
        Arguments.of(
            new RnnLossLayer.Builder(LossFunction.SPARSE_MCXENT)
                .activation(Activation.SOFTMAX)
                .build(),
            true));
  }

  /** A loss layer after a linear layer is an output layer. */
  @ParameterizedTest
  @MethodSource("outputsWithoutWeights")
  void lossLayersAreAsOutputLayers(Layer loss, boolean isRecurrent) {
    boolean isSoftmax =
        !(loss instanceof LossLayer l) || l.getActivationFn().toString().equals("softmax");
    INDArray x = isRecurrent ? random(BATCH, INPUTS, 1) : random(BATCH, INPUTS);
    DenseLayer linear =
        new DenseLayer.Builder().nIn(INPUTS).nOut(CLASSES).activation(Activation.IDENTITY).build();
    var list = conf().list().layer(linear).layer(loss);
    if (isRecurrent) {
      list.setInputType(InputType.recurrent(INPUTS));
    }
    MultiLayerNetwork network = new MultiLayerNetwork(list.build());
    network.init();
    MultiLayerNetwork whole =
        network(
            isSoftmax
                ? output(Activation.SOFTMAX, LossFunction.MCXENT)
                : output(Activation.SIGMOID, LossFunction.XENT));
    whole.setParams(network.params());

    long[] labels = isRecurrent ? new long[] {BATCH, CLASSES, 1} : new long[] {BATCH, CLASSES};
    INDArray actual = sum(network, x, new SplittableRandom(8), labels);
    INDArray expected =
        sum(whole, x.reshape(BATCH, INPUTS), new SplittableRandom(8), BATCH, CLASSES);

    assertThat(actual.toDoubleVector()).containsExactly(expected.toDoubleVector(), within(1e-15));
  }

  /** One by one convolution is a linear layer per pixel. */
  @Test
  void drawsALabelPerPixel() {
    MultiLayerNetwork network =
        network(
            new ConvolutionLayer.Builder(1, 1)
                .nIn(INPUTS)
                .nOut(CLASSES)
                .activation(Activation.IDENTITY)
                .build(),
            new CnnLossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build());
    INDArray x = random(2, INPUTS, 3, 3);

    INDArray actual = sum(network, x, new SplittableRandom(8), 2, CLASSES, 3, 3);

    INDArray rows = x.permute(0, 2, 3, 1).dup('c').reshape(18, INPUTS);
    INDArray p = network.output(x).permute(0, 2, 3, 1).dup('c').reshape(18, CLASSES);
    INDArray delta = p.sub(SampledLabels.draw(p, true, new SplittableRandom(8).split()));
    // A convolution has b before W, and W by outputs.
    INDArray w = delta.transpose().mmul(rows).dup('c');
    INDArray expected = Nd4j.concat(0, delta.sum(0), w.reshape(w.length()));
    assertThat(actual.toDoubleVector()).containsExactly(expected.toDoubleVector(), within(1e-14));
  }

  static Stream<Arguments> others() {
    INDArray weights = Nd4j.createFromArray(1.0, 2.0, 1.0);
    return Stream.of(
        Arguments.of(output(Activation.IDENTITY, LossFunction.MSE), "OutputLayer with identity"),
        Arguments.of(output(Activation.SIGMOID, LossFunction.MSE), "LossMSE"),
        Arguments.of(output(Activation.TANH, LossFunction.HINGE), "LossHinge"),
        Arguments.of(
            new OutputLayer.Builder(new LossMCXENT(weights))
                .nIn(INPUTS)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build(),
            "LossMCXENT(weights="),
        Arguments.of(
            new OutputLayer.Builder(new LossBinaryXENT(weights))
                .nIn(INPUTS)
                .nOut(CLASSES)
                .activation(Activation.SIGMOID)
                .build(),
            "LossBinaryXENT(weights="),
        Arguments.of(
            new CenterLossOutputLayer.Builder(LossFunction.MCXENT)
                .nIn(INPUTS)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build(),
            "which is CenterLossOutputLayer"),
        Arguments.of(
            new DenseLayer.Builder().nIn(INPUTS).nOut(CLASSES).build(), "which is DenseLayer"));
  }

  @ParameterizedTest
  @MethodSource("others")
  void namesAnOutputThatItCannotDrawFrom(Layer layer, String what) {
    layer.setLayerName("last");
    MultiLayerNetwork network = network(layer);

    for (Model model : new Model[] {network, network.toComputationGraph()}) {
      assertThatIllegalStateException()
          .isThrownBy(() -> SampledGradient.of(model))
          .withMessageContaining("cannot draw labels from output \"")
          .withMessageContaining(what)
          .withMessageContaining("An output must be OutputLayer, RnnOutputLayer,");
    }
  }

  @Test
  void refusesTruncatedBackpropagation() {
    RnnOutputLayer output =
        new RnnOutputLayer.Builder(LossFunction.MCXENT)
            .nIn(INPUTS)
            .nOut(CLASSES)
            .activation(Activation.SOFTMAX)
            .build();
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            conf().list().layer(output).backpropType(BackpropType.TruncatedBPTT).build());
    ComputationGraph graph =
        new ComputationGraph(
            conf()
                .graphBuilder()
                .addInputs("in")
                .addLayer("out", output, "in")
                .setOutputs("out")
                .backpropType(BackpropType.TruncatedBPTT)
                .build());

    for (Model model : new Model[] {network, graph}) {
      model.init();
      assertThatIllegalStateException()
          .isThrownBy(() -> SampledGradient.of(model))
          .withMessageContaining("SophiaHessian does not support BackpropType.TruncatedBPTT");
    }
  }
}
