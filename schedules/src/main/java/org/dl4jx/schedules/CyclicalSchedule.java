package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.positive;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Rises and falls in straight lines between a base and a maximum, again and again, for finding good
 * learning rates or for leaving poor minima.
 *
 * <p>With {@code t} the iteration or epoch (counted from 0), {@code n = stepsUp + stepsDown},
 * {@code k = ⌊t / n⌋} the cycle and {@code s} the height, which is 0 where a cycle starts, 1 after
 * {@code stepsUp} steps, and linear between:
 *
 * <pre>
 * TRIANGULAR:         base + (maxValue - base) · s
 * TRIANGULAR2:        base + (maxValue - base) · s / 2ᵏ
 * EXPONENTIAL_RANGE:  base + (maxValue - base) · s · gammaᵗ
 * </pre>
 *
 * <p>Equal to PyTorch's {@code CyclicLR}. Smith, <a
 * href="https://arxiv.org/abs/1506.01186">Cyclical Learning Rates for Training Neural Networks</a>
 * (2017).
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}
 * @param mode how the height of the cycles changes
 * @param base least value; {@code 0 <= base <= maxValue}
 * @param maxValue greatest value; finite and greater than 0
 * @param stepsUp number of steps of a rise; at least 1
 * @param stepsDown number of steps of a fall; at least 1
 * @param gamma by what the height shrinks with every step in mode {@code EXPONENTIAL_RANGE}; {@code
 *     0 < gamma <= 1}, and not used in the others
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
    /** All cycles are of one height. */
    TRIANGULAR,
    /** Every cycle is half as high as the one before. */
    TRIANGULAR2,
    /** The height shrinks by a factor with every step. */
    EXPONENTIAL_RANGE
  }

  /**
   * Checks the arguments.
   *
   * @throws IllegalArgumentException if one is outside its range
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
   * Cycles of one height, that rise as long as they fall.
   *
   * @param type whether a step is an iteration or an epoch
   * @param base least value; {@code 0 <= base <= maxValue}
   * @param maxValue greatest value; finite and greater than 0
   * @param stepsUp number of steps of a rise, and of a fall; at least 1
   * @throws IllegalArgumentException if an argument is outside its range
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
