package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.dl4jx.updaters.engine.BlockState;
import org.dl4jx.updaters.engine.Engine;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;

/** Of the updater alone. {@link SophiaHessianTest} trains networks. */
class SophiaGTest extends UpdaterContract {
  /** More steps than any test takes without an estimate. */
  private static final int ENOUGH = 100_000;

  private static SophiaG.Builder builder() {
    return SophiaG.builder().k(ENOUGH).weightDecay(0);
  }

  @Override
  Stream<UpdaterConfiguration> chosen() {
    return Stream.of(
        builder().build(),
        builder().learningRateSchedule(SCHEDULE).build(),
        builder()
            .learningRate(0.01)
            .beta1(0.9)
            .beta2(0.95)
            .rho(0.1)
            .nonFiniteGradients(NonFinitePolicy.SKIP)
            .build(),
        builder().beta1(0).beta2(0).build());
  }

  @Override
  Stream<UpdaterConfiguration> decaying() {
    return Stream.of(builder().weightDecay(0.0125).build());
  }

  @Override
  boolean trains(UpdaterConfiguration updater, DataType type) {
    return type != DataType.FLOAT16;
  }

  /**
   * With a β1 of at least 0.1, or of 0, no average gets so close to zero that a backend might take
   * it for zero.
   */
  @Override
  UpdaterConfiguration random(Random random, NonFinitePolicy policy) {
    return builder()
        .learningRate(Math.pow(10, -4 * random.nextDouble()))
        .beta1(random.nextInt(5) == 0 ? 0 : 1 - 0.9 * Math.pow(10, -3 * random.nextDouble()))
        .beta2(random.nextDouble())
        .rho(Math.pow(10, -3 * random.nextDouble()))
        .nonFiniteGradients(policy)
        .build();
  }

  @Override
  Reference reference(UpdaterConfiguration updater) {
    SophiaG sophia = (SophiaG) updater;
    return (g, state, iteration) -> {
      double[] m = state[0];
      double[] h = state[1];
      for (int i = 0; i < g.length; i++) {
        m[i] = sophia.getBeta1() * m[i] + (1 - sophia.getBeta1()) * g[i];
        double ratio = Math.min(Math.abs(m[i]) / (sophia.getRho() * h[i] + 1e-15), 1);
        g[i] = sophia.getLearningRate(iteration, 0) * Math.signum(m[i]) * ratio;
      }
    };
  }

  /** The clip is at 1. */
  @Override
  double bound(UpdaterConfiguration updater, int iteration, double largest) {
    return updater.getLearningRate(iteration, 0);
  }

  /**
   * Lion with equal rates looks at the sign of the same average. Sixty steps of 1e-4 with a
   * rounding of 1.1e-16 differ by at most 1e-18.
   */
  @Override
  Stream<Simpler> simpler() {
    return Stream.of(
        new Simpler(
            "curvature",
            builder().build(),
            Lion.builder().beta1(0.965).beta2(0.965).weightDecay(0).build(),
            1e-18));
  }

  /** An updater and its state, of which a test sets h. */
  private record Steps(GradientUpdater<?> updater, BlockState block) {

    static Steps of(SophiaG sophia, DataType type, int length) {
      INDArray view = Nd4j.zeros(type, sophia.stateSize(length));
      return new Steps(sophia.instantiate(view, true), new BlockState(sophia, 0, length, view));
    }

    static Steps onAnotherBackend(SophiaG sophia, DataType type, int length) {
      INDArray view = Nd4j.zeros(type, sophia.stateSize(length));
      return new Steps(
          Engine.onAnotherBackend(sophia, view), new BlockState(sophia, 0, length, view));
    }

    INDArray h() {
      return block.array("H");
    }

    double[] take(int iteration, double... gradient) {
      INDArray g = Nd4j.createFromArray(gradient).castTo(h().dataType());
      updater.applyUpdater(g, iteration, 0);
      return g.castTo(DataType.DOUBLE).toDoubleVector();
    }
  }

  /**
   * An update is at most η = 0.01 and has 5 operations. m adds 3 roundings per step to numbers of
   * at most 1. The update then divides them by ρ h, which is at least 0.05, and multiplies them by
   * η. Rounding is 2⁻²⁴ in FLOAT and 2⁻⁵³ in DOUBLE. Over n steps, m forgets as it goes, so it has
   * at most 3 / (1 - β1) = 30 roundings.
   */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void equalsTheFormulaWhereThereIsCurvature(DataType type) {
    SophiaG sophia = builder().learningRate(0.01).beta1(0.9).rho(0.5).build();
    int length = 700;
    Random random = new Random(3);
    double[] h = random.doubles(length, 0.1, 0.6).map(x -> (float) x).toArray();
    double[][] state = {new double[length], h};
    List<Steps> paths =
        List.of(Steps.of(sophia, type, length), Steps.onAnotherBackend(sophia, type, length));
    paths.forEach(steps -> steps.h().assign(Nd4j.createFromArray(h)));
    double rounding = type == DataType.FLOAT ? 0x1p-24 : 0x1p-53;

    int clipped = 0;
    for (int t = 0; t < 100; t++) {
      double[] g = random.doubles(length, -1, 1).map(x -> (float) x).toArray();
      double[] expected = g.clone();
      reference(sophia).step(expected, state, t);
      for (Steps steps : paths) {
        assertThat(steps.take(t, g))
            .containsExactly(expected, within(0.01 * rounding * (5 + 30 / 0.05)));
      }
      for (double update : expected) {
        clipped += Math.abs(update) == 0.01 ? 1 : 0;
      }
    }
    assertThat(clipped).isBetween(7_000, 63_000); // of 70,000: both cases occur
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE", "BFLOAT16"})
  void neverMovesByMoreThanTheRate(DataType type) {
    Steps steps = Steps.of(builder().learningRate(0.25).build(), type, 300);
    Random random = new Random(1);

    for (int t = 0; t < 200; t++) {
      double[] g = new double[300];
      double[] h = new double[300];
      for (int i = 0; i < 300; i++) {
        g[i] = random.nextGaussian() * Math.pow(10, 30 * random.nextDouble() - 15);
        h[i] = random.nextInt(3) * Math.pow(10, 60 * random.nextDouble() - 30);
      }
      steps.h().assign(Nd4j.createFromArray(h));
      for (double update : steps.take(t, g)) {
        assertThat(Math.abs(update)).isLessThanOrEqualTo(0.25);
      }
    }
  }

  /** m is 0.5 after a gradient of 1, and 0.75 after another. All numbers are powers of two. */
  @Test
  void whereTheCurvatureIsLargeTheStepIsMomentumOverIt() {
    Steps steps =
        Steps.of(builder().learningRate(0.5).beta1(0.5).rho(0.25).build(), DataType.DOUBLE, 2);
    steps.h().assign(Nd4j.createFromArray(64.0, 256.0));

    // η m / (ρ h) = 0.5 · 0.5 / 16 and 0.5 · 0.5 / 64; the 1e-15 in the denominator is rounded away
    assertThat(steps.take(0, 1, -1)).containsExactly(0.015625, -0.00390625);
    assertThat(steps.take(1, 1, -1)).containsExactly(0.0234375, -0.005859375);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE", "BFLOAT16"})
  void withoutCurvatureMovesByTheRateInTheDirectionOfMomentum(DataType type) {
    Steps steps = Steps.of(builder().learningRate(0.25).build(), type, 4);

    for (int t = 0; t < 100; t++) {
      assertThat(steps.take(t, 1e15, -1e-10, 0, -0.5)).containsExactly(0.25, -0.25, 0, -0.25);
    }
  }

  /** Also with curvature, where the rule divides 0 by ρ h. */
  @Test
  void aParameterThatNeverHadAGradientStaysWhereItIs() {
    Steps steps = Steps.of(builder().build(), DataType.FLOAT, 2);
    steps.h().assign(Nd4j.createFromArray(0f, 3f));

    for (int t = 0; t < 20; t++) {
      assertThat(steps.take(t, 0, 0)).containsExactly(0, 0);
    }
  }

  /** The smallest h for which the step is not clipped is m / ρ. */
  @Test
  void clipsWhereMomentumExceedsRhoTimesTheCurvature() {
    Steps steps = Steps.of(builder().learningRate(1).beta1(0).rho(0.5).build(), DataType.DOUBLE, 3);
    steps.h().assign(Nd4j.createFromArray(3.9, 4.0, 8.0));

    double[] updates = steps.take(0, 2, 2, 2);

    assertThat(updates[0]).isEqualTo(1);
    // 2 / (2 + 1e-15) is 1 up to 5e-16
    assertThat(updates[1]).isCloseTo(1, within(1e-15));
    assertThat(updates[2]).isCloseTo(0.5, within(1e-15));
  }

  /**
   * The authors average ĝ² and multiply it by B in the step. Both sides round differently: 4
   * roundings for each estimate, of positive numbers, and 12 for a step, as in the contract, each
   * at most 2⁻⁵³ of an update of at most 0.1.
   */
  @Test
  void equalsTheAuthorsIfAllBatchesHaveTheSameSize() {
    int batchSize = 48;
    SophiaG sophia = builder().learningRate(0.1).k(2).build();
    Steps steps = Steps.of(sophia, DataType.DOUBLE, 40);
    double[] expAvg = new double[40];
    double[] hessian = new double[40];
    Random random = new Random(5);

    for (int t = 0; t < 60; t++) {
      double[] g = random.doubles(40, -1, 1).map(x -> x + 2).toArray();
      double[] updates = steps.take(t, g);
      for (int i = 0; i < 40; i++) {
        expAvg[i] = expAvg[i] * 0.965 + (1 - 0.965) * g[i];
        double ratio = Math.min(Math.abs(expAvg[i]) / (0.04 * batchSize * hessian[i] + 1e-15), 1);
        double authors = 0.1 * Math.signum(expAvg[i]) * ratio;
        assertThat(updates[i]).isCloseTo(authors, within(0.1 * 0x1p-53 * (12 + 8 * t)));
      }
      if (t % 2 == 1) {
        double[] sampled = random.doubles(40, -10, 10).toArray();
        assertThat(sophia.isDue(steps.block())).isTrue();
        assertThat(sophia.takeEstimate(steps.block(), Nd4j.createFromArray(sampled), batchSize))
            .isZero();
        for (int i = 0; i < 40; i++) {
          hessian[i] = hessian[i] * 0.99 + (1 - 0.99) * sampled[i] * sampled[i];
        }
      }
    }
    assertThat(Arrays.stream(steps.take(60, expAvg)).max().orElseThrow())
        .as("curvature shortens steps")
        .isLessThan(0.05);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10})
  void refusesTheStepAfterKStepsWithoutAnEstimate(int k) {
    SophiaG sophia = builder().k(k).build();
    Steps steps = Steps.of(sophia, DataType.FLOAT, 3);
    for (int round = 0; round < 3; round++) {
      for (int t = 0; t < k; t++) {
        assertThat(sophia.isDue(steps.block())).isFalse();
        steps.take(t, 1, 2, 3);
      }
      INDArray before = steps.block().view().dup();
      INDArray gradient = Nd4j.ones(DataType.FLOAT, 3);

      assertThatIllegalStateException()
          .isThrownBy(() -> steps.updater().applyUpdater(gradient, k, 0))
          .withMessageContaining(
              "SophiaG has k %d, but has taken %d steps without an estimate", k, k)
          .withMessageContaining("network.addListeners(new SophiaHessian())");
      assertThat(steps.block().view()).isEqualTo(before);
      assertThat(gradient).isEqualTo(Nd4j.ones(DataType.FLOAT, 3));

      sophia.takeEstimate(steps.block(), Nd4j.ones(DataType.FLOAT, 3), 1);
    }
  }

  /** {@code (1 - β2) B ĝ²} with β2 = 0.5 and B = 4. So an estimate needs no memory of its own. */
  @Test
  void anEstimateOverwritesItsGradient() {
    SophiaG sophia = builder().beta2(0.5).build();
    Steps steps = Steps.of(sophia, DataType.FLOAT, 3);
    INDArray gradient = Nd4j.createFromArray(1f, -2f, 0.5f);

    sophia.takeEstimate(steps.block(), gradient, 4);

    assertThat(gradient).isEqualTo(Nd4j.createFromArray(2f, 8f, 0.5f));
    assertThat(steps.block().array("H")).isEqualTo(gradient);
  }

  /** A copy of the state is what a restored network starts with. */
  @Test
  void countsTheStepsSinceTheLastEstimateInItsState() {
    SophiaG sophia = builder().k(3).build();
    Steps steps = Steps.of(sophia, DataType.FLOAT, 3);
    steps.take(0, 1, 2, 3);
    steps.take(1, 1, 2, 3);
    GradientUpdater<?> restored = sophia.clone().instantiate(steps.block().view().dup(), false);

    restored.applyUpdater(Nd4j.ones(DataType.FLOAT, 3), 2, 0);

    assertThatIllegalStateException()
        .isThrownBy(() -> restored.applyUpdater(Nd4j.ones(DataType.FLOAT, 3), 3, 0))
        .withMessageContaining("without an estimate");
  }

  @Test
  void aSkippedStepDoesNotCountTowardsK() {
    SophiaG sophia = builder().k(2).nonFiniteGradients(NonFinitePolicy.SKIP).build();
    Steps steps = Steps.of(sophia, DataType.FLOAT, 1);

    steps.take(0, 1);
    assertThat(steps.take(1, Double.NaN)).containsExactly(0);
    assertThat(sophia.isDue(steps.block())).isFalse();
    steps.take(2, 1);
    assertThat(sophia.isDue(steps.block())).isTrue();
  }

  @Test
  void hasTheDefaultsOfTheAuthors() {
    SophiaG sophia = new SophiaG();

    assertThat(sophia.getLearningRate()).isEqualTo(1e-4);
    assertThat(sophia.getBeta1()).isEqualTo(0.965);
    assertThat(sophia.getBeta2()).isEqualTo(0.99);
    assertThat(sophia.getRho()).isEqualTo(0.04);
    assertThat(sophia.getK()).isEqualTo(10);
    assertThat(sophia.getWeightDecay()).isEqualTo(0.1);
  }

  @ParameterizedTest
  @MethodSource
  void namesTheBadArgumentItsValueAndTheRange(UnaryOperator<SophiaG.Builder> set, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> set.apply(SophiaG.builder()).build())
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
                        bad(b -> b.beta1(x), "beta1 must be in [0, 1), but was " + x),
                        bad(b -> b.beta2(x), "beta2 must be in [0, 1), but was " + x)));
    Stream<Arguments> atLeastZero =
        Stream.of(-1e-9, nan, inf)
            .flatMap(
                x ->
                    Stream.of(
                        bad(b -> b.learningRate(x), "learningRate" + notNegative + x),
                        bad(b -> b.weightDecay(x), "weightDecay" + notNegative + x)));
    Stream<Arguments> positive =
        Stream.of(0.0, -1.0, nan, inf)
            .map(x -> bad(b -> b.rho(x), "rho must be a finite number > 0, but was " + x));
    Stream<Arguments> others =
        Stream.of(
            bad(b -> b.k(0), "k must be at least 1, but was 0"),
            bad(b -> b.nonFiniteGradients(null), "nonFiniteGradients must not be null"));
    return Stream.of(rates, atLeastZero, positive, others).flatMap(s -> s);
  }

  private static Arguments bad(UnaryOperator<SophiaG.Builder> set, String message) {
    return Arguments.of(set, message);
  }

  @Test
  void refusesToTrainWithADecayThatWasNotAttached() {
    SophiaG sophia = new SophiaG();
    GradientUpdater<?> updater =
        sophia.instantiate(Nd4j.zeros(DataType.FLOAT, sophia.stateSize(2)), true);

    assertThatIllegalStateException()
        .isThrownBy(() -> updater.applyUpdater(Nd4j.ones(DataType.FLOAT, 2), 0, 0))
        .withMessageContaining("SophiaG has weightDecay 0.1")
        .withMessageContaining("DecoupledDecay.attach(");
  }
}
