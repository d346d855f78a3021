package org.dl4jx.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;
import static org.nd4j.linalg.schedule.ScheduleType.EPOCH;
import static org.nd4j.linalg.schedule.ScheduleType.ITERATION;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.dl4jx.schedules.CyclicalSchedule.Mode;
import org.dl4jx.schedules.OneCycleSchedule.Anneal;
import org.dl4jx.schedules.PiecewiseInterpolationSchedule.Interpolation;
import org.dl4jx.schedules.WarmupStableDecaySchedule.Cooldown;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** What all schedules have in common, and what makes each of them different. */
class SchedulesTest {

  /** Every schedule, by iteration or by epoch, with its greatest value scaled. */
  private static Stream<ISchedule> all(ScheduleType type, double scale) {
    OneCycleSchedule cycle = new OneCycleSchedule(type, scale, 100);
    CosineSchedule cosine = new CosineSchedule(type, scale, 90, 0.1 * scale);
    return Stream.of(
        new WarmupCosineSchedule(type, 0.1 * scale, scale, 10, 100, 0.2 * scale),
        cosine,
        cycle,
        OneCycleSchedule.builder(type, scale, 100)
            .anneal(Anneal.LINEAR)
            .threePhase(true)
            .pctStart(0.4)
            .build(),
        new CyclicalSchedule(type, 0.1 * scale, scale, 7),
        new CyclicalSchedule(type, Mode.TRIANGULAR2, 0.1 * scale, scale, 7, 12, 1),
        new CyclicalSchedule(type, Mode.EXPONENTIAL_RANGE, 0.1 * scale, scale, 7, 12, 0.99),
        new CosineRestartsSchedule(type, scale, 10),
        new CosineRestartsSchedule(type, scale, 10, 2, 0.5, 0.1 * scale),
        new PolynomialDecaySchedule(type, scale, 100, 2, 0.1 * scale),
        new PolynomialDecaySchedule(type, scale, 30, 2, 0.1 * scale, true),
        new RexSchedule(type, scale, 100, 0.1 * scale),
        new InverseSquareRootSchedule(type, scale, 10),
        new PowerDecaySchedule(type, scale, 0.5, 0.7),
        new WarmupStableDecaySchedule(type, scale, 10, 20, 100, 0.1 * scale),
        new WarmupStableDecaySchedule(type, scale, 10, 20, 100, 0.1 * scale, Cooldown.COSINE),
        new WarmupStableDecaySchedule(
            type, scale, 10, 20, 100, 0.1 * scale, Cooldown.ONE_MINUS_SQUARE_ROOT),
        new WarmupStableDecaySchedule(type, scale, 10, 20, 100, 0.1 * scale, Cooldown.SQUARE),
        piecewise(type, Interpolation.LINEAR, scale),
        piecewise(type, Interpolation.COSINE, scale),
        new WarmupSchedule(type, 10, cosine),
        new WarmupSchedule(type, WarmupSchedule.Mode.CONSTANT, 0.05 * scale, 10, cosine),
        new WarmupSchedule(type, WarmupSchedule.Mode.EXPONENTIAL, 0.05 * scale, 10, cosine),
        WarmupSchedule.untuned(type, 0.9, cosine),
        WarmupSchedule.untunedExponential(type, 0.9, cosine),
        new SequenceSchedule(type, List.of(cosine, cycle, cosine), List.of(30, 60)),
        new ScaledSchedule(0.5, cosine),
        new ProductSchedule(List.of(cosine, new RexSchedule(type, 1, 80, 0.1))));
  }

  private static ISchedule piecewise(
      ScheduleType type, Interpolation interpolation, double greatest) {
    return new PiecewiseInterpolationSchedule(
        type,
        List.of(5, 20, 60, 90),
        List.of(0.1 * greatest, greatest, 0.0, 0.3 * greatest),
        interpolation);
  }

  /** Momentum schedules, whose values do not scale. */
  private static Stream<ISchedule> momenta(ScheduleType type) {
    return Stream.of(
        new OneCycleSchedule(type, 1, 100).momentum(0.85, 0.95), new DemonSchedule(type, 0.9, 100));
  }

  static Stream<ISchedule> all(ScheduleType type) {
    return Stream.concat(all(type, 1), momenta(type));
  }

  static Stream<ISchedule> all() {
    return all(ITERATION);
  }

  @ParameterizedTest
  @MethodSource("all")
  void staysFiniteAndWithinItsBoundsInTheLongestRuns(ISchedule schedule) {
    for (int step : new int[] {0, 1, 9, 10, 11, 50, 99, 100, 101, 1_000_000, 1 << 30}) {
      assertThat(schedule.valueAt(step, 0)).as("step %d", step).isBetween(0.0, 1.0);
    }
    assertThat(schedule.valueAt(Integer.MAX_VALUE - 1, 0)).isBetween(0.0, 1.0);
    assertThat(schedule.valueAt(Integer.MAX_VALUE, 0)).isBetween(0.0, 1.0);
  }

  @Test
  void doNotOverflowAtTheGreatestNumberOfAll() {
    for (ISchedule schedule : all(ITERATION, Double.MAX_VALUE).toList()) {
      for (int step = 0; step < 130; step++) {
        assertThat(schedule.valueAt(step, 0))
            .as("step %d of %s", step, schedule)
            .isBetween(0.0, Double.MAX_VALUE);
      }
    }
  }

  @Test
  void countEpochsAsTheyCountIterations() {
    List<ISchedule> byIteration = all(ITERATION).toList();
    List<ISchedule> byEpoch = all(EPOCH).toList();

    for (int i = 0; i < byEpoch.size(); i++) {
      for (int step = 0; step < 130; step++) {
        assertThat(byEpoch.get(i).valueAt(7, step)).isEqualTo(byIteration.get(i).valueAt(step, 7));
      }
    }
  }

  /** Multiplying by a power of two is exact, so only the rounding of sums remains. */
  @Property(tries = 50)
  void scaleWithTheirGreatestValue(
      @ForAll @IntRange(min = -20, max = 20) int exponent, @ForAll @IntRange(max = 200) int step) {
    double scale = Math.pow(2, exponent);
    List<ISchedule> plain = all(ITERATION, 1).toList();
    List<ISchedule> scaled = all(ITERATION, scale).toList();

    for (int i = 0; i < plain.size(); i++) {
      assertThat(scaled.get(i).valueAt(step, 0))
          .isCloseTo(scale * plain.get(i).valueAt(step, 0), within(scale * 1e-15));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void areValuesWithoutMemory(ISchedule schedule) {
    double[] forwards = new double[130];
    for (int step = 0; step < 130; step++) {
      forwards[step] = schedule.valueAt(step, 3);
    }
    for (int step = 129; step >= 0; step--) {
      assertThat(schedule.valueAt(step, 5)).isEqualTo(forwards[step]);
    }
    assertThat(schedule.clone()).isSameAs(schedule);
    assertThat(all().filter(schedule::equals)).hasSize(1);
    assertThat(schedule.toString()).startsWith(schedule.getClass().getSimpleName() + "[");
  }

  @ParameterizedTest
  @MethodSource("all")
  void allocateNothing(ISchedule schedule) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    double sum = 0;
    for (int step = 0; step < 20_000; step++) {
      sum += schedule.valueAt(step, 0);
    }
    long before = threads.getThreadAllocatedBytes(thread);
    for (int step = 0; step < 20_000; step++) {
      sum += schedule.valueAt(step, 0);
    }
    long bytes = threads.getThreadAllocatedBytes(thread) - before;

    assertThat(sum).isPositive();
    assertThat(bytes / 20_000).isZero();
  }

  static Stream<ISchedule> ofBothTypes() {
    return Stream.concat(
        Stream.of(ScheduleType.values()).flatMap(SchedulesTest::all),
        Stream.of(new ScaledSchedule(2, new FixedSchedule(1))));
  }

  /** Both counts, whichever of them the schedule follows. */
  @ParameterizedTest
  @MethodSource("ofBothTypes")
  void refuseNegativeCounts(ISchedule schedule) {
    for (int negative : new int[] {-1, Integer.MIN_VALUE}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> schedule.valueAt(negative, 0))
          .withMessage("iteration must be a number >= 0, but was " + negative);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> schedule.valueAt(50, negative))
          .withMessage("epoch must be a number >= 0, but was " + negative);
    }
  }

  /** Only restarts and sequences may jump; and √p is infinitely steep at 0. */
  @ParameterizedTest
  @MethodSource("continuous")
  void doNotJump(ISchedule schedule) {
    for (int step = 0; step < 1_500; step++) {
      double move = Math.abs(schedule.valueAt(step + 1, 0) - schedule.valueAt(step, 0));
      assertThat(move).as("at step %d", step).isLessThan(0.02);
    }
  }

  static Stream<ISchedule> continuous() {
    ScheduleType type = ITERATION;
    CosineSchedule cosine = new CosineSchedule(type, 1, 900, 0.1);
    OneCycleSchedule cycle = new OneCycleSchedule(type, 1, 1_000);
    return Stream.of(
        new WarmupCosineSchedule(type, 1, 100, 1_000),
        cosine,
        cycle,
        OneCycleSchedule.builder(type, 1, 1_000).threePhase(true).build(),
        cycle.momentum(0.85, 0.95),
        new CyclicalSchedule(type, 0.1, 1, 100),
        new CyclicalSchedule(type, Mode.TRIANGULAR2, 0.1, 1, 70, 120, 1),
        new CyclicalSchedule(type, Mode.EXPONENTIAL_RANGE, 0.1, 1, 70, 120, 0.999),
        new PolynomialDecaySchedule(type, 1, 1_000, 2, 0.1),
        new InverseSquareRootSchedule(type, 1, 100),
        new RexSchedule(type, 1, 1_000, 0.1),
        new WarmupStableDecaySchedule(type, 1, 100, 200, 1_000, 0.1),
        new WarmupStableDecaySchedule(type, 1, 100, 200, 1_000, 0.1, Cooldown.COSINE),
        new WarmupStableDecaySchedule(type, 1, 100, 200, 1_000, 0.1, Cooldown.SQUARE),
        new PiecewiseInterpolationSchedule(
            type, List.of(50, 200, 1_200), List.of(0.2, 1.0, 0.0), Interpolation.COSINE),
        new WarmupSchedule(type, 100, cosine),
        new WarmupSchedule(type, WarmupSchedule.Mode.EXPONENTIAL, 0, 100, cosine),
        WarmupSchedule.untuned(type, 0.98, cosine),
        new ProductSchedule(List.of(cosine, cycle)),
        new DemonSchedule(type, 0.9, 1_000));
  }

  static Stream<Arguments> falling() {
    return Stream.of(
        Arguments.of(new CosineSchedule(ITERATION, 1, 90, 0.1), 0, 0.1),
        Arguments.of(new PolynomialDecaySchedule(ITERATION, 1, 100, 0.5, 0.2), 0, 0.2),
        Arguments.of(new PolynomialDecaySchedule(ITERATION, 1, 100, 3, 0), 0, 0.0),
        Arguments.of(new InverseSquareRootSchedule(ITERATION, 1, 10), 10, Math.sqrt(0.05)),
        Arguments.of(new PowerDecaySchedule(ITERATION, 1, 1, 1), 0, 1 / 201.0),
        Arguments.of(new RexSchedule(ITERATION, 1, 100, 0.3), 0, 0.3),
        Arguments.of(new WarmupStableDecaySchedule(ITERATION, 1, 10, 30, 100, 0.1), 10, 0.1),
        Arguments.of(
            new WarmupStableDecaySchedule(ITERATION, 1, 10, 30, 100, 0.1, Cooldown.COSINE),
            10,
            0.1),
        Arguments.of(
            new WarmupStableDecaySchedule(
                ITERATION, 1, 10, 30, 100, 0.1, Cooldown.ONE_MINUS_SQUARE_ROOT),
            10,
            0.1),
        Arguments.of(
            new WarmupStableDecaySchedule(ITERATION, 1, 10, 30, 100, 0.1, Cooldown.SQUARE),
            10,
            0.1),
        Arguments.of(new DemonSchedule(ITERATION, 0.9, 100), 0, 0.0),
        Arguments.of(new OneCycleSchedule(ITERATION, 1, 100), 29, 1 / 25.0 / 1e4));
  }

  @ParameterizedTest
  @MethodSource("falling")
  void neverRiseAgainAndEndWhereTheyShould(ISchedule schedule, int from, double end) {
    for (int step = from; step < 200; step++) {
      assertThat(schedule.valueAt(step + 1, 0)).isLessThanOrEqualTo(schedule.valueAt(step, 0));
    }
    assertThat(schedule.valueAt(200, 0)).isCloseTo(end, within(1e-15));
  }

  @Property
  void aWarmupBeforeACosineIsTheWarmupCosine(
      @ForAll @DoubleRange(max = 1) double initial,
      @ForAll @DoubleRange(max = 1) double floor,
      @ForAll @IntRange(max = 50) int warmup,
      @ForAll @IntRange(min = 1, max = 100) int decay,
      @ForAll @IntRange(max = 200) int step) {
    ISchedule whole =
        new WarmupCosineSchedule(ITERATION, initial, 1, warmup, warmup + decay, floor);
    ISchedule composed =
        new WarmupSchedule(
            ITERATION,
            WarmupSchedule.Mode.LINEAR,
            initial,
            warmup,
            new CosineSchedule(ITERATION, 1, decay, floor));

    assertThat(composed.valueAt(step, 0)).isEqualTo(whole.valueAt(step, 0));
  }

  @Test
  void aConstantWarmupStaysUntilItEnds() {
    ISchedule schedule =
        new WarmupSchedule(ITERATION, WarmupSchedule.Mode.CONSTANT, 0.3, 5, new FixedSchedule(0.7));

    assertThat(schedule.valueAt(0, 0)).isEqualTo(0.3);
    assertThat(schedule.valueAt(4, 0)).isEqualTo(0.3);
    assertThat(schedule.valueAt(5, 0)).isEqualTo(0.7);
  }

  @Test
  void everyPieceOfASequenceStartsAtItsOwnZero() {
    CosineSchedule cosine = new CosineSchedule(ITERATION, 1, 90, 0.1);
    PolynomialDecaySchedule line = new PolynomialDecaySchedule(ITERATION, 0.5, 40, 1, 0);
    ISchedule sequence = new SequenceSchedule(ITERATION, List.of(cosine, line), List.of(30));

    assertThat(sequence.valueAt(29, 0)).isEqualTo(cosine.valueAt(29, 0));
    assertThat(sequence.valueAt(30, 0)).isEqualTo(0.5);
    assertThat(sequence.valueAt(50, 0)).isEqualTo(line.valueAt(20, 0));
    assertThat(sequence.valueAt(500, 0)).isZero();
  }

  @Test
  void restartsLengthenAndTheirPeaksShrink() {
    ISchedule schedule = new CosineRestartsSchedule(ITERATION, 1, 10, 2, 0.5, 0.2);

    assertThat(schedule.valueAt(0, 0)).isEqualTo(1);
    assertThat(schedule.valueAt(5, 0)).isCloseTo(0.6, within(1e-15));
    assertThat(schedule.valueAt(10, 0)).isEqualTo(0.5);
    assertThat(schedule.valueAt(30, 0)).isEqualTo(0.25);
    assertThat(schedule.valueAt(70, 0)).as("not below the floor").isEqualTo(0.2);
  }

  @Test
  void powerDecayIncludesInverseTimeAndInverseSquareRoot() {
    assertThat(new PowerDecaySchedule(ITERATION, 1, 1, 1).valueAt(9, 0)).isEqualTo(0.1);
    assertThat(new PowerDecaySchedule(ITERATION, 0.1, 1, 0.5).valueAt(3, 0)).isEqualTo(0.05);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.9})
  void demonFollowsItsFormula(double initial) {
    DemonSchedule demon = new DemonSchedule(ITERATION, initial, 100);

    assertThat(demon.valueAt(0, 0)).isCloseTo(initial, within(1e-15));
    double half = 0.5 * initial / (1 - initial + 0.5 * initial);
    assertThat(demon.valueAt(50, 0)).isCloseTo(half, within(1e-15));
  }

  /** A quarter of the way, where all shapes differ. */
  @ParameterizedTest
  @CsvSource({
    "LINEAR, 0.75",
    "COSINE, 0.8535533905932737",
    "ONE_MINUS_SQUARE_ROOT, 0.5",
    "SQUARE, 0.9375",
  })
  void aCooldownFollowsItsShapeFromPeakToFloor(Cooldown cooldown, double shape) {
    ISchedule schedule = new WarmupStableDecaySchedule(ITERATION, 0.7, 10, 40, 100, 0.1, cooldown);

    assertThat(schedule.valueAt(5, 0)).isEqualTo(0.35);
    for (int step : new int[] {10, 59, 60}) {
      assertThat(schedule.valueAt(step, 0)).isCloseTo(0.7, within(1e-15));
    }
    assertThat(schedule.valueAt(70, 0)).isCloseTo(0.1 + 0.6 * shape, within(1e-15));
    assertThat(schedule.valueAt(100, 0)).isEqualTo(0.1);
    assertThat(schedule.valueAt(101, 0)).isEqualTo(0.1);
  }

  @Test
  void aCooldownIsLinearUnlessAskedOtherwise() {
    WarmupStableDecaySchedule linear = new WarmupStableDecaySchedule(ITERATION, 1, 1, 2, 9, 0);

    assertThat(linear.cooldown()).isEqualTo(Cooldown.LINEAR);
    assertThat(new WarmupStableDecaySchedule(ITERATION, 1, 1, 2, 9, 0, null)).isEqualTo(linear);
  }

  @Property
  void rexFollowsTheFormulaOfItsPaper(
      @ForAll @DoubleRange(max = 1) double floor,
      @ForAll @IntRange(min = 1, max = 1_000) int total,
      @ForAll @IntRange(max = 2_000) int step) {
    double p = Math.min(1, (double) step / total);
    double expected = floor + (1 - floor) * (1 - p) / (0.5 + 0.5 * (1 - p));

    assertThat(new RexSchedule(ITERATION, 1, total, floor).valueAt(step, 0))
        .isCloseTo(expected, within(1e-15));
  }

  @Test
  void aPiecewiseScheduleMeetsItsPointsAndKeepsTheFirstAndTheLastValue() {
    for (Interpolation interpolation : Interpolation.values()) {
      ISchedule schedule = piecewise(ITERATION, interpolation, 1);

      assertThat(schedule.valueAt(0, 0)).isEqualTo(0.1);
      assertThat(schedule.valueAt(4, 0)).isEqualTo(0.1);
      assertThat(schedule.valueAt(5, 0)).isEqualTo(0.1);
      assertThat(schedule.valueAt(20, 0)).isEqualTo(1);
      assertThat(schedule.valueAt(40, 0)).isCloseTo(0.5, within(1e-15));
      assertThat(schedule.valueAt(60, 0)).isZero();
      assertThat(schedule.valueAt(90, 0)).isEqualTo(0.3);
      assertThat(schedule.valueAt(91, 0)).isEqualTo(0.3);
    }
  }

  @Test
  void aPiecewiseScheduleDiffersByItsInterpolationBetweenTwoPoints() {
    assertThat(piecewise(ITERATION, Interpolation.LINEAR, 1).valueAt(30, 0))
        .isCloseTo(0.75, within(1e-15));
    assertThat(piecewise(ITERATION, Interpolation.COSINE, 1).valueAt(30, 0))
        .isCloseTo((1 + Math.sqrt(0.5)) / 2, within(1e-15));
  }

  @Test
  void oneOrTheLatestPointsAreEnoughForAPiecewiseSchedule() {
    ISchedule one = new PiecewiseInterpolationSchedule(EPOCH, List.of(0), List.of(0.3));
    ISchedule latest =
        new PiecewiseInterpolationSchedule(
            ITERATION, List.of(0, Integer.MAX_VALUE), List.of(1.0, 0.0));

    assertThat(one.valueAt(0, 0)).isEqualTo(0.3);
    assertThat(one.valueAt(0, 7)).isEqualTo(0.3);
    assertThat(latest.valueAt(1 << 30, 0)).isCloseTo(0.5, within(1e-9));
    assertThat(latest.valueAt(Integer.MAX_VALUE, 0)).isZero();
  }

  @Test
  void listsOfPointsAndSchedulesAreCopied() {
    List<Integer> steps = new ArrayList<>(List.of(0, 10));
    List<Double> values = new ArrayList<>(List.of(0.5, 1.0));
    List<ISchedule> factors = new ArrayList<>(List.of(new FixedSchedule(0.5)));
    ISchedule piecewise = new PiecewiseInterpolationSchedule(ITERATION, steps, values);
    ISchedule product = new ProductSchedule(factors);
    steps.set(1, 1);
    values.set(0, -1.0);
    factors.set(0, new FixedSchedule(7));

    assertThat(piecewise)
        .isEqualTo(new PiecewiseInterpolationSchedule(ITERATION, List.of(0, 10), List.of(0.5, 1.0)))
        .hasSameHashCodeAs(
            new PiecewiseInterpolationSchedule(ITERATION, List.of(0, 10), List.of(0.5, 1.0)))
        .isNotEqualTo(
            new PiecewiseInterpolationSchedule(ITERATION, List.of(0, 10), List.of(0.5, 2.0)));
    assertThat(product.valueAt(0, 0)).isEqualTo(0.5);
  }

  @Property
  void aProductOfTwoIsOneTimesTheOther(@ForAll @IntRange(max = 200) int step) {
    CosineSchedule cosine = new CosineSchedule(ITERATION, 3, 90, 0.1);
    RexSchedule rex = new RexSchedule(EPOCH, 0.7, 80, 0.1);

    assertThat(new ProductSchedule(List.of(cosine, rex)).valueAt(step, 200 - step))
        .isEqualTo(cosine.valueAt(step, 0) * rex.valueAt(0, 200 - step));
    assertThat(new ProductSchedule(List.of(cosine)).valueAt(step, 0))
        .isEqualTo(cosine.valueAt(step, 0));
    assertThat(new ProductSchedule(List.of(new FixedSchedule(0.25), cosine)).valueAt(step, 0))
        .isEqualTo(new ScaledSchedule(0.25, cosine).valueAt(step, 0));
  }

  /** Infinity times 0 would be NaN. */
  @Test
  void aProductIsZeroWhereAFactorIsAlsoWhereTheOthersOverflow() {
    FixedSchedule large = new FixedSchedule(1e300);
    FixedSchedule none = new FixedSchedule(0);

    assertThat(new ProductSchedule(List.of(large, large, none)).valueAt(0, 0)).isZero();
    assertThat(new ProductSchedule(List.of(none, large, large)).valueAt(0, 0)).isZero();
    assertThat(new ProductSchedule(List.of(large, large)).valueAt(0, 0))
        .isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Property
  void anExponentialWarmupRunsBesideTheOtherSchedule(
      @ForAll @DoubleRange(max = 1) double initial,
      @ForAll @IntRange(min = 1, max = 50) int warmup,
      @ForAll @IntRange(max = 400) int step) {
    CosineSchedule cosine = new CosineSchedule(ITERATION, 1, 200, 0.1);
    double whole = cosine.valueAt(step, 0);
    double expected = initial + (whole - initial) * (1 - Math.exp(-(step + 1.0) / warmup));

    assertThat(exponential(initial, warmup, cosine).valueAt(step, 0))
        .isCloseTo(expected, within(1e-15));
    assertThat(exponential(initial, 0, cosine).valueAt(step, 0)).isEqualTo(whole);
  }

  private static ISchedule exponential(double initial, int warmup, ISchedule schedule) {
    return new WarmupSchedule(
        ITERATION, WarmupSchedule.Mode.EXPONENTIAL, initial, warmup, schedule);
  }

  /** Ma and Yarats 2021, with t counted from 1, where the period is a whole number of steps. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.75, 0.9, 0.99, 0.999, 0.9995})
  void untunedWarmupsFollowTheFormulasOfTheirPaper(double beta2) {
    ISchedule linear = WarmupSchedule.untuned(ITERATION, beta2, new FixedSchedule(0.3));
    ISchedule exponential =
        WarmupSchedule.untunedExponential(ITERATION, beta2, new FixedSchedule(0.3));

    for (int t = 1; t <= 5_000; t++) {
      // The period is a multiple of 1 / (1 - beta2) up to the rounding of 1 - beta2.
      assertThat(linear.valueAt(t - 1, 0))
          .as("t = %d", t)
          .isCloseTo(0.3 * Math.min(1, (1 - beta2) / 2 * t), within(1e-12));
      assertThat(exponential.valueAt(t - 1, 0))
          .as("t = %d", t)
          .isCloseTo(0.3 * (1 - Math.exp(-(1 - beta2) * t)), within(1e-12));
    }
  }

  @Test
  void afterAnUntunedWarmupTheScheduleRunsFromItsOwnZero() {
    CosineSchedule cosine = new CosineSchedule(ITERATION, 1, 90, 0.1);
    ISchedule schedule = WarmupSchedule.untuned(ITERATION, 0.9, cosine); // over 20 steps

    assertThat(schedule.valueAt(0, 0)).isCloseTo(1 / 20.0, within(1e-15));
    assertThat(schedule.valueAt(18, 0)).isCloseTo(19 / 20.0, within(1e-15));
    assertThat(schedule.valueAt(19, 0)).isEqualTo(1);
    assertThat(schedule.valueAt(64, 0)).isEqualTo(cosine.valueAt(45, 0));
  }

  @Test
  void anUntunedWarmupRoundsItsPeriod() {
    assertThat(WarmupSchedule.untuned(ITERATION, 0.3, new FixedSchedule(1)))
        .isEqualTo(
            new WarmupSchedule(
                ITERATION, WarmupSchedule.Mode.LINEAR, 1 / 3.0, 2, new FixedSchedule(1)));
    assertThat(WarmupSchedule.untunedExponential(EPOCH, 0.4, new FixedSchedule(1)))
        .isEqualTo(
            new WarmupSchedule(EPOCH, WarmupSchedule.Mode.EXPONENTIAL, 0, 2, new FixedSchedule(1)));
  }

  @Test
  void anUntunedWarmupForTheGreatestBeta2IsAsLongAsPossible() {
    double beta2 = Math.nextDown(1.0);

    for (WarmupSchedule schedule :
        List.of(
            WarmupSchedule.untuned(ITERATION, beta2, new FixedSchedule(1)),
            WarmupSchedule.untunedExponential(ITERATION, beta2, new FixedSchedule(1)))) {
      assertThat(schedule.warmupSteps()).isGreaterThanOrEqualTo(Integer.MAX_VALUE - 1);
      assertThat(schedule.valueAt(0, 0)).isBetween(0.0, 1e-9);
      assertThat(schedule.valueAt(Integer.MAX_VALUE, 0)).isBetween(0.6, 1.0);
    }
  }

  /** With 21 steps and pctStart 0.3, the phases end at 5.3, 10.6 and 20. */
  @Test
  void oneCycleRunsThroughItsPhases() {
    OneCycleSchedule.Builder builder =
        OneCycleSchedule.builder(ITERATION, 1, 21)
            .divFactor(10)
            .finalDivFactor(10)
            .anneal(Anneal.LINEAR);
    ISchedule three = builder.threePhase(true).build();
    ISchedule two = builder.threePhase(false).build();

    for (ISchedule schedule : List.of(two, three)) {
      assertThat(schedule.valueAt(0, 0)).isEqualTo(0.1);
      assertThat(schedule.valueAt(2, 0)).isCloseTo(0.1 + 0.9 * 2 / 5.3, within(1e-15));
      assertThat(schedule.valueAt(20, 0)).isCloseTo(0.01, within(1e-15));
    }
    assertThat(two.valueAt(8, 0)).isCloseTo(1 - 0.99 * 2.7 / 14.7, within(1e-15));
    assertThat(three.valueAt(8, 0)).isCloseTo(1 - 0.9 * 2.7 / 5.3, within(1e-15));
    assertThat(three.valueAt(15, 0)).isCloseTo(0.1 - 0.09 * 4.4 / 9.4, within(1e-15));
  }

  @Test
  void everyCycleOfTriangular2IsHalfAsHigh() {
    ISchedule schedule = new CyclicalSchedule(ITERATION, Mode.TRIANGULAR2, 0, 1, 4, 6, 1);

    assertThat(schedule.valueAt(4, 0)).isEqualTo(1);
    assertThat(schedule.valueAt(7, 0)).isEqualTo(0.5);
    assertThat(schedule.valueAt(14, 0)).isEqualTo(0.5);
    assertThat(schedule.valueAt(24, 0)).isEqualTo(0.25);
    assertThat(schedule.valueAt(10_004, 0)).isBetween(0.0, 1e-300);
  }

  @Test
  void restartsOfTheSameLengthShrinkToo() {
    ISchedule schedule = new CosineRestartsSchedule(ITERATION, 1, 10, 1, 0.5, 0);

    assertThat(schedule.valueAt(10, 0)).isEqualTo(0.5);
    assertThat(schedule.valueAt(35, 0)).isCloseTo(0.0625, within(1e-15));
  }

  @Test
  void oneCycleHasTheDefaultsOfPyTorch() {
    assertThat(new OneCycleSchedule(ITERATION, 0.1, 100))
        .isEqualTo(OneCycleSchedule.builder(ITERATION, 0.1, 100).build())
        .isEqualTo(new OneCycleSchedule(ITERATION, 0.1, 100, 0.3, 25, 1e4, Anneal.COSINE, false));
  }

  /** An error must not blame a default that a shorter constructor filled in. */
  @Test
  void shorterConstructorsBlameOnlyTheirOwnArguments() {
    CosineSchedule cosine = new CosineSchedule(ITERATION, 1, 10, 0);
    for (int steps = -1; steps < 6; steps++) {
      for (double value : new double[] {Double.NaN, -1, 0, Double.MIN_VALUE, 1, 1e308}) {
        int n = steps;
        assertBlames("maxValue|totalSteps", () -> new OneCycleSchedule(ITERATION, value, n));
        assertBlames(
            "maxValue|totalSteps",
            () -> OneCycleSchedule.builder(ITERATION, value, n).threePhase(true).build());
        assertBlames("base|maxValue|stepsUp", () -> new CyclicalSchedule(ITERATION, 0, value, n));
        assertBlames("base|maxValue|stepsUp", () -> new CyclicalSchedule(ITERATION, value, 1, n));
        assertBlames("peak|period", () -> new CosineRestartsSchedule(ITERATION, value, n));
        assertBlames(
            "peak|warmupSteps|totalSteps", () -> new WarmupCosineSchedule(ITERATION, value, n, 3));
        assertBlames("warmupSteps", () -> new WarmupSchedule(ITERATION, n, cosine));
        assertBlames("beta2", () -> WarmupSchedule.untuned(ITERATION, value, cosine));
        assertBlames("beta2", () -> WarmupSchedule.untunedExponential(ITERATION, value, cosine));
        assertBlames(
            "initial|totalSteps|floor",
            () -> new PolynomialDecaySchedule(ITERATION, 1, n, 1, value));
        assertBlames(
            "peak|decaySteps|totalSteps",
            () -> new WarmupStableDecaySchedule(ITERATION, value, 1, n, 3, 0));
        assertBlames(
            "steps|values",
            () ->
                new PiecewiseInterpolationSchedule(ITERATION, List.of(0, n), List.of(value, 1.0)));
      }
    }
  }

  private static void assertBlames(String names, ThrowingCallable creation) {
    Throwable refusal = catchThrowable(creation);
    if (refusal != null) {
      assertThat(refusal)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageMatching("(" + names + ") must be .*");
    }
  }

  @ParameterizedTest
  @MethodSource
  void nameTheBadArgumentItsValueAndTheRange(ThrowingCallable creation, String message) {
    assertThatIllegalArgumentException().isThrownBy(creation).withMessage(message);
  }

  static Stream<Arguments> nameTheBadArgumentItsValueAndTheRange() {
    CosineSchedule cosine = new CosineSchedule(ITERATION, 1, 10, 0);
    OneCycleSchedule cycle = new OneCycleSchedule(ITERATION, 1, 100);
    Function<Double, OneCycleSchedule> pct =
        p -> OneCycleSchedule.builder(ITERATION, 1, 10).pctStart(p).build();
    return Stream.of(
        bad(() -> new CosineSchedule(null, 1, 10, 0), "type must not be null"),
        bad(
            () -> new CosineSchedule(ITERATION, 0, 10, 0),
            "peak must be a finite number > 0, but was 0.0"),
        bad(
            () -> new CosineSchedule(ITERATION, 1, 0, 0),
            "totalSteps must be a number >= 1, but was 0"),
        bad(
            () -> new CosineSchedule(ITERATION, 1, 10, 2),
            "floor must be in [0, peak = 1.0], but was 2.0"),
        bad(
            () -> new OneCycleSchedule(ITERATION, -1, 10),
            "maxValue must be a finite number > 0, but was -1.0"),
        bad(
            () -> new OneCycleSchedule(ITERATION, 1, 3),
            "totalSteps must be a number > 1 / pctStart = 3.3333333333333335, but was 3"),
        bad(
            () -> OneCycleSchedule.builder(ITERATION, 1, 3).threePhase(true).build(),
            "totalSteps must be a number > 1 / pctStart = 3.3333333333333335, but was 3"),
        bad(() -> pct.apply(0.1), "totalSteps must be a number > 1 / pctStart = 10.0, but was 10"),
        bad(() -> pct.apply(0.0), "pctStart must be in (0, 1), but was 0.0"),
        bad(() -> pct.apply(1.0), "pctStart must be in (0, 1), but was 1.0"),
        bad(
            () -> OneCycleSchedule.builder(ITERATION, 1, 10).threePhase(true).pctStart(0.5).build(),
            "pctStart must be in (0, 0.5), but was 0.5"),
        bad(
            () -> OneCycleSchedule.builder(ITERATION, 1, 10).divFactor(0.5).build(),
            "divFactor must be a finite number >= 1, but was 0.5"),
        bad(
            () -> OneCycleSchedule.builder(ITERATION, 1, 10).finalDivFactor(Double.NaN).build(),
            "finalDivFactor must be a finite number >= 1, but was NaN"),
        bad(
            () -> OneCycleSchedule.builder(ITERATION, 1, 10).anneal(null).build(),
            "anneal must not be null"),
        bad(() -> cycle.momentum(0.5, 1), "max must be in [0, 1), but was 1.0"),
        bad(() -> cycle.momentum(0.9, 0.5), "base must be in [0, max = 0.5], but was 0.9"),
        bad(
            () -> new CyclicalSchedule(ITERATION, 2, 1, 5),
            "base must be in [0, maxValue = 1.0], but was 2.0"),
        bad(
            () -> new CyclicalSchedule(ITERATION, 0, 1, 0),
            "stepsUp must be a number >= 1, but was 0"),
        bad(
            () -> new CyclicalSchedule(ITERATION, Mode.TRIANGULAR, 0, 1, 1, 0, 1),
            "stepsDown must be a number >= 1, but was 0"),
        bad(
            () -> new CyclicalSchedule(ITERATION, Mode.TRIANGULAR, 0, 1, 1, 1, 1.5),
            "gamma must be in (0, 1], but was 1.5"),
        bad(
            () -> new CosineRestartsSchedule(ITERATION, 1, 0),
            "period must be a number >= 1, but was 0"),
        bad(
            () -> new CosineRestartsSchedule(ITERATION, 1, 1, 0, 1, 0),
            "multiplier must be a number >= 1, but was 0"),
        bad(
            () -> new CosineRestartsSchedule(ITERATION, 1, 1, 1, 0, 0),
            "decay must be in (0, 1], but was 0.0"),
        bad(
            () -> new PolynomialDecaySchedule(ITERATION, 1, 10, 0, 0),
            "power must be a finite number > 0, but was 0.0"),
        bad(
            () -> new PolynomialDecaySchedule(ITERATION, 1, 10, 1, -1),
            "floor must be in [0, initial = 1.0], but was -1.0"),
        bad(
            () -> new InverseSquareRootSchedule(ITERATION, 1, 0),
            "warmupSteps must be a number >= 1, but was 0"),
        bad(
            () -> new PowerDecaySchedule(ITERATION, 1, -1, 1),
            "rate must be a finite number >= 0, but was -1.0"),
        bad(
            () -> new WarmupStableDecaySchedule(ITERATION, 1, 60, 50, 100, 0),
            "totalSteps must be a number >= warmupSteps + decaySteps = 110, but was 100"),
        bad(
            () -> new WarmupStableDecaySchedule(ITERATION, 1, -1, 50, 100, 0),
            "warmupSteps must be a number >= 0, but was -1"),
        bad(
            () -> new WarmupStableDecaySchedule(ITERATION, 1, 1, 0, 100, 0),
            "decaySteps must be a number >= 1, but was 0"),
        bad(
            () -> new WarmupStableDecaySchedule(ITERATION, 1, 1, 1, 100, 2, Cooldown.COSINE),
            "floor must be in [0, peak = 1.0], but was 2.0"),
        bad(
            () -> new RexSchedule(ITERATION, Double.NaN, 10, 0),
            "peak must be a finite number > 0, but was NaN"),
        bad(
            () -> new RexSchedule(ITERATION, 1, 0, 0),
            "totalSteps must be a number >= 1, but was 0"),
        bad(
            () -> new RexSchedule(ITERATION, 1, 10, -1),
            "floor must be in [0, peak = 1.0], but was -1.0"),
        bad(() -> points(List.of(), List.of()), steps("[]")),
        bad(() -> points(null, List.of()), steps("null")),
        bad(() -> points(List.of(-1, 5), List.of(1.0, 2.0)), steps("[-1, 5]")),
        bad(() -> points(List.of(5, 5), List.of(1.0, 2.0)), steps("[5, 5]")),
        bad(() -> points(List.of(5, 4), List.of(1.0, 2.0)), steps("[5, 4]")),
        bad(() -> points(Arrays.asList(5, null), List.of(1.0, 2.0)), steps("[5, null]")),
        bad(() -> points(List.of(0, 5), null), values("null")),
        bad(() -> points(List.of(0, 5), List.of(1.0)), values("[1.0]")),
        bad(() -> points(List.of(0, 5), List.of(1.0, -2.0)), values("[1.0, -2.0]")),
        bad(() -> points(List.of(0, 5), List.of(1.0, Double.NaN)), values("[1.0, NaN]")),
        bad(
            () -> points(List.of(0, 5), List.of(1.0, Double.POSITIVE_INFINITY)),
            values("[1.0, Infinity]")),
        bad(() -> points(List.of(0, 5), Arrays.asList(1.0, null)), values("[1.0, null]")),
        bad(
            () -> new PiecewiseInterpolationSchedule(ITERATION, List.of(0), List.of(1.0), null),
            "interpolation must not be null"),
        bad(
            () -> new ProductSchedule(null),
            "schedules must be a list of at least one schedule, none of them null, but was null"),
        bad(
            () -> new ProductSchedule(List.of()),
            "schedules must be a list of at least one schedule, none of them null, but was []"),
        bad(
            () -> new ProductSchedule(Arrays.asList((ISchedule) null)),
            "schedules must be a list of at least one schedule, none of them null, but was [null]"),
        bad(
            () -> WarmupSchedule.untuned(ITERATION, 1, cosine),
            "beta2 must be in [0, 1), but was 1.0"),
        bad(
            () -> WarmupSchedule.untunedExponential(ITERATION, -0.1, cosine),
            "beta2 must be in [0, 1), but was -0.1"),
        bad(() -> WarmupSchedule.untuned(null, 0.9, cosine), "type must not be null"),
        bad(() -> WarmupSchedule.untuned(ITERATION, 0.9, null), "schedule must not be null"),
        bad(
            () -> WarmupSchedule.untuned(ITERATION, 0.9, new FixedSchedule(-1)),
            "the first value of schedule must be a finite number >= 0, but was -1.0"),
        bad(() -> new DemonSchedule(ITERATION, 1, 10), "initial must be in [0, 1), but was 1.0"),
        bad(
            () -> new ScaledSchedule(-1, cosine),
            "factor must be a finite number >= 0, but was -1.0"),
        bad(() -> new ScaledSchedule(1, null), "schedule must not be null"),
        bad(
            () -> new WarmupSchedule(ITERATION, -1, cosine),
            "warmupSteps must be a number >= 0, but was -1"),
        bad(() -> new WarmupSchedule(ITERATION, 1, null), "schedule must not be null"),
        bad(
            () -> new SequenceSchedule(ITERATION, List.of(), List.of()),
            "schedules must be a list of at least one schedule, none of them null, but was []"),
        bad(
            () -> new SequenceSchedule(ITERATION, List.of(cosine), List.of(1)),
            "boundaries must be of length 0 (one fewer than schedules), ascending and > 0,"
                + " but was [1]"),
        bad(
            () -> new SequenceSchedule(ITERATION, List.of(cosine, cosine, cosine), List.of(5, 5)),
            "boundaries must be of length 2 (one fewer than schedules), ascending and > 0,"
                + " but was [5, 5]"),
        bad(
            () -> new SequenceSchedule(ITERATION, Arrays.asList(cosine, cosine), Arrays.asList(0)),
            "boundaries must be of length 1 (one fewer than schedules), ascending and > 0,"
                + " but was [0]"));
  }

  private static ISchedule points(List<Integer> steps, List<Double> values) {
    return new PiecewiseInterpolationSchedule(ITERATION, steps, values);
  }

  private static String steps(String value) {
    return "steps must be a list of at least one step, ascending and >= 0, but was " + value;
  }

  private static String values(String value) {
    return "values must be of length 2 (like steps), finite and >= 0, but was " + value;
  }

  private static Arguments bad(ThrowingCallable creation, String message) {
    return Arguments.of(creation, message);
  }
}
