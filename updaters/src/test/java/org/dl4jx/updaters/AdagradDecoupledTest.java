package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.dl4jx.updaters.AdagradDecoupled.Accumulator;
import org.dl4jx.updaters.AdagradDecoupled.Scaling;
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
import org.nd4j.linalg.learning.config.AdaGrad;

class AdagradDecoupledTest extends UpdaterContract {

  private static AdagradDecoupled.Builder relative(Accumulator accumulator, Scaling scaling) {
    return AdagradDecoupled.builder().accumulator(accumulator).scaling(scaling);
  }

  private static Stream<AdagradDecoupled.Builder> family() {
    return Stream.of(Accumulator.values())
        .flatMap(sum -> Stream.of(Scaling.values()).map(scaling -> relative(sum, scaling)));
  }

  /** Small gradients over 1e-10 would be far from 1, so the family starts at a quarter. */
  @Override
  Stream<UpdaterConfiguration> chosen() {
    return Stream.concat(
        Stream.of(
            new AdagradDecoupled(0.1),
            new AdagradDecoupled(SCHEDULE),
            AdagradDecoupled.builder()
                .learningRate(0.02)
                .initialAccumulator(0.125)
                .epsilon(1e-7)
                .nonFiniteGradients(NonFinitePolicy.SKIP)
                .build(),
            AdagradDecoupled.builder()
                .initialAccumulator(0.1)
                .epsilon(1e-3)
                .epsilonInsideRoot(true)
                .build(),
            AdagradDecoupled.builder().epsilon(1e-3).epsilonInsideRoot(true).build()),
        family().map(builder -> builder.initialAccumulator(0.25).epsilon(1e-6).build()));
  }

  @Override
  Stream<UpdaterConfiguration> decaying() {
    return Stream.of(AdagradDecoupled.builder().weightDecay(0.0125).build());
  }

  @Override
  boolean trains(UpdaterConfiguration updater, DataType type) {
    return type != DataType.FLOAT16;
  }

  @Override
  UpdaterConfiguration random(Random random, NonFinitePolicy policy) {
    return relative(
            Accumulator.values()[random.nextInt(Accumulator.values().length)],
            Scaling.values()[random.nextInt(Scaling.values().length)])
        .learningRate(Math.pow(10, -4 * random.nextDouble()))
        .initialAccumulator(random.nextBoolean() ? 0 : 2 * random.nextDouble())
        .epsilon(Math.pow(10, -10 * random.nextDouble()))
        .epsilonInsideRoot(random.nextBoolean())
        .weightDecay(0)
        .nonFiniteGradients(policy)
        .build();
  }

  @Override
  Reference reference(UpdaterConfiguration updater) {
    AdagradDecoupled adagrad = (AdagradDecoupled) updater;
    double epsilon = adagrad.getEpsilon();
    DoubleUnaryOperator term =
        adagrad.getAccumulator() == Accumulator.SQUARES ? g -> g * g : Math::abs;
    DoubleUnaryOperator factor =
        switch (adagrad.getScaling()) {
          case INVERSE_ROOT ->
              adagrad.isEpsilonInsideRoot()
                  ? sum -> 1 / Math.sqrt(sum + epsilon)
                  : sum -> 1 / (Math.sqrt(sum) + epsilon);
          case INVERSE -> sum -> 1 / (sum + epsilon);
          case EXPONENTIAL -> sum -> Math.exp(-sum);
        };
    return (g, state, iteration) -> {
      for (int i = 0; i < g.length; i++) {
        state[0][i] += term.applyAsDouble(g[i]);
        double sum = adagrad.getInitialAccumulator() + state[0][i];
        g[i] *= adagrad.getLearningRate(iteration, 0) * factor.applyAsDouble(sum);
      }
    };
  }

  /**
   * With a start i and G without it, {@code G >= g²} or {@code G >= |g|}, since G contains the
   * latest gradient. The other bound is that of G = 0, where only i and ε are in the denominator.
   *
   * <pre>
   * SQUARES          INVERSE_ROOT   |g| / √(g² + i) <= 1
   * ABSOLUTE_VALUES  INVERSE_ROOT   |g| / √(|g| + i) <= √|g|
   * SQUARES          INVERSE        |g| / (g² + i + ε) <= 1 / (2 √(i + ε)), its greatest, at g² = i + ε
   * ABSOLUTE_VALUES  INVERSE        |g| / (|g| + i + ε) <= 1
   * SQUARES          EXPONENTIAL    |g| e^-(g² + i) <= e^-i / √(2e), its greatest, at g² = 1/2
   * ABSOLUTE_VALUES  EXPONENTIAL    |g| e^-(|g| + i) <= e^-i / e, its greatest, at |g| = 1
   * </pre>
   *
   * <p>A relative rounding of G moves the exponential by {@code G e^-G}, which is at most 1/e, and
   * {@code |g| G e^-G} is at most 1.5 times the greatest {@code |g| e^-G}.
   */
  @Override
  double bound(UpdaterConfiguration updater, int iteration, double largest) {
    AdagradDecoupled adagrad = (AdagradDecoupled) updater;
    boolean squares = adagrad.getAccumulator() == Accumulator.SQUARES;
    double start = adagrad.getInitialAccumulator();
    double epsilon = adagrad.getEpsilon();
    double byItself;
    double byStart;
    switch (adagrad.getScaling()) {
      case INVERSE_ROOT -> {
        byItself = squares ? 1 : Math.sqrt(largest);
        byStart =
            adagrad.isEpsilonInsideRoot()
                ? 1 / Math.sqrt(start + epsilon)
                : 1 / (Math.sqrt(start) + epsilon);
      }
      case INVERSE -> {
        byItself = squares ? 0.5 / Math.sqrt(start + epsilon) : 1;
        byStart = 1 / (start + epsilon);
      }
      default -> {
        byItself = Math.exp(-start) / (squares ? Math.sqrt(2 * Math.E) : Math.E);
        byStart = Math.exp(-start);
      }
    }
    return adagrad.getLearningRate(iteration, 0) * Math.min(byItself, byStart * largest);
  }

  /** Deeplearning4j starts at ε. Sixty updates of at most 0.1 add up to roundings below 1e-15. */
  @Override
  Stream<Simpler> simpler() {
    return Stream.of(
        new Simpler(
            "decay",
            AdagradDecoupled.builder()
                .learningRate(0.1)
                .initialAccumulator(1e-6)
                .epsilon(1e-6)
                .build(),
            new AdaGrad(0.1, 1e-6),
            1e-14));
  }

  private static GradientUpdater<?> instantiated(
      UpdaterConfiguration updater, DataType type, int length) {
    return updater.instantiate(Nd4j.zeros(type, updater.stateSize(length)), true);
  }

  /** The update of every step under a constant gradient. */
  private static double[] updates(UpdaterConfiguration updater, double gradient, int steps) {
    GradientUpdater<?> instantiated = instantiated(updater, DataType.DOUBLE, 1);
    double[] updates = new double[steps];
    for (int t = 0; t < steps; t++) {
      INDArray g = Nd4j.createFromArray(gradient);
      instantiated.applyUpdater(g, t, 0);
      updates[t] = g.getDouble(0);
    }
    return updates;
  }

  private static final int STEPS = 200;

  /** G is a sum of t terms, of as many roundings of 1.1e-16. */
  private static void assertUpdates(
      UpdaterConfiguration updater, double gradient, DoubleUnaryOperator expected) {
    double[] updates = updates(updater, gradient, STEPS);
    for (int t = 1; t <= STEPS; t++) {
      double update = expected.applyAsDouble(t);
      assertThat(updates[t - 1]).isCloseTo(update, within((t + 6) * 0x1p-53 * Math.abs(update)));
    }
  }

  /** {@code G = t g²}, so {@code g / √G = sign(g) / √t}: the size of the gradient cancels. */
  @ParameterizedTest
  @ValueSource(doubles = {3, -3, 1e-4, -1e8})
  void underAConstantGradientStepsShrinkAsOneOverTheRootOfT(double gradient) {
    AdagradDecoupled updater = AdagradDecoupled.builder().learningRate(0.5).epsilon(1e-30).build();

    assertUpdates(updater, gradient, t -> Math.signum(gradient) * 0.5 / Math.sqrt(t));
  }

  @Test
  void membersOfTheFamilyFollowTheirClosedFormsUnderAConstantGradient() {
    double g = -0.125;
    double i = 0.25;
    double e = 1e-3;
    UnaryOperator<AdagradDecoupled.Builder> set =
        builder -> builder.learningRate(0.5).initialAccumulator(i).epsilon(e);
    Accumulator squares = Accumulator.SQUARES;
    Accumulator values = Accumulator.ABSOLUTE_VALUES;

    assertUpdates(
        set.apply(relative(squares, Scaling.INVERSE_ROOT)).build(),
        g,
        t -> 0.5 * g / (Math.sqrt(i + t * g * g) + e));
    assertUpdates(
        set.apply(relative(values, Scaling.INVERSE_ROOT)).build(),
        g,
        t -> 0.5 * g / (Math.sqrt(i + t * -g) + e));
    assertUpdates(
        set.apply(relative(squares, Scaling.INVERSE)).build(),
        g,
        t -> 0.5 * g / (i + t * g * g + e));
    assertUpdates(
        set.apply(relative(values, Scaling.INVERSE)).build(), g, t -> 0.5 * g / (i + t * -g + e));
    // The exponent is at most 25, so an ulp of it is at most 32 roundings; G itself is exact.
    assertUpdates(
        set.apply(relative(squares, Scaling.EXPONENTIAL)).build(),
        g,
        t -> 0.5 * g * Math.exp(-i) * Math.exp(t * -g * g));
    assertUpdates(
        set.apply(relative(values, Scaling.EXPONENTIAL)).build(),
        g,
        t -> 0.5 * g * Math.exp(-i) * Math.exp(t * g));
  }

  /** {@code torch.optim._functional._single_tensor_adagrad} starts {@code state_sum} at it. */
  @Test
  void theInitialAccumulatorIsWhatGStartsAt() {
    double initial = 0.3;
    double epsilon = 1e-10;
    for (boolean inside : new boolean[] {false, true}) {
      GradientUpdater<?> ours =
          instantiated(
              AdagradDecoupled.builder()
                  .initialAccumulator(initial)
                  .epsilonInsideRoot(inside)
                  .build(),
              DataType.DOUBLE,
              1);
      double sum = initial;
      Random random = new Random(3);
      for (int t = 0; t < STEPS; t++) {
        double gradient = random.nextGaussian();
        INDArray g = Nd4j.createFromArray(gradient);
        ours.applyUpdater(g, t, 0);
        sum += gradient * gradient;
        double root = inside ? Math.sqrt(sum + epsilon) : Math.sqrt(sum) + epsilon;
        double expected = 0.01 * gradient / root;
        assertThat(g.getDouble(0))
            .isCloseTo(expected, within((t + 6) * 0x1p-52 * Math.abs(expected)));
        assertThat(ours.getState().get("G").getDouble(0))
            .isCloseTo(sum - initial, within((t + 2) * 0x1p-52 * sum));
      }
    }
  }

  /** A parameter with a gradient in every tenth step takes steps √10 times larger after 100. */
  @Test
  void rareGradientsKeepLargeSteps() {
    GradientUpdater<?> updater = instantiated(new AdagradDecoupled(0.1), DataType.DOUBLE, 2);
    INDArray g = null;
    for (int t = 0; t < 100; t++) {
      g = Nd4j.createFromArray(2.0, t % 10 == 9 ? 2.0 : 0);
      updater.applyUpdater(g, t, 0);
    }

    assertThat(g.getDouble(0)).isCloseTo(0.1 / 10, within(1e-11));
    assertThat(g.getDouble(1)).isCloseTo(0.1 / Math.sqrt(10), within(1e-11));
  }

  /** The start is not in the state, so a new parameter next to old ones has it as well. */
  @ParameterizedTest
  @EnumSource
  void theStateOfAParameterWithoutGradientsIsZero(Accumulator accumulator) {
    AdagradDecoupled adagrad =
        relative(accumulator, Scaling.INVERSE_ROOT).initialAccumulator(1).build();
    INDArray view = Nd4j.zeros(DataType.FLOAT, adagrad.stateSize(2));
    GradientUpdater<?> updater = adagrad.instantiate(view, true);

    updater.applyUpdater(Nd4j.createFromArray(0f, -2f), 0, 0);

    assertThat(updater.getState().get("G").toFloatVector())
        .containsExactly(0, accumulator == Accumulator.SQUARES ? 4 : 2);
  }

  @Test
  void hasTheDefaultsOfPyTorch() {
    AdagradDecoupled adagrad = new AdagradDecoupled();

    assertThat(adagrad.getLearningRate()).isEqualTo(0.01);
    assertThat(adagrad.getInitialAccumulator()).isZero();
    assertThat(adagrad.getEpsilon()).isEqualTo(1e-10);
    assertThat(adagrad.getWeightDecay()).isZero();
    assertThat(adagrad.isEpsilonInsideRoot()).isFalse();
    assertThat(adagrad.getAccumulator()).isEqualTo(Accumulator.SQUARES);
    assertThat(adagrad.getScaling()).isEqualTo(Scaling.INVERSE_ROOT);
  }

  @ParameterizedTest
  @MethodSource
  void namesTheBadArgumentItsValueAndTheRange(
      UnaryOperator<AdagradDecoupled.Builder> set, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> set.apply(AdagradDecoupled.builder()).build())
        .withMessage(message);
  }

  static Stream<Arguments> namesTheBadArgumentItsValueAndTheRange() {
    double nan = Double.NaN;
    double inf = Double.POSITIVE_INFINITY;
    String notNegative = " must be a finite number >= 0, but was ";
    Stream<Arguments> atLeastZero =
        Stream.of(-1e-9, nan, inf)
            .flatMap(
                x ->
                    Stream.of(
                        bad(b -> b.learningRate(x), "learningRate" + notNegative + x),
                        bad(b -> b.weightDecay(x), "weightDecay" + notNegative + x),
                        bad(b -> b.initialAccumulator(x), "initialAccumulator" + notNegative + x)));
    Stream<Arguments> positive =
        Stream.of(0.0, 1e-50, -1e-9, nan, inf)
            .map(
                x ->
                    bad(
                        b -> b.epsilon(x),
                        "epsilon must be a finite number >= 1.17549435E-38, the smallest normal float,"
                            + " but was "
                            + x));
    Stream<Arguments> given =
        Stream.of(
            bad(b -> b.accumulator(null), "accumulator must not be null"),
            bad(b -> b.scaling(null), "scaling must not be null"),
            bad(b -> b.nonFiniteGradients(null), "nonFiniteGradients must not be null"));
    return Stream.of(atLeastZero, positive, given).flatMap(s -> s);
  }

  private static Arguments bad(UnaryOperator<AdagradDecoupled.Builder> set, String message) {
    return Arguments.of(set, message);
  }

  @Test
  void refusesToTrainWithADecayThatWasNotAttached() {
    GradientUpdater<?> updater = instantiated(new AdagradDecoupled(0.1, 0.02), DataType.FLOAT, 2);

    assertThatIllegalStateException()
        .isThrownBy(() -> updater.applyUpdater(Nd4j.ones(DataType.FLOAT, 2), 0, 0))
        .withMessageContaining("AdagradDecoupled has weightDecay 0.02")
        .withMessageContaining("DecoupledDecay.attach(");
  }

  @ParameterizedTest
  @EnumSource
  void refusesATypeThatCannotHoldTheSums(Accumulator accumulator) {
    GradientUpdater<?> updater =
        instantiated(relative(accumulator, Scaling.INVERSE).build(), DataType.FLOAT16, 2);

    assertThatIllegalStateException()
        .isThrownBy(() -> updater.applyUpdater(Nd4j.ones(DataType.FLOAT16, 2), 0, 0))
        .withMessageStartingWith("AdagradDecoupled cannot train parameters of type HALF: it keeps")
        .withMessageEndingWith("Use FLOAT or DOUBLE (BFLOAT16 works only in SameDiff)");
  }
}
