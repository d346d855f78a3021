package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.notNegative;
import static org.dl4jx.schedules.checks.Argument.positive;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Falls as an inverse power of the step.
 *
 * <p>With {@code t} the iteration or epoch, counted from 0:
 *
 * <pre>
 * initial / (1 + rate · t)ᵖᵒʷᵉʳ
 * </pre>
 *
 * <pre>{@code
 * ISchedule schedule = new PowerDecaySchedule(ScheduleType.ITERATION, 0.1, 0.01, 1);
 * schedule.valueAt(0, 0);   // 0.1
 * schedule.valueAt(100, 0); // 0.05
 * schedule.valueAt(300, 0); // 0.025
 * }</pre>
 *
 * <p>With {@code rate} 1, this is {@code initial / tᵖᵒʷᵉʳ} for steps counted from 1. Powers above
 * 1/2 and up to 1 are those of Robbins and Monro, <a
 * href="https://doi.org/10.1214/aoms/1177729586">A Stochastic Approximation Method</a> (1951).
 * Keras' {@code InverseTimeDecay} has power 1.
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}
 * @param initial value at step 0; finite and greater than 0
 * @param rate how fast it falls; finite and at least 0
 * @param power exponent; finite and at least 0
 */
public record PowerDecaySchedule(
    @Given ScheduleType type, @Given double initial, @Given double rate, @Given double power)
    implements TypedSchedule {

  /**
   * Creates the schedule.
   *
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public PowerDecaySchedule {
    given("type", type);
    positive("initial", initial);
    notNegative("rate", rate);
    notNegative("power", power);
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    return initial / Math.pow(1 + rate * Step.of(type, iteration, epoch), power);
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
