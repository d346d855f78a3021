package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.notNegative;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Another schedule times a factor, as for layers that are to learn more slowly.
 *
 * <pre>
 * factor · schedule(iteration, epoch)
 * </pre>
 *
 * @param factor finite and at least 0
 * @param schedule any schedule
 */
public record ScaledSchedule(@Given double factor, @Given ISchedule schedule) implements ISchedule {

  /**
   * Checks the arguments.
   *
   * @throws IllegalArgumentException if one is outside its range
   */
  public ScaledSchedule {
    notNegative("factor", factor);
    given("schedule", schedule);
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    Step.checkCounts(iteration, epoch);
    return factor * schedule.valueAt(iteration, epoch);
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
