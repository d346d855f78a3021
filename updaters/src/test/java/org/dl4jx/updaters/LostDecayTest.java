package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * If a decay was never attached or was lost on the way, the first step is refused. If it ended with
 * its updater, the step is not refused. Nothing else is refused.
 */
class LostDecayTest {
  private static final double LEARNING_RATE = 0.01;
  private static final double DECAY = 5;

  private static AdamWDecoupled adamW() {
    return new AdamWDecoupled(LEARNING_RATE, DECAY);
  }

  private static Stream<IUpdater> decaying() {
    return Stream.of(
        adamW(),
        new AMSGradDecoupled(LEARNING_RATE, DECAY),
        AdaBound.builder().learningRate(LEARNING_RATE).weightDecay(DECAY).build());
  }

  private static MultiLayerNetwork initialized(MultiLayerConfiguration conf) {
    MultiLayerNetwork network = new MultiLayerNetwork(conf);
    network.init();
    Networks.spread(network);
    return network;
  }

  private static ComputationGraph initialized(ComputationGraphConfiguration conf) {
    ComputationGraph graph = new ComputationGraph(conf);
    graph.init();
    Networks.spread(graph);
    return graph;
  }

  private static MultiLayerNetwork trained(IUpdater updater) {
    MultiLayerNetwork network = initialized(DecoupledDecay.attach(Networks.mlp(updater)));
    network.fit(Networks.data());
    return network;
  }

  private static byte[] bytes(INDArray array) {
    return array.dup().data().asBytes();
  }

  /** Repeatedly, and without moving anything. */
  private static void assertRefused(MultiLayerNetwork network) {
    byte[] parameters = bytes(network.params());
    byte[] state = bytes(network.getUpdater().getStateViewArray());
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatIllegalStateException()
          .isThrownBy(() -> network.fit(Networks.data()))
          .withMessageContaining("weightDecay 5.0")
          .withMessageContaining("DecoupledDecay.attach(x)");
    }
    assertThat(bytes(network.params())).isEqualTo(parameters);
    assertThat(bytes(network.getUpdater().getStateViewArray())).isEqualTo(state);
  }

  private static void assertRefused(ComputationGraph graph) {
    byte[] parameters = bytes(graph.params());
    byte[] state = bytes(graph.getUpdater(true).getStateViewArray());
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatIllegalStateException()
          .isThrownBy(() -> graph.fit(Networks.data()))
          .withMessageContaining("weightDecay 5.0")
          .withMessageContaining("DecoupledDecay.attach(x)");
    }
    assertThat(bytes(graph.params())).isEqualTo(parameters);
    assertThat(bytes(graph.getUpdater(true).getStateViewArray())).isEqualTo(state);
  }

  /** Resets the moments first, because their update does not matter here. */
  private static void assertDecays(MultiLayerNetwork network, double decay, String... weights) {
    network.getUpdater().getStateViewArray().assign(0);
    Map<String, INDArray> before = Networks.copyOf(network);

    Networks.stepWithoutGradient(network);

    assertDecayed(before, network.paramTable(), decay, weights);
  }

  private static void assertDecays(ComputationGraph graph, String... weights) {
    graph.getUpdater(true).getStateViewArray().assign(0);
    Map<String, INDArray> before = Networks.copyOf(graph);

    Networks.stepWithoutGradient(graph);

    assertDecayed(before, graph.paramTable(), DECAY, weights);
  }

  private static void assertDecayed(
      Map<String, INDArray> before, Map<String, INDArray> after, double decay, String... weights) {
    assertThat(before.keySet()).contains(weights);
    before.forEach(
        (name, array) -> {
          if (List.of(weights).contains(name)) {
            double ratio = after.get(name).sumNumber().doubleValue();
            double expected = array.sumNumber().doubleValue() * (1 - LEARNING_RATE * decay);
            assertThat(ratio).as(name).isCloseTo(expected, within(1e-5 * expected));
          } else {
            assertThat(bytes(after.get(name))).as(name).isEqualTo(bytes(array));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("decaying")
  void refusesANetworkThatWasNeverAttached(IUpdater updater) {
    MultiLayerNetwork network = initialized(Networks.mlp(updater));

    assertRefused(network);

    assertDecays(DecoupledDecay.attach(network), DECAY, "0_W", "1_W");
    network.fit(Networks.data());
  }

  @ParameterizedTest
  @MethodSource("decaying")
  void refusesAGraphThatWasNeverAttached(IUpdater updater) {
    ComputationGraph graph = initialized(Networks.graph(updater));

    assertRefused(graph);

    assertDecays(DecoupledDecay.attach(graph), "dense_W", "out_W");
    graph.fit(Networks.data());
  }

  private static void assertRefused(SameDiff model) {
    Map<String, byte[]> before = Map.of("w", bytes(model.getArrForVarName("w")));
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatIllegalStateException()
          .isThrownBy(() -> model.fit(Networks.data()))
          .withMessageContaining("SameDiff's TrainingConfig");
    }
    assertThat(bytes(model.getArrForVarName("w"))).isEqualTo(before.get("w"));
  }

  @ParameterizedTest
  @MethodSource("decaying")
  void refusesASameDiffModelThatWasNeverAttached(IUpdater updater) {
    SameDiff model = Networks.sameDiff(Networks.training(updater));

    assertRefused(model);

    DecoupledDecay.attach(model.getTrainingConfig());
    model.fit(Networks.data());
  }

  @ParameterizedTest
  @MethodSource("decaying")
  void refusesANewTrainingConfigWithoutDecay(IUpdater updater) {
    SameDiff model = Networks.sameDiff(DecoupledDecay.attach(Networks.training(updater)));
    model.fit(Networks.data());
    model.setTrainingConfig(Networks.training(updater));

    assertRefused(model);

    DecoupledDecay.attach(model.getTrainingConfig());
    model.fit(Networks.data());
  }

  @ParameterizedTest
  @MethodSource("decaying")
  void refusesIfTransferLearningReplacedTheRegularizations(IUpdater updater) {
    MultiLayerNetwork tuned =
        new TransferLearning.Builder(trained(updater))
            .fineTuneConfiguration(new FineTuneConfiguration.Builder().l1(1e-4).build())
            .build();

    assertRefused(tuned);

    DecoupledDecay.attach(tuned).fit(Networks.data());
  }

  @Test
  void refusesIfTransferLearningReplacedTheRegularizationsOfAGraph() {
    ComputationGraph graph = initialized(DecoupledDecay.attach(Networks.graph(adamW())));
    ComputationGraph tuned =
        new TransferLearning.GraphBuilder(graph)
            .fineTuneConfiguration(new FineTuneConfiguration.Builder().l1(1e-4).build())
            .build();

    assertRefused(tuned);

    DecoupledDecay.attach(tuned).fit(Networks.data());
  }

  @ParameterizedTest
  @MethodSource("decaying")
  void refusesIfTheRegularizationsOfOneLayerWereReplaced(IUpdater updater) {
    for (int i = 0; i < 2; i++) {
      MultiLayerNetwork network = trained(updater);
      BaseLayer layer = (BaseLayer) network.getLayerWiseConfigurations().getConf(i).getLayer();
      layer.setRegularization(List.of(new L1Regularization(1e-4)));

      assertRefused(network);

      DecoupledDecay.attach(network).fit(Networks.data());
    }
  }

  /**
   * W was longer than the gain and is now as long as the gain was: it must not be confused with it.
   */
  @Test
  void refusesALayerThatTransferLearningResized() {
    MultiLayerNetwork network =
        initialized(
            DecoupledDecay.attach(
                list().layer(dense(4).hasLayerNorm(true).build()).layer(head()).build()));
    MultiLayerNetwork tuned =
        new TransferLearning.Builder(network).nInReplace(0, 1, WeightInit.XAVIER).build();
    Networks.spread(tuned);

    assertThatIllegalStateException()
        .isThrownBy(() -> Networks.stepWithoutGradient(tuned))
        .withMessageContaining("an array of 5 weights")
        .withMessageContaining("DecoupledDecay.attach(network) again");

    assertDecays(DecoupledDecay.attach(tuned), DECAY, "0_W", "1_W");
  }

  @ParameterizedTest
  @MethodSource("decaying")
  void refusesANewHeadWithAnAttachedUpdater(IUpdater updater) {
    MultiLayerNetwork network = trained(updater);
    IUpdater attached = Networks.updaterOf(network.getLayerWiseConfigurations());
    MultiLayerNetwork tuned =
        new TransferLearning.Builder(network)
            .fineTuneConfiguration(new FineTuneConfiguration.Builder().seed(2).build())
            .removeOutputLayer()
            .addLayer(Networks.output().nIn(5).nOut(3).updater(attached).build())
            .build();

    assertRefused(tuned);

    Networks.spread(tuned);
    assertDecays(DecoupledDecay.attach(tuned), DECAY, "0_W", "1_W");
  }

  @ParameterizedTest
  @MethodSource("decaying")
  void refusesALayerWithAnAttachedUpdaterAmongOthers(IUpdater updater) {
    MultiLayerNetwork network = trained(updater);
    IUpdater attached = Networks.updaterOf(network.getLayerWiseConfigurations());
    MultiLayerConfiguration conf =
        Networks.with(new Sgd(0.1))
            .list()
            .layer(((BaseLayer) network.getLayer(0).conf().getLayer()).clone())
            .layer(new DenseLayer.Builder().nIn(5).nOut(5).updater(attached).build())
            .layer(((BaseLayer) network.getLayer(1).conf().getLayer()).clone())
            .build();

    assertRefused(initialized(conf));

    assertDecays(initialized(DecoupledDecay.attach(conf)), DECAY, "0_W", "1_W", "2_W");
  }

  @ParameterizedTest
  @MethodSource("decaying")
  void refusesAnUpdaterFromAnotherNetwork(IUpdater updater) {
    IUpdater attached = Networks.updaterOf(DecoupledDecay.attach(Networks.mlp(updater)));

    assertRefused(initialized(Networks.mlp(attached)));
  }

  @ParameterizedTest
  @MethodSource("decaying")
  void refusesEvenIfTheLearningRateIsSetBeforeEveryStep(IUpdater updater) {
    MultiLayerNetwork network = initialized(Networks.mlp(updater));
    for (int i = 0; i < 3; i++) {
      network.setLearningRate(LEARNING_RATE / (i + 2));
      assertRefused(network);
    }
    DecoupledDecay.attach(network);
    for (int i = 0; i < 3; i++) {
      network.setLearningRate(LEARNING_RATE);
      assertDecays(network, DECAY, "0_W", "1_W");
      network.fit(Networks.data());
    }
  }

  private static MultiLayerNetwork reloaded(MultiLayerNetwork network, File folder)
      throws Exception {
    File file = new File(folder, "model.zip");
    ModelSerializer.writeModel(network, file, true);
    return ModelSerializer.restoreMultiLayerNetwork(file, true);
  }

  @ParameterizedTest
  @MethodSource("decaying")
  void refusesEvenIfTheModelIsReloadedBeforeEveryStep(IUpdater updater, @TempDir File folder)
      throws Exception {
    MultiLayerNetwork network = initialized(Networks.mlp(updater));
    for (int i = 0; i < 3; i++) {
      network = reloaded(network, folder);
      assertRefused(network);
    }
    DecoupledDecay.attach(network);
    for (int i = 0; i < 3; i++) {
      network = reloaded(network, folder);
      assertDecays(network, DECAY, "0_W", "1_W");
      network.fit(Networks.data());
    }
  }

  @ParameterizedTest
  @MethodSource("decaying")
  void refusesAConfigurationThatWentThroughJson(IUpdater updater) {
    MultiLayerConfiguration conf = Networks.throughJson(Networks.mlp(updater));

    assertRefused(initialized(conf));

    MultiLayerConfiguration attached = Networks.throughJson(DecoupledDecay.attach(conf));
    assertDecays(initialized(attached), DECAY, "0_W", "1_W");
  }

  private static ListBuilder list() {
    return Networks.with(adamW()).list();
  }

  private static DenseLayer.Builder dense(int in) {
    return new DenseLayer.Builder().nIn(in).nOut(5);
  }

  private static Layer head() {
    return Networks.output().nIn(5).nOut(3).build();
  }

  private static void assertTrains(MultiLayerConfiguration conf) {
    MultiLayerNetwork network = initialized(DecoupledDecay.attach(conf));
    for (int i = 0; i < 3; i++) {
      network.fit(Networks.data());
    }
    assertThat(network.params().amaxNumber().doubleValue()).isFinite();
  }

  @Test
  void layersWithoutDecayMayBeInBetween() {
    assertTrains(
        list()
            .layer(dense(4).build())
            .layer(dense(5).updater(new AdamWDecoupled(LEARNING_RATE, 0)).build())
            .layer(dense(5).build())
            .layer(dense(5).updater(new Adam()).build())
            .layer(head())
            .build());
  }

  @Test
  void biasesMayHaveAnUpdaterOfDeeplearning4j() {
    assertTrains(
        Networks.with(adamW())
            .biasUpdater(new Sgd(0.1))
            .list()
            .layer(dense(4).hasLayerNorm(true).build())
            .layer(head())
            .build());
  }

  @Test
  void batchNormalizationsMayBeAnywhere() {
    BatchNormalization locked = new BatchNormalization.Builder().lockGammaBeta(true).build();
    assertTrains(
        list()
            .layer(new BatchNormalization())
            .layer(dense(4).build())
            .layer(new BatchNormalization())
            .layer(new BatchNormalization())
            .layer(dense(5).build())
            .layer(locked)
            .layer(dense(5).nOut(3).build())
            .layer(new BatchNormalization())
            .layer(new LossLayer.Builder(LossFunction.MSE).build())
            .setInputType(InputType.feedForward(4))
            .build());
  }

  @Test
  void frozenLayersMayBeAnywhere() {
    assertTrains(
        list()
            .layer(new FrozenLayer(dense(4).build()))
            .layer(dense(5).build())
            .layer(new FrozenLayerWithBackprop(dense(5).build()))
            .layer(dense(5).build())
            .layer(new FrozenLayer(dense(5).build()))
            .layer(head())
            .build());
  }

  @Test
  void everyLayerMayBeFrozen() {
    assertTrains(
        list()
            .layer(new FrozenLayer(dense(4).build()))
            .layer(new FrozenLayerWithBackprop(dense(5).nOut(3).build()))
            .layer(new LossLayer.Builder(LossFunction.MSE).build())
            .build());
  }

  /** Batch normalization has parameters, but none of them is a weight. */
  @Test
  void aNetworkMayHaveNoWeights() {
    assertTrains(
        list()
            .layer(new BatchNormalization.Builder().build())
            .layer(new ActivationLayer(Activation.TANH))
            .layer(dense(4).nOut(3).updater(new Sgd(0.1)).build())
            .layer(new LossLayer.Builder(LossFunction.MSE).build())
            .setInputType(InputType.feedForward(4))
            .build());
  }

  @Test
  void anAutoEncoderMayBePretrainedMoreThanOnce() {
    MultiLayerNetwork network =
        initialized(
            DecoupledDecay.attach(
                list()
                    .layer(new AutoEncoder.Builder().nIn(4).nOut(5).build())
                    .layer(head())
                    .build()));

    for (int i = 0; i < 3; i++) {
      network.pretrainLayer(0, Networks.data().getFeatures());
      network.fit(Networks.data());
    }
  }

  /** Adds a bias. */
  static final class OnlyBias extends SameDiffLayer {
    private static final long serialVersionUID = 1L;

    @Override
    public SDVariable defineLayer(
        SameDiff model, SDVariable in, Map<String, SDVariable> parameters, SDVariable mask) {
      return in.add(parameters.get("shift"));
    }

    @Override
    public void defineParameters(SDLayerParams parameters) {
      parameters.addBiasParam("shift", 1, 5);
    }

    @Override
    public void initializeParameters(Map<String, INDArray> parameters) {
      parameters.get("shift").assign(0);
    }

    @Override
    public InputType getOutputType(int index, InputType in) {
      return in;
    }
  }

  @Test
  void aSameDiffLayerMayHaveOnlyBiases() {
    MultiLayerConfiguration conf =
        list().layer(dense(4).build()).layer(new OnlyBias()).layer(head()).build();

    assertTrains(conf);
    assertDecays(initialized(conf), DECAY, "0_W", "2_W");
  }

  private static MultiLayerNetwork normalized() {
    return initialized(
        DecoupledDecay.attach(
            list()
                .layer(dense(4).build())
                .layer(new BatchNormalization())
                .layer(dense(5).build())
                .layer(new AutoEncoder.Builder().nIn(5).nOut(5).build())
                .layer(head())
                .setInputType(InputType.feedForward(4))
                .build()));
  }

  @Test
  void copiesOfANetworkDecayToo(@TempDir File folder) throws Exception {
    MultiLayerNetwork network = normalized();
    String[] weights = {"0_W", "2_W", "3_W", "4_W"};

    assertDecays(network, DECAY, weights);
    assertDecays(network.clone(), DECAY, weights);
    assertDecays(reloaded(network, folder), DECAY, weights);
    assertDecays(initialized(network.getLayerWiseConfigurations().clone()), DECAY, weights);
    assertDecays(new TransferLearning.Builder(network).build(), DECAY, weights);
    assertDecays(network.toComputationGraph(), weights);
    assertDecays(network.toComputationGraph().clone(), weights);
  }

  @Test
  void whatTransferLearningFreezesDoesNotDecay() {
    MultiLayerNetwork tuned =
        new TransferLearning.Builder(normalized()).setFeatureExtractor(2).build();

    assertDecays(tuned, DECAY, "3_W", "4_W");
  }

  private static Stream<IUpdater> withoutDecay() {
    return Stream.of(
        new Sgd(0.1),
        new Adam(0.1),
        new NoOp(),
        new AdaBound(),
        new AveragedNesterovs(0.1, 0.9),
        new AdamWDecoupled(LEARNING_RATE, 0));
  }

  private static MultiLayerNetwork tuned(IUpdater updater) {
    return new TransferLearning.Builder(trained(adamW()))
        .fineTuneConfiguration(new FineTuneConfiguration.Builder().updater(updater).build())
        .build();
  }

  @ParameterizedTest
  @MethodSource("withoutDecay")
  void theDecayEndsWithTheUpdaterThatCarriesIt(IUpdater updater) {
    MultiLayerNetwork network = tuned(updater);
    byte[] before = bytes(network.params());

    for (int i = 0; i < 20; i++) {
      Networks.stepWithoutGradient(network);
    }

    assertThat(bytes(network.params())).isEqualTo(before);
  }

  @Test
  void anotherUpdaterDecaysByItsOwnCoefficient() {
    double other = 2;
    MultiLayerNetwork network = tuned(new AdamWDecoupled(LEARNING_RATE, other));

    for (int i = 0; i < 3; i++) {
      assertDecays(network, other, "0_W", "1_W");
    }
  }
}
