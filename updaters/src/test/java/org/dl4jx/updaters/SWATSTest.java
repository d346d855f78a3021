package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.dl4jx.updaters.engine.BlockState;
import org.dl4jx.updaters.engine.Engine;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class SWATSTest extends AdaptiveUpdaterContract {

  @Override
  AdaptiveUpdater.Builder<?> builder() {
    return SWATS.builder();
  }

  /** Any γ is within this of its average, so it switches as soon as the average is positive. */
  private static SWATS.Builder eager() {
    return SWATS.builder().tolerance(1e6);
  }

  /** Without a switch: after it, γ bounds the steps, and nothing bounds γ. */
  @Override
  UpdaterConfiguration random(Random random, NonFinitePolicy policy) {
    SWATS.Builder builder = SWATS.builder();
    randomize(builder, random, policy);
    return builder.tolerance(0).build();
  }

  /**
   * The step of Adam: {@code √(1 - β2ᵗ) / (√v + ε) <= 1 / (√v̂ + ε)}. It switches only under the
   * constant gradient, where a step of SGD is at most {@code L |g| = η}.
   */
  @Override
  double bound(UpdaterConfiguration updater, int iteration, double largest) {
    return boundOfAdam((AdaptiveUpdater) updater, iteration, largest);
  }

  /** Deeplearning4j's Adam adds ε to the uncorrected root too. */
  @Override
  Stream<Simpler> simpler() {
    return Stream.of(
        new Simpler(
            "switch",
            SWATS.builder().tolerance(0).epsilon(1e-3).build(),
            Adam.builder().learningRate(1e-3).epsilon(1e-3).build(),
            1e-15));
  }

  @Override
  Stream<UpdaterConfiguration> withConstantBeta1() {
    return Stream.of(
        new SWATS(),
        new SWATS(SCHEDULE),
        SWATS
            .builder()
            .learningRate(0.01)
            .beta1(0.5)
            .beta2(0.9)
            .epsilon(1e-3)
            .nonFiniteGradients(NonFinitePolicy.SKIP)
            .build(),
        SWATS.builder().epsilon(1e-4).epsilonInsideRoot(true).tolerance(1e-6).build());
  }

  /** Algorithm 1 of the paper, with its letters but for the condition {@code λ > 0}. */
  private static final class Paper {
    private final SWATS updater;
    private final double[] m;
    private final double[] a;
    private final double[] v;
    private boolean isSgd;
    private double lambda;
    private double rate;
    private double alphaOfSwitch;
    private int k;

    /** After which step it switched; 0 before. */
    private int switched;

    /** How near the decision to switch was to the other one. */
    private double margin = Double.POSITIVE_INFINITY;

    Paper(SWATS updater, int length) {
      this.updater = updater;
      this.m = new double[length];
      this.a = new double[length];
      this.v = new double[length];
    }

    /** Turns the gradient into what is subtracted. */
    void step(double[] g, int iteration) {
      k++;
      double beta1 = beta1(updater, iteration);
      double beta2 = updater.getBeta2();
      double alpha = updater.getLearningRate(iteration, 0);
      if (isSgd) {
        // The paper has no schedule of β1. With one, momentum is the average that Adam has.
        boolean isAverage = updater.getBeta1Schedule() != null;
        for (int i = 0; i < g.length; i++) {
          v[i] = beta1 * v[i] + (isAverage ? 1 - beta1 : 1) * g[i];
          g[i] = (isAverage ? 1 : 1 - beta1) * rate * (alpha / alphaOfSwitch) * v[i];
        }
        return;
      }
      double correction1 = 1 - Math.pow(beta1, k);
      double correction2 = 1 - Math.pow(beta2, k);
      double pp = 0;
      double pg = 0;
      double[] p = new double[g.length];
      for (int i = 0; i < g.length; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        a[i] = beta2 * a[i] + (1 - beta2) * g[i] * g[i];
        double root =
            updater.isEpsilonInsideRoot()
                ? Math.sqrt(a[i] + updater.getEpsilon())
                : Math.sqrt(a[i]) + updater.getEpsilon();
        p[i] = -alpha * (Math.sqrt(correction2) / correction1) * m[i] / root;
        pp += p[i] * p[i];
        pg += p[i] * g[i];
      }
      if (pg != 0) {
        double gamma = pp / -pg;
        lambda = beta2 * lambda + (1 - beta2) * gamma;
        double distance = Math.abs(lambda / correction2 - gamma);
        if (k > 1 && lambda > 0) {
          margin = Math.min(margin, Math.abs(distance - updater.getTolerance()));
        }
        if (k > 1 && lambda > 0 && distance < updater.getTolerance()) {
          isSgd = true;
          rate = lambda / correction2;
          alphaOfSwitch = alpha;
          switched = k;
        }
      }
      for (int i = 0; i < g.length; i++) {
        g[i] = -p[i];
      }
    }
  }

  @Override
  Reference reference(UpdaterConfiguration updater) {
    return new Reference() {
      private Paper paper;

      @Override
      public void step(double[] g, double[][] state, int iteration) {
        if (iteration == 0) {
          paper = new Paper((SWATS) updater, g.length);
        }
        paper.step(g, iteration);
      }
    };
  }

  /** Without a switch. */
  @Override
  AdaptiveUpdater.Builder<?> underOneCycle(double maxLearningRate) {
    return SWATS.builder().epsilon(1e-8).tolerance(0);
  }

  /** The first phase of the package swats for PyTorch. */
  @Override
  Torch torch() {
    return (grad, state, step, lr, beta1, beta2, eps) -> {
      double[] expAvg = state[0];
      double[] expAvgSq = state[1];
      double biasCorrection1 = 1 - Math.pow(beta1, step);
      double biasCorrection2 = 1 - Math.pow(beta2, step);
      double stepSize = lr * (Math.sqrt(biasCorrection2) / biasCorrection1);
      double[] update = new double[grad.length];
      for (int i = 0; i < grad.length; i++) {
        expAvg[i] = expAvg[i] * beta1 + (1 - beta1) * grad[i];
        expAvgSq[i] = expAvgSq[i] * beta2 + (1 - beta2) * grad[i] * grad[i];
        update[i] = stepSize * (expAvg[i] / (Math.sqrt(expAvgSq[i]) + eps));
      }
      return update;
    };
  }

  private static INDArray newState(UpdaterConfiguration updater, DataType type, int length) {
    return Nd4j.zeros(type, updater.stateSize(length));
  }

  private static List<GradientUpdater<?>> onEveryBackend(
      UpdaterConfiguration updater, DataType type, int length) {
    return List.of(
        updater.instantiate(newState(updater, type, length), true),
        Engine.onAnotherBackend(updater, newState(updater, type, length)));
  }

  private static double[] step(
      GradientUpdater<?> updater, DataType type, int iteration, double... gradient) {
    INDArray g = Nd4j.createFromArray(gradient).castTo(type);
    updater.applyUpdater(g, iteration, 0);
    return g.castTo(DataType.DOUBLE).toDoubleVector();
  }

  /** What was logged about a switch; slf4j-simple writes to {@code System.err}. */
  private static List<String> logged(Runnable training) {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      training.run();
    } finally {
      System.setErr(before);
    }
    return said.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("SWATS switches"))
        .toList();
  }

  /**
   * {@code Σ |g| = 8}, so with η = 0.5 and n = 4, γ is 0.25 in every step. A constant gradient
   * leads to {@code m̂ / √v̂ = ±1} with at most 20 roundings.
   */
  @ParameterizedTest
  @CsvSource({"DOUBLE, 53", "FLOAT, 24", "BFLOAT16, 8"})
  void switchesAfterTheSecondStepUnderAConstantGradient(DataType type, int digits) {
    SWATS updater =
        SWATS.builder().learningRate(0.5).beta2(0.75).epsilon(1e-30).tolerance(0.01).build();
    double[] g = {4, -2, 1.5, -0.5};
    double rounding = 20 * Math.pow(2, -digits);

    for (GradientUpdater<?> steps : onEveryBackend(updater, type, 4)) {
      for (int t = 0; t < 2; t++) {
        assertThat(step(steps, type, t, g))
            .containsExactly(new double[] {0.5, -0.5, 0.5, -0.5}, within(rounding));
      }
      double b = 0;
      for (int t = 2; t < 30; t++) {
        b = 0.9 * b + 1;
        double[] expected = Arrays.stream(g).map(x -> x * 0.25).toArray();
        for (int i = 0; i < 4; i++) {
          expected[i] *= 0.1 * b;
        }
        assertThat(step(steps, type, t, g)).containsExactly(expected, within(2 * rounding));
      }
    }
  }

  /** With the defaults, in the type that most networks have. */
  @Test
  void switchesWithTheDefaultsInFloat() {
    SWATS updater = new SWATS();
    GradientUpdater<?> steps = updater.instantiate(newState(updater, DataType.FLOAT, 2), true);

    List<String> logged =
        logged(
            () -> {
              for (int t = 0; t < 10; t++) {
                step(steps, DataType.FLOAT, t, 3, -5);
              }
            });

    assertThat(logged).hasSize(1);
    assertThat(logged.get(0))
        .contains("INFO")
        .containsPattern(
            "SWATS switches from Adam to SGD after step 2, at a learning rate of 2\\.(50|49)\\d*E-4");
  }

  /**
   * Gradients of a mini-batch: a signal and noise. The decision to switch is never nearer to the
   * other one than 1e-7. In FLOAT, γ of about 1e-3 has an error of 1e-10, so both decide alike. A
   * step has at most 12 operations on the way to the update, and what the state has kept of earlier
   * errors shrinks with β1 and β2.
   */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void equalsThePaperOnBothSidesOfTheSwitch(DataType type) {
    for (AdaptiveUpdater updater :
        List.of(
            SWATS.builder().beta2(0.9).tolerance(2e-5).build(),
            SWATS.builder().beta2(0.9).tolerance(2e-5).beta1Schedule(BETA1).build(),
            SWATS.builder().beta2(0.95).tolerance(2e-5).epsilonInsideRoot(true).build())) {
      int length = 1_000;
      Paper paper = new Paper((SWATS) updater, length);
      List<GradientUpdater<?>> backends = onEveryBackend(updater, type, length);
      Random random = new Random(3);
      double rounding = type == DataType.FLOAT ? 0x1p-24 : 0x1p-53;
      double largest = 0;

      for (int t = 0; t < 300; t++) {
        double[] g = new double[length];
        for (int i = 0; i < length; i++) {
          g[i] = (float) (random.nextGaussian() + 1);
        }
        double[] expected = g.clone();
        paper.step(expected, t);
        largest = Math.max(largest, Arrays.stream(expected).map(Math::abs).max().orElseThrow());
        for (GradientUpdater<?> steps : backends) {
          double[] actual = step(steps, type, t, g);
          double apart = 0;
          for (int i = 0; i < length; i++) {
            apart = Math.max(apart, Math.abs(actual[i] - expected[i]));
          }
          assertThat(apart).isLessThan(12 * rounding * largest);
        }
      }

      assertThat(paper.switched).isBetween(5, 200);
      assertThat(paper.margin).isGreaterThan(1e-7);
    }
  }

  /** L follows from sums over all parameters, so a difference would show in steps 3 and 4. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void theRateDoesNotDependOnThreadsOrBuffers(DataType type) {
    int length = 5 * (1 << 17) + 1_001;
    SWATS updater = eager().build();
    byte[] expected = updatesAndState(updater, type, length, 1, 1 << 27);
    assertThat(expected)
        .isNotEqualTo(
            updatesAndState(SWATS.builder().tolerance(0).build(), type, length, 1, 1 << 27));

    assertThat(updatesAndState(updater, type, length, 2, 1 << 27)).isEqualTo(expected);
    assertThat(updatesAndState(updater, type, length, 5, 1 << 27)).isEqualTo(expected);
    assertThat(updatesAndState(updater, type, length, 3, 1 << 18)).isEqualTo(expected);
  }

  /** With β2 = 0, Λ is γ: negative where m still has the sign of an earlier gradient. */
  @Test
  void doesNotSwitchToARateBelowZero() {
    SWATS updater = eager().learningRate(0.5).beta2(0).build();
    GradientUpdater<?> steps = updater.instantiate(newState(updater, DataType.DOUBLE, 1), true);
    List<String> early =
        logged(
            () -> {
              step(steps, DataType.DOUBLE, 0, 1);
              assertThat(step(steps, DataType.DOUBLE, 1, -0.5)[0]).isPositive();
            });
    List<String> late = logged(() -> step(steps, DataType.DOUBLE, 2, -0.5));

    assertThat(early).isEmpty();
    assertThat(late).hasSize(1);
  }

  /** With gradients of 0, γ is 0 / 0. With those of 1e-60, it is beyond 1e42. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-60})
  void passesOverAGammaThatDoesNotExist(double tiny) {
    SWATS updater = SWATS.builder().learningRate(1e6).epsilon(1.2e-38).tolerance(1e12).build();
    GradientUpdater<?> steps = updater.instantiate(newState(updater, DataType.DOUBLE, 2), true);
    List<String> logged =
        logged(
            () -> {
              for (int t = 0; t < 5; t++) {
                step(steps, DataType.DOUBLE, t, tiny, 0);
              }
            });
    assertThat(logged).isEmpty();

    assertThat(logged(() -> step(steps, DataType.DOUBLE, 5, 2, 1))).hasSize(1);
  }

  @Test
  void aToleranceOfZeroNeverSwitches() {
    SWATS updater = SWATS.builder().tolerance(0).learningRate(0.25).epsilon(1e-30).build();
    GradientUpdater<?> steps = updater.instantiate(newState(updater, DataType.DOUBLE, 1), true);
    for (int t = 0; t < 100; t++) {
      assertThat(step(steps, DataType.DOUBLE, t, 0.5)[0]).isCloseTo(0.25, within(1e-14));
    }
  }

  /** η is 0.5 at the switch, and 0.25 and 1 after it. The rate found is {@code 0.5 / 2}. */
  @Test
  void aScheduleScalesTheRateRelativeToTheSwitch() {
    ISchedule schedule =
        new MapSchedule.Builder(ScheduleType.ITERATION)
            .add(0, 0.125)
            .add(1, 0.5)
            .add(2, 0.25)
            .add(3, 1)
            .build();
    SWATS updater = eager().learningRateSchedule(schedule).beta1(0).beta2(0).epsilon(1e-30).build();
    GradientUpdater<?> steps = updater.instantiate(newState(updater, DataType.DOUBLE, 1), true);

    assertThat(step(steps, DataType.DOUBLE, 0, 2)).containsExactly(0.125);
    assertThat(step(steps, DataType.DOUBLE, 1, 2)).containsExactly(0.5);
    assertThat(step(steps, DataType.DOUBLE, 2, 3)).containsExactly(0.125 * 3);
    assertThat(step(steps, DataType.DOUBLE, 3, -1)).containsExactly(-0.5);
  }

  /** At the switch, the schedule may have begun with 0, as a warm-up does. */
  @Test
  void aScheduleMayBeginWithZero() {
    ISchedule schedule =
        new MapSchedule.Builder(ScheduleType.ITERATION).add(0, 0).add(1, 0.5).build();
    SWATS updater = eager().learningRateSchedule(schedule).beta1(0).beta2(0).epsilon(1e-30).build();
    GradientUpdater<?> steps = updater.instantiate(newState(updater, DataType.DOUBLE, 1), true);

    assertThat(step(steps, DataType.DOUBLE, 0, 2)).containsExactly(0);
    assertThat(step(steps, DataType.DOUBLE, 1, 2)).containsExactly(0.5);
    assertThat(step(steps, DataType.DOUBLE, 2, 4)).containsExactly(1);
  }

  @Test
  void settingTheLearningRateScalesTheRateToo() {
    SWATS updater = eager().learningRate(0.5).beta1(0).beta2(0).epsilon(1e-30).build();
    GradientUpdater<?> steps = updater.instantiate(newState(updater, DataType.DOUBLE, 1), true);
    step(steps, DataType.DOUBLE, 0, 2);
    step(steps, DataType.DOUBLE, 1, 2);
    updater.setLrAndSchedule(0.125, null);

    assertThat(step(steps, DataType.DOUBLE, 2, 4)).containsExactly(0.25);
  }

  /** In the steps before, at, and after the switch: as if the gradient had not come. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void aSkippedStepChangesNothing(int skipped) {
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      SWATS updater = eager().nonFiniteGradients(NonFinitePolicy.SKIP).build();
      INDArray state = newState(updater, type, 3);
      INDArray undisturbed = newState(updater, type, 3);
      GradientUpdater<?> steps = updater.instantiate(state, true);
      GradientUpdater<?> others = updater.instantiate(undisturbed, true);

      for (int t = 0; t < 6; t++) {
        if (t == skipped) {
          INDArray before = state.dup();
          assertThat(step(steps, type, t, 1, Double.NaN, 2)).containsOnly(0);
          assertThat(state).isEqualTo(before);
        }
        double[] g = {1 + t, -2, 0.5};
        assertThat(step(steps, type, t, g)).isEqualTo(step(others, type, t, g));
        assertThat(state).isEqualTo(undisturbed);
      }
    }
  }

  private static double[] vector(INDArray array) {
    return array.dup().castTo(DataType.DOUBLE).toDoubleVector();
  }

  private static MultiLayerNetwork network(IUpdater updater) {
    MultiLayerNetwork network = new MultiLayerNetwork(Networks.mlp(updater));
    network.init();
    return network;
  }

  private static ComputationGraph graph(IUpdater updater) {
    ComputationGraph graph = new ComputationGraph(Networks.graph(updater));
    graph.init();
    return graph;
  }

  private static void fit(MultiLayerNetwork network, int steps) {
    for (int i = 0; i < steps; i++) {
      network.fit(Networks.data());
    }
  }

  private static void fit(ComputationGraph graph, int steps) {
    for (int i = 0; i < steps; i++) {
      graph.fit(Networks.data());
    }
  }

  /** Saved before, right after, and long after the switch. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void staysSwitchedAndGoesOnBitForBitAfterSaving(int steps, @TempDir File folder)
      throws Exception {
    MultiLayerNetwork network = network(eager().build());
    fit(network, steps);
    File file = new File(folder, "network.zip");
    ModelSerializer.writeModel(network, file, true);
    MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);
    assertThat(SWATS.learningRateOfSgd(restored)).isEqualTo(SWATS.learningRateOfSgd(network));
    assertThat(SWATS.learningRateOfSgd(restored).isEmpty()).isEqualTo(steps < 2);

    fit(network, 5);
    List<String> logged = logged(() -> fit(restored, 5));

    assertThat(logged).hasSize(steps < 2 ? 1 : 0);
    assertThat(vector(restored.params())).isEqualTo(vector(network.params()));
    assertThat(vector(restored.getUpdater().getStateViewArray()))
        .isEqualTo(vector(network.getUpdater().getStateViewArray()));
    assertThat(SWATS.learningRateOfSgd(restored)).isEqualTo(SWATS.learningRateOfSgd(network));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aGraphGoesOnBitForBitAfterSaving(int steps, @TempDir File folder) throws Exception {
    ComputationGraph graph = graph(eager().build());
    fit(graph, steps);
    File file = new File(folder, "graph.zip");
    ModelSerializer.writeModel(graph, file, true);
    ComputationGraph restored = ModelSerializer.restoreComputationGraph(file, true);
    assertThat(SWATS.learningRateOfSgd(restored)).isEqualTo(SWATS.learningRateOfSgd(graph));

    fit(graph, 5);
    fit(restored, 5);

    assertThat(vector(restored.params())).isEqualTo(vector(graph.params()));
    assertThat(SWATS.learningRateOfSgd(restored))
        .isEqualTo(SWATS.learningRateOfSgd(graph))
        .isNotEmpty();
  }

  /** Every variable is a block. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void sameDiffGoesOnBitForBitAfterSaving(int steps, @TempDir File folder) {
    SameDiff model = Networks.sameDiff(Networks.training(eager().build()));
    List<String> logged = logged(() -> fit(model, steps));
    assertThat(logged).hasSize(steps < 2 ? 0 : 3);
    File file = new File(folder, "model.fb");
    model.save(file, true);
    SameDiff restored = SameDiff.load(file, true);

    fit(model, 5);
    fit(restored, 5);

    for (String name : new String[] {"w", "row", "vector"}) {
      assertThat(restored.getArrForVarName(name)).isEqualTo(model.getArrForVarName(name));
    }
  }

  private static void fit(SameDiff model, int steps) {
    for (int i = 0; i < steps; i++) {
      model.fit(Networks.data());
    }
  }

  /** The gradient is zero, so the update is {@code L β1 M + L λ θ}. η is 1e-3, and far from L. */
  @Test
  void afterTheSwitchWeightsDecayAtTheRateOfSgd() {
    SWATS updater = eager().weightDecay(0.125).build();
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            DecoupledDecay.attach(
                Networks.with(updater)
                    .dataType(DataType.DOUBLE)
                    .list()
                    .layer(Networks.output().nIn(4).nOut(3).build())
                    .build()));
    network.init();
    for (int i = 0; i < 4; i++) {
      network.setInput(Networks.data().getFeatures().castTo(DataType.DOUBLE));
      network.setLabels(Networks.data().getLabels().castTo(DataType.DOUBLE));
      network.fit(network.getInput(), network.getLabels());
    }
    double rate = SWATS.learningRateOfSgd(network).get("0_W");
    double[] before = vector(network.params());
    double[] m = vector(network.getUpdater().getStateViewArray());
    assertThat(rate).isGreaterThan(5e-3);

    Networks.stepWithoutGradient(network);

    double[] after = vector(network.params());
    for (int i = 0; i < before.length; i++) {
      double decay = i < 12 ? rate * 0.125 * before[i] : 0;
      assertThat(after[i]).isCloseTo(before[i] - rate * 0.9 * m[i] - decay, within(1e-15));
    }
  }

  @Test
  void logsOncePerBlock() {
    MultiLayerConfiguration conf =
        Networks.with(eager().build())
            .list()
            .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
            .layer(Networks.output().nIn(5).nOut(3).updater(eager().beta2(0.99).build()).build())
            .build();
    MultiLayerNetwork network = new MultiLayerNetwork(conf);
    network.init();

    assertThat(logged(() -> fit(network, 1))).isEmpty();
    List<String> logged = logged(() -> fit(network, 10));

    Map<String, Double> rates = SWATS.learningRateOfSgd(network);
    assertThat(rates).containsOnlyKeys("0_W", "0_b", "1_W", "1_b");
    assertThat(rates.get("0_W")).isEqualTo(rates.get("0_b")).isNotEqualTo(rates.get("1_W"));
    assertThat(rates.get("1_W")).isEqualTo(rates.get("1_b"));
    assertThat(logged).hasSize(2);
    assertThat(logged.get(0)).endsWith("after step 2, at a learning rate of " + rates.get("0_W"));
    assertThat(logged.get(1)).endsWith("after step 2, at a learning rate of " + rates.get("1_W"));
  }

  @Test
  void tellsTheRateOfItsOwnParametersOnly() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            Networks.with(eager().build())
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).updater(new Sgd(0.1)).build())
                .layer(new DenseLayer.Builder().nIn(5).nOut(4).updater(new SWATS()).build())
                .layer(Networks.output().nIn(4).nOut(3).biasUpdater(new Adam(0.1)).build())
                .build());
    assertThat(SWATS.learningRateOfSgd(network)).as("not initialized").isEmpty();
    network.init();
    assertThat(SWATS.learningRateOfSgd(network)).as("not trained").isEmpty();
    fit(network, 3);

    assertThat(SWATS.learningRateOfSgd(network)).as("switched").containsOnlyKeys("2_W");
  }

  @Test
  void tellsTheRateOfAGraph() {
    ComputationGraph graph = graph(eager().build());
    assertThat(SWATS.learningRateOfSgd(graph)).isEmpty();
    fit(graph, 3);

    Map<String, Double> rates = SWATS.learningRateOfSgd(graph);
    assertThat(rates.keySet()).isEqualTo(graph.paramTable().keySet()).hasSize(4);
    assertThat(rates.values()).allMatch(rate -> rate > 0 && rate.equals(rates.get("out_b")));
  }

  @Test
  void tellsTheRateInsideLookahead() {
    MultiLayerNetwork alone = network(eager().build());
    MultiLayerNetwork inside = network(new Lookahead(eager().build(), 5, 0.5));
    fit(alone, 3);
    fit(inside, 3);

    assertThat(SWATS.learningRateOfSgd(inside))
        .isEqualTo(SWATS.learningRateOfSgd(alone))
        .isNotEmpty();
  }

  @Test
  void refusesNull() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SWATS.learningRateOfSgd((MultiLayerNetwork) null))
        .withMessage("network must not be null");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SWATS.learningRateOfSgd((ComputationGraph) null))
        .withMessage("graph must not be null");
  }

  /** As {@code ParallelWrapper} does with the states of its workers. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void theMeanOfStatesIsSgdIfOneIs(int steps) {
    SWATS eager = eager().build();
    SWATS steady = SWATS.builder().tolerance(0).build();
    INDArray one = newState(eager, DataType.DOUBLE, 2);
    INDArray other = newState(steady, DataType.DOUBLE, 2);
    for (int t = 0; t < steps; t++) {
      step(eager.instantiate(one, false), DataType.DOUBLE, t, 3, -1);
      step(steady.instantiate(other, false), DataType.DOUBLE, t, 3, -1);
    }
    INDArray mean = one.add(other).muli(0.5);

    double[] first = step(eager.instantiate(mean, false), DataType.DOUBLE, steps, 3, -1);

    // γ is 1e-3 · 2 / 4, up to ε; momentum has started anew.
    assertThat(first).containsExactly(new double[] {1.5e-4, -5e-5}, within(1e-9));
  }

  private static MultiLayerNetwork inTwoBlocks(IUpdater first, IUpdater second) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            Networks.with(first)
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
                .layer(Networks.output().nIn(5).nOut(3).updater(second).build())
                .build());
    network.init();
    return network;
  }

  private static void mergeBlocks(MultiLayerNetwork network) {
    for (int i = 0; i < 2; i++) {
      ((BaseLayer) network.getLayer(i).conf().getLayer())
          .getIUpdater()
          .setLrAndSchedule(2e-3, null);
    }
    DecoupledDecay.attach(network);
  }

  /** With equally many steps, the first block decides. */
  @Test
  void blocksThatMergeStaySwitched() {
    MultiLayerNetwork network =
        inTwoBlocks(eager().learningRate(1e-3).build(), eager().learningRate(2e-3).build());
    fit(network, 5);
    double rate = SWATS.learningRateOfSgd(network).get("0_W");
    assertThat(SWATS.learningRateOfSgd(network).get("1_W")).isNotEqualTo(rate);

    mergeBlocks(network);

    Map<String, Double> rates = SWATS.learningRateOfSgd(network);
    assertThat(rates).hasSize(4);
    assertThat(rates.values()).containsOnly(rate);
    List<String> logged = logged(() -> fit(network, 5));
    assertThat(logged).isEmpty();
  }

  /**
   * A layer with a new kind of updater joins a block of 50 steps, so all are in step 1 again.
   * {@code Λ / (1 - β2ᵗ)} stays what it was, so the switch in the next step has a rate about as
   * before.
   */
  @Test
  void theAverageKeepsItsMeaningWhenBlocksMerge() {
    SWATS patient = SWATS.builder().learningRate(2e-3).tolerance(0).build();
    MultiLayerNetwork network = inTwoBlocks(patient, new Sgd(2e-3));
    fit(network, 50);
    double before = average(network) / (1 - Math.pow(0.999, 50));
    ((BaseLayer) network.getLayer(1).conf().getLayer()).setIUpdater(patient.clone());

    DecoupledDecay.attach(network);

    assertThat(average(network) / (1 - 0.999)).isCloseTo(before, within(1e-6 * before));
  }

  /**
   * Again, 50 steps meet none. Momentum has no correction for bias after the switch, so the next
   * step of the old layer is the one that it would have been, to the last bit.
   */
  @Test
  void momentumOfSgdStaysAsItIsWhenBlocksMerge() {
    SWATS eager = eager().learningRate(2e-3).build();
    MultiLayerNetwork apart = inTwoBlocks(eager, new Sgd(2e-3));
    MultiLayerNetwork merged = inTwoBlocks(eager, new Sgd(2e-3));
    fit(apart, 50);
    fit(merged, 50);
    assertThat(SWATS.learningRateOfSgd(merged)).containsOnlyKeys("0_W", "0_b");
    ((BaseLayer) merged.getLayer(1).conf().getLayer()).setIUpdater(eager.clone());

    DecoupledDecay.attach(merged);

    assertThat(SWATS.learningRateOfSgd(merged)).hasSize(4);
    assertThat(vector(merged.params())).isEqualTo(vector(apart.params()));
    fit(apart, 1);
    fit(merged, 1);
    for (String name : List.of("0_W", "0_b")) {
      assertThat(merged.getParam(name)).isEqualTo(apart.getParam(name));
    }
  }

  private static double average(MultiLayerNetwork network) {
    return BlockState.of((BaseMultiLayerUpdater<?>) network.getUpdater()).get(0).scalar("Λ");
  }

  @Test
  void hasTheDefaultsOfThePaper() {
    SWATS updater = new SWATS();

    assertThat(updater.getLearningRate()).isEqualTo(1e-3);
    assertThat(updater.getBeta1()).isEqualTo(0.9);
    assertThat(updater.getBeta2()).isEqualTo(0.999);
    assertThat(updater.getEpsilon()).isEqualTo(1e-9);
    assertThat(updater.getTolerance()).isEqualTo(1e-9);
    assertThat(updater.getWeightDecay()).isZero();
    assertThat(updater.isEpsilonInsideRoot()).isFalse();
  }

  @Test
  void isAnotherWithAnotherTolerance() {
    assertThat(SWATS.builder().tolerance(0.5).build()).isNotEqualTo(new SWATS());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-9, Double.NaN, Double.POSITIVE_INFINITY})
  void namesABadTolerance(double tolerance) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SWATS.builder().tolerance(tolerance).build())
        .withMessage("tolerance must be a finite number >= 0, but was " + tolerance);
  }
}
