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
 * <pre>{@code
 * ISchedule schedule = new PolynomialDecaySchedule(ScheduleType.ITERATION, 0.1, 100, 2, 0);
 * schedule.valueAt(0, 0);   // 0.1
 * schedule.valueAt(50, 0);  // 0.025
 * schedule.valueAt(100, 0); // 0.0
 * }</pre>
 *
 * <p>With power 1, this is linear decay. Equal to PyTorch's {@code PolynomialLR} (whose floor is
 * 0), Optax's {@code polynomial_schedule} and Keras' {@code PolynomialDecay}.
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}
 * @param initial value at step 0; finite and greater than 0
 * @param totalSteps step at which the floor is reached; at least 1
 * @param power exponent; finite and greater than 0
 * @param floor last value; {@code 0 <= floor <= initial}
 */
public record PolynomialDecaySchedule(
    @Given ScheduleType type,
    @Given double initial,
    @Given int totalSteps,
    @Given double power,
    @Given double floor)
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

  @Override
  public double valueAt(int iteration, int epoch) {
    int left = Math.max(0, totalSteps - Step.of(type, iteration, epoch));
    return Step.line(floor, initial, Math.pow((double) left / totalSteps, power));
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
