package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.notNegative;
import static org.dl4jx.schedules.checks.Argument.rate;

import java.util.List;
import java.util.Map;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.decay.DecayingUpdater;
import org.dl4jx.updaters.engine.Cells;
import org.dl4jx.updaters.engine.Epsilon;
import org.dl4jx.updaters.engine.Rule;
import org.dl4jx.updaters.engine.Step;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * Adadelta: finds the size of its steps by itself, from the sizes of earlier gradients and earlier
 * steps. Try it if you cannot tune a learning rate.
 *
 * <p>In every step, with gradient {@code g}:
 *
 * <pre>
 * s ← ρ s + (1 - ρ) g²
 * Δ = √(x + ε) / √(s + ε) · g
 * x ← ρ x + (1 - ρ) Δ²
 * θ ← θ - η Δ - η λ θ                     (the last term for weights, not for biases)
 * </pre>
 *
 * <p>The x in Δ is the one before the step. It starts at the square of {@code initialRms}.
 *
 * <p>Δ has the units of θ, and the size of the gradients cancels. A usual η is 1. The first steps
 * are about {@code √ε / √(1 - ρ)} long, or {@code initialRms / √(1 - ρ)} if that is more:
 *
 * <pre>{@code
 * AdadeltaDecoupled usual = new AdadeltaDecoupled();
 * INDArray gradient = Nd4j.createFromArray(1.0, -50.0);
 * usual.instantiate(Nd4j.zeros(DataType.DOUBLE, usual.stateSize(2)), true)
 *     .applyUpdater(gradient, 0, 0);
 * gradient.getDouble(0); // 0.003162
 * gradient.getDouble(1); // -0.003162
 *
 * AdadeltaDecoupled bold = AdadeltaDecoupled.builder().initialRms(0.01).build();
 * INDArray same = Nd4j.createFromArray(1.0, -50.0);
 * bold.instantiate(Nd4j.zeros(DataType.DOUBLE, bold.stateSize(2)), true)
 *     .applyUpdater(same, 0, 0);
 * same.getDouble(0); // 0.03178
 * }</pre>
 *
 * <p>It decays nothing unless you set a weight decay. It then needs {@link DecoupledDecay#attach
 * attach}.
 *
 * <ul>
 *   <li>Steps start small and grow by themselves, since a longer step allows longer ones. How soon
 *       depends on ε, more than with other optimizers.
 *   <li>With an {@code initialRms} of 0, parameters with rare gradients are distrusted for long.
 *       With a large one they move early, as with RMSProp. It fades from x as {@code ρᵗ}, whether a
 *       parameter has moved or not.
 *   <li>If a new layer joins a trained one, {@code initialRms} has faded for both.
 *   <li>η scales the update after Δ has gone into x, so x does not notice it. The decay is {@code η
 *       λ}: with η 1, take a λ about as small as {@code η λ} of AdamW, such as 1e-5.
 * </ul>
 *
 * <p>Parameters: learning rate η (at least 0; default 1) or its schedule, ρ (in [0, 1); 0.9), ε (at
 * least 1.2e-38; 1e-6), initialRms (at least 0; 0), weight decay λ (at least 0; 0). State: {@code
 * S}, and {@code X} without its start; two numbers per parameter.
 *
 * <p>A step throws {@link NonFiniteGradientException} if the gradient is not finite, unless {@link
 * NonFinitePolicy} says otherwise. It throws {@link IllegalStateException} if weights should decay
 * but {@code attach} was not called, if the schedule returns a value outside its range, or if the
 * parameters are of type {@code HALF}. No parameter of the network has moved then.
 *
 * <p>Zeiler, <a href="https://arxiv.org/abs/1212.5701">ADADELTA: An Adaptive Learning Rate
 * Method</a> (2012), algorithm 1. Equal to PyTorch's {@code Adadelta} in formula and defaults;
 * there, {@code weight_decay} is an L2 penalty. Optax's {@code adadelta} is the same. Keras's has
 * the same formula, with η 1e-3, ρ 0.95 and ε 1e-7. None of them has {@code initialRms}.
 */
@JsonDeserialize(builder = AdadeltaDecoupled.Builder.class)
public class AdadeltaDecoupled extends DecayingUpdater {
  private static final long serialVersionUID = 1L;

  private final double rho;
  private final double epsilon;
  private final double initialRms;

  /** Adadelta with every parameter at its default. */
  public AdadeltaDecoupled() {
    this(new Builder());
  }

  /**
   * Adadelta with a constant learning rate. Every other parameter has its default, so the weight
   * decay is 0.
   *
   * @param learningRate η, a finite number of at least 0
   * @throws IllegalArgumentException if the rate is outside its range
   */
  public AdadeltaDecoupled(double learningRate) {
    this(new Builder().learningRate(learningRate));
  }

  /**
   * Adadelta with a scheduled learning rate. Every other parameter has its default, so the weight
   * decay is 0.
   *
   * @param learningRate schedule of η
   * @throws IllegalArgumentException if the schedule is null
   */
  public AdadeltaDecoupled(ISchedule learningRate) {
    this(new Builder().learningRateSchedule(given("learningRate", learningRate)));
  }

  /**
   * Adadelta with a constant learning rate.
   *
   * @param learningRate η, a finite number of at least 0
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if an argument is outside its range, naming it
   */
  public AdadeltaDecoupled(double learningRate, double weightDecay) {
    this(new Builder().learningRate(learningRate).weightDecay(weightDecay));
  }

  /**
   * Adadelta with a scheduled learning rate, which scales the decay too.
   *
   * @param learningRate schedule of η
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if the decay is outside its range or the schedule is null
   */
  public AdadeltaDecoupled(ISchedule learningRate, double weightDecay) {
    this(
        new Builder()
            .learningRateSchedule(given("learningRate", learningRate))
            .weightDecay(weightDecay));
  }

  private AdadeltaDecoupled(Builder builder) {
    super(builder);
    this.rho = rate("rho", builder.rho);
    this.epsilon = Epsilon.checked(builder.epsilon);
    this.initialRms = notNegative("initialRms", builder.initialRms);
  }

  /**
   * Starts building.
   *
   * @return a builder with every parameter at its default
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The rate of both running averages, ρ.
   *
   * @return the rate, in [0, 1)
   */
  public double getRho() {
    return rho;
  }

  /**
   * The number that starts the first step and keeps the denominator from zero, ε.
   *
   * @return epsilon, at least 1.2e-38
   */
  public double getEpsilon() {
    return epsilon;
  }

  /**
   * The root mean square of steps that x starts with.
   *
   * @return the root of the start of x, at least 0
   */
  public double getInitialRms() {
    return initialRms;
  }

  @Override
  protected Map<String, Object> parameters() {
    Map<String, Object> parameters = super.parameters();
    parameters.put("rho", rho);
    parameters.put("epsilon", epsilon);
    parameters.put("initialRms", initialRms);
    return parameters;
  }

  /** X without its start, because state arrays start as zeros. */
  @Override
  protected List<String> stateNames() {
    return List.of("S", "X");
  }

  /** The most, so that what has faded from the older part does not come back. */
  @Override
  protected long mergedSteps(long fewest, long most) {
    return most;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if the type cannot hold squares
   */
  @Override
  protected void checkTrainable(DataType type) {
    refuseHalf(
        type,
        "averages of squared gradients, which are zero in that type for gradients below 2e-4");
    super.checkTrainable(type);
  }

  @Override
  protected Rule rule(Step step) {
    double start = Math.pow(rho, step.t() - 1) * initialRms * initialRms;
    return new Update(getLearningRate(step), rho, start + epsilon, epsilon);
  }

  /**
   * A step.
   *
   * @param added what is left of the start of x, and ε
   */
  private record Update(double learningRate, double rho, double added, double epsilon)
      implements Rule {

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C s = state.get(0);
      C x = state.get(1);
      s.averageSquare(rho, g); // s ← ρ s + (1 - ρ) g²
      g.timesRoots(x, added, s, epsilon); // Δ = √(x + ε) / √(s + ε) · g
      x.averageSquare(rho, g); // x ← ρ x + (1 - ρ) Δ²
      g.set(learningRate, g); // g ← η Δ
    }
  }

  /** Builds an {@link AdadeltaDecoupled}. */
  public static final class Builder extends DecayingUpdater.Builder<Builder> {
    private double rho = 0.9;
    private double epsilon = 1e-6;
    private double initialRms;

    /** Starts with the defaults. */
    public Builder() {
      super(1, 0);
    }

    /**
     * Sets the rate of both running averages.
     *
     * @param rho in [0, 1); default 0.9
     * @return this
     */
    @Given
    public Builder rho(double rho) {
      this.rho = rho;
      return this;
    }

    /**
     * Sets the number that starts the first step and keeps the denominator from zero.
     *
     * @param epsilon a finite number of at least 1.2e-38, the smallest normal float; default 1e-6
     * @return this
     */
    @Given
    public Builder epsilon(double epsilon) {
      this.epsilon = epsilon;
      return this;
    }

    /**
     * Sets the root mean square of steps that x starts with.
     *
     * @param initialRms a finite number of at least 0; default 0
     * @return this
     */
    @Given
    public Builder initialRms(double initialRms) {
      this.initialRms = initialRms;
      return this;
    }

    @Override
    public AdadeltaDecoupled build() {
      return new AdadeltaDecoupled(this);
    }
  }
}
