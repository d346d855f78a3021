package org.dl4jx.updaters.adam;

import static org.dl4jx.schedules.checks.Argument.rate;

import java.util.List;
import java.util.Map;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.decay.DecayingUpdater;
import org.dl4jx.updaters.engine.Epsilon;
import org.dl4jx.updaters.engine.Scalars;
import org.dl4jx.updaters.engine.Step;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * What Adam and its relatives share: the rates of the two running averages and the epsilon. The
 * first rate may follow a schedule.
 */
public abstract class AdaptiveUpdater extends DecayingUpdater {
  private static final long serialVersionUID = 1L;

  private final double beta1;
  private ISchedule beta1Schedule;
  private final double beta2;
  private final double epsilon;
  private final boolean epsilonInsideRoot;

  /** Created once, because every step needs it. */
  private transient Epsilon epsilonWithPlace;

  /**
   * Takes the parameters from the builder.
   *
   * @param builder the builder
   * @throws IllegalArgumentException if a parameter is outside its range
   */
  protected AdaptiveUpdater(Builder<?> builder) {
    super(builder);
    this.beta1Schedule = builder.beta1Schedule;
    this.beta1 = beta1Schedule == null ? rate("beta1", builder.beta1) : Double.NaN;
    this.beta2 = rate("beta2", builder.beta2);
    this.epsilon = Epsilon.checked(builder.epsilon);
    this.epsilonInsideRoot = builder.epsilonInsideRoot;
  }

  @Override
  protected Map<String, Object> parameters() {
    Map<String, Object> parameters = super.parameters();
    parameters.put("beta1", beta1Schedule == null ? beta1 : beta1Schedule);
    parameters.put("beta2", beta2);
    parameters.put("epsilon", epsilon);
    parameters.put("epsilonInsideRoot", epsilonInsideRoot);
    return parameters;
  }

  /** The running averages of the gradient and its square. */
  @Override
  protected List<String> stateNames() {
    return List.of("M", "V");
  }

  /** Keeps m̂ and v̂ the same, so no step becomes larger. */
  @Override
  protected double rescaling(String array, long from, long to, Scalars remembered) {
    double beta = array.equals("M") ? beta1(new Step(to, 0, 0)) : beta2;
    return Step.rescaling(beta, from, to);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if the type cannot hold squared gradients
   */
  @Override
  protected void checkTrainable(DataType type) {
    refuseHalf(
        type,
        "averages of squared gradients, which are zero in that type for gradients below 2e-4");
    super.checkTrainable(type);
  }

  @Override
  public AdaptiveUpdater clone() {
    AdaptiveUpdater copy = (AdaptiveUpdater) super.clone();
    copy.beta1Schedule = beta1Schedule == null ? null : beta1Schedule.clone();
    return copy;
  }

  /**
   * The constant rate of the running average of gradients, β1.
   *
   * @return the rate, in [0, 1), or NaN if a schedule is set
   */
  public double getBeta1() {
    return beta1;
  }

  /**
   * The schedule of β1.
   *
   * @return the schedule, or null if β1 is constant
   */
  public ISchedule getBeta1Schedule() {
    return beta1Schedule;
  }

  /**
   * The rate of the running average of squared gradients, β2.
   *
   * @return the rate, in [0, 1)
   */
  public double getBeta2() {
    return beta2;
  }

  /**
   * The number that keeps the denominator from zero, ε.
   *
   * @return epsilon, at least 1.2e-38
   */
  public double getEpsilon() {
    return epsilon;
  }

  /**
   * Whether ε is added inside the square root.
   *
   * @return true for {@code √(v + ε)}, false for {@code √v + ε}
   */
  public boolean isEpsilonInsideRoot() {
    return epsilonInsideRoot;
  }

  /**
   * The β1 of a step.
   *
   * @param step which step it is
   * @return the rate, in [0, 1)
   * @throws IllegalStateException if the schedule returns a rate outside [0, 1)
   */
  protected final double beta1(Step step) {
    return beta1Schedule == null
        ? beta1
        : scheduled(
            "beta1",
            beta1Schedule,
            step.iteration(),
            step.epoch(),
            rate -> rate >= 0 && rate < 1,
            "in [0, 1)");
  }

  /**
   * The scalars of Adam for one step.
   *
   * @param step which step it is
   * @return its scalars
   * @throws IllegalStateException if a schedule returns a value outside its range
   */
  protected final AdamScalars scalars(Step step) {
    return scalars(step, getLearningRate(step));
  }

  /**
   * The scalars of Adam for one step with another learning rate.
   *
   * @param step which step it is
   * @param learningRate the learning rate, η
   * @return its scalars
   * @throws IllegalStateException if the schedule of β1 returns a value outside its range
   */
  protected final AdamScalars scalars(Step step, double learningRate) {
    double beta1 = beta1(step);
    return new AdamScalars(
        beta1,
        beta2,
        learningRate / step.biasCorrection(beta1),
        1 / step.biasCorrection(beta2),
        epsilon());
  }

  /**
   * ε and where it is added.
   *
   * @return what is added to a denominator
   */
  protected final Epsilon epsilon() {
    if (epsilonWithPlace == null) {
      epsilonWithPlace = Epsilon.of(epsilon, epsilonInsideRoot);
    }
    return epsilonWithPlace;
  }

  /**
   * Builds a relative of Adam.
   *
   * @param <B> the builder itself
   */
  public abstract static class Builder<B extends Builder<B>> extends DecayingUpdater.Builder<B> {
    private double beta1 = 0.9;
    private ISchedule beta1Schedule;
    private double beta2 = 0.999;
    private double epsilon = 1e-8;
    private boolean epsilonInsideRoot;

    /**
     * Starts with the defaults.
     *
     * @param learningRate the default learning rate
     * @param weightDecay the default weight decay
     */
    protected Builder(double learningRate, double weightDecay) {
      super(learningRate, weightDecay);
    }

    /**
     * Sets a constant rate of the running average of gradients.
     *
     * @param beta1 in [0, 1); default 0.9; ignored while a schedule is set
     * @return this
     */
    @Given
    public B beta1(double beta1) {
      this.beta1 = beta1;
      return self();
    }

    /**
     * Sets a schedule for the rate of the running average of gradients. By default, PyTorch's
     * {@code OneCycleLR} does this with Adam and its relatives:
     *
     * <pre>{@code
     * OneCycleSchedule rate = new OneCycleSchedule(ScheduleType.ITERATION, 1e-3, 1000);
     * AdamWDecoupled updater = AdamWDecoupled.builder()
     *     .learningRateSchedule(rate)
     *     .beta1Schedule(rate.momentum(0.85, 0.95))
     *     .build();
     * }</pre>
     *
     * <p>As in PyTorch, step t uses its own β1 both in the average and in the bias correction
     * {@code 1 - β1ᵗ}, as if β1 had been the same in all earlier steps.
     *
     * @param schedule a schedule with values in [0, 1), or null for the constant rate
     * @return this
     */
    public B beta1Schedule(ISchedule schedule) {
      this.beta1Schedule = schedule;
      return self();
    }

    /**
     * Sets the rate of the running average of squared gradients.
     *
     * @param beta2 in [0, 1); default 0.999
     * @return this
     */
    @Given
    public B beta2(double beta2) {
      this.beta2 = beta2;
      return self();
    }

    /**
     * Sets the number that keeps the denominator from zero.
     *
     * @param epsilon a finite number of at least 1.2e-38, the smallest normal float; default 1e-8,
     *     1e-16 in AdaBelief
     * @return this
     */
    @Given
    public B epsilon(double epsilon) {
      this.epsilon = epsilon;
      return self();
    }

    /**
     * Sets where ε is added.
     *
     * @param inside true for {@code √(v + ε)}, false (the default) for {@code √v + ε}
     * @return this
     */
    @Given
    public B epsilonInsideRoot(boolean inside) {
      this.epsilonInsideRoot = inside;
      return self();
    }
  }
}
