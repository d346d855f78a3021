package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.dl4jx.schedules.CosineSchedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ScheduleType;

/** What {@code detach} removes, and whether {@code describe} tells the truth. */
class DetachTest {
  private static final double LEARNING_RATE = 0.01;
  private static final double DECAY = 5;

  private static AdamWDecoupled adamW() {
    return new AdamWDecoupled(LEARNING_RATE, DECAY);
  }

  private static Stream<LayerRecipe> recipes() {
    return LayerRecipe.all().filter(recipe -> !recipe.isRefused());
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

  private static byte[] bytes(INDArray array) {
    return array.dup().data().asBytes();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("recipes")
  void leavesAConfigurationAsItWasBeforeAttach(LayerRecipe recipe) {
    ComputationGraphConfiguration conf = recipe.graph(Networks.with(adamW()));
    String never = conf.toJson();

    DecoupledDecay.attach(conf, DecayedParameters.WEIGHTS_AND_BIASES);
    assertThat(conf.toJson()).isNotEqualTo(never);

    assertThat(DecoupledDecay.detach(conf)).isSameAs(conf);
    assertThat(conf.toJson()).isEqualTo(never);
  }

  @Test
  void leavesNetworksAsTheyWereBeforeAttach() {
    MultiLayerNetwork network = initialized(Networks.mlp(adamW()));
    ComputationGraph graph = initialized(Networks.graph(adamW()));
    String ofNetwork = network.getLayerWiseConfigurations().toJson();
    String ofGraph = graph.getConfiguration().toJson();

    assertThat(DecoupledDecay.detach(DecoupledDecay.attach(network))).isSameAs(network);
    assertThat(DecoupledDecay.detach(DecoupledDecay.attach(graph))).isSameAs(graph);

    assertThat(network.getLayerWiseConfigurations().toJson()).isEqualTo(ofNetwork);
    assertThat(graph.getConfiguration().toJson()).isEqualTo(ofGraph);
    assertThatIllegalStateException().isThrownBy(() -> network.fit(Networks.data()));
    assertThatIllegalStateException().isThrownBy(() -> graph.fit(Networks.data()));
  }

  @Test
  void leavesATrainingConfigAsItWasBeforeAttach() {
    TrainingConfig config = Networks.training(adamW());
    String never = config.toJson();

    assertThat(DecoupledDecay.detach(DecoupledDecay.attach(config))).isSameAs(config);

    assertThat(config.toJson()).isEqualTo(never);
  }

  @Test
  void keepsTheStateSoThatAttachingAgainContinuesTheTraining() {
    MultiLayerNetwork network = initialized(DecoupledDecay.attach(Networks.mlp(adamW())));
    MultiLayerNetwork straight = initialized(DecoupledDecay.attach(Networks.mlp(adamW())));
    for (int i = 0; i < 3; i++) {
      network.fit(Networks.data());
      straight.fit(Networks.data());
      byte[] state = bytes(network.getUpdater().getStateViewArray());

      DecoupledDecay.detach(network);

      assertThat(bytes(network.getUpdater().getStateViewArray())).isEqualTo(state);
      DecoupledDecay.attach(network);
    }
    assertThat(bytes(network.params())).isEqualTo(bytes(straight.params()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("recipes")
  void aReplacementLeavesNoTrace(LayerRecipe recipe) {
    ComputationGraphConfiguration conf =
        DecoupledDecay.attach(recipe.graph(Networks.with(adamW()).biasUpdater(adamW())));

    DecoupledDecay.detach(conf, new Sgd(0.1));

    assertThat(conf.toJson()).doesNotContain("dl4jx");
    Networks.stepWithoutGradient(initialized(conf));
  }

  /** Updaters of Deeplearning4j may use schedules of dl4jx. */
  @Test
  void aReplacementReplacesUpdatersWithSchedulesOfThisPack() {
    CosineSchedule schedule = new CosineSchedule(ScheduleType.ITERATION, 0.1, 100, 0);
    MultiLayerConfiguration conf =
        Networks.with(adamW())
            .list()
            .layer(new DenseLayer.Builder().nIn(4).nOut(5).updater(new Sgd(schedule)).build())
            .layer(Networks.output().nIn(5).nOut(3).updater(new Sgd(0.1)).build())
            .build();

    DecoupledDecay.detach(conf, new NoOp());

    assertThat(conf.toJson()).doesNotContain("dl4jx");
    assertThat(Networks.updaterOf(conf)).isInstanceOf(NoOp.class);
    assertThat(conf.getConf(1).getLayer().getUpdaterByParam("W")).isEqualTo(new Sgd(0.1));
  }

  @Test
  void trainsWithAReplacement() {
    MultiLayerNetwork network = initialized(DecoupledDecay.attach(Networks.mlp(adamW())));
    ComputationGraph graph = initialized(DecoupledDecay.attach(Networks.graph(adamW())));
    SameDiff model = Networks.sameDiff(DecoupledDecay.attach(Networks.training(adamW())));
    network.fit(Networks.data());
    graph.fit(Networks.data());
    INDArray before = network.params().dup();

    DecoupledDecay.detach(network, new Adam(0.1)).fit(Networks.data());
    DecoupledDecay.detach(graph, new Adam(0.1)).fit(Networks.data());
    DecoupledDecay.detach(model.getTrainingConfig(), new Adam(0.1));
    model.fit(Networks.data());

    assertThat(network.params()).isNotEqualTo(before);
    assertThat(model.getTrainingConfig().toJson()).doesNotContain("dl4jx");
  }

  @Test
  void otherUpdatersKeepTheirState() {
    MultiLayerNetwork network =
        initialized(
            DecoupledDecay.attach(
                Networks.with(adamW())
                    .list()
                    .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
                    .layer(new DenseLayer.Builder().nIn(5).nOut(5).updater(new Adam(0.1)).build())
                    .layer(Networks.output().nIn(5).nOut(3).build())
                    .build()));
    network.fit(Networks.data());
    byte[] state = stateOfAdam(network);

    DecoupledDecay.detach(network, new Sgd(0.1));

    assertThat(stateOfAdam(network)).isEqualTo(state);
    network.fit(Networks.data());
  }

  private static byte[] stateOfAdam(MultiLayerNetwork network) {
    return ((MultiLayerUpdater) network.getUpdater())
        .getUpdaterBlocks().stream()
            .filter(block -> block.getGradientUpdater().getConfig() instanceof Adam)
            .map(block -> bytes(block.getUpdaterView()))
            .findFirst()
            .orElseThrow();
  }

  /** The rows of a table: layer, parameter, and what happens to it. */
  private static List<String[]> rows(String table) {
    return table.lines().skip(1).map(line -> line.split(" {2,}", 3)).toList();
  }

  private static List<String> texts(String table) {
    return rows(table).stream().map(row -> String.join(" ", row)).toList();
  }

  /** In a bidirectional layer, both directions have rows with the same name. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("recipes")
  void describeTellsWhatAStepDoes(LayerRecipe recipe) {
    for (DecayedParameters parameters : DecayedParameters.values()) {
      ComputationGraph graph =
          initialized(DecoupledDecay.attach(recipe.graph(Networks.with(adamW())), parameters));
      Map<String, INDArray> before = Networks.copyOf(graph);
      Networks.stepWithoutGradient(graph);
      // Both directions of Bidirectional share a line.
      Map<String, Set<Boolean>> moved = new TreeMap<>();
      graph
          .paramTable()
          .forEach(
              (name, array) ->
                  moved
                      .computeIfAbsent(described(recipe, name), key -> new TreeSet<>())
                      .add(!array.equals(before.get(name))));

      Map<String, Set<Boolean>> told = new TreeMap<>();
      for (String[] row : rows(DecoupledDecay.describe(graph))) {
        told.computeIfAbsent(row[0] + "_" + row[1], key -> new TreeSet<>())
            .add(row[2].equals("5.0"));
      }
      recipe.others().stream()
          .filter(DetachTest::isPretrained)
          .forEach(name -> told.remove("it_" + name));
      recipe.others().stream()
          .filter(DetachTest::isPretrained)
          .forEach(name -> moved.remove("it_" + name));

      assertThat(told).isEqualTo(moved);
    }
  }

  private static String described(LayerRecipe recipe, String name) {
    boolean isBothDirections = (recipe.weights() + "" + recipe.others()).contains("fW");
    return isBothDirections && name.startsWith("it_") ? "it_" + name.substring(4) : name;
  }

  /** A step with labels does not change what only pretraining updates. */
  private static boolean isPretrained(String name) {
    return name.matches("pZXLogStd2.*|d0.*|pXZ.*");
  }

  @Test
  void describeNamesEveryReason() {
    MultiLayerConfiguration conf =
        Networks.with(adamW())
            .list()
            .layer(new DenseLayer.Builder().nIn(4).nOut(5).hasLayerNorm(true).build())
            .layer(new BatchNormalization())
            .layer(new FrozenLayer(new DenseLayer.Builder().nIn(5).nOut(5).build()))
            .layer(new DenseLayer.Builder().name("left out").nIn(5).nOut(5).build())
            .layer(new DenseLayer.Builder().nIn(5).nOut(5).updater(new Sgd(0.1)).build())
            .layer(Networks.output().nIn(5).nOut(3).build())
            .setInputType(InputType.feedForward(4))
            .build();

    assertThat(texts(DecoupledDecay.describe(conf)))
        .contains("layer0 W not attached, refuses to train")
        .contains("layer0 g not attached, refuses to train")
        .contains("layer1 gamma not attached, refuses to train")
        .contains("layer1 mean no decay: not updated")
        .contains("layer2 W no decay: frozen")
        .contains("layer4 W no decay: Sgd");

    DecoupledDecay.attach(conf, (layer, parameter) -> !layer.equals("left out"));

    assertThat(texts(DecoupledDecay.describe(conf)))
        .containsExactly(
            "layer0 W 5.0",
            "layer0 b no decay: bias",
            "layer0 g no decay: gain of a normalization",
            "layer1 gamma no decay: not a weight",
            "layer1 beta no decay: not a weight",
            "layer1 mean no decay: not updated",
            "layer1 log10stdev no decay: not updated",
            "layer2 W no decay: frozen",
            "layer2 b no decay: frozen",
            "left out W no decay: left out",
            "left out b no decay: bias",
            "layer4 W no decay: Sgd",
            "layer4 b no decay: Sgd",
            "layer5 W 5.0",
            "layer5 b no decay: bias");
    assertThat(DecoupledDecay.describe(conf)).startsWith("layer     parameter   weightDecay\n");
  }

  @Test
  void describesSameDiff() {
    TrainingConfig config = Networks.training(adamW());

    assertThat(texts(DecoupledDecay.describe(config)))
        .containsExactly("SameDiff all variables not attached, refuses to train");
    assertThat(texts(DecoupledDecay.describe(DecoupledDecay.attach(config))))
        .containsExactly("SameDiff arrays of at least two rows 5.0");
    DecoupledDecay.attach(config, DecayedParameters.WEIGHTS_AND_BIASES);
    assertThat(texts(DecoupledDecay.describe(config)))
        .containsExactly("SameDiff all variables 5.0");
    assertThat(texts(DecoupledDecay.describe(Networks.training(new Adam()))))
        .containsExactly("SameDiff all variables no decay: Adam");
  }

  @Test
  void aLayerWithoutSizesCanStillBeDescribedAndDetached() {
    MultiLayerConfiguration conf =
        Networks.with(adamW())
            .list()
            .layer(new LocallyConnected1D.Builder().kernelSize(2).nOut(3).build())
            .build();

    assertThat(texts(DecoupledDecay.describe(conf))).containsExactly("layer0 ? no sizes yet");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DecoupledDecay.attach(conf))
        .withMessageContaining("attach after setInputType");
    DecoupledDecay.detach(conf, new Sgd(0.1));
    assertThat(DecoupledDecay.attach(conf)).isSameAs(conf);
  }

  @Test
  void namesANullArgument() {
    MultiLayerConfiguration conf = Networks.mlp(adamW());
    IUpdater none = null;

    assertNull("replacement", () -> DecoupledDecay.detach(conf, none));
    assertNull("configuration", () -> DecoupledDecay.detach((MultiLayerConfiguration) null));
    assertNull("configuration", () -> DecoupledDecay.detach((ComputationGraphConfiguration) null));
    assertNull("network", () -> DecoupledDecay.detach((MultiLayerNetwork) null));
    assertNull("graph", () -> DecoupledDecay.detach((ComputationGraph) null));
    assertNull("config", () -> DecoupledDecay.detach((TrainingConfig) null));
    assertNull("configuration", () -> DecoupledDecay.describe((MultiLayerConfiguration) null));
    assertNull(
        "configuration", () -> DecoupledDecay.describe((ComputationGraphConfiguration) null));
    assertNull("network", () -> DecoupledDecay.describe((MultiLayerNetwork) null));
    assertNull("graph", () -> DecoupledDecay.describe((ComputationGraph) null));
    assertNull("config", () -> DecoupledDecay.describe((TrainingConfig) null));
  }

  private static void assertNull(String what, Runnable call) {
    assertThatIllegalArgumentException().isThrownBy(call::run).withMessageContaining(what);
  }
}
