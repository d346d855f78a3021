package org.dl4jx.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.nd4j.linalg.schedule.ScheduleType.ITERATION;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.dl4jx.schedules.PiecewiseInterpolationSchedule.Interpolation;
import org.dl4jx.schedules.WarmupStableDecaySchedule.Cooldown;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Schedules beside the formulas of Keras, Optax, Transformers and pytorch_warmup, which are written
 * here as those libraries write them. The rates are at most 1, so a few roundings are below 1e-14.
 */
class OtherLibrariesTest {

  @Property
  void polynomialDecayEqualsThatOfKeras(
      @ForAll @DoubleRange(max = 1) double end,
      @ForAll @IntRange(min = 1, max = 50) int decaySteps,
      @ForAll @DoubleRange(min = 0.25, max = 3) double power,
      @ForAll boolean cycle,
      @ForAll @IntRange(max = 300) int step) {
    ISchedule schedule = new PolynomialDecaySchedule(ITERATION, 1, decaySteps, power, end, cycle);

    double expected = kerasPolynomialDecay(1, decaySteps, end, power, cycle, step);

    // A root of the rounding of 1 - p near 0: 1e-16 to the power of 1/4 is 1e-4.
    assertThat(schedule.valueAt(step, 0)).isCloseTo(expected, within(power < 1 ? 2e-4 : 1e-14));
  }

  /** {@code keras.optimizers.schedules.PolynomialDecay}. */
  private static double kerasPolynomialDecay(
      double initial, double decaySteps, double end, double power, boolean cycle, double step) {
    if (cycle) {
      decaySteps *= step == 0 ? 1 : Math.ceil(step / decaySteps);
    } else {
      step = Math.min(step, decaySteps);
    }
    double p = step / decaySteps;
    return (initial - end) * Math.pow(1 - p, power) + end;
  }

  @Property
  void piecewiseInterpolationEqualsThatOfOptax(
      @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 40) Integer> lengths,
      @ForAll @Size(5) List<@DoubleRange(max = 1) Double> scales,
      @ForAll Interpolation interpolation,
      @ForAll @IntRange(max = 250) int count) {
    List<Integer> boundaries = new ArrayList<>(List.of(0));
    List<Double> values = new ArrayList<>(List.of(1.0));
    for (int i = 0; i < lengths.size(); i++) {
      boundaries.add(boundaries.get(i) + lengths.get(i));
      values.add(values.get(i) * scales.get(i));
    }
    ISchedule schedule =
        new PiecewiseInterpolationSchedule(ITERATION, boundaries, values, interpolation);

    double expected =
        optaxPiecewiseInterpolation(
            interpolation == Interpolation.COSINE,
            boundaries,
            scales.subList(0, lengths.size()),
            count);

    assertThat(schedule.valueAt(count, 0)).isCloseTo(expected, within(1e-14));
  }

  /** {@code optax.piecewise_interpolate_schedule} with {@code init_value} 1. */
  private static double optaxPiecewiseInterpolation(
      boolean cosine, List<Integer> bounds, List<Double> scales, int count) {
    double[] values = new double[bounds.size()];
    values[0] = 1;
    for (int i = 1; i < values.length; i++) {
      values[i] = values[i - 1] * scales.get(i - 1);
    }
    double sum = 0;
    for (int i = 0; i + 1 < values.length; i++) {
      boolean within = bounds.get(i) <= count && count < bounds.get(i + 1);
      double pct = (count - bounds.get(i)) / (double) (bounds.get(i + 1) - bounds.get(i));
      double start = values[i];
      double end = values[i + 1];
      double value =
          cosine
              ? end + (start - end) / 2.0 * (Math.cos(Math.PI * pct) + 1)
              : (end - start) * pct + start;
      sum += within ? value : 0;
    }
    return sum + (bounds.get(bounds.size() - 1) <= count ? values[values.length - 1] : 0);
  }

  @Property
  void warmupStableDecayEqualsThatOfTransformers(
      @ForAll @DoubleRange(max = 1) double minRatio,
      @ForAll @IntRange(max = 30) int warmup,
      @ForAll @IntRange(max = 30) int stable,
      @ForAll @IntRange(min = 1, max = 30) int decay,
      @ForAll @IntRange(max = 120) int step) {
    for (Cooldown cooldown :
        List.of(Cooldown.LINEAR, Cooldown.COSINE, Cooldown.ONE_MINUS_SQUARE_ROOT)) {
      ISchedule schedule =
          new WarmupStableDecaySchedule(
              ITERATION, 1, warmup, decay, warmup + stable + decay, minRatio, cooldown);

      double expected = transformersWsd(step, stable, decay, cooldown, minRatio);

      assertThat(schedule.valueAt(warmup + step, 0)).isCloseTo(expected, within(1e-14));
    }
  }

  /**
   * {@code transformers.get_wsd_schedule} after its warm-up, which starts at {@code min_lr_ratio}
   * instead of 0.
   */
  private static double transformersWsd(
      int step, int stable, int decay, Cooldown type, double minRatio) {
    if (step < stable) {
      return 1;
    }
    if (step >= stable + decay) {
      return minRatio;
    }
    double progress = (double) (step - stable) / Math.max(1, decay);
    double factor =
        switch (type) {
          case LINEAR -> 1 - progress;
          case COSINE -> 0.5 * (1 + Math.cos(Math.PI * 0.5 * 2.0 * progress));
          case ONE_MINUS_SQUARE_ROOT -> 1 - Math.sqrt(progress);
          case SQUARE -> throw new AssertionError("Transformers has none");
        };
    return Math.max(0, factor * (1 - minRatio) + minRatio);
  }

  /** Before a constant rate; the package rounds the period down, so 2 / (1 - 0.999) is 1999. */
  @Property
  void untunedWarmupsEqualThoseOfPytorchWarmup(
      @ForAll @IntRange(min = 1, max = 60) int period, @ForAll @IntRange(max = 300) int step) {
    double beta2 = 1 - 1.0 / period;
    ISchedule constant = new FixedSchedule(1);

    assertThat(WarmupSchedule.untuned(ITERATION, beta2, constant).valueAt(step, 0))
        .isCloseTo(Math.min(1.0, (step + 1) / (2.0 * period)), within(1e-14));
    assertThat(WarmupSchedule.untunedExponential(ITERATION, beta2, constant).valueAt(step, 0))
        .isCloseTo(1.0 - Math.exp(-(step + 1) / (double) period), within(1e-14));
  }
}
