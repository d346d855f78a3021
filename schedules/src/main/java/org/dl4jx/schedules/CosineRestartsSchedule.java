package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.positive;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * SGDR: falls along half a cosine, jumps back up, and falls again. Each period may be longer and
 * lower than the one before.
 *
 * <p>Period {@code i}, counted from 0, has {@code Tᵢ = period · multiplierⁱ} steps and starts at
 * {@code peakᵢ = max(floor, peak · decayⁱ)}. With {@code t} the step within the period:
 *
 * <pre>
 * floor + (peakᵢ - floor) · (1 + cos(π t / Tᵢ)) / 2
 * </pre>
 *
 * <pre>{@code
 * ISchedule schedule = new CosineRestartsSchedule(ScheduleType.ITERATION, 0.1, 10, 2, 0.5, 0);
 * schedule.valueAt(0, 0);  // 0.1
 * schedule.valueAt(5, 0);  // 0.05
 * schedule.valueAt(10, 0); // 0.05, where a period of 20 steps starts at half the peak
 * schedule.valueAt(20, 0); // 0.025
 * }</pre>
 *
 * <p>With {@code decay} 1, equal to PyTorch's {@code CosineAnnealingWarmRestarts}. Loshchilov and
 * Hutter, <a href="https://arxiv.org/abs/1608.03983">SGDR: Stochastic Gradient Descent with Warm
 * Restarts</a> (2017), equation 5.
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}
 * @param peak value at the start; finite and greater than 0
 * @param period number of steps in the first period; at least 1
 * @param multiplier how many times longer each period is than the one before; at least 1, default 1
 * @param decay factor by which each restart multiplies the peak; {@code 0 < decay <= 1}, default 1
 * @param floor least value; {@code 0 <= floor <= peak}, default 0
 */
public record CosineRestartsSchedule(
    @Given ScheduleType type,
    @Given double peak,
    @Given int period,
    @Given int multiplier,
    @Given double decay,
    @Given double floor)
    implements TypedSchedule {

  /**
   * Creates the schedule.
   *
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public CosineRestartsSchedule {
    given("type", type);
    positive("peak", peak);
    check(period >= 1, "period", period, "a number >= 1");
    check(multiplier >= 1, "multiplier", multiplier, "a number >= 1");
    check(decay > 0 && decay <= 1, "decay", decay, "in (0, 1]");
    check(floor >= 0 && floor <= peak, "floor", floor, "in [0, peak = " + peak + "]");
  }

  /**
   * Periods of the same length and height, down to 0.
   *
   * @param type whether a step is an iteration or an epoch
   * @param peak value at the start of each period; finite and greater than 0
   * @param period number of steps in a period; at least 1
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public CosineRestartsSchedule(ScheduleType type, double peak, int period) {
    this(type, peak, period, 1, 1, 0);
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    int step = Step.of(type, iteration, epoch);
    int restarts = 0;
    long length = period;
    long within = step;
    if (multiplier == 1) {
      restarts = step / period;
      within = step % period;
    } else {
      while (within >= length) {
        within -= length;
        length *= multiplier;
        restarts++;
      }
    }
    double top = Math.max(floor, peak * Math.pow(decay, restarts));
    return Step.cosine(top, floor, (double) within / length);
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
