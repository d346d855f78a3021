package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class ScheduleFreeAdamWTest extends UpdaterContract {

  @Override
  Stream<UpdaterConfiguration> chosen() {
    return Stream.of(
        new ScheduleFreeAdamW(),
        new ScheduleFreeAdamW(SCHEDULE),
        ScheduleFreeAdamW.builder().learningRateSchedule(SCHEDULE).warmupSteps(5_000).build(),
        ScheduleFreeAdamW.builder()
            .learningRate(0.01)
            .beta1(0.5)
            .beta2(0.9)
            .epsilon(1e-3)
            .warmupSteps(30)
            .nonFiniteGradients(NonFinitePolicy.SKIP)
            .build(),
        ScheduleFreeAdamW.builder().epsilon(1e-4).epsilonInsideRoot(true).build());
  }

  @Override
  Stream<UpdaterConfiguration> decaying() {
    return Stream.of(ScheduleFreeAdamW.builder().weightDecay(0.0125).build());
  }

  @Override
  boolean trains(UpdaterConfiguration updater, DataType type) {
    return type != DataType.FLOAT16;
  }

  @Override
  UpdaterConfiguration random(Random random, NonFinitePolicy policy) {
    return ScheduleFreeAdamW.builder()
        .learningRate(Math.pow(10, -4 * random.nextDouble()))
        .beta1(0.01 + 0.98 * random.nextDouble())
        .beta2(random.nextInt(5) == 0 ? 0 : 1 - Math.pow(10, -7 * random.nextDouble()))
        .epsilon(Math.pow(10, -10 * random.nextDouble()))
        .epsilonInsideRoot(random.nextBoolean())
        .warmupSteps(random.nextInt(3) * random.nextInt(60))
        .weightDecay(0)
        .nonFiniteGradients(policy)
        .build();
  }

  /** γ of a step, from 1. */
  private static double gamma(ScheduleFreeAdamW updater, int t) {
    double warmth = updater.getWarmupSteps() > t ? (double) t / updater.getWarmupSteps() : 1;
    return updater.getLearningRate(t - 1, 0) * warmth;
  }

  private static double denominator(ScheduleFreeAdamW updater, double v) {
    return updater.isEpsilonInsideRoot()
        ? Math.sqrt(v + updater.getEpsilon())
        : Math.sqrt(v) + updater.getEpsilon();
  }

  /** The authors' code, which keeps y and z; the update is by how much y falls. */
  private static final class Authors {
    final ScheduleFreeAdamW updater;
    final double[] y;
    final double[] z;
    final double[] v;
    private double lrMax = -1;
    private double weightSum;
    private int k;

    Authors(ScheduleFreeAdamW updater, double... start) {
      this.updater = updater;
      this.y = start.clone();
      this.z = start.clone();
      this.v = new double[start.length];
    }

    /** One step; decays[i] is λ or 0. */
    void step(double[] g, double[] decays) {
      k++;
      double lr = gamma(updater, k);
      double beta1 = updater.getBeta1();
      double beta2 = updater.getBeta2();
      lrMax = Math.max(lr, lrMax);
      double weight = lrMax * lrMax;
      weightSum += weight;
      double ckp1 = weightSum == 0 ? 0 : weight / weightSum;
      for (int i = 0; i < y.length; i++) {
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
        double vHat = v[i] / (1 - Math.pow(beta2, k));
        double normalized = g[i] / denominator(updater, vHat) + decays[i] * y[i];
        y[i] += ckp1 * (z[i] - y[i]);
        y[i] += lr * (beta1 * (1 - ckp1) - 1) * normalized;
        z[i] -= lr * normalized;
      }
    }

    /** {@code p.lerp_(end=z, weight=1 - 1 / beta1)}. */
    double[] x() {
      double[] x = new double[y.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = y[i] + (1 - 1 / updater.getBeta1()) * (z[i] - y[i]);
      }
      return x;
    }
  }

  /** From y and z, without e. Roundings of y are larger than those of e, but y stays below 4. */
  @Override
  Reference reference(UpdaterConfiguration updater) {
    return new Reference() {
      private Authors authors;

      @Override
      public void step(double[] g, double[][] state, int iteration) {
        if (iteration == 0) {
          authors = new Authors((ScheduleFreeAdamW) updater, new double[g.length]);
        }
        double[] before = authors.y.clone();
        authors.step(g, new double[g.length]);
        for (int i = 0; i < g.length; i++) {
          g[i] = before[i] - authors.y[i];
        }
      }
    };
  }

  /**
   * In v, the last gradient counts for {@code 1 - β2}, so {@code |u| <= √((1 - β2ᵗ) / (1 - β2))},
   * and ε bounds it by G / ε with the largest gradient G. From the two recursions,
   *
   * <pre>
   * |update| <= (1 - β1 (1 - c)) γ |u| + c |e|
   * |e| <= (1 - c) (|e| + β1 γ |u|)
   * </pre>
   *
   * <p>Where gradients are skipped, fewer steps are taken, so the bound is the greatest so far.
   */
  @Override
  double bound(UpdaterConfiguration updater, int iteration, double largest) {
    ScheduleFreeAdamW free = (ScheduleFreeAdamW) updater;
    double epsilon = free.isEpsilonInsideRoot() ? Math.sqrt(free.getEpsilon()) : free.getEpsilon();
    double l = 0;
    double sum = 0;
    double e = 0;
    double bound = 0;
    for (int t = 1; t <= iteration + 1; t++) {
      double gamma = gamma(free, t);
      l = Math.max(l, gamma);
      sum += l * l;
      double c = sum == 0 ? 0 : l * l / sum;
      double byAverage = Math.sqrt((1 - Math.pow(free.getBeta2(), t)) / (1 - free.getBeta2()));
      double step = gamma * Math.min(byAverage, largest / epsilon);
      bound = Math.max(bound, (1 - free.getBeta1() * (1 - c)) * step + c * e);
      e = (1 - c) * (e + free.getBeta1() * step);
    }
    return bound;
  }

  /** With so small a β1, gradients are taken at z, so no rounding sees the average. */
  @Override
  Stream<Simpler> simpler() {
    return Stream.of(
        new Simpler(
            "average",
            ScheduleFreeAdamW.builder().learningRate(1e-3).beta1(1e-30).epsilon(1e-30).build(),
            Adam.builder().learningRate(1e-3).beta1(0).epsilon(1e-30).build(),
            1e-15));
  }

  private static GradientUpdater<?> instantiated(
      UpdaterConfiguration updater, DataType type, int length) {
    return updater.instantiate(Nd4j.zeros(type, updater.stateSize(length)), true);
  }

  /**
   * With an ε far above all gradients, u is g / ε up to 1e-12, and steps are those of SGD. The
   * weights of all z are equal.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9, 0.98})
  void xIsTheMeanOfAllZ(double beta1) {
    ScheduleFreeAdamW updater =
        ScheduleFreeAdamW.builder().learningRate(1e12).epsilon(1e12).beta1(beta1).build();
    GradientUpdater<?> steps = instantiated(updater, DataType.DOUBLE, 1);
    Random random = new Random(1);
    double y = 0.5;
    double z = 0.5;
    double sum = 0;
    for (int t = 1; t <= 50; t++) {
      double gradient = random.nextGaussian();
      z -= gradient;
      sum += z;
      INDArray g = Nd4j.createFromArray(gradient);
      steps.applyUpdater(g, t - 1, 0);
      y -= g.getDouble(0);
      double e = steps.getState().get("E").getDouble(0);

      assertThat(y + e).as("z").isCloseTo(z, within(1e-9));
      assertThat(y - (1 - beta1) / beta1 * e).as("x").isCloseTo(sum / t, within(1e-9));
    }
  }

  /** {@code γₜ = η t / w}; with u = 1, {@code zₜ = -(γ₁ + ... + γₜ)}, which counts for γₜ² in x. */
  @Test
  void laterStepsOfAWarmupCountMore() {
    int warmup = 8;
    ScheduleFreeAdamW updater =
        ScheduleFreeAdamW.builder()
            .learningRate(0.5)
            .beta2(0)
            .epsilon(1e-30)
            .warmupSteps(warmup)
            .build();
    GradientUpdater<?> steps = instantiated(updater, DataType.DOUBLE, 1);
    double y = 0;
    double z = 0;
    double sum = 0;
    double weights = 0;
    for (int t = 1; t <= 20; t++) {
      double gamma = 0.5 * Math.min(t, warmup) / warmup;
      z -= gamma;
      sum += gamma * gamma * z;
      weights += gamma * gamma;
      INDArray g = Nd4j.createFromArray(3.0);
      steps.applyUpdater(g, t - 1, 0);
      y -= g.getDouble(0);

      assertThat(y).isCloseTo(0.9 * sum / weights + 0.1 * z, within(1e-14));
    }
  }

  /** A schedule of the same rates gives the same bits: only γ counts. */
  @Test
  void aWarmupEqualsAScheduleOfTheSameRates() {
    ISchedule rates =
        new MapSchedule.Builder(ScheduleType.ITERATION)
            .add(0, 0.25)
            .add(1, 0.5)
            .add(2, 0.75)
            .add(3, 1)
            .build();
    GradientUpdater<?> warming =
        instantiated(
            ScheduleFreeAdamW.builder().learningRate(1).warmupSteps(4).build(), DataType.FLOAT, 9);
    GradientUpdater<?> scheduled = instantiated(new ScheduleFreeAdamW(rates), DataType.FLOAT, 9);
    for (int t = 0; t < 10; t++) {
      INDArray g = Nd4j.randn(DataType.FLOAT, 9);
      INDArray h = g.dup();
      warming.applyUpdater(g, t, 0);
      scheduled.applyUpdater(h, t, 0);
      assertThat(g.toFloatVector()).isEqualTo(h.toFloatVector());
    }
  }

  /** Neither in the sum of weights nor in their ratio may a rate become zero or infinite. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-30, 1e-25, 1e25, 1e30})
  void averagesAtAnyRate(double rate) {
    ScheduleFreeAdamW updater = ScheduleFreeAdamW.builder().learningRate(rate).beta1(0.5).build();
    GradientUpdater<?> steps = instantiated(updater, DataType.FLOAT, 1);
    for (int t = 0; t < 4; t++) {
      INDArray g = Nd4j.ones(DataType.FLOAT, 1);
      steps.applyUpdater(g, t, 0);
      double share = g.getDouble(0) / rate;
      assertThat(share).isCloseTo(t == 0 ? 1 : 0.75, within(1e-5));
    }
  }

  /** A rate of 0 leaves everything in place, as long as no other came before. */
  @Test
  void aLearningRateOfZeroMovesOnlyTheAverageOfSquares() {
    ScheduleFreeAdamW updater = new ScheduleFreeAdamW(0);
    GradientUpdater<?> steps = instantiated(updater, DataType.FLOAT, 2);
    for (int t = 0; t < 3; t++) {
      INDArray gradient = Nd4j.ones(DataType.FLOAT, 2);
      steps.applyUpdater(gradient, t, 0);
      assertThat(gradient).isEqualTo(Nd4j.zeros(DataType.FLOAT, 2));
    }
    assertThat(steps.getState().get("V").getDouble(1)).isCloseTo(0.003, within(1e-5));
    assertThat(steps.getState().get("E")).isEqualTo(Nd4j.zeros(DataType.FLOAT, 2));
  }

  private static ScheduleFreeAdamW.Builder strong() {
    return ScheduleFreeAdamW.builder()
        .learningRate(0.05)
        .beta2(0.95)
        .weightDecay(0.3)
        .warmupSteps(20);
  }

  private static MultiLayerNetwork network(IUpdater updater) {
    MultiLayerConfiguration conf =
        Networks.with(updater)
            .dataType(DataType.DOUBLE)
            .list()
            .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
            .layer(Networks.output().nIn(5).nOut(3).build())
            .build();
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            updater instanceof ScheduleFreeAdamW free && free.getWeightDecay() > 0
                ? DecoupledDecay.attach(conf)
                : conf);
    network.init();
    Networks.spread(network);
    return network;
  }

  private static ComputationGraph graph(IUpdater updater) {
    ComputationGraph graph = new ComputationGraph(Networks.graph(updater));
    graph.init();
    return graph;
  }

  private static DataSet data() {
    DataSet data = Networks.data();
    return new DataSet(
        data.getFeatures().castTo(DataType.DOUBLE), data.getLabels().castTo(DataType.DOUBLE));
  }

  private static void fit(MultiLayerNetwork network, int steps) {
    for (int i = 0; i < steps; i++) {
      network.fit(data());
    }
  }

  private static double[] vector(INDArray array) {
    return array.dup().castTo(DataType.DOUBLE).toDoubleVector();
  }

  private static double[] state(MultiLayerNetwork network) {
    return vector(network.getUpdater().getStateViewArray());
  }

  private static double[] x(MultiLayerNetwork network) {
    return ScheduleFreeAdamW.atX(network, n -> vector(n.params()));
  }

  private static double[] x(ComputationGraph graph) {
    return ScheduleFreeAdamW.atX(graph, g -> vector(g.params()));
  }

  /** The gradient of the mean loss at some parameters. */
  private static double[] gradient(MultiLayerNetwork twin, double[] parameters) {
    twin.params().assign(Nd4j.createFromArray(parameters).reshape(twin.params().shape()));
    DataSet data = data();
    twin.setInput(data.getFeatures());
    twin.setLabels(data.getLabels());
    twin.computeGradientAndScore();
    INDArray sum = twin.getFlattenedGradients();
    return vector(sum.reshape(sum.length()).div(data.numExamples()));
  }

  /** λ for weights, 0 for biases, in the order of the parameters. */
  private static double[] decays(MultiLayerNetwork network, double decay) {
    INDArray all = Nd4j.zerosLike(network.params());
    MultiLayerNetwork marked = network.clone();
    marked.params().assign(all);
    marked.getParam("0_W").assign(decay);
    marked.getParam("1_W").assign(decay);
    return vector(marked.params());
  }

  /**
   * In double. Every step adds a few roundings of numbers below 8, which 100 steps of training
   * hardly amplify.
   */
  @Test
  void equalsTheAuthorsThreeBuffersWithADecayAndEvaluationsOnTheWay() {
    ScheduleFreeAdamW updater = strong().build();
    MultiLayerNetwork network = network(updater);
    MultiLayerNetwork twin = network(new Sgd(1));
    Authors authors = new Authors(updater, vector(network.params()));
    double[] decays = decays(network, updater.getWeightDecay());
    assertThat(decays).containsOnly(0, 0.3);

    for (int t = 1; t <= 100; t++) {
      fit(network, 1);
      authors.step(gradient(twin, authors.y), decays);
      assertThat(vector(network.params())).containsExactly(authors.y, within(1e-11));
      if (t % 7 == 1) {
        double[] before = vector(network.params());
        double[] stateBefore = state(network);
        assertThat(x(network)).containsExactly(authors.x(), within(1e-11));
        assertThat(vector(network.params())).isEqualTo(before);
        assertThat(state(network)).isEqualTo(stateBefore);
      }
    }
    assertThat(x(network)).isNotEqualTo(vector(network.params()));
  }

  @Test
  void aGraphIsEvaluatedAtXToo() {
    ComputationGraph graph = graph(new ScheduleFreeAdamW(0.01));
    for (int i = 0; i < 5; i++) {
      graph.fit(Networks.data());
    }
    double[] y = vector(graph.params());
    double[] before = vector(graph.getUpdater().getStateViewArray());
    INDArray view = graph.getUpdater().getStateViewArray().dup();
    long n = graph.numParams();

    double[] x = x(graph);

    assertThat(vector(graph.params())).isEqualTo(y);
    assertThat(vector(graph.getUpdater().getStateViewArray())).isEqualTo(before);
    for (int i = 0; i < n; i++) {
      double e = view.reshape(view.length()).getDouble(n + i);
      assertThat(x[i]).isCloseTo(y[i] - 0.1 / 0.9 * e, within(1e-6));
    }
    assertThat(ScheduleFreeAdamW.moveToX(graph)).isSameAs(graph);
    assertThat(vector(graph.params())).isEqualTo(x).isNotEqualTo(y);
  }

  @Test
  void continuesAfterSavingAtTheSameXBitForBit(@TempDir File folder) throws Exception {
    MultiLayerNetwork network = network(strong().build());
    fit(network, 12);
    File file = new File(folder, "model.zip");
    ModelSerializer.writeModel(network, file, true);
    MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);

    assertThat(x(restored)).isEqualTo(x(network));
    fit(network, 20);
    fit(restored, 20);
    assertThat(vector(restored.params())).isEqualTo(vector(network.params()));
    assertThat(x(restored)).isEqualTo(x(network));
    assertThat(state(restored)).isEqualTo(state(network));
  }

  /** After moving, z is x: only a new step makes them differ, with the weight of its own turn. */
  @Test
  void trainingGoesOnFromXAsIfAllZHadBeenThere() {
    int steps = 9;
    MultiLayerNetwork network = network(new ScheduleFreeAdamW(0.05));
    fit(network, steps);
    double[] x = x(network);

    assertThat(ScheduleFreeAdamW.moveToX(network)).isSameAs(network);
    assertThat(vector(network.params())).isEqualTo(x);
    assertThat(x(network)).isEqualTo(x);
    double[] state = state(network);
    ScheduleFreeAdamW.moveToX(network);
    assertThat(vector(network.params())).isEqualTo(x);
    assertThat(state(network)).isEqualTo(state);

    fit(network, 1);
    double[] y = vector(network.params());
    double[] after = x(network);
    for (int i = 0; i < x.length; i++) {
      // y = β1 x + (1 - β1) z and x = x₀ + c (z - x₀), so y - x₀ = (β1 c + 1 - β1) (z - x₀).
      double z = x[i] + (y[i] - x[i]) / (0.9 / (steps + 1) + 0.1);
      assertThat(after[i]).isCloseTo(x[i] + (z - x[i]) / (steps + 1), within(1e-12));
    }
  }

  /** Another rate divides the parameters into other blocks. */
  @Test
  void newBlocksKeepTheSumOfWeights() {
    int steps = 9;
    MultiLayerNetwork network = network(strong().warmupSteps(0).build());
    fit(network, steps);
    BaseLayer layer = (BaseLayer) network.getLayerWiseConfigurations().getConf(0).getLayer();
    layer.getIUpdater().setLrAndSchedule(0.025, null);
    double[] x = x(network);
    DecoupledDecay.attach(network);
    assertThat(x(network)).isEqualTo(x);
    double[] y = vector(network.params());

    fit(network, 1);

    double[] moved = vector(network.params());
    double[] after = x(network);
    double c = 1.0 / (steps + 1);
    for (int i = 0; i < x.length; i++) {
      double z = (moved[i] - 0.9 * after[i]) / 0.1;
      assertThat(after[i]).isCloseTo((1 - c) * x[i] + c * z, within(1e-12));
    }
    assertThat(moved).isNotEqualTo(y);
  }

  @Test
  void refusesTrainingInAnEvaluationBeforeAnythingMoves() {
    MultiLayerNetwork network = network(new ScheduleFreeAdamW());
    fit(network, 3);
    double[] y = vector(network.params());
    double[] state = state(network);

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                ScheduleFreeAdamW.atX(
                    network,
                    n -> {
                      fit(n, 2);
                      return 0;
                    }))
        .withMessageContaining("cannot train while it is evaluated at x");
    assertThat(vector(network.params())).isEqualTo(y);
    assertThat(state(network)).isEqualTo(state);
    assertThat(network.getIterationCount()).isEqualTo(3);
  }

  @Test
  void restoresEveryBitIfTheEvaluationFailsOrMovesToX() {
    MultiLayerNetwork network = network(strong().build());
    fit(network, 5);
    double[] y = vector(network.params());
    double[] state = state(network);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ScheduleFreeAdamW.atX(
                    network,
                    n -> {
                      throw new IllegalArgumentException("no data");
                    }))
        .withMessage("no data");
    assertThat(vector(network.params())).isEqualTo(y);
    ScheduleFreeAdamW.atX(network, ScheduleFreeAdamW::moveToX);
    assertThat(vector(network.params())).isEqualTo(y);
    assertThat(state(network)).isEqualTo(state);
  }

  @Test
  void refusesAnEvaluationThatReplacesTheUpdater() {
    MultiLayerNetwork network = network(strong().build());
    fit(network, 3);

    assertThatIllegalStateException()
        .isThrownBy(() -> ScheduleFreeAdamW.atX(network, DecoupledDecay::attach))
        .withMessageEndingWith("the network stays at x");
  }

  @Test
  void aNewNetworkIsAtX() {
    MultiLayerNetwork network = network(new ScheduleFreeAdamW());
    assertThat(x(network)).isEqualTo(vector(network.params()));
    ComputationGraph graph = graph(new ScheduleFreeAdamW());
    graph.getUpdater();
    assertThat(x(graph)).isEqualTo(vector(graph.params()));
  }

  @Test
  void refusesANetworkWithoutItsUpdaterState(@TempDir File folder) throws Exception {
    MultiLayerNetwork network = network(new ScheduleFreeAdamW());
    fit(network, 3);
    File file = new File(folder, "model.zip");
    ModelSerializer.writeModel(network, file, false);
    MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(() -> x(restored), () -> ScheduleFreeAdamW.moveToX(restored))) {
      assertThatIllegalStateException()
          .isThrownBy(call)
          .withMessageStartingWith("the network has ScheduleFreeAdamW but not the updater state")
          .withMessageContaining("from x. Save")
          .withMessageContaining("or call moveToX before you save it");
    }
  }

  @Test
  void refusesNetworksThatAreNotInitializedAndNull() {
    MultiLayerNetwork network = new MultiLayerNetwork(Networks.mlp(new ScheduleFreeAdamW()));
    ComputationGraph graph = new ComputationGraph(Networks.graph(new ScheduleFreeAdamW()));

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> x(network),
            () -> x(graph),
            () -> ScheduleFreeAdamW.moveToX(network),
            () -> ScheduleFreeAdamW.moveToX(graph))) {
      assertThatIllegalStateException().isThrownBy(call).withMessageContaining("call init() first");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScheduleFreeAdamW.atX(network, null))
        .withMessage("evaluation must not be null");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScheduleFreeAdamW.atX(graph, null))
        .withMessage("evaluation must not be null");
  }

  /** Other updaters in the network are left alone, among them one that is evaluated elsewhere. */
  @Test
  void movesOnlyItsOwnParameters() {
    MultiLayerConfiguration conf =
        Networks.with(new ScheduleFreeAdamW(0.05))
            .list()
            .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
            .layer(Networks.output().nIn(5).nOut(3).updater(new AveragedNesterovs()).build())
            .build();
    MultiLayerNetwork network = new MultiLayerNetwork(conf);
    network.init();
    for (int i = 0; i < 5; i++) {
      network.fit(Networks.data());
    }
    double[] y = vector(network.params());

    double[] x = x(network);
    double[] both = AveragedNesterovs.atTheta(network, ScheduleFreeAdamWTest::x);

    assertThat(vector(network.params())).isEqualTo(y);
    for (int i = 0; i < y.length; i++) {
      boolean own = i < 4 * 5 + 5;
      assertThat(x[i] != y[i]).isEqualTo(own);
      assertThat(both[i] == x[i]).isEqualTo(own);
    }
  }

  @Test
  void hasTheDefaultsOfTheAuthors() {
    ScheduleFreeAdamW updater = new ScheduleFreeAdamW();

    assertThat(updater.getLearningRate()).isEqualTo(2.5e-3);
    assertThat(updater.getBeta1()).isEqualTo(0.9);
    assertThat(updater.getBeta2()).isEqualTo(0.999);
    assertThat(updater.getEpsilon()).isEqualTo(1e-8);
    assertThat(updater.getWeightDecay()).isZero();
    assertThat(updater.isEpsilonInsideRoot()).isFalse();
    assertThat(updater.getWarmupSteps()).isZero();
    assertThat(updater).isEqualTo(ScheduleFreeAdamW.builder().build());
  }

  @ParameterizedTest
  @MethodSource
  void namesTheBadArgumentItsValueAndTheRange(
      UnaryOperator<ScheduleFreeAdamW.Builder> set, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> set.apply(ScheduleFreeAdamW.builder()).build())
        .withMessage(message);
  }

  static Stream<Arguments> namesTheBadArgumentItsValueAndTheRange() {
    double nan = Double.NaN;
    double inf = Double.POSITIVE_INFINITY;
    String notNegative = " must be a finite number >= 0, but was ";
    Stream<Arguments> rates =
        Stream.of(-0.1, 1.0, nan, inf)
            .flatMap(
                x ->
                    Stream.of(
                        bad(b -> b.beta1(x), "beta1 must be in (0, 1), but was " + x),
                        bad(b -> b.beta2(x), "beta2 must be in [0, 1), but was " + x)));
    Stream<Arguments> atLeastZero =
        Stream.of(-1e-9, nan, inf)
            .flatMap(
                x ->
                    Stream.of(
                        bad(b -> b.learningRate(x), "learningRate" + notNegative + x),
                        bad(b -> b.weightDecay(x), "weightDecay" + notNegative + x)));
    Stream<Arguments> others =
        Stream.of(
            bad(b -> b.beta1(0), "beta1 must be in (0, 1), but was 0.0"),
            bad(b -> b.warmupSteps(-1), "warmupSteps must be a number >= 0, but was -1"),
            bad(
                b -> b.epsilon(0),
                "epsilon must be a finite number >= 1.17549435E-38, the smallest normal float, but"
                    + " was 0.0"),
            bad(b -> b.nonFiniteGradients(null), "nonFiniteGradients must not be null"));
    return Stream.of(rates, atLeastZero, others).flatMap(s -> s);
  }

  private static Arguments bad(UnaryOperator<ScheduleFreeAdamW.Builder> set, String message) {
    return Arguments.of(set, message);
  }

  @Test
  void refusesToTrainWithADecayThatWasNotAttached() {
    GradientUpdater<?> updater = instantiated(new ScheduleFreeAdamW(1, 0.02), DataType.FLOAT, 2);

    assertThatIllegalStateException()
        .isThrownBy(() -> updater.applyUpdater(Nd4j.ones(DataType.FLOAT, 2), 0, 0))
        .withMessageContaining("ScheduleFreeAdamW has weightDecay 0.02")
        .withMessageContaining("DecoupledDecay.attach(");
  }

  @Test
  void refusesATypeThatCannotHoldSquaredGradients() {
    GradientUpdater<?> updater = instantiated(new ScheduleFreeAdamW(), DataType.FLOAT16, 2);

    assertThatIllegalStateException()
        .isThrownBy(() -> updater.applyUpdater(Nd4j.ones(DataType.FLOAT16, 2), 0, 0))
        .withMessageStartingWith("ScheduleFreeAdamW cannot train parameters of type HALF: it keeps")
        .withMessageEndingWith("Use FLOAT or DOUBLE (BFLOAT16 works only in SameDiff)");
  }
}
