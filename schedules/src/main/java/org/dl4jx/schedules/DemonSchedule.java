package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.rate;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * DEMON: a momentum that decays to 0. The total weight of a gradient in all later updates falls in
 * proportion to the time that is left.
 *
 * <p>With {@code t} the iteration or epoch, counted from 0, and {@code T = totalSteps}:
 *
 * <pre>
 * t &lt; T:   initial · (1 - t/T) / ((1 - initial) + initial · (1 - t/T))
 * t &gt;= T:  0
 * </pre>
 *
 * <pre>{@code
 * ISchedule momentum = new DemonSchedule(ScheduleType.ITERATION, 0.9, 1000);
 * momentum.valueAt(0, 0);    // 0.9
 * momentum.valueAt(500, 0);  // 0.8182
 * momentum.valueAt(1000, 0); // 0.0
 *
 * new Nesterovs(0.1, momentum);
 * }</pre>
 *
 * <p>Chen, Wolfe, Li and Kyrillidis, <a href="https://arxiv.org/abs/1910.04952">Demon: Improved
 * Neural Network Training with Momentum Decay</a> (2019), equation 1.
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}
 * @param initial momentum at step 0; {@code 0 <= initial < 1}
 * @param totalSteps step at which the momentum reaches 0; at least 1
 */
public record DemonSchedule(@Given ScheduleType type, @Given double initial, @Given int totalSteps)
    implements TypedSchedule {

  /**
   * Creates the schedule.
   *
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public DemonSchedule {
    given("type", type);
    rate("initial", initial);
    check(totalSteps >= 1, "totalSteps", totalSteps, "a number >= 1");
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    int left = Math.max(0, totalSteps - Step.of(type, iteration, epoch));
    return initial * Step.bent(initial, (double) left / totalSteps);
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
