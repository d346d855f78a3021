package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;

import java.util.List;
import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Passes through given points, along lines or cosines. Use it for a curve that no other schedule
 * has.
 *
 * <p>With {@code t} the iteration or epoch, counted from 0, {@code steps[i] <= t < steps[i + 1]},
 * {@code p = (t - steps[i]) / (steps[i + 1] - steps[i])}, {@code a = values[i]} and {@code b =
 * values[i + 1]}:
 *
 * <pre>
 * LINEAR:  a + (b - a) · p
 * COSINE:  b + (a - b) · (1 + cos(π p)) / 2
 * </pre>
 *
 * <p>Before the first step it keeps the first value, and from the last step on the last one.
 *
 * <pre>{@code
 * ISchedule schedule =
 *     new PiecewiseInterpolationSchedule(
 *         ScheduleType.ITERATION, List.of(0, 10, 50), List.of(0.02, 0.1, 0.0));
 * schedule.valueAt(0, 0);  // 0.02
 * schedule.valueAt(5, 0);  // 0.06
 * schedule.valueAt(10, 0); // 0.1
 * schedule.valueAt(30, 0); // 0.05
 * schedule.valueAt(99, 0); // 0.0
 * }</pre>
 *
 * <p>Optax's {@code piecewise_interpolate_schedule} draws the same curves, but takes factors
 * instead of values: each value is the one before times its factor. With two points, {@code LINEAR}
 * is PyTorch's {@code LinearLR}, which takes factors of the optimizer's learning rate.
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}
 * @param steps the steps of the points; at least one, ascending, and at least 0
 * @param values the values at these steps; as many, finite, and at least 0
 * @param interpolation the curve between two points; default {@link Interpolation#LINEAR}
 */
public record PiecewiseInterpolationSchedule(
    @Given ScheduleType type,
    @Given List<Integer> steps,
    @Given List<Double> values,
    @Given Interpolation interpolation)
    implements TypedSchedule {

  /** The curve between two points. */
  public enum Interpolation {
    /** A straight line. */
    LINEAR {
      @Override
      double between(double start, double end, double share) {
        return Step.line(start, end, share);
      }
    },
    /** Half a cosine. */
    COSINE {
      @Override
      double between(double start, double end, double share) {
        return Step.cosine(start, end, share);
      }
    };

    abstract double between(double start, double end, double share);
  }

  /**
   * Creates the schedule.
   *
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public PiecewiseInterpolationSchedule {
    given("type", type);
    check(
        steps != null && !steps.isEmpty() && Step.ascend(steps, 0),
        "steps",
        steps,
        "a list of at least one step, ascending and >= 0");
    check(
        values != null && values.size() == steps.size() && areValid(values),
        "values",
        values,
        "of length " + steps.size() + " (like steps), finite and >= 0");
    given("interpolation", interpolation);
    steps = List.copyOf(steps);
    values = List.copyOf(values);
  }

  /**
   * Straight lines between the points.
   *
   * @param type whether a step is an iteration or an epoch
   * @param steps the steps of the points; at least one, ascending, and at least 0
   * @param values the values at these steps; as many, finite, and at least 0
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public PiecewiseInterpolationSchedule(
      ScheduleType type, List<Integer> steps, List<Double> values) {
    this(type, steps, values, Interpolation.LINEAR);
  }

  private static boolean areValid(List<Double> values) {
    return values.stream().allMatch(v -> v != null && v >= 0 && v < Double.POSITIVE_INFINITY);
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    int step = Step.of(type, iteration, epoch);
    int next = 0;
    while (next < steps.size() && step > steps.get(next)) {
      next++;
    }
    if (next == steps.size()) {
      return values.get(next - 1);
    }
    if (next == 0 || step == steps.get(next)) {
      return values.get(next);
    }
    int start = steps.get(next - 1);
    double share = (double) (step - start) / (steps.get(next) - start);
    return interpolation.between(values.get(next - 1), values.get(next), share);
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
