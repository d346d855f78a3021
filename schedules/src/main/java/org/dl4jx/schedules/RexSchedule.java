package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.positive;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * REX, a reflected exponential: falls slowly at first and ever faster towards the end. Its authors
 * find it better than a line or a cosine, in short runs as well as in long ones.
 *
 * <p>With {@code t} the iteration or epoch, counted from 0, and {@code T = totalSteps}:
 *
 * <pre>
 * t &lt; T:   floor + (peak - floor) · (1 - t/T) / (1/2 + 1/2 · (1 - t/T))
 * t &gt;= T:  floor
 * </pre>
 *
 * <pre>{@code
 * ISchedule schedule = new RexSchedule(ScheduleType.ITERATION, 0.1, 100, 0);
 * schedule.valueAt(0, 0);   // 0.1
 * schedule.valueAt(50, 0);  // 0.06667
 * schedule.valueAt(100, 0); // 0.0
 * }</pre>
 *
 * <p>Chen, Wolfe and Kyrillidis, <a href="https://arxiv.org/abs/2107.04197">REX: Revisiting
 * Budgeted Training with an Improved Schedule</a> (2022), where the floor is 0. {@link
 * DemonSchedule} has the same curve for a momentum.
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}
 * @param peak value at step 0; finite and greater than 0
 * @param totalSteps step at which the floor is reached; at least 1
 * @param floor last value; {@code 0 <= floor <= peak}
 */
public record RexSchedule(
    @Given ScheduleType type, @Given double peak, @Given int totalSteps, @Given double floor)
    implements TypedSchedule {

  /**
   * Creates the schedule.
   *
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public RexSchedule {
    given("type", type);
    positive("peak", peak);
    check(totalSteps >= 1, "totalSteps", totalSteps, "a number >= 1");
    check(floor >= 0 && floor <= peak, "floor", floor, "in [0, peak = " + peak + "]");
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    int left = Math.max(0, totalSteps - Step.of(type, iteration, epoch));
    return Step.line(floor, peak, Step.bent(0.5, (double) left / totalSteps));
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
