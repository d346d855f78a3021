package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.notNegative;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * A warm-up before any other schedule, which then runs from its own zero.
 *
 * <p>With {@code t} the iteration or epoch, counted from 0, {@code w = warmupSteps} and {@code
 * first} the first value of the other schedule:
 *
 * <pre>
 * t &lt; w, LINEAR:    initial + (first - initial) · t / w
 * t &lt; w, CONSTANT:  initial
 * t &gt;= w:           schedule(t - w)
 * </pre>
 *
 * <p>With {@code initial} 0, the very first step has the learning rate 0. By {@code EPOCH}, that is
 * the whole first epoch.
 *
 * <pre>{@code
 * ISchedule halving = new StepSchedule(ScheduleType.ITERATION, 0.1, 0.5, 100);
 * ISchedule schedule = new WarmupSchedule(ScheduleType.ITERATION, 10, halving);
 * schedule.valueAt(5, 0);   // 0.05
 * schedule.valueAt(10, 0);  // 0.1
 * schedule.valueAt(110, 0); // 0.05
 * }</pre>
 *
 * <p>A linear warm-up from 0 before a {@link CosineSchedule} is a {@link WarmupCosineSchedule}.
 * Unlike Deeplearning4j's {@code RampSchedule}, it can be restored with a saved model. Goyal et
 * al., <a href="https://arxiv.org/abs/1706.02677">Accurate, Large Minibatch SGD</a> (2017), section
 * 2.2, describe both modes; Optax joins a warm-up in the same way by {@code join_schedules}.
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}, for the other
 *     schedule too
 * @param mode how the value gets to the first one of the other schedule; default {@link
 *     Mode#LINEAR}
 * @param initial first value; finite and at least 0, default 0
 * @param warmupSteps number of steps in the warm-up; at least 0 (none)
 * @param schedule the schedule that follows; of the same type, or of none
 */
public record WarmupSchedule(
    @Given ScheduleType type,
    @Given Mode mode,
    @Given double initial,
    @Given int warmupSteps,
    @Given ISchedule schedule)
    implements TypedSchedule {

  /** How a warm-up gets to the value that follows. */
  public enum Mode {
    /** In a straight line. */
    LINEAR,
    /** By staying at the first value until the warm-up ends. */
    CONSTANT
  }

  /**
   * Creates the schedule.
   *
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public WarmupSchedule {
    given("type", type);
    given("mode", mode);
    notNegative("initial", initial);
    check(warmupSteps >= 0, "warmupSteps", warmupSteps, "a number >= 0");
    given("schedule", schedule);
    Types.checkSame(WarmupSchedule.class, type, "schedule", schedule);
  }

  /**
   * A linear warm-up from 0.
   *
   * @param type whether a step is an iteration or an epoch, for the other schedule too
   * @param warmupSteps number of steps in the warm-up; at least 0 (none)
   * @param schedule the schedule that follows; of the same type, or of none
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public WarmupSchedule(ScheduleType type, int warmupSteps, ISchedule schedule) {
    this(type, Mode.LINEAR, 0, warmupSteps, schedule);
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    int step = Step.of(type, iteration, epoch);
    if (step >= warmupSteps) {
      return Step.shifted(schedule, type, iteration, epoch, warmupSteps);
    }
    return mode == Mode.CONSTANT
        ? initial
        : Step.line(initial, schedule.valueAt(0, 0), (double) step / warmupSteps);
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
