package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.rate;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * The momentum for a {@link OneCycleSchedule}, which makes it by {@link OneCycleSchedule#momentum
 * momentum(base, max)}. It falls from {@code max} to {@code base} while the learning rate rises,
 * and rises back while the learning rate falls. With three phases, it stays at {@code max} in the
 * last one.
 *
 * <pre>{@code
 * OneCycleSchedule rate = new OneCycleSchedule(ScheduleType.ITERATION, 0.1, 100);
 * ISchedule momentum = rate.momentum(0.85, 0.95);
 * momentum.valueAt(0, 0);  // 0.95
 * momentum.valueAt(29, 0); // 0.85, where the learning rate is greatest
 * momentum.valueAt(99, 0); // 0.95
 * }</pre>
 *
 * <p>Equal to the momentum of PyTorch's {@code OneCycleLR}. Smith and Topin, <a
 * href="https://arxiv.org/abs/1708.07120">Super-Convergence</a> (2018).
 *
 * @param cycle the schedule of the learning rate
 * @param base least momentum; {@code 0 <= base <= max}
 * @param max greatest momentum; {@code base <= max < 1}
 */
public record OneCycleMomentumSchedule(
    @Given OneCycleSchedule cycle, @Given double base, @Given double max) implements TypedSchedule {

  /**
   * Creates the schedule.
   *
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
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
