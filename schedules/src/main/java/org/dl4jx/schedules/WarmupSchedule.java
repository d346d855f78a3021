package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.notNegative;
import static org.dl4jx.schedules.checks.Argument.rate;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * A warm-up before any other schedule, which then runs from its own zero. An exponential warm-up
 * never ends, so the other schedule runs along with it, from the same zero.
 *
 * <p>With {@code t} the iteration or epoch, counted from 0, {@code w = warmupSteps} and {@code
 * first} the first value of the other schedule:
 *
 * <pre>
 * LINEAR, t &lt; w:             initial + (first - initial) · t / w
 * CONSTANT, t &lt; w:           initial
 * LINEAR, CONSTANT, t &gt;= w:  schedule(t - w)
 *
 * EXPONENTIAL, w &gt; 0:        initial + (schedule(t) - initial) · (1 - exp(-(t + 1) / w))
 * EXPONENTIAL, w = 0:        schedule(t)
 * </pre>
 *
 * <p>With {@code initial} 0, the very first step of a linear or constant warm-up has the learning
 * rate 0. By {@code EPOCH}, that is the whole first epoch.
 *
 * <pre>{@code
 * ISchedule halving = new StepSchedule(ScheduleType.ITERATION, 0.1, 0.5, 100);
 * ISchedule schedule = new WarmupSchedule(ScheduleType.ITERATION, 10, halving);
 * schedule.valueAt(5, 0);   // 0.05
 * schedule.valueAt(10, 0);  // 0.1
 * schedule.valueAt(110, 0); // 0.05
 * }</pre>
 *
 * <p>For Adam and its relatives, {@link #untuned} and {@link #untunedExponential} choose the length
 * of the warm-up by β2, so that there is nothing to tune.
 *
 * <p>A linear warm-up from 0 before a {@link CosineSchedule} is a {@link WarmupCosineSchedule}.
 * Unlike Deeplearning4j's {@code RampSchedule}, it can be restored with a saved model. Goyal et
 * al., <a href="https://arxiv.org/abs/1706.02677">Accurate, Large Minibatch SGD</a> (2017), section
 * 2.2, describe the linear and the constant one; Optax joins a warm-up in the same way by {@code
 * join_schedules}. The exponential one is that of Ma and Yarats, <a
 * href="https://arxiv.org/abs/1910.04209">On the adequacy of untuned warmup for adaptive
 * optimization</a> (2021), who count t from 1.
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}, for the other
 *     schedule too
 * @param mode how the value gets to the first one of the other schedule; default {@link
 *     Mode#LINEAR}
 * @param initial first value, or, in mode {@code EXPONENTIAL}, the one from which the warm-up
 *     comes; finite and at least 0, default 0
 * @param warmupSteps number of steps in the warm-up, or, in mode {@code EXPONENTIAL}, its time
 *     constant: after {@code warmupSteps} steps, 63 % of the way is done, and after three times as
 *     many 95 %; at least 0 (no warm-up)
 * @param schedule the schedule that follows, or, in mode {@code EXPONENTIAL}, runs along; of the
 *     same type, or of none
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
    CONSTANT,
    /** Fast at first, then ever more slowly, without an end. */
    EXPONENTIAL
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

  /**
   * The untuned linear warm-up for Adam: over {@code w = 2 / (1 - beta2)} steps, rounded.
   *
   * <pre>
   * t &lt; w - 1:   first · (t + 1) / w
   * t &gt;= w - 1:  schedule(t - (w - 1))
   * </pre>
   *
   * <pre>{@code
   * ISchedule schedule =
   *     WarmupSchedule.untuned(ScheduleType.ITERATION, 0.999, new FixedSchedule(1e-3));
   * schedule.valueAt(0, 0);    // 5.0E-7
   * schedule.valueAt(999, 0);  // 5.0E-4
   * schedule.valueAt(1999, 0); // 0.001
   * }</pre>
   *
   * <p>Ma and Yarats (2021) write it as {@code min(1, t · (1 - beta2) / 2)}, with t counted from 1.
   * {@code UntunedLinearWarmup} of the package {@code pytorch_warmup} rounds w down, and multiplies
   * a schedule that runs along from the first step. Here, it runs from its own zero, as after any
   * linear warm-up.
   *
   * @param type whether a step is an iteration or an epoch, for the other schedule too; the paper
   *     counts iterations
   * @param beta2 Adam's β2; {@code 0 <= beta2 < 1}
   * @param schedule the schedule that follows; of the same type, or of none
   * @return a linear warm-up
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public static WarmupSchedule untuned(ScheduleType type, double beta2, ISchedule schedule) {
    int period = period(2, beta2);
    double first = given("schedule", schedule).valueAt(0, 0);
    notNegative("the first value of schedule", first);
    return new WarmupSchedule(type, Mode.LINEAR, first / period, period - 1, schedule);
  }

  /**
   * The untuned exponential warm-up for Adam, with the time constant {@code w = 1 / (1 - beta2)},
   * rounded.
   *
   * <pre>
   * schedule(t) · (1 - exp(-(t + 1) / w))
   * </pre>
   *
   * <pre>{@code
   * ISchedule schedule =
   *     WarmupSchedule.untunedExponential(ScheduleType.ITERATION, 0.999, new FixedSchedule(1e-3));
   * schedule.valueAt(0, 0);    // 9.995E-7
   * schedule.valueAt(999, 0);  // 6.321E-4
   * schedule.valueAt(9999, 0); // 9.9995E-4
   * }</pre>
   *
   * <p>Equal to {@code UntunedExponentialWarmup} of the package {@code pytorch_warmup}, except that
   * that one rounds w down.
   *
   * @param type whether a step is an iteration or an epoch, for the other schedule too; the paper
   *     counts iterations
   * @param beta2 Adam's β2; {@code 0 <= beta2 < 1}
   * @param schedule the schedule that runs along; of the same type, or of none
   * @return an exponential warm-up
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public static WarmupSchedule untunedExponential(
      ScheduleType type, double beta2, ISchedule schedule) {
    return new WarmupSchedule(type, Mode.EXPONENTIAL, 0, period(1, beta2), schedule);
  }

  /** So many times the memory of β2. The greatest int stands for more. */
  private static int period(int times, double beta2) {
    return (int) Math.rint(times / (1 - rate("beta2", beta2)));
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    int step = Step.of(type, iteration, epoch);
    if (mode == Mode.EXPONENTIAL && warmupSteps > 0) {
      double passed = -Math.expm1(-(step + 1.0) / warmupSteps);
      return Step.line(initial, schedule.valueAt(iteration, epoch), passed);
    }
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
