package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.positive;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Rises, stays level, and falls at the end, all in straight lines. To train longer, just make the
 * middle longer.
 *
 * <p>With {@code t} the iteration or epoch, counted from 0, {@code w = warmupSteps}, {@code d =
 * decaySteps} and {@code T = totalSteps}:
 *
 * <pre>
 * t &lt; w:             peak · t / w
 * w &lt;= t &lt;= T - d:  peak
 * T - d &lt; t &lt; T:    floor + (peak - floor) · (T - t) / d
 * t &gt;= T:            floor
 * </pre>
 *
 * <p>With a warm-up, the very first step has the learning rate 0. By {@code EPOCH}, that is the
 * whole first epoch.
 *
 * <pre>{@code
 * ISchedule schedule =
 *     new WarmupStableDecaySchedule(ScheduleType.ITERATION, 1e-3, 100, 200, 1000, 0);
 * schedule.valueAt(50, 0);   // 5.0E-4
 * schedule.valueAt(500, 0);  // 0.001
 * schedule.valueAt(900, 0);  // 5.0E-4
 * schedule.valueAt(1000, 0); // 0.0
 * }</pre>
 *
 * <p>Hu et al., <a href="https://arxiv.org/abs/2404.06395">MiniCPM</a> (2024), section 4, with a
 * linear decay.
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}
 * @param peak greatest value; finite and greater than 0
 * @param warmupSteps number of steps in the rise; at least 0 (no rise)
 * @param decaySteps number of steps in the fall; at least 1
 * @param totalSteps step at which the floor is reached; at least {@code warmupSteps + decaySteps}
 * @param floor last value; {@code 0 <= floor <= peak}
 */
public record WarmupStableDecaySchedule(
    @Given ScheduleType type,
    @Given double peak,
    @Given int warmupSteps,
    @Given int decaySteps,
    @Given int totalSteps,
    @Given double floor)
    implements TypedSchedule {

  /**
   * Creates the schedule.
   *
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public WarmupStableDecaySchedule {
    given("type", type);
    positive("peak", peak);
    check(warmupSteps >= 0, "warmupSteps", warmupSteps, "a number >= 0");
    check(decaySteps >= 1, "decaySteps", decaySteps, "a number >= 1");
    long least = (long) warmupSteps + decaySteps;
    check(
        totalSteps >= least,
        "totalSteps",
        totalSteps,
        "a number >= warmupSteps + decaySteps = " + least);
    check(floor >= 0 && floor <= peak, "floor", floor, "in [0, peak = " + peak + "]");
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    int step = Step.of(type, iteration, epoch);
    if (step < warmupSteps) {
      return Step.line(0, peak, (double) step / warmupSteps);
    }
    int left = Math.max(0, totalSteps - step);
    return Step.line(floor, peak, (double) Math.min(left, decaySteps) / decaySteps);
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
