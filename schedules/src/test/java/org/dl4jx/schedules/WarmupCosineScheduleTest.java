package org.dl4jx.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.nd4j.linalg.schedule.ScheduleType.EPOCH;
import static org.nd4j.linalg.schedule.ScheduleType.ITERATION;

import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.schedule.ScheduleType;

class WarmupCosineScheduleTest {

  @Property
  void equalsOptaxFormula(
      @ForAll @DoubleRange(min = 1e-6, max = 10) @Scale(6) double peak,
      @ForAll @DoubleRange(min = 0, max = 1) double initialShare,
      @ForAll @DoubleRange(min = 0, max = 1) double floorShare,
      @ForAll @IntRange(max = 1_000) int warmup,
      @ForAll @IntRange(min = 1, max = 10_000) int decay,
      @ForAll @IntRange(max = 20_000) int step) {
    var schedule =
        new WarmupCosineSchedule(
            ITERATION, initialShare * peak, peak, warmup, warmup + decay, floorShare * peak);

    double expected =
        optax(initialShare * peak, peak, warmup, warmup + decay, floorShare * peak, step);

    assertThat(schedule.valueAt(step, 0)).isCloseTo(expected, within(1e-12));
  }

  /**
   * {@code optax.warmup_cosine_decay_schedule}, written as Optax composes it: {@code
   * join_schedules([linear_schedule, cosine_decay_schedule], [warmup_steps])}.
   */
  private static double optax(
      double initValue, double peakValue, int warmupSteps, int decaySteps, double endValue, int t) {
    if (t < warmupSteps) {
      double count = Math.min(Math.max(t, 0), warmupSteps);
      double fraction = 1 - count / warmupSteps;
      return (initValue - peakValue) * fraction + peakValue;
    }
    double alpha = endValue / peakValue;
    double steps = decaySteps - warmupSteps;
    double count = Math.min(t - warmupSteps, steps);
    double cosineDecay = 0.5 * (1 + Math.cos(Math.PI * count / steps));
    return peakValue * ((1 - alpha) * cosineDecay + alpha);
  }

  @Test
  void passesThroughItsDocumentedValues() {
    var schedule = new WarmupCosineSchedule(ITERATION, 0.1, 1.0, 10, 110, 0.2);

    assertThat(schedule.valueAt(0, 0)).isEqualTo(0.1);
    assertThat(schedule.valueAt(5, 0)).isCloseTo(0.55, within(1e-15));
    assertThat(schedule.valueAt(10, 0)).isEqualTo(1.0);
    assertThat(schedule.valueAt(60, 0)).isCloseTo(0.6, within(1e-15));
    assertThat(schedule.valueAt(110, 0)).isEqualTo(0.2);
    assertThat(schedule.valueAt(Integer.MAX_VALUE, 0)).isEqualTo(0.2);
  }

  @Test
  void countsEpochsWhenAskedTo() {
    var schedule = new WarmupCosineSchedule(EPOCH, 1.0, 2, 4);

    assertThat(schedule.valueAt(1_000, 0)).isZero();
    assertThat(schedule.valueAt(1_000, 1)).isEqualTo(0.5);
    assertThat(schedule.valueAt(0, 2)).isEqualTo(1.0);
  }

  @Test
  void startsAtThePeakWithoutWarmup() {
    assertThat(new WarmupCosineSchedule(ITERATION, 0.3, 0, 10).valueAt(0, 0)).isEqualTo(0.3);
  }

  @Test
  void isPreciseAtTheLengthOfTheLongestRuns() {
    var schedule = new WarmupCosineSchedule(ITERATION, 0, 1.0, 1_000_000_000, Integer.MAX_VALUE, 0);

    assertThat(schedule.valueAt(999_999_999, 0)).isEqualTo(0.999999999);
    assertThat(schedule.valueAt(Integer.MAX_VALUE - 1, 0)).isBetween(0.0, 1e-17);
  }

  @ParameterizedTest
  @MethodSource("badArguments")
  void namesTheBadArgumentItsValueAndTheRange(
      ScheduleType type,
      double initial,
      double peak,
      int warmupSteps,
      int totalSteps,
      double floor,
      String message) {
    assertThatThrownBy(
            () -> new WarmupCosineSchedule(type, initial, peak, warmupSteps, totalSteps, floor))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  static Stream<Arguments> badArguments() {
    double nan = Double.NaN;
    double inf = Double.POSITIVE_INFINITY;
    return Stream.of(
        Arguments.of(null, 0, 1, 1, 2, 0, "type must not be null"),
        Arguments.of(ITERATION, 0, 0, 1, 2, 0, "peak must be a finite number > 0, but was 0.0"),
        Arguments.of(ITERATION, 0, nan, 1, 2, 0, "peak must be a finite number > 0, but was NaN"),
        Arguments.of(
            ITERATION, 0, inf, 1, 2, 0, "peak must be a finite number > 0, but was Infinity"),
        Arguments.of(ITERATION, -1, 1, 1, 2, 0, "initial must be in [0, peak = 1.0], but was -1.0"),
        Arguments.of(ITERATION, nan, 1, 1, 2, 0, "initial must be in [0, peak = 1.0], but was NaN"),
        Arguments.of(ITERATION, 0, 1, 1, 2, 1.5, "floor must be in [0, peak = 1.0], but was 1.5"),
        Arguments.of(ITERATION, 0, 1, 1, 2, nan, "floor must be in [0, peak = 1.0], but was NaN"),
        Arguments.of(ITERATION, 0, 1, -1, 2, 0, "warmupSteps must be a number >= 0, but was -1"),
        Arguments.of(
            ITERATION, 0, 1, 5, 5, 0, "totalSteps must be a number > warmupSteps = 5, but was 5"));
  }

  @Test
  void isAValue() {
    var schedule = new WarmupCosineSchedule(ITERATION, 1e-3, 10, 100);

    assertThat(schedule)
        .isEqualTo(new WarmupCosineSchedule(ITERATION, 0, 1e-3, 10, 100, 0))
        .isNotEqualTo(new WarmupCosineSchedule(EPOCH, 1e-3, 10, 100))
        .hasToString(
            "WarmupCosineSchedule[type=ITERATION, initial=0.0, peak=0.001, warmupSteps=10,"
                + " totalSteps=100, floor=0.0]");
    assertThat(schedule.clone()).isSameAs(schedule);
  }
}
