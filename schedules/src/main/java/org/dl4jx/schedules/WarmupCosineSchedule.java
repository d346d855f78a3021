package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.positive;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Rises linearly to a peak, then falls to a floor along half a cosine. It is the usual schedule for
 * Adam and its relatives.
 *
 * <p>With {@code t} the iteration or epoch, counted from 0, {@code w = warmupSteps} and {@code T =
 * totalSteps}:
 *
 * <pre>
 * t &lt; w:       initial + (peak - initial) · t / w
 * w &lt;= t &lt; T:  floor + (peak - floor) · (1 + cos(π (t - w) / (T - w))) / 2
 * t &gt;= T:      floor
 * </pre>
 *
 * <p>The peak is reached at {@code t = w}; {@code totalSteps} includes the warm-up. With {@code
 * initial} 0, the very first step has the learning rate 0. By {@code EPOCH}, that is the whole
 * first epoch.
 *
 * <p>For ten epochs of 469 iterations, where the first epoch warms up:
 *
 * <pre>{@code
 * ISchedule schedule = new WarmupCosineSchedule(ScheduleType.ITERATION, 1e-3, 469, 4690);
 * schedule.valueAt(0, 0);    // 0.0
 * schedule.valueAt(469, 1);  // 0.001
 * schedule.valueAt(2345, 5); // 5.868E-4
 * schedule.valueAt(4690, 10); // 0.0
 *
 * new AdamWDecoupled(schedule, 0.01);
 * }</pre>
 *
 * <p>Equal to Optax's {@code warmup_cosine_decay_schedule(initial, peak, warmupSteps, totalSteps,
 * floor)}. The cosine is that of Loshchilov and Hutter, <a
 * href="https://arxiv.org/abs/1608.03983">SGDR: Stochastic Gradient Descent with Warm Restarts</a>
 * (2017), equation 5, with one period.
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}
 * @param initial value at step 0; {@code 0 <= initial <= peak}, default 0
 * @param peak greatest value, at step {@code warmupSteps}; finite and greater than 0
 * @param warmupSteps number of steps in the rise; at least 0 (no rise)
 * @param totalSteps step at which the floor is reached; greater than {@code warmupSteps}
 * @param floor last value; {@code 0 <= floor <= peak}, default 0
 */
public record WarmupCosineSchedule(
    @Given ScheduleType type,
    @Given double initial,
    @Given double peak,
    @Given int warmupSteps,
    @Given int totalSteps,
    @Given double floor)
    implements TypedSchedule {

  /**
   * Creates the schedule.
   *
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public WarmupCosineSchedule {
    given("type", type);
    positive("peak", peak);
    check(initial >= 0 && initial <= peak, "initial", initial, "in [0, peak = " + peak + "]");
    check(floor >= 0 && floor <= peak, "floor", floor, "in [0, peak = " + peak + "]");
    check(warmupSteps >= 0, "warmupSteps", warmupSteps, "a number >= 0");
    check(
        totalSteps > warmupSteps,
        "totalSteps",
        totalSteps,
        "a number > warmupSteps = " + warmupSteps);
  }

  /**
   * A schedule that starts and ends at 0.
   *
   * @param type whether a step is an iteration or an epoch
   * @param peak greatest value; finite and greater than 0
   * @param warmupSteps number of steps in the rise; at least 0
   * @param totalSteps step at which 0 is reached; greater than {@code warmupSteps}
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public WarmupCosineSchedule(ScheduleType type, double peak, int warmupSteps, int totalSteps) {
    this(type, 0, peak, warmupSteps, totalSteps, 0);
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    int step = Step.of(type, iteration, epoch);
    if (step < warmupSteps) {
      return Step.line(initial, peak, (double) step / warmupSteps);
    }
    int decayed = Math.min(step, totalSteps) - warmupSteps;
    return Step.cosine(peak, floor, (double) decayed / (totalSteps - warmupSteps));
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
