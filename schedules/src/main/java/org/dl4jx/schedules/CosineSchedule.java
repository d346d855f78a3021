package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.positive;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Falls from a peak to a floor along half a cosine.
 *
 * <p>With {@code t} the iteration or epoch, counted from 0, and {@code T = totalSteps}:
 *
 * <pre>
 * t &lt; T:   floor + (peak - floor) · (1 + cos(π t / T)) / 2
 * t &gt;= T:  floor
 * </pre>
 *
 * <pre>{@code
 * ISchedule schedule = new CosineSchedule(ScheduleType.ITERATION, 0.1, 10, 0);
 * schedule.valueAt(0, 0);  // 0.1
 * schedule.valueAt(5, 0);  // 0.05
 * schedule.valueAt(10, 0); // 0.0
 * }</pre>
 *
 * <p>Loshchilov and Hutter, <a href="https://arxiv.org/abs/1608.03983">SGDR: Stochastic Gradient
 * Descent with Warm Restarts</a> (2017), equation 5, with one period. Equal to Optax's {@code
 * cosine_decay_schedule}, and to PyTorch's {@code CosineAnnealingLR} up to its end.
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}
 * @param peak value at step 0; finite and greater than 0
 * @param totalSteps step at which the floor is reached; at least 1
 * @param floor last value; {@code 0 <= floor <= peak}
 */
public record CosineSchedule(
    @Given ScheduleType type, @Given double peak, @Given int totalSteps, @Given double floor)
    implements TypedSchedule {

  /**
   * Creates the schedule.
   *
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public CosineSchedule {
    given("type", type);
    positive("peak", peak);
    check(totalSteps >= 1, "totalSteps", totalSteps, "a number >= 1");
    check(floor >= 0 && floor <= peak, "floor", floor, "in [0, peak = " + peak + "]");
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    int step = Step.of(type, iteration, epoch);
    return Step.cosine(peak, floor, (double) Math.min(step, totalSteps) / totalSteps);
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
