package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.positive;

import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * One cycle: rises to a maximum in the first part of training and falls far below its start in the
 * rest. It makes unusually large learning rates possible ("super-convergence"). The momentum
 * usually runs through the inverse cycle, which {@link #momentum} returns:
 *
 * <pre>{@code
 * OneCycleSchedule rate = new OneCycleSchedule(ScheduleType.ITERATION, 0.1, 100);
 * rate.valueAt(0, 0);  // 0.004
 * rate.valueAt(29, 0); // 0.1
 * rate.valueAt(99, 0); // 4.0E-7
 *
 * new Nesterovs(rate, rate.momentum(0.85, 0.95));
 * AdamWDecoupled.builder()
 *     .learningRateSchedule(rate)
 *     .beta1Schedule(rate.momentum(0.85, 0.95))
 *     .build();
 * }</pre>
 *
 * <p>Let {@code initial = maxValue / divFactor}, {@code minimum = initial / finalDivFactor} and
 * {@code T = totalSteps}. The schedule follows a cosine or a line between these steps, which need
 * not be whole numbers:
 *
 * <pre>
 *            two phases                        three phases
 * initial    0                                 0
 * maxValue   pctStart · T - 1                  pctStart · T - 1
 * initial                                      2 · pctStart · T - 2
 * minimum    T - 1                             T - 1
 * </pre>
 *
 * <p>Equal to PyTorch's {@code OneCycleLR}. Smith and Topin, <a
 * href="https://arxiv.org/abs/1708.07120">Super-Convergence</a> (2018), use three phases and lines.
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}
 * @param maxValue greatest value; finite and greater than 0
 * @param totalSteps number of steps; greater than {@code 1 / pctStart}, so that the rise has more
 *     than one step
 * @param pctStart fraction of the steps in the rise; between 0 and 1 (below 1/2 with three phases),
 *     default 0.3
 * @param divFactor {@code maxValue / initial}; finite and at least 1, default 25
 * @param finalDivFactor {@code initial / minimum}; finite and at least 1, default 10,000
 * @param anneal the curve between the phases; default {@link Anneal#COSINE}
 * @param threePhase whether the value first falls back to the initial one, as fast as it rose, and
 *     then to the minimum; default false
 */
public record OneCycleSchedule(
    @Given ScheduleType type,
    @Given double maxValue,
    @Given int totalSteps,
    @Given double pctStart,
    @Given double divFactor,
    @Given double finalDivFactor,
    @Given Anneal anneal,
    @Given boolean threePhase)
    implements TypedSchedule {

  /** The curve between two phases. */
  public enum Anneal {
    /** Half a cosine. */
    COSINE {
      @Override
      double between(double start, double end, double share) {
        return Step.cosine(start, end, share);
      }
    },
    /** A straight line. */
    LINEAR {
      @Override
      double between(double start, double end, double share) {
        return Step.line(start, end, share);
      }
    };

    abstract double between(double start, double end, double share);
  }

  /**
   * Creates the schedule.
   *
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public OneCycleSchedule {
    given("type", type);
    positive("maxValue", maxValue);
    check(
        pctStart > 0 && pctStart < (threePhase ? 0.5 : 1),
        "pctStart",
        pctStart,
        threePhase ? "in (0, 0.5)" : "in (0, 1)");
    check(
        pctStart * totalSteps > 1,
        "totalSteps",
        totalSteps,
        "a number > 1 / pctStart = " + 1 / pctStart);
    check(
        divFactor >= 1 && divFactor < Double.POSITIVE_INFINITY,
        "divFactor",
        divFactor,
        "a finite number >= 1");
    check(
        finalDivFactor >= 1 && finalDivFactor < Double.POSITIVE_INFINITY,
        "finalDivFactor",
        finalDivFactor,
        "a finite number >= 1");
    given("anneal", anneal);
  }

  /**
   * A cycle with two phases and every other parameter at its default.
   *
   * @param type whether a step is an iteration or an epoch
   * @param maxValue greatest value; finite and greater than 0
   * @param totalSteps number of steps; at least 4
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public OneCycleSchedule(ScheduleType type, double maxValue, int totalSteps) {
    this(type, maxValue, totalSteps, 0.3, 25, 1e4, Anneal.COSINE, false);
  }

  /**
   * Starts building.
   *
   * @param type whether a step is an iteration or an epoch
   * @param maxValue greatest value; finite and greater than 0
   * @param totalSteps number of steps; greater than {@code 1 / pctStart}, by default at least 4
   * @return a builder with every other parameter at its default
   */
  public static Builder builder(ScheduleType type, double maxValue, int totalSteps) {
    return new Builder(type, maxValue, totalSteps);
  }

  /**
   * The inverse cycle, for the momentum: falls while the learning rate rises, then rises again.
   *
   * @param base least momentum; {@code 0 <= base <= max}, PyTorch's default is 0.85
   * @param max greatest momentum, first and last; {@code base <= max < 1}, PyTorch's default is
   *     0.95
   * @return the schedule of the momentum
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public ISchedule momentum(double base, double max) {
    return new OneCycleMomentumSchedule(this, base, max);
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    double initial = maxValue / divFactor;
    return valueAt(iteration, epoch, initial, maxValue, initial / finalDivFactor);
  }

  /** From {@code start} to {@code middle}, with three phases back to it, and on to {@code end}. */
  double valueAt(int iteration, int epoch, double start, double middle, double end) {
    int step = Math.min(Step.of(type, iteration, epoch), totalSteps - 1);
    double top = pctStart * totalSteps - 1;
    if (step <= top) {
      return anneal.between(start, middle, step / top);
    }
    double back = 2 * pctStart * totalSteps - 2;
    if (threePhase && step <= back) {
      return anneal.between(middle, start, (step - top) / (back - top));
    }
    double from = threePhase ? back : top;
    double share = (step - from) / (totalSteps - 1 - from);
    return anneal.between(threePhase ? start : middle, end, share);
  }

  @Override
  public ISchedule clone() {
    return this;
  }

  /** Builds a {@link OneCycleSchedule}. */
  public static final class Builder {
    private final ScheduleType type;
    private final double maxValue;
    private final int totalSteps;
    private double pctStart = 0.3;
    private double divFactor = 25;
    private double finalDivFactor = 1e4;
    private Anneal anneal = Anneal.COSINE;
    private boolean threePhase;

    private Builder(ScheduleType type, double maxValue, int totalSteps) {
      this.type = type;
      this.maxValue = maxValue;
      this.totalSteps = totalSteps;
    }

    /**
     * Sets the fraction of the steps that belong to the rise.
     *
     * @param pctStart between 0 and 1, below 1/2 with three phases; default 0.3
     * @return this
     */
    public Builder pctStart(double pctStart) {
      this.pctStart = pctStart;
      return this;
    }

    /**
     * Sets {@code maxValue / initial}.
     *
     * @param divFactor a finite number of at least 1; default 25
     * @return this
     */
    public Builder divFactor(double divFactor) {
      this.divFactor = divFactor;
      return this;
    }

    /**
     * Sets {@code initial / minimum}.
     *
     * @param finalDivFactor a finite number of at least 1; default 10,000
     * @return this
     */
    public Builder finalDivFactor(double finalDivFactor) {
      this.finalDivFactor = finalDivFactor;
      return this;
    }

    /**
     * Sets the curve between the phases.
     *
     * @param anneal the curve; default {@link Anneal#COSINE}
     * @return this
     */
    public Builder anneal(Anneal anneal) {
      this.anneal = anneal;
      return this;
    }

    /**
     * Sets whether there are three phases.
     *
     * @param threePhase true for three, false (the default) for two
     * @return this
     */
    public Builder threePhase(boolean threePhase) {
      this.threePhase = threePhase;
      return this;
    }

    /**
     * Creates the schedule.
     *
     * @return the schedule
     * @throws IllegalArgumentException if a parameter is null or outside its range, naming it
     */
    public OneCycleSchedule build() {
      return new OneCycleSchedule(
          type, maxValue, totalSteps, pctStart, divFactor, finalDivFactor, anneal, threePhase);
    }
  }
}
