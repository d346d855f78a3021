package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class AveragedNesterovsTest extends UpdaterContract {
  private static final LookaheadAverage CUSTOM =
      LookaheadAverage.of(new double[] {0, 0.9, 0.3, 1}, new double[] {0.1, 0.2, 0.3, 0.4});
  private static final LookaheadAverage PLAIN =
      LookaheadAverage.of(new double[] {1}, new double[] {1});

  private static final ISchedule MOMENTUM =
      new ExponentialSchedule(ScheduleType.ITERATION, 0.9, 0.999);

  @Override
  UpdaterConfiguration random(Random random, NonFinitePolicy policy) {
    List<LookaheadAverage> averages =
        List.of(LookaheadAverage.THIRDS, LookaheadAverage.QUARTERS, CUSTOM, PLAIN);
    return AveragedNesterovs.builder()
        .learningRate(random.nextDouble())
        .momentum(0.99 * random.nextDouble())
        .average(averages.get(random.nextInt(averages.size())))
        .nonFiniteGradients(policy)
        .build();
  }

  /**
   * {@code |v| <= η G / (1 - γ)}, and an update moves by at most {@code (1 + γ) v} and back by v.
   */
  @Override
  double bound(UpdaterConfiguration updater, int iteration, double largest) {
    double momentum = momentum((AveragedNesterovs) updater, 0);
    double rate =
        IntStream.rangeClosed(0, iteration)
            .mapToDouble(t -> updater.getLearningRate(t, 0))
            .max()
            .orElseThrow();
    return rate * largest / (1 - momentum) * (2 + momentum);
  }

  /** Parameters reach 3,000 here, so 60 steps with a few roundings of 2⁻⁵³ add up to 1e-10. */
  @Override
  Stream<Simpler> simpler() {
    return Stream.of(
        new Simpler(
            "probes", new AveragedNesterovs(0.1, 0.9, PLAIN), new Nesterovs(0.1, 0.9), 1e-10),
        new Simpler("momentum", new AveragedNesterovs(0.1, 0, PLAIN), new Sgd(0.1), 1e-10));
  }

  @Override
  Stream<UpdaterConfiguration> chosen() {
    return Stream.of(
        new AveragedNesterovs(),
        new AveragedNesterovs(SCHEDULE, 0.5, LookaheadAverage.QUARTERS),
        AveragedNesterovs.builder()
            .learningRate(1e-2)
            .momentumSchedule(MOMENTUM)
            .average(CUSTOM)
            .nonFiniteGradients(NonFinitePolicy.SKIP)
            .build(),
        new AveragedNesterovs(1e-2, 0, PLAIN));
  }

  /** In terms of the displacements of the parameters. */
  @Override
  Reference reference(UpdaterConfiguration updater) {
    AveragedNesterovs nesterovs = (AveragedNesterovs) updater;
    LookaheadAverage average = nesterovs.getAverage();
    return (g, state, iteration) -> {
      int probe = iteration % average.probes();
      double rate = nesterovs.getLearningRate(iteration - probe, 0);
      double[] ahead = state[0];
      double[] sum = state[1];
      for (int i = 0; i < g.length; i++) {
        sum[i] += rate * average.weight(probe) * g[i];
        double here = -average.point(probe) * ahead[i];
        if (probe < average.probes() - 1) {
          double there = -average.point(probe + 1) * ahead[i];
          g[i] = here - there;
        } else {
          double v = ahead[i] + sum[i];
          sum[i] = 0;
          ahead[i] = momentum(nesterovs, iteration + 1) * v;
          double there = -v - average.point(0) * ahead[i];
          g[i] = here - there;
        }
      }
    };
  }

  private static double momentum(AveragedNesterovs updater, int iteration) {
    return updater.getMomentumSchedule() == null
        ? updater.getMomentum()
        : updater.getMomentumSchedule().valueAt(iteration, 0);
  }

  /** ∇J for a smooth, convex J of five variables that is not quadratic. */
  private static double[] gradient(double[] x) {
    double[] g = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double coupled = x[i] - 0.3 * x[(i + 1) % x.length];
      g[i] += (i + 1) * coupled + Math.tanh(x[i] - i);
      g[(i + 1) % x.length] -= 0.3 * (i + 1) * coupled;
    }
    return g;
  }

  private static final double[] START = {3, -2, 1, 4, -5};

  static Stream<AveragedNesterovs> trajectories() {
    return Stream.of(
        new AveragedNesterovs(0.05, 0.9, LookaheadAverage.THIRDS),
        new AveragedNesterovs(0.05, 0.9, LookaheadAverage.QUARTERS),
        new AveragedNesterovs(0.05, 0.8, CUSTOM),
        new AveragedNesterovs(
            new ExponentialSchedule(ScheduleType.ITERATION, 0.08, 0.999),
            0.9,
            LookaheadAverage.THIRDS),
        AveragedNesterovs.builder().learningRate(0.05).momentumSchedule(MOMENTUM).build());
  }

  /**
   * Compares the formula of the class, with the gradient evaluated at every probe point, to the
   * parameters that the updates lead to. Steps are below 1, and 200 cycles with about 40 roundings
   * of 1e-16, damped by convergence, add up to less than 1e-12. The test allows 1e-10.
   */
  @ParameterizedTest
  @MethodSource("trajectories")
  void equalsTheFormulaWithTheGradientTakenAtEveryProbePoint(AveragedNesterovs updater) {
    LookaheadAverage average = updater.getAverage();
    int probes = average.probes();
    int n = START.length;
    GradientUpdater<?> ours =
        updater.instantiate(Nd4j.zeros(DataType.DOUBLE, updater.stateSize(n)), true);
    double[] parameters = START.clone();
    double[] theta = START.clone();
    double[] v = new double[n];

    for (int cycle = 0; cycle < 200; cycle++) {
      int first = cycle * probes;
      double rate = updater.getLearningRate(first, 0);
      double momentum = momentum(updater, first);
      double[] averaged = new double[n];
      for (int j = 0; j < probes; j++) {
        double[] probe = new double[n];
        for (int i = 0; i < n; i++) {
          probe[i] = theta[i] - average.point(j) * momentum * v[i];
        }
        assertThat(parameters).containsExactly(probe, within(1e-10));
        double[] g = gradient(probe);
        for (int i = 0; i < n; i++) {
          averaged[i] += average.weight(j) * g[i];
        }

        INDArray update = Nd4j.createFromArray(gradient(parameters));
        ours.applyUpdater(update, first + j, 0);
        for (int i = 0; i < n; i++) {
          parameters[i] -= update.getDouble(i);
        }
      }
      for (int i = 0; i < n; i++) {
        v[i] = momentum * v[i] + rate * averaged[i];
        theta[i] -= v[i];
      }
    }
    assertThat(parameters).isNotEqualTo(START);
  }

  /** Deeplearning4j's Nesterovs does the same in a different order of operations, in float. */
  @Test
  void withOneProbeAtTheEndIsNesterovMomentum() {
    MultiLayerNetwork builtIn = network(new Nesterovs(0.1, 0.9));
    MultiLayerNetwork ours = network(new AveragedNesterovs(0.1, 0.9, PLAIN));

    for (int i = 0; i < 100; i++) {
      builtIn.fit(Networks.data());
      ours.fit(Networks.data());
    }

    assertThat(builtIn.params().sub(ours.params()).amaxNumber().doubleValue()).isLessThan(1e-5);
  }

  private static MultiLayerNetwork network(IUpdater updater) {
    MultiLayerNetwork network = new MultiLayerNetwork(Networks.mlp(updater));
    network.init();
    return network;
  }

  /** Without momentum, all probes are at θ, so a cycle on one batch is one step of SGD. */
  @Test
  void withoutMomentumIsSgdOnTheAveragedGradient() {
    MultiLayerNetwork sgd = network(new Sgd(0.1));
    MultiLayerNetwork ours = network(new AveragedNesterovs(0.1, 0, LookaheadAverage.QUARTERS));

    for (int cycle = 0; cycle < 30; cycle++) {
      sgd.fit(Networks.data());
      for (int probe = 0; probe < 3; probe++) {
        ours.fit(Networks.data());
      }
      assertThat(sgd.params().sub(ours.params()).amaxNumber().doubleValue()).isLessThan(1e-6);
    }
  }

  private static void train(MultiLayerNetwork network, int iterations) {
    for (int i = 0; i < iterations; i++) {
      network.fit(Networks.data());
    }
  }

  private static double[] vector(INDArray array) {
    return array.dup().castTo(DataType.DOUBLE).toDoubleVector();
  }

  private static INDArray state(MultiLayerNetwork network) {
    return network.getUpdater().getStateViewArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void settlesAtTheta(int probe) {
    MultiLayerNetwork network = network(new AveragedNesterovs());
    train(network, 30 + probe);
    int n = (int) network.numParams();
    double[] before = vector(network.params());
    double[] state = vector(state(network));
    double[] v = Arrays.copyOf(state, n);

    assertThat(AveragedNesterovs.settle(network)).isSameAs(network);

    double[] theta =
        IntStream.range(0, n).mapToDouble(i -> before[i] + (probe + 1) / 3. * v[i]).toArray();
    assertThat(vector(network.params())).containsExactly(theta, within(1e-6));
    assertThat(theta).isNotEqualTo(before);
    double[] settled = vector(state(network));
    for (int i = 0; i < n; i++) {
      assertThat(settled[i]).isZero();
      assertThat(settled[n + i]).isEqualTo((float) state[i] + (float) state[n + i]);
    }
  }

  /**
   * The first probe point of the next cycle is where it would be if all gradients were the same.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void settlingLosesNoMomentum(int probe) {
    AveragedNesterovs updater = new AveragedNesterovs();
    INDArray settledView = Nd4j.zeros(DataType.DOUBLE, new AveragedNesterovs().stateSize(1));
    INDArray plainView = Nd4j.zeros(DataType.DOUBLE, new AveragedNesterovs().stateSize(1));
    GradientUpdater<?> settled = updater.instantiate(settledView, true);
    GradientUpdater<?> plain = updater.instantiate(plainView, true);
    double settledAt = 0;
    double plainAt = 0;

    for (int t = 0; t < 12; t++) {
      if (t == 6 + probe) {
        settledAt += (probe + 1) / 3. * settledView.getDouble(0);
        settledView.putScalar(1, settledView.getDouble(1) + settledView.getDouble(0));
        settledView.putScalar(0, 0);
      }
      INDArray g = Nd4j.createFromArray(Math.sin(t));
      INDArray h = g.dup();
      settled.applyUpdater(g, t, 0);
      plain.applyUpdater(h, t, 0);
      settledAt -= g.getDouble(0);
      plainAt -= h.getDouble(0);
    }

    assertThat(settledAt).isCloseTo(plainAt, within(1e-14));
    assertThat(vector(settledView)).containsExactly(vector(plainView), within(1e-14));
  }

  @Test
  void settlingTwiceChangesNothing() {
    MultiLayerNetwork network = network(new AveragedNesterovs());
    train(network, 31);
    AveragedNesterovs.settle(network);
    INDArray parameters = network.params().dup();
    INDArray state = state(network).dup();

    AveragedNesterovs.settle(network);

    assertThat(vector(network.params())).isEqualTo(vector(parameters));
    assertThat(vector(state(network))).isEqualTo(vector(state));
  }

  @Test
  void evaluatesAtThetaAndRestoresEveryBit() {
    MultiLayerNetwork network = network(new AveragedNesterovs());
    MultiLayerNetwork undisturbed = network(new AveragedNesterovs());
    train(network, 32);
    train(undisturbed, 32);

    double[] theta = AveragedNesterovs.atTheta(network, n -> vector(n.params()));

    assertThat(vector(network.params())).isEqualTo(vector(undisturbed.params()));
    assertThat(vector(state(network))).isEqualTo(vector(state(undisturbed)));
    AveragedNesterovs.settle(undisturbed);
    assertThat(theta).isEqualTo(vector(undisturbed.params()));
  }

  @Test
  void refusesTrainingDuringAnEvaluationBeforeAnythingMoves() {
    MultiLayerNetwork network = network(new AveragedNesterovs());
    train(network, 4);
    double[] before = vector(network.params());
    double[] stateBefore = vector(state(network));

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                AveragedNesterovs.atTheta(
                    network,
                    n -> {
                      n.fit(Networks.data());
                      return 0;
                    }))
        .withMessageContaining("cannot train while it is evaluated at θ");
    assertThat(vector(network.params())).isEqualTo(before);
    assertThat(vector(state(network))).isEqualTo(stateBefore);
    assertThat(network.getIterationCount()).isEqualTo(4);
    train(network, 1);
    assertThat(network.getIterationCount()).isEqualTo(5);
  }

  @Test
  void restoresEveryBitWhenTheEvaluationFails() {
    MultiLayerNetwork network = network(new AveragedNesterovs());
    train(network, 4);
    double[] before = vector(network.params());

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                AveragedNesterovs.atTheta(
                    network,
                    n -> {
                      throw new IllegalArgumentException("no data");
                    }));

    assertThat(vector(network.params())).isEqualTo(before);
  }

  @Test
  void refusesToSettleWithoutTheStateThatKnowsTheta(@TempDir File folder) throws Exception {
    MultiLayerNetwork network = network(new AveragedNesterovs());
    train(network, 5);
    File file = new File(folder, "model.zip");
    ModelSerializer.writeModel(network, file, false);
    MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, false);

    assertThatIllegalStateException()
        .isThrownBy(() -> AveragedNesterovs.settle(restored))
        .withMessageContaining("but not the updater state");
  }

  @Test
  void continuesFromASavedCopyOfASettledNetwork(@TempDir File folder) throws Exception {
    MultiLayerNetwork network = network(new AveragedNesterovs());
    train(network, 31);
    AveragedNesterovs.settle(network);
    File file = new File(folder, "model.zip");
    ModelSerializer.writeModel(network, file, true);
    MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);

    train(network, 5);
    train(restored, 5);

    assertThat(vector(restored.params())).isEqualTo(vector(network.params()));
  }

  /** Rates of 1, 1 and 0.1 for three gradients of 1, each with the weight 1/3. */
  @Test
  void aGradientHasTheRateOfItsOwnEpoch() {
    AveragedNesterovs updater =
        new AveragedNesterovs(
            new ExponentialSchedule(ScheduleType.EPOCH, 1, 0.1), 0, LookaheadAverage.THIRDS);
    GradientUpdater<?> averaged =
        updater.instantiate(
            Nd4j.zeros(DataType.DOUBLE, new AveragedNesterovs().stateSize(1)), true);
    INDArray gradient = Nd4j.createFromArray(1.0);

    for (int t = 0; t < 3; t++) {
      gradient.assign(1);
      averaged.applyUpdater(gradient, t, t == 2 ? 1 : 0);
    }

    assertThat(gradient.getDouble(0)).isCloseTo((1 + 1 + 0.1) / 3, within(1e-15));
  }

  @Test
  void settlesOnlyLayersThatItTrains() {
    var conf =
        Networks.with(new Sgd(0.1))
            .list()
            .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
            .layer(Networks.output().nIn(5).nOut(3).updater(new AveragedNesterovs()).build())
            .build();
    MultiLayerNetwork network = new MultiLayerNetwork(conf);
    network.init();
    AveragedNesterovs.settle(network);
    train(network, 10);
    INDArray sgd = network.getParam("0_W").dup();
    INDArray averaged = network.getParam("1_W").dup();

    AveragedNesterovs.settle(network);

    assertThat(network.getParam("0_W")).isEqualTo(sgd);
    assertThat(network.getParam("1_W")).isNotEqualTo(averaged);
  }

  @Test
  void settlesAGraph() {
    ComputationGraph graph = network(new AveragedNesterovs()).toComputationGraph();
    for (int i = 0; i < 7; i++) {
      graph.fit(Networks.data());
    }
    MultiLayerNetwork network = network(new AveragedNesterovs());
    train(network, 7);
    double[] probePoint = vector(graph.params());

    double[] theta = AveragedNesterovs.atTheta(graph, g -> vector(g.params()));
    assertThat(vector(graph.params())).isEqualTo(probePoint);
    assertThat(AveragedNesterovs.settle(graph)).isSameAs(graph);

    assertThat(vector(graph.params())).isEqualTo(theta).isNotEqualTo(probePoint);
    AveragedNesterovs.settle(network);
    assertThat(theta).containsExactly(vector(network.params()), within(1e-6));
  }

  @Test
  void aSkippedProbeCountsAsZeroAndTheCycleContinues() {
    AveragedNesterovs skipping =
        AveragedNesterovs.builder().nonFiniteGradients(NonFinitePolicy.SKIP).build();
    GradientUpdater<?> skips =
        skipping.instantiate(
            Nd4j.zeros(DataType.FLOAT, new AveragedNesterovs().stateSize(1)), true);
    GradientUpdater<?> zeros =
        skipping.instantiate(
            Nd4j.zeros(DataType.FLOAT, new AveragedNesterovs().stateSize(1)), true);
    List<Float> skipped = new ArrayList<>();
    List<Float> withZero = new ArrayList<>();

    for (int t = 0; t < 12; t++) {
      INDArray g = Nd4j.createFromArray(t >= 4 && t <= 6 ? Float.NaN : t);
      INDArray h = Nd4j.createFromArray(t >= 4 && t <= 6 ? 0f : t);
      skips.applyUpdater(g, t, 0);
      zeros.applyUpdater(h, t, 0);
      skipped.add(g.getFloat(0));
      withZero.add(h.getFloat(0));
    }

    assertThat(skipped).isEqualTo(withZero);
  }

  @Test
  void trainsInHalfPrecision() {
    GradientUpdater<?> updater =
        new AveragedNesterovs()
            .instantiate(Nd4j.zeros(DataType.FLOAT16, new AveragedNesterovs().stateSize(2)), true);
    INDArray gradient = Nd4j.ones(DataType.FLOAT16, 2);

    for (int t = 0; t < 3; t++) {
      gradient.assign(1);
      updater.applyUpdater(gradient, t, 0);
    }

    assertThat(gradient.getDouble(0)).isCloseTo(0.1 * (1 + 0.9 / 3), within(1e-4));
  }

  @Test
  void constructorsKeepOtherDefaults() {
    assertThat(new AveragedNesterovs(SCHEDULE))
        .isEqualTo(AveragedNesterovs.builder().learningRateSchedule(SCHEDULE).build());
    assertThat(new AveragedNesterovs(0.02, 0.3))
        .isEqualTo(AveragedNesterovs.builder().learningRate(0.02).momentum(0.3).build());
    assertThat(new AveragedNesterovs(SCHEDULE, 0.3))
        .isEqualTo(
            AveragedNesterovs.builder().learningRateSchedule(SCHEDULE).momentum(0.3).build());
    assertThat(new AveragedNesterovs(0.02, MOMENTUM))
        .isEqualTo(
            AveragedNesterovs.builder().learningRate(0.02).momentumSchedule(MOMENTUM).build());
    assertThat(new AveragedNesterovs(SCHEDULE, MOMENTUM))
        .isEqualTo(
            AveragedNesterovs.builder()
                .learningRateSchedule(SCHEDULE)
                .momentumSchedule(MOMENTUM)
                .build());
  }

  @Test
  void shortConstructorsNameBadArguments() {
    Map<ThrowingCallable, String> refusals =
        Map.of(
            () -> new AveragedNesterovs(null), "learningRate must not be null",
            () -> new AveragedNesterovs((ISchedule) null, 0.9), "learningRate must not be null",
            () -> new AveragedNesterovs(null, MOMENTUM), "learningRate must not be null",
            () -> new AveragedNesterovs(0.1, null), "momentum must not be null",
            () -> new AveragedNesterovs(SCHEDULE, null), "momentum must not be null",
            () -> new AveragedNesterovs(Double.NaN, 0.9),
                "learningRate must be a finite number >= 0, but was NaN",
            () -> new AveragedNesterovs(0.1, Double.NaN), "momentum must be in [0, 1), but was NaN",
            () -> new AveragedNesterovs(SCHEDULE, 1), "momentum must be in [0, 1), but was 1.0",
            () -> new AveragedNesterovs(-1, MOMENTUM),
                "learningRate must be a finite number >= 0, but was -1.0");

    refusals.forEach(
        (constructor, message) ->
            assertThatIllegalArgumentException().isThrownBy(constructor).withMessage(message));
  }

  @Test
  void namesBadArguments() {
    for (double momentum : new double[] {-0.1, 1, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new AveragedNesterovs(0.1, momentum, LookaheadAverage.THIRDS))
          .withMessage("momentum must be in [0, 1), but was " + momentum);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AveragedNesterovs(-1, 0.9, LookaheadAverage.THIRDS))
        .withMessageContaining("learningRate must be a finite number >= 0, but was -1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AveragedNesterovs(0.1, 0.9, null))
        .withMessageContaining("average must not be null");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AveragedNesterovs((ISchedule) null, 0.9, LookaheadAverage.THIRDS))
        .withMessageContaining("learningRate must not be null");
  }

  @Test
  void returnsItsMomentumOrItsSchedule() {
    assertThat(new AveragedNesterovs().toString()).contains("momentum=0.9,");
    assertThat(AveragedNesterovs.builder().momentumSchedule(MOMENTUM).build().toString())
        .contains("momentum=" + MOMENTUM);
  }

  @Test
  void allowsAScheduledMomentumOfZero() {
    AveragedNesterovs updater =
        AveragedNesterovs.builder().momentumSchedule(new FixedSchedule(0)).average(PLAIN).build();
    INDArray gradient = Nd4j.ones(DataType.DOUBLE, 1);

    updater
        .instantiate(Nd4j.zeros(DataType.DOUBLE, new AveragedNesterovs().stateSize(1)), true)
        .applyUpdater(gradient, 0, 0);

    assertThat(gradient.getDouble(0)).isEqualTo(0.1);
  }

  @Test
  void namesTheScheduleThatReturnsABadMomentum() {
    AveragedNesterovs updater =
        AveragedNesterovs.builder().momentumSchedule(new FixedSchedule(1)).average(PLAIN).build();

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                updater
                    .instantiate(
                        Nd4j.zeros(DataType.FLOAT, new AveragedNesterovs().stateSize(1)), true)
                    .applyUpdater(Nd4j.ones(DataType.FLOAT, 1), 0, 0))
        .withMessageContaining("momentum must be in [0, 1), but was 1.0 at iteration 1, epoch 0")
        .withMessageContaining("FixedSchedule");
  }
}
