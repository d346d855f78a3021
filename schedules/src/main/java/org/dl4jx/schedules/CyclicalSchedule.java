package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.positive;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Rises and falls in straight lines between a base and a maximum, over and over. Use it to find
 * good learning rates or to escape poor minima.
 *
 * <p>With {@code t} the iteration or epoch, counted from 0, {@code n = stepsUp + stepsDown}, and
 * {@code k = ⌊t / n⌋} the cycle. The height {@code s} is 0 at the start of a cycle, 1 after {@code
 * stepsUp} steps, and linear in between:
 *
 * <pre>
 * TRIANGULAR:         base + (maxValue - base) · s
 * TRIANGULAR2:        base + (maxValue - base) · s / 2ᵏ
 * EXPONENTIAL_RANGE:  base + (maxValue - base) · s · gammaᵗ
 * </pre>
 *
 * <pre>{@code
 * ISchedule schedule = new CyclicalSchedule(ScheduleType.ITERATION, 0.01, 0.11, 10);
 * schedule.valueAt(0, 0);  // 0.01
 * schedule.valueAt(5, 0);  // 0.06
 * schedule.valueAt(10, 0); // 0.11
 * schedule.valueAt(20, 0); // 0.01
 * }</pre>
 *
 * <p>Equal to PyTorch's {@code CyclicLR}. Smith, <a
 * href="https://arxiv.org/abs/1506.01186">Cyclical Learning Rates for Training Neural Networks</a>
 * (2017).
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}
 * @param mode how the height changes from cycle to cycle; default {@link Mode#TRIANGULAR}
 * @param base least value; {@code 0 <= base <= maxValue}
 * @param maxValue greatest value; finite and greater than 0
 * @param stepsUp number of steps in a rise; at least 1
 * @param stepsDown number of steps in a fall; at least 1, default {@code stepsUp}
 * @param gamma factor by which each step shrinks the height in mode {@code EXPONENTIAL_RANGE},
 *     unused in the other modes; {@code 0 < gamma <= 1}, default 1
 */
public record CyclicalSchedule(
    @Given ScheduleType type,
    @Given Mode mode,
    @Given double base,
    @Given double maxValue,
    @Given int stepsUp,
    @Given int stepsDown,
    @Given double gamma)
    implements TypedSchedule {

  /** How the height of the cycles changes. */
  public enum Mode {
    /** All cycles have the same height. */
    TRIANGULAR,
    /** Every cycle is half as high as the one before. */
    TRIANGULAR2,
    /** Every step shrinks the height by a factor. */
    EXPONENTIAL_RANGE
  }

  /**
   * Creates the schedule.
   *
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public CyclicalSchedule {
    given("type", type);
    given("mode", mode);
    positive("maxValue", maxValue);
    check(base >= 0 && base <= maxValue, "base", base, "in [0, maxValue = " + maxValue + "]");
    check(stepsUp >= 1, "stepsUp", stepsUp, "a number >= 1");
    check(stepsDown >= 1, "stepsDown", stepsDown, "a number >= 1");
    check(gamma > 0 && gamma <= 1, "gamma", gamma, "in (0, 1]");
  }

  /**
   * Cycles of the same height that rise for as long as they fall.
   *
   * @param type whether a step is an iteration or an epoch
   * @param base least value; {@code 0 <= base <= maxValue}
   * @param maxValue greatest value; finite and greater than 0
   * @param stepsUp number of steps in a rise, and in a fall; at least 1
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public CyclicalSchedule(ScheduleType type, double base, double maxValue, int stepsUp) {
    this(type, Mode.TRIANGULAR, base, maxValue, stepsUp, stepsUp, 1);
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    int step = Step.of(type, iteration, epoch);
    long period = (long) stepsUp + stepsDown;
    long within = step % period;
    double height =
        within <= stepsUp ? (double) within / stepsUp : (double) (period - within) / stepsDown;
    double scale =
        switch (mode) {
          case TRIANGULAR -> 1;
          case TRIANGULAR2 -> Math.pow(2, -(double) (step / period));
          case EXPONENTIAL_RANGE -> Math.pow(gamma, step);
        };
    return base + (maxValue - base) * height * scale;
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
