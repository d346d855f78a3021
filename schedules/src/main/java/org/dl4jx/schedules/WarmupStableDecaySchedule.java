package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.positive;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Rises in a straight line, stays level, and falls at the end, by default in a straight line too.
 * To train longer, just make the middle longer.
 *
 * <p>With {@code t} the iteration or epoch, counted from 0, {@code w = warmupSteps}, {@code d =
 * decaySteps} and {@code T = totalSteps}:
 *
 * <pre>
 * t &lt; w:             peak · t / w
 * w &lt;= t &lt;= T - d:  peak
 * T - d &lt; t &lt; T:    floor + (peak - floor) · shape(p),  with p = (t - (T - d)) / d
 * t &gt;= T:            floor
 *
 * LINEAR:                shape(p) = 1 - p
 * COSINE:                shape(p) = (1 + cos(π p)) / 2
 * ONE_MINUS_SQUARE_ROOT: shape(p) = 1 - √p
 * SQUARE:                shape(p) = 1 - p²
 * </pre>
 *
 * <p>With a warm-up, the very first step has the learning rate 0. By {@code EPOCH}, that is the
 * whole first epoch.
 *
 * <pre>{@code
 * ISchedule schedule =
 *     new WarmupStableDecaySchedule(ScheduleType.ITERATION, 1e-3, 100, 200, 1000, 0);
 * schedule.valueAt(50, 0);   // 5.0E-4
 * schedule.valueAt(500, 0);  // 0.001
 * schedule.valueAt(900, 0);  // 5.0E-4
 * schedule.valueAt(1000, 0); // 0.0
 *
 * new WarmupStableDecaySchedule(
 *         ScheduleType.ITERATION,
 *         1e-3,
 *         100,
 *         200,
 *         1000,
 *         0,
 *         WarmupStableDecaySchedule.Cooldown.ONE_MINUS_SQUARE_ROOT)
 *     .valueAt(850, 0); // 5.0E-4
 * }</pre>
 *
 * <p>Hu et al., <a href="https://arxiv.org/abs/2404.06395">MiniCPM</a> (2024), section 4. Hägele et
 * al., <a href="https://arxiv.org/abs/2405.18392">Scaling Laws and Compute-Optimal Training Beyond
 * Fixed Training Durations</a> (2024), compare shapes and find {@code 1 - √p} better than a line.
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}
 * @param peak greatest value; finite and greater than 0
 * @param warmupSteps number of steps in the rise; at least 0 (no rise)
 * @param decaySteps number of steps in the fall; at least 1
 * @param totalSteps step at which the floor is reached; at least {@code warmupSteps + decaySteps}
 * @param floor last value; {@code 0 <= floor <= peak}
 * @param cooldown shape of the fall; default {@link Cooldown#LINEAR}, also for null and for a file
 *     without it
 */
public record WarmupStableDecaySchedule(
    @Given ScheduleType type,
    @Given double peak,
    @Given int warmupSteps,
    @Given int decaySteps,
    @Given int totalSteps,
    @Given double floor,
    @Given(mayBeMissing = true) Cooldown cooldown)
    implements TypedSchedule {

  /** Shape of the fall. */
  public enum Cooldown {
    /** A straight line. */
    LINEAR {
      @Override
      double height(int fallen, int steps) {
        return (double) (steps - fallen) / steps;
      }
    },
    /** Half a cosine: slow, fast, slow. */
    COSINE {
      @Override
      double height(int fallen, int steps) {
        return Step.cosine(1, 0, (double) fallen / steps);
      }
    },
    /** {@code 1 - √p}: fast at first, then ever more slowly. */
    ONE_MINUS_SQUARE_ROOT {
      @Override
      double height(int fallen, int steps) {
        return 1 - Math.sqrt((double) fallen / steps);
      }
    },
    /** {@code 1 - p²}: slow at first, then ever faster. */
    SQUARE {
      @Override
      double height(int fallen, int steps) {
        return 1 - Math.pow((double) fallen / steps, 2);
      }
    };

    /** From 1 to 0, after so many of all steps of the fall. */
    abstract double height(int fallen, int steps);
  }

  /**
   * Creates the schedule.
   *
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public WarmupStableDecaySchedule {
    given("type", type);
    positive("peak", peak);
    check(warmupSteps >= 0, "warmupSteps", warmupSteps, "a number >= 0");
    check(decaySteps >= 1, "decaySteps", decaySteps, "a number >= 1");
    long least = (long) warmupSteps + decaySteps;
    check(
        totalSteps >= least,
        "totalSteps",
        totalSteps,
        "a number >= warmupSteps + decaySteps = " + least);
    check(floor >= 0 && floor <= peak, "floor", floor, "in [0, peak = " + peak + "]");
    // Java serialization, like JSON, has none where it was written before there was a choice.
    cooldown = cooldown == null ? Cooldown.LINEAR : cooldown;
  }

  /**
   * Falls in a straight line.
   *
   * @param type whether a step is an iteration or an epoch
   * @param peak greatest value; finite and greater than 0
   * @param warmupSteps number of steps in the rise; at least 0 (no rise)
   * @param decaySteps number of steps in the fall; at least 1
   * @param totalSteps step at which the floor is reached; at least {@code warmupSteps + decaySteps}
   * @param floor last value; {@code 0 <= floor <= peak}
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public WarmupStableDecaySchedule(
      ScheduleType type,
      double peak,
      int warmupSteps,
      int decaySteps,
      int totalSteps,
      double floor) {
    this(type, peak, warmupSteps, decaySteps, totalSteps, floor, Cooldown.LINEAR);
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    int step = Step.of(type, iteration, epoch);
    if (step < warmupSteps) {
      return Step.line(0, peak, (double) step / warmupSteps);
    }
    int fallen = Math.max(0, Math.min(step, totalSteps) - (totalSteps - decaySteps));
    return Step.line(floor, peak, cooldown.height(fallen, decaySteps));
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
