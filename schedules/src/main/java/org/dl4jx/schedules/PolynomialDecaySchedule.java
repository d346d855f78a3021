package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.positive;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Falls as a power of the steps that are left.
 *
 * <p>With {@code t} the iteration or epoch, counted from 0, and {@code T = totalSteps}:
 *
 * <pre>
 * t &lt; T:   floor + (initial - floor) · (1 - t / T)ᵖᵒʷᵉʳ
 * t &gt;= T:  floor
 * </pre>
 *
 * <p>With {@code cycle}, it jumps up again after every {@code T} steps and falls more slowly. With
 * power 1, it jumps to about 1/2, then 1/3, then 1/4 of the way up:
 *
 * <pre>
 * floor + (initial - floor) · (1 - t / Tₜ)ᵖᵒʷᵉʳ,  with Tₜ = T · max(1, ⌈t / T⌉)
 * </pre>
 *
 * <pre>{@code
 * ISchedule schedule = new PolynomialDecaySchedule(ScheduleType.ITERATION, 0.1, 100, 2, 0);
 * schedule.valueAt(0, 0);   // 0.1
 * schedule.valueAt(50, 0);  // 0.025
 * schedule.valueAt(100, 0); // 0.0
 *
 * ISchedule cycle = new PolynomialDecaySchedule(ScheduleType.ITERATION, 0.1, 100, 1, 0, true);
 * cycle.valueAt(100, 0); // 0.0
 * cycle.valueAt(101, 0); // 0.0495
 * cycle.valueAt(150, 0); // 0.025
 * cycle.valueAt(200, 0); // 0.0
 * }</pre>
 *
 * <p>With power 1, this is linear decay. Equal to Keras' {@code PolynomialDecay}, and without
 * {@code cycle} to Optax's {@code polynomial_schedule} and PyTorch's {@code PolynomialLR} (whose
 * floor is 0).
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}
 * @param initial value at step 0; finite and greater than 0
 * @param totalSteps step at which the floor is reached for the first time; at least 1
 * @param power exponent; finite and greater than 0
 * @param floor least value; {@code 0 <= floor <= initial}
 * @param cycle whether it jumps up again after the floor; default false, also for a file without it
 */
public record PolynomialDecaySchedule(
    @Given ScheduleType type,
    @Given double initial,
    @Given int totalSteps,
    @Given double power,
    @Given double floor,
    @Given(mayBeMissing = true) boolean cycle)
    implements TypedSchedule {

  /**
   * Creates the schedule.
   *
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public PolynomialDecaySchedule {
    given("type", type);
    positive("initial", initial);
    check(totalSteps >= 1, "totalSteps", totalSteps, "a number >= 1");
    positive("power", power);
    check(floor >= 0 && floor <= initial, "floor", floor, "in [0, initial = " + initial + "]");
  }

  /**
   * Falls once.
   *
   * @param type whether a step is an iteration or an epoch
   * @param initial value at step 0; finite and greater than 0
   * @param totalSteps step at which the floor is reached; at least 1
   * @param power exponent; finite and greater than 0
   * @param floor last value; {@code 0 <= floor <= initial}
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public PolynomialDecaySchedule(
      ScheduleType type, double initial, int totalSteps, double power, double floor) {
    this(type, initial, totalSteps, power, floor, false);
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    int step = Step.of(type, iteration, epoch);
    long periods = cycle ? Math.max(1, ((long) step + totalSteps - 1) / totalSteps) : 1;
    long end = totalSteps * periods;
    long left = Math.max(0, end - step);
    return Step.line(floor, initial, Math.pow((double) left / end, power));
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
