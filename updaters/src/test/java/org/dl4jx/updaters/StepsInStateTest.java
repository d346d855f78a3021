package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.dl4jx.updaters.engine.BlockState;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A run continues from parameters and updater state alone, bit for bit, no matter what happened to
 * Deeplearning4j's counters.
 */
class StepsInStateTest {
  private static final DataType[] TYPES = {DataType.FLOAT, DataType.DOUBLE};

  /** In the middle of a cycle of three probes and of four. */
  private static final int BEFORE = 5;

  private static final int AFTER = 3;

  /** An updater that is created for each network. */
  private record Setting(String name, double rate, boolean attaches, Supplier<IUpdater> updater) {
    static Setting of(UpdaterConfiguration updater) {
      return new Setting(updater.toString(), updater.getLearningRate(0, 0), false, updater::clone);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Setting> settings() {
    List<Setting> settings = new ArrayList<>();
    for (NamedOptimizer optimizer : NamedOptimizer.values()) {
      if (optimizer.need() == NamedOptimizer.Need.CURVATURE) {
        continue;
      }
      double rate = optimizer.usualLearningRate();
      if (optimizer.need() != NamedOptimizer.Need.WEIGHTS) {
        settings.add(Setting.of(optimizer.create(rate, 0)));
      }
      if (optimizer.decays()) {
        settings.add(
            new Setting(
                optimizer.create(rate, 0.5) + ", attached",
                rate,
                true,
                () -> optimizer.create(rate, 0.5)));
      }
    }
    settings.add(
        Setting.of(
            AdamWDecoupled.builder()
                .weightDecay(0)
                .beta1(0)
                .epsilonInsideRoot(true)
                .nonFiniteGradients(NonFinitePolicy.SKIP)
                .build()));
    settings.add(
        Setting.of(
            new AveragedNesterovs(
                0.1,
                0.5,
                LookaheadAverage.of(
                    new double[] {0, 0.9, 0.3, 1}, new double[] {0.1, 0.2, 0.3, 0.4}))));
    settings.add(Setting.of(SophiaG.builder().k(1_000).weightDecay(0).build())); // no listener here
    settings.add(Setting.of(HeavyBall.builder().build()));
    return settings.stream();
  }

  private static final Map<String, DataSet> BATCHES = new ConcurrentHashMap<>();

  private static DataSet batch(int index, DataType type) {
    return BATCHES.computeIfAbsent(type.name() + index, name -> drawn(index, type));
  }

  private static DataSet drawn(int index, DataType type) {
    Random random = new Random(index);
    INDArray features = Nd4j.createFromArray(random.doubles(6 * 4, -1, 1).toArray());
    INDArray labels = Nd4j.createFromArray(random.doubles(6 * 3, 0, 1).toArray());
    return new DataSet(features.reshape(6, 4).castTo(type), labels.reshape(6, 3).castTo(type));
  }

  private static NeuralNetConfiguration.Builder with(Setting setting, DataType type) {
    return Networks.with(setting.updater().get()).dataType(type);
  }

  /** The bias with a single number has its own block, between blocks of several arrays. */
  private static DenseLayer narrow(Setting setting) {
    IUpdater updater = setting.updater().get();
    updater.setLrAndSchedule(setting.rate() / 2, null);
    return new DenseLayer.Builder().nIn(5).nOut(1).biasUpdater(updater).build();
  }

  private static MultiLayerNetwork network(Setting setting, DataType type) {
    MultiLayerConfiguration conf =
        with(setting, type)
            .list()
            .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
            .layer(narrow(setting))
            .layer(Networks.output().nIn(1).nOut(3).build())
            .build();
    MultiLayerNetwork network =
        new MultiLayerNetwork(setting.attaches() ? DecoupledDecay.attach(conf) : conf);
    network.init();
    return network;
  }

  private static ComputationGraph graph(Setting setting, DataType type) {
    ComputationGraphConfiguration conf =
        with(setting, type)
            .graphBuilder()
            .addInputs("in")
            .addLayer("0", new DenseLayer.Builder().nIn(4).nOut(5).build(), "in")
            .addLayer("1", narrow(setting), "0")
            .addLayer("2", Networks.output().nIn(1).nOut(3).build(), "1")
            .setOutputs("2")
            .build();
    ComputationGraph graph =
        new ComputationGraph(setting.attaches() ? DecoupledDecay.attach(conf) : conf);
    graph.init();
    return graph;
  }

  private static void fit(Model model, DataSet batch) {
    if (model instanceof MultiLayerNetwork network) {
      network.fit(batch);
    } else {
      ((ComputationGraph) model).fit(batch);
    }
  }

  /** On the batches from one number to another. */
  private static void fit(Model model, int from, int to) {
    for (int i = from; i < to; i++) {
      fit(model, batch(i, model.params().dataType()));
    }
  }

  private static BaseMultiLayerUpdater<?> updater(Model model) {
    return model instanceof MultiLayerNetwork network
        ? (MultiLayerUpdater) network.getUpdater()
        : ((ComputationGraph) model).getUpdater();
  }

  private static List<Long> steps(Model model) {
    return BlockState.of(updater(model)).stream().map(state -> state.steps().get()).toList();
  }

  private static double[] vector(INDArray array) {
    return array.dup().castTo(DataType.DOUBLE).toDoubleVector();
  }

  private static void assertSame(String name, Model actual, Model expected) {
    assertThat(vector(actual.params())).as(name).isEqualTo(vector(expected.params()));
    assertThat(vector(updater(actual).getStateViewArray()))
        .as(name)
        .isEqualTo(vector(updater(expected).getStateViewArray()));
  }

  private interface Copy {
    Model of(Model trained, File folder) throws IOException;
  }

  /** A way to turn a model into another one, possibly with other counters. */
  private record Way(String name, boolean isGraph, Copy copy) {}

  private static final List<Way> WAYS =
      List.of(
          new Way("saved", false, StepsInStateTest::saved),
          new Way("saved graph", true, StepsInStateTest::saved),
          new Way("as a graph", false, (m, folder) -> network(m).toComputationGraph()),
          new Way("clone", false, (m, folder) -> network(m).clone()),
          new Way("clone of a graph", true, (m, folder) -> graph(m).clone()),
          new Way(
              "iteration 0",
              false,
              (m, folder) -> {
                MultiLayerNetwork copy = network(m).clone();
                copy.setIterationCount(0);
                return copy;
              }),
          new Way(
              "graph at iteration 10,000",
              true,
              (m, folder) -> {
                ComputationGraph copy = graph(m).clone();
                copy.getConfiguration().setIterationCount(10_000);
                return copy;
              }),
          new Way(
              "file of a CheckpointListener",
              false,
              (m, folder) -> CheckpointListener.loadCheckpointMLN(folder, 0)),
          new Way(
              "file of a CheckpointListener of a graph",
              true,
              (m, folder) -> CheckpointListener.loadCheckpointCG(folder, 0)));

  private static MultiLayerNetwork network(Model model) {
    return (MultiLayerNetwork) model;
  }

  private static ComputationGraph graph(Model model) {
    return (ComputationGraph) model;
  }

  private static Model saved(Model model, File folder) throws IOException {
    File file = new File(folder, "model.zip");
    ModelSerializer.writeModel(model, file, true);
    return model instanceof MultiLayerNetwork
        ? ModelSerializer.restoreMultiLayerNetwork(file, true)
        : ModelSerializer.restoreComputationGraph(file, true);
  }

  /** The listener saves its files before Deeplearning4j counts the iteration. */
  @ParameterizedTest
  @MethodSource("settings")
  void continuesFromTheStateAlone(Setting setting, @TempDir File folder) throws IOException {
    for (DataType type : TYPES) {
      for (boolean isGraph : new boolean[] {false, true}) {
        File files = new File(folder, type + (isGraph ? "-graph" : "-network"));
        assertThat(files.mkdirs()).isTrue();
        Model trained = isGraph ? graph(setting, type) : network(setting, type);
        trained.setListeners(
            new CheckpointListener.Builder(files)
                .keepAll()
                .saveEveryNIterations(BEFORE - 1)
                .build());
        fit(trained, 0, BEFORE);
        trained.setListeners();
        Map<String, Model> copies = new LinkedHashMap<>();
        for (Way way : WAYS) {
          if (way.isGraph() == isGraph) {
            copies.put(way.name(), way.copy().of(trained, files));
          }
        }
        fit(trained, BEFORE, BEFORE + AFTER);

        copies.forEach(
            (name, copy) -> {
              fit(copy, BEFORE, BEFORE + AFTER);
              assertThat(steps(copy)).as(name).containsExactly(8L, 8L, 8L);
              assertSame(name, copy, trained);
            });
      }
    }
  }

  /** Deeplearning4j makes new updaters then, over a copy of the state. */
  @ParameterizedTest
  @MethodSource("settings")
  void continuesWhenTheLearningRateIsSetBeforeEveryStep(Setting setting) {
    MultiLayerNetwork whole = network(setting, DataType.FLOAT);
    MultiLayerNetwork network = network(setting, DataType.FLOAT);
    ComputationGraph wholeGraph = graph(setting, DataType.DOUBLE);
    ComputationGraph graph = graph(setting, DataType.DOUBLE);
    for (int i = 0; i < BEFORE; i++) {
      network.setLearningRate(setting.rate());
      graph.setLearningRate(setting.rate());
      fit(network, i, i + 1);
      fit(graph, i, i + 1);
    }
    fit(whole, 0, BEFORE);
    fit(wholeGraph, 0, BEFORE);

    assertThat(steps(network)).containsExactly(5L, 5L, 5L);
    assertSame("network", network, whole);
    assertSame("graph", graph, wholeGraph);
  }

  @ParameterizedTest
  @EnumSource(
      value = NamedOptimizer.class,
      names = {"AMSGRAD", "NESTEROVS_AVERAGED"})
  void keepsTheCountInAnotherType(NamedOptimizer optimizer) {
    Setting setting = Setting.of(optimizer.create(optimizer.usualLearningRate(), 0));
    for (Model model : List.of(network(setting, DataType.FLOAT), graph(setting, DataType.FLOAT))) {
      fit(model, 0, 3);
      for (BlockState state : BlockState.of(updater(model))) {
        state.steps().set(70_000);
      }

      Model wide =
          model instanceof MultiLayerNetwork network
              ? network.convertDataType(DataType.DOUBLE)
              : graph(model).convertDataType(DataType.DOUBLE);

      assertThat(steps(wide)).containsExactly(70_000L, 70_000L, 70_000L);
      fit(wide, 3, 4);
      assertThat(steps(wide)).containsExactly(70_001L, 70_001L, 70_001L);
    }
  }

  /** It ignores the iteration, because the rate is constant. */
  @ParameterizedTest
  @MethodSource("settings")
  void anUpdaterThatAlwaysGetsTheSameIterationCountsByItself(Setting setting) {
    if (setting.attaches()) {
      return;
    }
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE, DataType.BFLOAT16}) {
      IUpdater configuration = setting.updater().get();
      long size = configuration.stateSize(3);
      GradientUpdater<?> counting = configuration.instantiate(Nd4j.zeros(type, size), true);
      GradientUpdater<?> still = configuration.instantiate(Nd4j.zeros(type, size), true);
      GradientUpdater<?> late = configuration.instantiate(Nd4j.zeros(type, size), true);
      Random random = new Random(1);
      int steps = type == DataType.BFLOAT16 ? 260 : 30;
      for (int t = 0; t < steps; t++) {
        INDArray g = Nd4j.createFromArray(random.doubles(3, -1, 1).toArray()).castTo(type);
        INDArray h = g.dup();
        INDArray l = g.dup();
        counting.applyUpdater(g, t, 0);
        still.applyUpdater(h, 0, 0);
        late.applyUpdater(l, 10_000 + t, 3);
        assertThat(h.data().asBytes()).isEqualTo(g.data().asBytes());
        assertThat(l.data().asBytes()).isEqualTo(g.data().asBytes());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = NamedOptimizer.class,
      names = {"ADAMW", "AMSGRAD", "ADABOUND", "AMSBOUND"})
  void aSkippedStepLeavesNoTraceOfItsBatch(NamedOptimizer optimizer) {
    double decay = optimizer.decays() ? 0.5 : 0;
    double rate = optimizer.usualLearningRate();
    Setting setting =
        new Setting(
            optimizer.label(),
            rate,
            optimizer.decays(),
            () -> optimizer.create(rate, decay, NonFinitePolicy.SKIP));
    for (DataType type : TYPES) {
      MultiLayerNetwork clean = network(setting, type);
      MultiLayerNetwork skips = network(setting, type);
      for (int i = 0; i < 8; i++) {
        fit(clean, i, i + 1);
        if (i % 3 == 0) {
          DataSet bad = drawn(100 + i, type);
          bad.getFeatures().putScalar(i, Double.NaN);
          fit(skips, bad);
        }
        fit(skips, i, i + 1);
      }
      assertThat(steps(skips)).containsExactly(8L, 8L, 8L);
      assertSame(type.name(), skips, clean);
    }
  }

  /**
   * In the first step, m̂ = g and v̂ = g², so an update is {@code η |g| / (|g| + ε)}. In a
   * parameter below 4, it is visible up to a rounding of 2⁻²³, a thousandth of η.
   */
  private static void assertFirstStep(MultiLayerNetwork network, double rate) {
    network.setIterationCount(10_000);
    double[] before = vector(network.params());
    fit(network, 0, 1);
    double[] after = vector(network.params());
    int moved = 0;
    for (int i = 0; i < before.length; i++) {
      double update = Math.abs(after[i] - before[i]);
      assertThat(update).isLessThanOrEqualTo(rate * (1 + 1e-3));
      moved += update > 0.99 * rate ? 1 : 0;
    }
    assertThat(moved).isGreaterThan(before.length / 2);
    assertThat(BlockState.of(updater(network)))
        .allSatisfy(state -> assertThat(state.steps().get()).isEqualTo(1));
  }

  private static final double RATE = 1e-3;

  private static MultiLayerNetwork plain(IUpdater updater) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            Networks.with(updater)
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
                .layer(Networks.output().nIn(5).nOut(3).build())
                .build());
    network.init();
    return network;
  }

  @ParameterizedTest
  @EnumSource(
      value = NamedOptimizer.class,
      names = {"ADAMW", "AMSGRAD"})
  void theFirstStepIsNoLargerThanTheRateWithoutASavedState(
      NamedOptimizer optimizer, @TempDir File folder) throws IOException {
    MultiLayerNetwork network = plain(optimizer.create(RATE, 0));
    fit(network, 0, 5);
    network.setIterationCount(10_000);
    File file = new File(folder, "model.zip");
    network.save(file, false);

    MultiLayerNetwork loaded = MultiLayerNetwork.load(file, false);

    assertThat(loaded.getIterationCount()).isEqualTo(10_000);
    assertFirstStep(loaded, RATE);
  }

  @ParameterizedTest
  @EnumSource(
      value = NamedOptimizer.class,
      names = {"ADAMW", "AMSGRAD"})
  void theFirstStepIsNoLargerThanTheRateAfterTransferLearning(NamedOptimizer optimizer) {
    for (UpdaterConfiguration before :
        List.of(optimizer.create(2 * RATE, 0), NamedOptimizer.ADABOUND.create(RATE, 0))) {
      MultiLayerNetwork network = plain(before);
      fit(network, 0, 5);

      assertFirstStep(
          new TransferLearning.Builder(network)
              .fineTuneConfiguration(
                  new FineTuneConfiguration.Builder().updater(optimizer.create(RATE, 0)).build())
              .nOutReplace(1, 3, WeightInit.XAVIER)
              .build(),
          RATE);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = NamedOptimizer.class,
      names = {"ADAMW", "AMSGRAD"})
  void theFirstStepIsNoLargerThanTheRateInPlaceOfAnotherUpdater(NamedOptimizer optimizer) {
    MultiLayerNetwork network = plain(new Adam(RATE));
    fit(network, 0, 5);
    IUpdater ours = optimizer.create(RATE, 0);
    for (int i = 0; i < network.getnLayers(); i++) {
      BaseLayer layer = (BaseLayer) network.getLayer(i).conf().getLayer();
      layer.setIUpdater(ours);
      layer.setBiasUpdater(null);
    }
    network.setUpdater(null);

    assertFirstStep(network, RATE);
  }

  private static SameDiff model(Setting setting, DataType type, long... shapeOfScale) {
    SameDiff sd = SameDiff.create();
    SDVariable x = sd.placeHolder("x", type, -1, 4);
    SDVariable y = sd.placeHolder("y", type, -1, 3);
    SDVariable w =
        sd.var("w", Nd4j.linspace(-1, 1, 12, DataType.DOUBLE).reshape(4, 3).castTo(type));
    SDVariable b = sd.var("b", Nd4j.linspace(-1, 1, 3, DataType.DOUBLE).castTo(type));
    SDVariable s = sd.var("s", Nd4j.valueArrayOf(shapeOfScale, 0.5, type));
    SDVariable out = x.mmul(w).add(b).mul(s);
    sd.loss.meanSquaredError("loss", y, out, null);
    sd.setLossVariables("loss");
    TrainingConfig config =
        new TrainingConfig.Builder()
            .updater(setting.updater().get())
            .dataSetFeatureMapping("x")
            .dataSetLabelMapping("y")
            .build();
    sd.setTrainingConfig(setting.attaches() ? DecoupledDecay.attach(config) : config);
    return sd;
  }

  private static void fit(SameDiff sd, int from, int to) {
    DataType type = sd.getVariable("w").dataType();
    for (int i = from; i < to; i++) {
      sd.fit(batch(i, type));
    }
  }

  private static void assertSame(SameDiff actual, SameDiff expected) {
    for (String name : List.of("w", "b", "s")) {
      assertThat(vector(actual.getArrForVarName(name).reshape(-1)))
          .as(name)
          .isEqualTo(vector(expected.getArrForVarName(name).reshape(-1)));
    }
  }

  @ParameterizedTest
  @MethodSource("settings")
  void aSavedSameDiffModelContinues(Setting setting, @TempDir File folder) {
    for (DataType type : TYPES) {
      SameDiff trained = model(setting, type);
      fit(trained, 0, BEFORE);
      File file = new File(folder, "model.fb");
      trained.save(file, true);

      SameDiff loaded = SameDiff.load(file, true);
      loaded.getTrainingConfig().setIterationCount(0);
      fit(trained, BEFORE, BEFORE + AFTER);
      fit(loaded, BEFORE, BEFORE + AFTER);

      assertSame(loaded, trained);
    }
  }

  /** A variable of SameDiff may have the shape []. */
  @ParameterizedTest
  @MethodSource("settings")
  void aScalarTrainsLikeAnArrayOfOneNumber(Setting setting, @TempDir File folder) {
    for (DataType type : TYPES) {
      SameDiff scalar = model(setting, type);
      SameDiff one = model(setting, type, 1);
      fit(scalar, 0, BEFORE);
      fit(one, 0, BEFORE);
      assertThat(scalar.getArrForVarName("s").shape()).isEmpty();
      assertThat(scalar.getArrForVarName("s").getDouble(0)).isNotEqualTo(0.5);
      assertSame(scalar, one);

      File file = new File(folder, "model.fb");
      scalar.save(file, true);
      SameDiff loaded = SameDiff.load(file, true);
      assertThat(loaded.getArrForVarName("s").shape()).isEmpty();
      fit(loaded, BEFORE, BEFORE + AFTER);
      fit(one, BEFORE, BEFORE + AFTER);
      assertSame(loaded, one);
    }
  }

  /** SameDiff itself does not save {@code BFLOAT16} correctly. */
  @Test
  void aSavedModelOfTypeHalfContinues(@TempDir File folder) {
    Setting setting = Setting.of(NamedOptimizer.NESTEROVS_AVERAGED.create(0.1, 0));
    SameDiff whole = model(setting, DataType.FLOAT16);
    fit(whole, 0, BEFORE + AFTER);
    SameDiff first = model(setting, DataType.FLOAT16);
    fit(first, 0, BEFORE);
    File file = new File(folder, "model.fb");
    first.save(file, true);

    SameDiff second = SameDiff.load(file, true);
    fit(second, BEFORE, BEFORE + AFTER);

    assertSame(second, whole);
  }
}
