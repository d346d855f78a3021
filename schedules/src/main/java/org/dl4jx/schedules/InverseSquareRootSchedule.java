package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.positive;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Rises linearly, then falls with the root of the steps: the schedule of the first transformers. It
 * has no end to be known beforehand.
 *
 * <p>With {@code t} the iteration or epoch (counted from 0) and {@code w = warmupSteps}:
 *
 * <pre>
 * t &lt; w:   peak · t / w
 * t &gt;= w:  peak · √(w / t)
 * </pre>
 *
 * <p>The very first step has the rate 0; by {@code EPOCH}, that is the whole first epoch.
 *
 * <p>Vaswani et al., <a href="https://arxiv.org/abs/1706.03762">Attention Is All You Need</a>
 * (2017), equation 3, where the peak is {@code 1 / √(d w)} for a model of width d.
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}
 * @param peak greatest value, at step {@code warmupSteps}; finite and greater than 0
 * @param warmupSteps number of steps of the rise; at least 1
 */
public record InverseSquareRootSchedule(
    @Given ScheduleType type, @Given double peak, @Given int warmupSteps) implements TypedSchedule {

  /**
   * Checks the arguments.
   *
   * @throws IllegalArgumentException if one is outside its range
   */
  public InverseSquareRootSchedule {
    given("type", type);
    positive("peak", peak);
    check(warmupSteps >= 1, "warmupSteps", warmupSteps, "a number >= 1");
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    int step = Step.of(type, iteration, epoch);
    return step < warmupSteps
        ? Step.line(0, peak, (double) step / warmupSteps)
        : peak * Math.sqrt((double) warmupSteps / step);
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
