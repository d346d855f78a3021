package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class LookaheadTest {
  private static final ISchedule SCHEDULE =
      new ExponentialSchedule(ScheduleType.ITERATION, 0.1, 0.99);

  /** With one state array, with two, without state, with one that does not start at 0. */
  static Stream<IUpdater> inners() {
    return Stream.of(
        new Sgd(0.1),
        new Sgd(SCHEDULE),
        new Nesterovs(0.1, 0.9),
        new Adam(0.01),
        new AdaGrad(0.1),
        new AMSGrad(0.01),
        new AdaDelta(),
        new Lion(0.01, 0),
        new AdamWDecoupled(0.01, 0));
  }

  static Stream<Arguments> innersAndTypes() {
    return inners()
        .flatMap(
            inner ->
                Stream.of(DataType.FLOAT, DataType.DOUBLE).map(type -> Arguments.of(inner, type)));
  }

  private static GradientUpdater<?> instantiated(IUpdater updater, DataType type, long length) {
    long size = updater.stateSize(length);
    return size == 0
        ? updater.instantiate((INDArray) null, false)
        : updater.instantiate(Nd4j.valueArrayOf(new long[] {1, size}, 7, type), true);
  }

  private static INDArray gradient(Random random, DataType type, int length) {
    return Nd4j.createFromArray(random.doubles(length, -1, 1).toArray()).castTo(type);
  }

  @ParameterizedTest
  @MethodSource("innersAndTypes")
  void anAlphaOfOneIsTheInnerUpdaterBitForBit(IUpdater inner, DataType type) {
    GradientUpdater<?> alone = instantiated(inner, type, 50);
    GradientUpdater<?> lookahead = instantiated(new Lookahead(inner, 3, 1), type, 50);
    Random random = new Random(1);

    for (int t = 0; t < 20; t++) {
      INDArray g = gradient(random, type, 50);
      INDArray h = g.dup();
      alone.applyUpdater(g, t, 0);
      lookahead.applyUpdater(h, t, 0);
      assertSame(h, g);
    }
  }

  /** With powers of two, and gradients with few digits, nothing is rounded. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE", "BFLOAT16", "HALF"})
  void cyclesOfOneStepScaleTheLearningRate(DataType type) {
    GradientUpdater<?> lookahead = instantiated(new Lookahead(new Sgd(0.5), 1, 0.25), type, 4);

    for (int t = 0; t < 10; t++) {
      INDArray g = Nd4j.createFromArray(1.0, -3.0, 0.5, t).castTo(type);
      INDArray expected = g.mul(0.125);
      lookahead.applyUpdater(g, t, 0);
      assertSame(g, expected);
    }
  }

  /**
   * The inner updates are the same numbers in both. The reference keeps two weights in double; the
   * updater rounds the sum, its multiple, the update, and the weights, each below the largest
   * number W, by at most half a unit. None of this grows in later steps.
   */
  @ParameterizedTest
  @MethodSource("innersAndTypes")
  void equalsSlowAndFastWeights(IUpdater inner, DataType type) {
    int n = 40;
    int k = 6;
    double alpha = 0.3;
    GradientUpdater<?> alone = instantiated(inner, type, n);
    GradientUpdater<?> lookahead = instantiated(new Lookahead(inner, k, alpha), type, n);
    Random random = new Random(2);
    INDArray weights = gradient(random, type, n);
    double[] slow = weights.castTo(DataType.DOUBLE).toDoubleVector();
    double[] fast = slow.clone();
    double largest = 1;

    for (int t = 0; t < 100; t++) {
      INDArray g = gradient(random, type, n);
      INDArray h = g.dup();
      alone.applyUpdater(g, t, 0);
      lookahead.applyUpdater(h, t, 0);
      weights.subi(h);
      for (int i = 0; i < n; i++) {
        fast[i] -= g.getDouble(i);
        largest = Math.max(largest, 2 * Math.abs(fast[i]) + 2 * Math.abs(slow[i]));
        if (t % k == k - 1) {
          slow[i] += alpha * (fast[i] - slow[i]);
          fast[i] = slow[i];
        }
      }
      double unit = type == DataType.DOUBLE ? 0x1p-53 : 0x1p-24;
      double tolerance = 4 * (t + 1) * unit * largest;
      for (int i = 0; i < n; i++) {
        assertThat(weights.getDouble(i)).isCloseTo(fast[i], within(tolerance));
      }
    }
  }

  private static NeuralNetConfiguration.Builder with(IUpdater updater, DataType type) {
    return Networks.with(updater).dataType(type);
  }

  private static MultiLayerNetwork network(IUpdater updater, DataType type) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            with(updater, type)
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
                .layer(new BatchNormalization.Builder().nIn(5).nOut(5).build())
                .layer(Networks.output().nIn(5).nOut(3).build())
                .build());
    network.init();
    return DecoupledDecay.attach(network);
  }

  private static ComputationGraph graph(IUpdater updater, DataType type) {
    ComputationGraph graph =
        new ComputationGraph(
            with(updater, type)
                .graphBuilder()
                .addInputs("in")
                .addLayer("dense", new DenseLayer.Builder().nIn(4).nOut(5).build(), "in")
                .addLayer("out", Networks.output().nIn(5).nOut(3).build(), "dense")
                .setOutputs("out")
                .build());
    graph.init();
    return DecoupledDecay.attach(graph);
  }

  private static DataSet data(DataType type) {
    DataSet data = Networks.data();
    return new DataSet(data.getFeatures().castTo(type), data.getLabels().castTo(type));
  }

  static Stream<IUpdater> innersInNetworks() {
    return Stream.concat(
        inners(),
        Stream.of(
            new AdamWDecoupled(0.01, 0.5),
            AMSGradDecoupled.builder().weightDecay(0.5).build(),
            new Lion(0.001, 0.5)));
  }

  /** In double, and the network is smooth: roundings of 1e-16 stay below 1e-9 in 100 steps. */
  @ParameterizedTest
  @MethodSource("innersForReference")
  void equalsSlowAndFastWeightsInANetwork(IUpdater inner) {
    DataSet data = data(DataType.DOUBLE);
    MultiLayerNetwork network = network(new Lookahead(inner.clone()), DataType.DOUBLE);
    MultiLayerNetwork reference = network(inner.clone(), DataType.DOUBLE);
    reference.setParams(network.params());
    INDArray slow = reference.params().dup();

    for (int t = 0; t < 100; t++) {
      network.fit(data);
      reference.fit(data);
      if (t % 5 == 4) {
        slow.addi(reference.params().sub(slow).mul(0.5));
        INDArray statistics = reference.params();
        // Mean and variance of batch normalization are not part of this: 25 + 10 weights before.
        for (int i = 0; i < slow.length(); i++) {
          if (i < 35 || i >= 45) {
            statistics.putScalar(i, slow.getDouble(i));
          }
        }
      }
      double difference = difference(network, reference);
      assertThat(difference).isLessThan(1e-9);
    }
  }

  static Stream<IUpdater> innersForReference() {
    return Stream.of(
        new Adam(0.01), new Nesterovs(0.1, 0.9), new AdamWDecoupled(0.01, 0.5), new Sgd(0.1));
  }

  private static double difference(MultiLayerNetwork a, MultiLayerNetwork b) {
    double largest = 0;
    for (int i = 0; i < a.params().length(); i++) {
      if (i < 35 || i >= 45) {
        largest = Math.max(largest, Math.abs(a.params().getDouble(i) - b.params().getDouble(i)));
      }
    }
    return largest;
  }

  @TempDir private File folder;

  @ParameterizedTest
  @MethodSource("innersInNetworks")
  void continuesInTheMiddleOfACycle(IUpdater inner) throws IOException {
    for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
      DataSet data = data(type);
      for (int before : new int[] {0, 7}) {
        MultiLayerNetwork network = network(new Lookahead(inner.clone()), type);
        fit(network::fit, data, before);
        File file = new File(folder, "network.zip");
        ModelSerializer.writeModel(network, file, true);
        MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);
        fit(network::fit, data, 9);
        fit(restored::fit, data, 9);
        assertSame(restored, network);

        ComputationGraph graph = graph(new Lookahead(inner.clone()), type);
        fit(graph::fit, data, before);
        ModelSerializer.writeModel(graph, file, true);
        ComputationGraph restoredGraph = ModelSerializer.restoreComputationGraph(file, true);
        fit(graph::fit, data, 9);
        fit(restoredGraph::fit, data, 9);
        assertSame(restoredGraph, graph);
      }
    }
  }

  private static void fit(Consumer<DataSet> fit, DataSet data, int steps) {
    for (int i = 0; i < steps; i++) {
      fit.accept(data);
    }
  }

  private static void assertSame(Model actual, Model expected) {
    assertSame(actual.params(), expected.params());
  }

  /** Bit for bit, which equals is not for INDArray. */
  private static void assertSame(INDArray actual, INDArray expected) {
    assertThat(actual.castTo(DataType.DOUBLE).ravel().toDoubleVector())
        .containsExactly(expected.castTo(DataType.DOUBLE).ravel().toDoubleVector());
  }

  @ParameterizedTest
  @MethodSource("innersInNetworks")
  void continuesInSameDiff(IUpdater inner) throws IOException {
    SameDiff model = Networks.sameDiff(Networks.training(new Lookahead(inner, 3, 0.5)));
    DecoupledDecay.attach(model.getTrainingConfig());
    SingletonDataSetIterator data = new SingletonDataSetIterator(Networks.data());
    model.fit(data, 4);
    File file = new File(folder, "model.fb");
    model.save(file, true);
    SameDiff restored = SameDiff.load(file, true);

    model.fit(data, 5);
    restored.fit(data, 5);

    for (String name : List.of("w", "row", "vector")) {
      assertSame(restored.getVariable(name).getArr(), model.getVariable(name).getArr());
    }
  }

  /** SameDiff updates each variable by itself, with the same numbers as a network. */
  @Test
  void sameDiffGoesBackAfterKSteps() {
    SameDiff model = Networks.sameDiff(Networks.training(new Lookahead(new Adam(0.01), 2, 0.5)));
    SameDiff alone = Networks.sameDiff(Networks.training(new Adam(0.01)));
    SingletonDataSetIterator data = new SingletonDataSetIterator(Networks.data());
    INDArray start = model.getVariable("w").getArr().dup();

    model.fit(data, 2);
    alone.fit(data, 2);

    INDArray half = start.add(alone.getVariable("w").getArr()).mul(0.5);
    assertThat(model.getVariable("w").getArr().sub(half).amaxNumber().doubleValue())
        .isLessThan(1e-6);
    assertThat(model.getVariable("w").getArr()).isNotEqualTo(alone.getVariable("w").getArr());
  }

  @Test
  void evaluatesAtTheSlowWeightsAndRestoresEveryBit() {
    for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
      DataSet data = data(type);
      MultiLayerNetwork network = network(new Lookahead(new Adam(0.01), 4, 0.5), type);
      fit(network::fit, data, 4);
      INDArray slow = network.params().dup();
      fit(network::fit, data, 3);
      INDArray fast = network.params().dup();
      INDArray state = network.getUpdater().getStateViewArray().dup();

      INDArray there = Lookahead.atSlowWeights(network, n -> n.params().dup());

      for (int i = 0; i < slow.length(); i++) {
        if (i < 35 || i >= 45) {
          assertThat(there.getDouble(i)).isCloseTo(slow.getDouble(i), within(1e-6));
        }
      }
      assertThat(there).isNotEqualTo(fast);
      assertSame(network.params(), fast);
      assertSame(network.getUpdater().getStateViewArray(), state);

      ComputationGraph graph = graph(new Lookahead(new Sgd(0.1)), type);
      INDArray start = graph.params().dup();
      fit(graph::fit, data, 2);
      INDArray moved = graph.params().dup();
      INDArray back = Lookahead.atSlowWeights(graph, g -> g.params().dup());
      assertThat(back.sub(start).amaxNumber().doubleValue()).isLessThan(1e-6);
      assertSame(graph.params(), moved);
      assertSame(Lookahead.settle(graph).params(), back);
      assertSame(Lookahead.settle(graph).params(), back);
    }
  }

  @Test
  void refusesToTrainAtTheSlowWeights() {
    MultiLayerNetwork network = network(new Lookahead(new Sgd(0.1)), DataType.FLOAT);
    network.fit(data(DataType.FLOAT));

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                Lookahead.atSlowWeights(
                    network,
                    n -> {
                      n.fit(data(DataType.FLOAT));
                      return 0;
                    }))
        .withMessageContaining("cannot train while it is evaluated at the slow weights");
    assertThat(network.getIterationCount()).isEqualTo(1);
  }

  @Test
  void needsTheStateToFindTheSlowWeights() throws IOException {
    MultiLayerNetwork network = network(new Lookahead(new Sgd(0.1)), DataType.FLOAT);
    network.fit(data(DataType.FLOAT));
    File file = new File(folder, "network.zip");
    ModelSerializer.writeModel(network, file, false);
    MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, false);

    assertThatIllegalStateException()
        .isThrownBy(() -> Lookahead.settle(restored))
        .withMessageContaining("Lookahead")
        .withMessageContaining("from the slow weights");
  }

  @Test
  void theInnerDecayNeedsAttaching() {
    Lookahead lookahead = new Lookahead(new AdamWDecoupled(0.01, 0.5));
    MultiLayerNetwork network = new MultiLayerNetwork(Networks.mlp(lookahead));
    network.init();

    assertThat(DecoupledDecay.describe(network)).contains("not attached, refuses to train");
    assertThatIllegalStateException()
        .isThrownBy(() -> network.fit(Networks.data()))
        .withMessageContaining("DecoupledDecay.attach(");

    DecoupledDecay.attach(network);
    assertThat(DecoupledDecay.describe(network)).contains("0.5").doesNotContain("not attached");
    IUpdater attached = Networks.updaterOf(network.getLayerWiseConfigurations());
    assertThat(((AdamWDecoupled) ((Lookahead) attached).getInner()).isDecayAttached()).isTrue();
    network.fit(Networks.data());

    DecoupledDecay.detach(network, new Adam(0.01));
    assertThat(Networks.updaterOf(network.getLayerWiseConfigurations())).isEqualTo(new Adam(0.01));
  }

  @Test
  void describesAnInnerUpdaterWithoutDecay() {
    assertThat(DecoupledDecay.describe(Networks.mlp(new Lookahead(new AdamWDecoupled(0.01, 0)))))
        .contains("no decay: Lookahead with weightDecay 0");
    assertThat(DecoupledDecay.describe(Networks.mlp(new Lookahead(new Adam(0.01)))))
        .contains("no decay: Lookahead")
        .doesNotContain("weightDecay 0");
  }

  /** Attaching again divides the parameters into new blocks, and the cycle goes on. */
  @ParameterizedTest
  @MethodSource("innersInNetworks")
  void attachingAgainKeepsTheState(IUpdater inner) {
    DataSet data = data(DataType.FLOAT);
    MultiLayerNetwork network = network(new Lookahead(inner.clone()), DataType.FLOAT);
    MultiLayerNetwork other = network(new Lookahead(inner.clone()), DataType.FLOAT);
    other.setParams(network.params());
    fit(network::fit, data, 7);
    fit(other::fit, data, 7);

    DecoupledDecay.attach(other);
    fit(network::fit, data, 6);
    fit(other::fit, data, 6);

    assertSame(other, network);
  }

  @Test
  void setsTheLearningRateOfOneLayer() {
    DataSet data = data(DataType.FLOAT);
    MultiLayerNetwork network =
        network(new Lookahead(new AdamWDecoupled(0.01, 0.5)), DataType.FLOAT);
    fit(network::fit, data, 7);
    INDArray slow = Lookahead.atSlowWeights(network, n -> n.params().dup());

    ((DenseLayer) network.getLayer(0).conf().getLayer())
        .getIUpdater()
        .setLrAndSchedule(0.001, null);
    DecoupledDecay.attach(network);

    assertSame(Lookahead.atSlowWeights(network, n -> n.params().dup()), slow);
    assertThat(network.getLearningRate(0)).isEqualTo(0.001);
    fit(network::fit, data, 6);
    network.setLearningRate(0.002);
    assertThat(network.getLearningRate(0)).isEqualTo(0.002);
    fit(network::fit, data, 6);
  }

  /** Layers with equal updaters become one block, which holds the sums of both. */
  @ParameterizedTest
  @MethodSource("innersForReference")
  void blocksThatMergeKeepTheirSlowWeights(IUpdater inner) {
    DataSet data = data(DataType.FLOAT);
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            with(new Lookahead(inner.clone()), DataType.FLOAT)
                .list()
                .layer(
                    new DenseLayer.Builder()
                        .nIn(4)
                        .nOut(5)
                        .updater(new Lookahead(withRate(inner, 0.002)))
                        .build())
                .layer(Networks.output().nIn(5).nOut(3).build())
                .build());
    network.init();
    DecoupledDecay.attach(network);
    fit(network::fit, data, 7);
    assertThat(blocks(network)).isEqualTo(2);
    INDArray fast = network.params().dup();
    INDArray slow = Lookahead.atSlowWeights(network, n -> n.params().dup());

    for (int i = 0; i < 2; i++) {
      ((BaseLayer) network.getLayer(i).conf().getLayer())
          .getIUpdater()
          .setLrAndSchedule(0.003, null);
    }
    DecoupledDecay.attach(network);

    assertThat(blocks(network)).isEqualTo(1);
    assertSame(network.params(), fast);
    assertSame(Lookahead.atSlowWeights(network, n -> n.params().dup()), slow);
    fit(network::fit, data, 3);
    // The tenth step ends a cycle.
    INDArray there = Lookahead.atSlowWeights(network, n -> n.params().dup());
    assertSame(there, network.params());
  }

  private static IUpdater withRate(IUpdater updater, double rate) {
    IUpdater copy = updater.clone();
    copy.setLrAndSchedule(rate, null);
    return copy;
  }

  private static int blocks(MultiLayerNetwork network) {
    return ((MultiLayerUpdater) network.getUpdater()).getUpdaterBlocks().size();
  }

  @Test
  void aSkippedGradientCounts() {
    AdamWDecoupled inner =
        AdamWDecoupled.builder().weightDecay(0).nonFiniteGradients(NonFinitePolicy.SKIP).build();
    GradientUpdater<?> updater = instantiated(new Lookahead(inner, 2, 0.5), DataType.DOUBLE, 1);
    INDArray first = Nd4j.createFromArray(1.0);
    INDArray second = Nd4j.createFromArray(Double.NaN);
    updater.applyUpdater(first, 0, 0);
    updater.applyUpdater(second, 1, 0);

    assertThat(second.getDouble(0)).isEqualTo(-first.getDouble(0) / 2);
  }

  @Test
  void refusesTheStateOfAnotherUpdater() {
    Lookahead lookahead = new Lookahead(new Adam(0.01));
    GradientUpdater<?> shorter =
        lookahead.instantiate(Nd4j.zeros(DataType.FLOAT, lookahead.stateSize(3)), true);
    assertThatIllegalStateException()
        .isThrownBy(() -> shorter.applyUpdater(Nd4j.ones(DataType.FLOAT, 7), 0, 0))
        .withMessageContaining("must have 3 numbers for each of 7 parameters");
    GradientUpdater<?> foreign =
        lookahead.instantiate(Nd4j.ones(DataType.FLOAT, lookahead.stateSize(3)), false);
    assertThatIllegalStateException()
        .isThrownBy(() -> foreign.applyUpdater(Nd4j.ones(DataType.FLOAT, 3), 0, 0))
        .withMessageContaining("was made by another updater");
  }

  @ParameterizedTest
  @MethodSource("innersInNetworks")
  void survivesSerialization(IUpdater inner) throws Exception {
    Lookahead lookahead = new Lookahead(inner, 7, 0.75);
    String json = NeuralNetConfiguration.mapper().writeValueAsString(lookahead);
    assertThat(NeuralNetConfiguration.mapper().readValue(json, IUpdater.class))
        .isEqualTo(lookahead);
    String yaml = NeuralNetConfiguration.mapperYaml().writeValueAsString(lookahead);
    assertThat(NeuralNetConfiguration.mapperYaml().readValue(yaml, IUpdater.class))
        .isEqualTo(lookahead);
    assertThat(Networks.updaterOf(Networks.throughJson(Networks.mlp(lookahead))))
        .isEqualTo(Networks.updaterOf(Networks.mlp(lookahead)));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(lookahead);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(lookahead);
    }
  }

  @Test
  void readsJsonThroughItsChecks() throws Exception {
    String json =
        NeuralNetConfiguration.mapper().writeValueAsString(new Lookahead(new Sgd(0.1), 7, 0.75));
    for (String bad :
        List.of(
            json.replace("0.75", "1.5"),
            json.replace("0.75", "null"),
            json.replace(": 7", ": 0").replace(":7", ":0"))) {
      assertThat(bad).isNotEqualTo(json);
      assertThatThrownBy(() -> NeuralNetConfiguration.mapper().readValue(bad, IUpdater.class))
          .hasMessageContaining(" must ");
    }
  }

  @Test
  void hasTheDefaultsOfThePaper() {
    Lookahead lookahead = new Lookahead(new Adam(0.01));

    assertThat(lookahead.getK()).isEqualTo(5);
    assertThat(lookahead.getAlpha()).isEqualTo(0.5);
    assertThat(lookahead).isEqualTo(Lookahead.builder().inner(new Adam(0.01)).build());
    assertThat(lookahead).hasToString("Lookahead(inner=" + new Adam(0.01) + ", k=5, alpha=0.5)");
  }

  @Test
  void differsInEveryParameter() {
    Lookahead lookahead = new Lookahead(new Adam(0.01), 5, 0.5);

    assertThat(lookahead).isEqualTo(lookahead.clone()).hasSameHashCodeAs(lookahead.clone());
    for (IUpdater other :
        List.of(
            new Lookahead(new Adam(0.02), 5, 0.5),
            new Lookahead(new Adam(0.01), 6, 0.5),
            new Lookahead(new Adam(0.01), 5, 0.6),
            new Adam(0.01))) {
      assertThat(lookahead).isNotEqualTo(other);
    }
  }

  @Test
  void delegatesTheLearningRate() {
    Lookahead lookahead = new Lookahead(new Adam(0.01));
    Lookahead copy = lookahead.clone();
    lookahead.setLrAndSchedule(0.5, null);

    assertThat(lookahead.getLearningRate(3, 1)).isEqualTo(0.5);
    assertThat(copy.getLearningRate(3, 1)).isEqualTo(0.01);
    lookahead.setLrAndSchedule(Double.NaN, SCHEDULE);
    assertThat(lookahead.getLearningRate(3, 1)).isEqualTo(SCHEDULE.valueAt(3, 1));
    assertThat(lookahead.hasLearningRate()).isTrue();
    assertThat(new Lookahead(new NoOp()).hasLearningRate()).isFalse();
  }

  @ParameterizedTest
  @MethodSource
  void namesTheBadArgument(Supplier<Lookahead> supplier, String message) {
    assertThatIllegalArgumentException().isThrownBy(supplier::get).withMessageStartingWith(message);
  }

  static Stream<Arguments> namesTheBadArgument() {
    Function<Double, Supplier<Lookahead>> alpha = a -> () -> new Lookahead(new Sgd(0.1), 5, a);
    return Stream.of(
        bad(() -> new Lookahead(null), "inner must not be null"),
        bad(() -> Lookahead.builder().build(), "inner must not be null"),
        bad(() -> new Lookahead(new Sgd(0.1), 0, 0.5), "k must be at least 1, but was 0"),
        bad(alpha.apply(0.0), "alpha must be in (0, 1], but was 0.0"),
        bad(alpha.apply(1.1), "alpha must be in (0, 1], but was 1.1"),
        bad(alpha.apply(Double.NaN), "alpha must be in (0, 1], but was NaN"),
        bad(
            () -> new Lookahead(new AveragedNesterovs()),
            "inner must be an updater that leaves the parameters where they are to be evaluated"),
        bad(
            () -> new Lookahead(new ScheduleFreeAdamW()),
            "inner must be an updater that leaves the parameters where they are to be evaluated"),
        bad(
            () -> new Lookahead(new Lookahead(new Sgd(0.1))),
            "inner must be an updater that is not itself Lookahead"));
  }

  private static Arguments bad(Supplier<Lookahead> supplier, String message) {
    return Arguments.of(supplier, message);
  }
}
