package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.positive;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Rises linearly, then falls as one over the square root of the step: the schedule of the original
 * Transformer. It doesn't need to know how long training will last.
 *
 * <p>With {@code t} the iteration or epoch, counted from 0, and {@code w = warmupSteps}:
 *
 * <pre>
 * t &lt; w:   peak · t / w
 * t &gt;= w:  peak · √(w / t)
 * </pre>
 *
 * <p>The very first step has the learning rate 0. By {@code EPOCH}, that is the whole first epoch.
 *
 * <pre>{@code
 * ISchedule schedule = new InverseSquareRootSchedule(ScheduleType.ITERATION, 1e-3, 4000);
 * schedule.valueAt(2000, 0);  // 5.0E-4
 * schedule.valueAt(4000, 0);  // 0.001
 * schedule.valueAt(16000, 0); // 5.0E-4
 * }</pre>
 *
 * <p>Vaswani et al., <a href="https://arxiv.org/abs/1706.03762">Attention Is All You Need</a>
 * (2017), equation 3. The peak there is {@code 1 / √(d w)} for a model of width d.
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}
 * @param peak greatest value, at step {@code warmupSteps}; finite and greater than 0
 * @param warmupSteps number of steps in the rise; at least 1
 */
public record InverseSquareRootSchedule(
    @Given ScheduleType type, @Given double peak, @Given int warmupSteps) implements TypedSchedule {

  /**
   * Creates the schedule.
   *
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
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
