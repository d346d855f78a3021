package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.rate;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * The momentum beside a {@link OneCycleSchedule}: falls from {@code max} to {@code base} while the
 * learning rate rises, rises back as it falls, and with three phases stays there.
 *
 * <p>Equal to the momentum of PyTorch's {@code OneCycleLR}.
 *
 * @param cycle the schedule of the learning rate
 * @param base least momentum; {@code 0 <= base <= max}
 * @param max greatest momentum; {@code base <= max < 1}
 */
public record OneCycleMomentumSchedule(
    @Given OneCycleSchedule cycle, @Given double base, @Given double max) implements TypedSchedule {

  /**
   * Checks the arguments.
   *
   * @throws IllegalArgumentException if one is outside its range
   */
  public OneCycleMomentumSchedule {
    given("cycle", cycle);
    rate("max", max);
    check(base >= 0 && base <= max, "base", base, "in [0, max = " + max + "]");
  }

  @Override
  public ScheduleType type() {
    return cycle.type();
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    return cycle.valueAt(iteration, epoch, max, base, max);
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
