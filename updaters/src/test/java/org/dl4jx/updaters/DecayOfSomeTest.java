package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What a filter leaves out, what replaces another decay, and what {@code attach} refuses. */
class DecayOfSomeTest {
  private static final double LEARNING_RATE = 0.01;
  private static final double DECAY = 5;

  private static AdamWDecoupled adamW() {
    return new AdamWDecoupled(LEARNING_RATE, DECAY);
  }

  private static MultiLayerNetwork initialized(MultiLayerConfiguration conf) {
    MultiLayerNetwork network = new MultiLayerNetwork(conf);
    network.init();
    Networks.spread(network);
    return network;
  }

  /** The parameters that move in a step with a gradient of zero. */
  private static List<String> moved(MultiLayerNetwork network) {
    Map<String, INDArray> before = Networks.copyOf(network);
    Networks.stepWithoutGradient(network);
    return moved(before, network.paramTable());
  }

  private static List<String> moved(ComputationGraph graph) {
    Map<String, INDArray> before = Networks.copyOf(graph);
    Networks.stepWithoutGradient(graph);
    return moved(before, graph.paramTable());
  }

  private static List<String> moved(Map<String, INDArray> before, Map<String, INDArray> after) {
    return before.keySet().stream()
        .filter(name -> !Arrays.equals(bytes(before.get(name)), bytes(after.get(name))))
        .toList();
  }

  private static byte[] bytes(INDArray array) {
    return array.dup().data().asBytes();
  }

  private static RnnOutputLayer rnnOutput(int in) {
    return new RnnOutputLayer.Builder(LossFunction.MSE).nIn(in).nOut(3).build();
  }

  /** With four inputs and four units, W and RW have the same length. */
  private static MultiLayerConfiguration lstm(IUpdater updater) {
    return Networks.with(updater)
        .list()
        .layer(new LSTM.Builder().nIn(4).nOut(4).build())
        .layer(rnnOutput(4))
        .build();
  }

  private static MultiLayerConfiguration bidirectional(IUpdater updater) {
    return Networks.with(updater)
        .list()
        .layer(new Bidirectional(new LSTM.Builder().name("both").nIn(4).nOut(4).build()))
        .layer(rnnOutput(8))
        .build();
  }

  private static final BiPredicate<String, String> RECURRENT = (layer, name) -> name.equals("RW");

  @Test
  void tellsWeightsOfTheSameLengthApart() {
    assertThat(moved(initialized(DecoupledDecay.attach(lstm(adamW()), RECURRENT))))
        .containsExactly("0_RW");
    assertThat(
            moved(
                initialized(
                    DecoupledDecay.attach(lstm(adamW()), (layer, name) -> !name.equals("RW")))))
        .containsExactly("0_W", "1_W");
  }

  @Test
  void tellsThemApartInEveryStepAndAfterJson() {
    MultiLayerNetwork network =
        initialized(Networks.throughJson(DecoupledDecay.attach(bidirectional(adamW()), RECURRENT)));

    for (int i = 0; i < 3; i++) {
      assertThat(moved(network)).containsExactly("0_bRW", "0_fRW");
    }
  }

  @Test
  void tellsThemApartIfBiasesHaveTheirOwnUpdater() {
    MultiLayerConfiguration conf =
        Networks.with(adamW())
            .biasUpdater(new Sgd(0.1))
            .list()
            .layer(new Bidirectional(new LSTM.Builder().nIn(4).nOut(4).build()))
            .layer(new DenseLayer.Builder().nIn(1).nOut(5).hasLayerNorm(true).build())
            .build();

    assertThat(moved(initialized(DecoupledDecay.attach(conf, RECURRENT))))
        .containsExactly("0_bRW", "0_fRW");
    assertThat(moved(initialized(DecoupledDecay.attach(conf))))
        .containsExactly("0_bRW", "0_bW", "0_fRW", "0_fW", "1_W");
  }

  @Test
  void filtersANetworkAndAGraphThatTrain() {
    MultiLayerNetwork network = initialized(Networks.mlp(adamW()));
    ComputationGraph graph = new ComputationGraph(Networks.graph(adamW()));
    graph.init();

    DecoupledDecay.attach(network, (layer, name) -> layer.equals("hidden"));
    DecoupledDecay.attach(
        graph, (layer, name) -> layer.equals("out"), DecayedParameters.WEIGHTS_AND_BIASES);

    assertThat(moved(network)).containsExactly("0_W");
    assertThat(moved(graph)).containsExactly("out_W");
    Networks.spread(graph);
    assertThat(moved(graph)).containsExactly("out_W", "out_b");
  }

  private static MultiLayerConfiguration withL2(IUpdater updater) {
    return Networks.with(updater)
        .l2(0.1)
        .l2Bias(0.2)
        .list()
        .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
        .layer(Networks.output().nIn(5).nOut(3).weightDecay(0.1).l2(0).build())
        .build();
  }

  private static BaseLayer layer(MultiLayerConfiguration conf, int index) {
    return (BaseLayer) conf.getConf(index).getLayer();
  }

  @Test
  void replacesAnotherDecay() {
    MultiLayerConfiguration conf = DecoupledDecay.attach(withL2(adamW()), ExistingDecay.REPLACE);

    for (int i = 0; i < 2; i++) {
      assertThat(layer(conf, i).getRegularization())
          .noneMatch(r -> r instanceof L2Regularization || r instanceof WeightDecay);
      assertThat(layer(conf, i).getRegularizationBias()).contains(new L2Regularization(0.2));
    }
  }

  @Test
  void replacesADecayOfBiasesOnlyIfTheyDecay() {
    MultiLayerConfiguration conf =
        DecoupledDecay.attach(
            withL2(adamW()), ExistingDecay.REPLACE, DecayedParameters.WEIGHTS_AND_BIASES);

    assertThat(layer(conf, 0).getRegularizationBias())
        .noneMatch(L2Regularization.class::isInstance);
  }

  @Test
  void keepsTheOtherDecayWhereNothingDecaysHere() {
    MultiLayerConfiguration filtered =
        DecoupledDecay.attach(
            withL2(adamW()), (layer, name) -> layer.equals("layer1"), ExistingDecay.REPLACE);
    MultiLayerConfiguration other =
        DecoupledDecay.attach(withL2(new Sgd(0.1)), ExistingDecay.REPLACE);

    assertThat(layer(filtered, 0).getRegularization()).contains(new L2Regularization(0.1));
    assertThat(layer(other, 0).getRegularization()).containsExactly(new L2Regularization(0.1));
  }

  @Test
  void aFilterMaySeparateTheTwoDecays() {
    MultiLayerConfiguration conf = withL2(adamW());

    DecoupledDecay.attach(conf, (layer, name) -> false);

    assertThat(moved(initialized(conf))).contains("0_W");
    assertThat(layer(conf, 0).getRegularization()).contains(new L2Regularization(0.1));
  }

  @Test
  void messagesNameTheRemedies() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DecoupledDecay.attach(withL2(adamW())))
        .withMessageContaining("layer \"layer0\" (DenseLayer)")
        .withMessageContaining("ExistingDecay.REPLACE")
        .withMessageContaining("l2(0)")
        .withMessageContaining("FineTuneConfiguration.Builder");
    TrainingConfig config =
        new TrainingConfig.Builder()
            .updater(adamW())
            .l2(0.1)
            .dataSetFeatureMapping("in")
            .dataSetLabelMapping("label")
            .build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DecoupledDecay.attach(config))
        .withMessageContaining("variables of the TrainingConfig")
        .withMessageContaining("ExistingDecay.REPLACE");

    DecoupledDecay.attach(config, ExistingDecay.REPLACE);

    assertThat(config.getRegularization()).noneMatch(L2Regularization.class::isInstance);
    Networks.sameDiff(config).fit(Networks.data());
  }

  @Test
  void frozenLayersWithAnotherDecayAreNoObstacle() {
    for (DecayedParameters parameters : DecayedParameters.values()) {
      MultiLayerConfiguration conf =
          Networks.with(adamW())
              .list()
              .layer(new FrozenLayer(new DenseLayer.Builder().nIn(4).nOut(5).l2(0.1).build()))
              .layer(new FrozenLayer(new DenseLayer.Builder().nIn(5).nOut(5).l2Bias(0.1).build()))
              .layer(
                  new FrozenLayer(new OCNNOutputLayer.Builder().nIn(5).hiddenLayerSize(3).build()))
              .layer(Networks.output().nIn(1).nOut(3).build())
              .build();

      MultiLayerNetwork network = initialized(DecoupledDecay.attach(conf, parameters));

      assertThat(moved(network)).startsWith("3_W").allMatch(name -> name.startsWith("3_"));
    }
  }

  @Test
  void aFailureChangesNothingAnywhere() {
    MultiLayerConfiguration conf =
        Networks.with(adamW())
            .list()
            .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
            .layer(new FrozenLayer(new DenseLayer.Builder().nIn(5).nOut(5).l2(0.1).build()))
            .layer(Networks.output().nIn(5).nOut(3).l2(0.1).build())
            .build();
    MultiLayerNetwork network = initialized(conf);
    byte[] state = network.getUpdater().getStateViewArray().data().asBytes();
    String before = conf.toJson();

    assertThatIllegalArgumentException().isThrownBy(() -> DecoupledDecay.attach(network));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                DecoupledDecay.attach(
                    network,
                    (layer, name) -> {
                      throw new IllegalArgumentException("of the filter");
                    }))
        .withMessage("of the filter");

    assertThat(conf.toJson()).isEqualTo(before);
    assertThat(network.getUpdater().getStateViewArray().data().asBytes()).isEqualTo(state);
  }

  @Test
  void namesANullArgument() {
    MultiLayerConfiguration conf = Networks.mlp(adamW());
    DecayOption none = null;
    DecayOption[] noArray = null;
    String before = conf.toJson();

    assertNull("options", () -> DecoupledDecay.attach(conf, none));
    assertNull("options", () -> DecoupledDecay.attach(conf, noArray));
    assertNull("options", () -> DecoupledDecay.attach(conf, RECURRENT, none));
    assertNull("filter", () -> DecoupledDecay.attach(conf, (BiPredicate<String, String>) null));
    assertNull("configuration", () -> DecoupledDecay.attach((MultiLayerConfiguration) null));
    assertNull("configuration", () -> DecoupledDecay.attach((ComputationGraphConfiguration) null));
    assertNull("network", () -> DecoupledDecay.attach((MultiLayerNetwork) null));
    assertNull("graph", () -> DecoupledDecay.attach((ComputationGraph) null, RECURRENT));
    assertNull("config", () -> DecoupledDecay.attach((TrainingConfig) null));
    assertThat(conf.toJson()).isEqualTo(before);
  }

  private static void assertNull(String what, Runnable call) {
    assertThatIllegalArgumentException().isThrownBy(call::run).withMessageContaining(what);
  }

  private static MemoryWorkspace workspace() {
    return Nd4j.getWorkspaceManager()
        .getAndActivateWorkspace(
            WorkspaceConfiguration.builder().initialSize(1 << 20).build(), "DecayOfSomeTest");
  }

  @Test
  void leavesNothingInAWorkspace() {
    MultiLayerNetwork network = initialized(Networks.mlp(adamW()));
    network.getUpdater();
    ComputationGraph graph = new ComputationGraph(Networks.graph(adamW()));
    graph.init();
    graph.getUpdater(true);

    try (MemoryWorkspace open = workspace()) {
      long used = open.getPrimaryOffset();
      DecoupledDecay.attach(network);
      DecoupledDecay.attach(graph);
      assertThat(open.getPrimaryOffset()).isEqualTo(used);
    }

    assertThat(network.getUpdater().getStateViewArray().isAttached()).isFalse();
    assertThat(graph.getUpdater(true).getStateViewArray().isAttached()).isFalse();
    network.fit(Networks.data());
    byte[] state = network.getUpdater().getStateViewArray().data().asBytes();
    try (MemoryWorkspace open = workspace()) {
      long used = open.getPrimaryOffset();
      DecoupledDecay.detach(network);
      assertThat(open.getPrimaryOffset()).isEqualTo(used);
      Nd4j.valueArrayOf(new long[] {1000}, 777f);
    }
    assertThat(network.getUpdater().getStateViewArray().isAttached()).isFalse();
    assertThat(network.getUpdater().getStateViewArray().data().asBytes()).isEqualTo(state);
  }

  private static Stream<LayerRecipe> recipes() {
    // Deeplearning4j reads useLogStd(false) as true, as if it were missing.
    return LayerRecipe.all()
        .filter(recipe -> !recipe.isRefused() && !recipe.others().contains("var"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("recipes")
  void configurationsEqualTheirJsonAndYaml(LayerRecipe recipe) {
    ComputationGraphConfiguration conf =
        DecoupledDecay.attach(
            recipe.graph(Networks.with(adamW())),
            (layer, name) -> !name.equals("RW") && !layer.equals("first"));

    assertThat(ComputationGraphConfiguration.fromJson(conf.toJson())).isEqualTo(conf);
    assertThat(ComputationGraphConfiguration.fromYaml(conf.toYaml())).isEqualTo(conf);
  }

  @Test
  void gainsStayExemptAfterSaving(@TempDir File folder) throws Exception {
    MultiLayerNetwork network =
        initialized(
            DecoupledDecay.attach(
                Networks.with(adamW())
                    .list()
                    .layer(new DenseLayer.Builder().nIn(4).nOut(5).hasLayerNorm(true).build())
                    .layer(Networks.output().nIn(5).nOut(3).build())
                    .build()));
    network.fit(Networks.data());
    File file = new File(folder, "model.zip");
    ModelSerializer.writeModel(network, file, true);

    MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);

    for (int i = 0; i < 3; i++) {
      network.fit(Networks.data());
      restored.fit(Networks.data());
      assertThat(restored.params().data().asBytes()).isEqualTo(network.params().data().asBytes());
    }
    assertThat(moved(initialized(restored.getLayerWiseConfigurations())))
        .containsExactly("0_W", "1_W");
  }
}
