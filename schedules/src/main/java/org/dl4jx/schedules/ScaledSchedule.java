package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.notNegative;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Multiplies another schedule by a factor, for example for layers that should learn more slowly.
 *
 * <pre>
 * factor · schedule(iteration, epoch)
 * </pre>
 *
 * <pre>{@code
 * ISchedule schedule = new CosineSchedule(ScheduleType.ITERATION, 0.1, 10, 0);
 * new ScaledSchedule(0.1, schedule).valueAt(5, 0); // 0.005
 * }</pre>
 *
 * <p>It counts what the other schedule counts.
 *
 * @param factor finite and at least 0
 * @param schedule any schedule
 */
public record ScaledSchedule(@Given double factor, @Given ISchedule schedule) implements ISchedule {

  /**
   * Creates the schedule.
   *
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public ScaledSchedule {
    notNegative("factor", factor);
    given("schedule", schedule);
  }

  /**
   * Multiplies a schedule that may be scaled already.
   *
   * @param factor finite and at least 0
   * @param schedule any schedule
   * @return one scaled schedule; if the other was one, its factor is multiplied
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public static ScaledSchedule times(double factor, ISchedule schedule) {
    return schedule instanceof ScaledSchedule scaled
        ? new ScaledSchedule(notNegative("factor", factor) * scaled.factor, scaled.schedule)
        : new ScaledSchedule(factor, schedule);
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
