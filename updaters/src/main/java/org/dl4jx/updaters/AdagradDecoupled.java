package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.notNegative;

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
 * Adagrad: a learning rate for each parameter, which shrinks with the sum of its squared gradients.
 * Parameters with rare gradients keep large steps. Try it for sparse features and embeddings.
 *
 * <p>In every step, with gradient {@code g}:
 *
 * <pre>
 * G ← G + g²
 * θ ← θ - η g / (√G + ε) - η λ θ          (the last term for weights, not for biases)
 * </pre>
 *
 * <p>G starts at {@code initialAccumulator}. With {@code epsilonInsideRoot}, the denominator is
 * {@code √(G + ε)}.
 *
 * <p>Two settings lead to its relatives. The {@link Accumulator} is what G sums, and the {@link
 * Scaling} is the factor of {@code η g}:
 *
 * <pre>
 * SQUARES           G ← G + g²             INVERSE_ROOT   1 / (√G + ε)
 * ABSOLUTE_VALUES   G ← G + |g|            INVERSE        1 / (G + ε)
 *                                          EXPONENTIAL    e^-G
 * </pre>
 *
 * <pre>{@code
 * AdagradDecoupled usual = new AdagradDecoupled(0.5);
 * var steps = usual.instantiate(Nd4j.zeros(DataType.DOUBLE, usual.stateSize(1)), true);
 * INDArray first = Nd4j.createFromArray(3.0);
 * INDArray second = Nd4j.createFromArray(4.0);
 * steps.applyUpdater(first, 0, 0);
 * steps.applyUpdater(second, 1, 0);
 * first.getDouble(0); // 0.5
 * second.getDouble(0); // 0.4
 *
 * AdagradDecoupled relative = AdagradDecoupled.builder()
 *     .accumulator(AdagradDecoupled.Accumulator.ABSOLUTE_VALUES)
 *     .scaling(AdagradDecoupled.Scaling.INVERSE)
 *     .build();
 * relative.getInitialAccumulator(); // 0.0
 * }</pre>
 *
 * <p>It decays nothing unless you set a weight decay. It then needs {@link DecoupledDecay#attach
 * attach}.
 *
 * <ul>
 *   <li>Steps only ever shrink, under a constant gradient as {@code η / √t}. So Adagrad needs no
 *       schedule, but may come to a halt in long trainings.
 *   <li>At an {@code initialAccumulator} of 0, the first step moves every parameter by η, however
 *       small its gradient. A larger one makes early steps smaller.
 *   <li>With {@code INVERSE} of {@code SQUARES}, a step is larger for smaller gradients: {@code η /
 *       g} in the first. Set an {@code initialAccumulator} near the squares of usual gradients.
 *   <li>With {@code EXPONENTIAL}, training soon stops for good. It has no ε.
 *   <li>{@code BFLOAT16} has too few digits for long sums: G stops growing when g² is below 2⁻⁹ of
 *       it.
 * </ul>
 *
 * <p>Parameters: learning rate η (at least 0; default 1e-2) or its schedule, accumulator (SQUARES),
 * scaling (INVERSE_ROOT), initialAccumulator (at least 0; 0), ε (at least 1.2e-38; 1e-10),
 * epsilonInsideRoot (false; only for INVERSE_ROOT), weight decay λ (at least 0; 0). State: {@code
 * G} without its start, one number per parameter.
 *
 * <p>A step throws {@link NonFiniteGradientException} if the gradient is not finite, unless {@link
 * NonFinitePolicy} says otherwise. It throws {@link IllegalStateException} if weights should decay
 * but {@code attach} was not called, if the schedule returns a value outside its range, or if the
 * parameters are of type {@code HALF}. No parameter of the network has moved then.
 *
 * <p>Duchi, Hazan and Singer, <a href="https://jmlr.org/papers/v12/duchi11a.html">Adaptive
 * Subgradient Methods for Online Learning and Stochastic Optimization</a> (2011), with diagonal
 * matrices. Equal to PyTorch's {@code Adagrad} in formula and defaults; there, {@code weight_decay}
 * is an L2 penalty, and {@code lr_decay} is a {@code PowerDecaySchedule} here. With {@code
 * epsilonInsideRoot}, equal to Optax's and Keras's, which start at 0.1 with ε 1e-7.
 */
@JsonDeserialize(builder = AdagradDecoupled.Builder.class)
public class AdagradDecoupled extends DecayingUpdater {
  private static final long serialVersionUID = 1L;

  /** What G sums. */
  public enum Accumulator {
    /** {@code G ← G + g²}. */
    SQUARES,
    /** {@code G ← G + |g|}. */
    ABSOLUTE_VALUES
  }

  /** The factor of {@code η g} in an update. */
  public enum Scaling {
    /** {@code 1 / (√G + ε)}. */
    INVERSE_ROOT,
    /** {@code 1 / (G + ε)}. */
    INVERSE,
    /** {@code e^-G}. */
    EXPONENTIAL
  }

  private final Accumulator accumulator;
  private final Scaling scaling;
  private final double initialAccumulator;
  private final double epsilon;
  private final boolean epsilonInsideRoot;

  /** Adagrad with every parameter at its default. */
  public AdagradDecoupled() {
    this(new Builder());
  }

  /**
   * Adagrad with a constant learning rate. Every other parameter has its default, so the weight
   * decay is 0.
   *
   * @param learningRate η, a finite number of at least 0
   * @throws IllegalArgumentException if the rate is outside its range
   */
  public AdagradDecoupled(double learningRate) {
    this(new Builder().learningRate(learningRate));
  }

  /**
   * Adagrad with a scheduled learning rate. Every other parameter has its default, so the weight
   * decay is 0.
   *
   * @param learningRate schedule of η
   * @throws IllegalArgumentException if the schedule is null
   */
  public AdagradDecoupled(ISchedule learningRate) {
    this(new Builder().learningRateSchedule(given("learningRate", learningRate)));
  }

  /**
   * Adagrad with a constant learning rate.
   *
   * @param learningRate η, a finite number of at least 0
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if an argument is outside its range, naming it
   */
  public AdagradDecoupled(double learningRate, double weightDecay) {
    this(new Builder().learningRate(learningRate).weightDecay(weightDecay));
  }

  /**
   * Adagrad with a scheduled learning rate, which scales the decay too.
   *
   * @param learningRate schedule of η
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if the decay is outside its range or the schedule is null
   */
  public AdagradDecoupled(ISchedule learningRate, double weightDecay) {
    this(
        new Builder()
            .learningRateSchedule(given("learningRate", learningRate))
            .weightDecay(weightDecay));
  }

  private AdagradDecoupled(Builder builder) {
    super(builder);
    this.accumulator = given("accumulator", builder.accumulator);
    this.scaling = given("scaling", builder.scaling);
    this.initialAccumulator = notNegative("initialAccumulator", builder.initialAccumulator);
    this.epsilon = Epsilon.checked(builder.epsilon);
    this.epsilonInsideRoot = builder.epsilonInsideRoot;
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
   * What G sums.
   *
   * @return squares or absolute values
   */
  public Accumulator getAccumulator() {
    return accumulator;
  }

  /**
   * The factor of {@code η g} in an update.
   *
   * @return how it follows from G
   */
  public Scaling getScaling() {
    return scaling;
  }

  /**
   * What G starts at.
   *
   * @return the start, at least 0
   */
  public double getInitialAccumulator() {
    return initialAccumulator;
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
   * @return true for {@code √(G + ε)}, false for {@code √G + ε}
   */
  public boolean isEpsilonInsideRoot() {
    return epsilonInsideRoot;
  }

  @Override
  protected Map<String, Object> parameters() {
    Map<String, Object> parameters = super.parameters();
    parameters.put("accumulator", accumulator);
    parameters.put("scaling", scaling);
    parameters.put("initialAccumulator", initialAccumulator);
    parameters.put("epsilon", epsilon);
    parameters.put("epsilonInsideRoot", epsilonInsideRoot);
    return parameters;
  }

  /** G without its start, because state arrays start as zeros. */
  @Override
  protected List<String> stateNames() {
    return List.of("G");
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if the type cannot hold the sums
   */
  @Override
  protected void checkTrainable(DataType type) {
    refuseHalf(
        type,
        switch (accumulator) {
          case SQUARES ->
              "sums of squared gradients, which are zero in that type for gradients below 2e-4";
          case ABSOLUTE_VALUES -> "sums of gradients, which end at 65504 in that type";
        });
    super.checkTrainable(type);
  }

  @Override
  protected Rule rule(Step step) {
    double learningRate = getLearningRate(step);
    return switch (scaling) {
      case INVERSE_ROOT ->
          new InverseRoot(
              accumulator,
              learningRate,
              epsilonInsideRoot
                  ? new Epsilon(initialAccumulator + epsilon, 0)
                  : new Epsilon(initialAccumulator, epsilon));
      case INVERSE -> new Inverse(accumulator, learningRate, initialAccumulator + epsilon);
      case EXPONENTIAL ->
          new Exponential(accumulator, learningRate * Math.exp(-initialAccumulator));
    };
  }

  private static <C extends Cells<C>> C accumulated(Accumulator accumulator, C sum, C g) {
    return switch (accumulator) {
      case SQUARES -> sum.addSquare(g);
      case ABSOLUTE_VALUES -> sum.addAbsolute(g);
    };
  }

  private record InverseRoot(Accumulator accumulator, double learningRate, Epsilon epsilon)
      implements Rule {

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C sum = accumulated(accumulator, state.get(0), g); // G ← G + g²
      g.overRoot(learningRate, g, 1, sum, epsilon); // g ← η g / (√G + ε)
    }
  }

  private record Inverse(Accumulator accumulator, double learningRate, double added)
      implements Rule {

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C sum = accumulated(accumulator, state.get(0), g);
      g.over(learningRate, g, 1, sum, added); // g ← η g / (G + ε)
    }
  }

  private record Exponential(Accumulator accumulator, double size) implements Rule {

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C sum = accumulated(accumulator, state.get(0), g);
      g.damp(size, g, sum); // g ← η g e^-G
    }
  }

  /** Builds an {@link AdagradDecoupled}. */
  public static final class Builder extends DecayingUpdater.Builder<Builder> {
    private Accumulator accumulator = Accumulator.SQUARES;
    private Scaling scaling = Scaling.INVERSE_ROOT;
    private double initialAccumulator;
    private double epsilon = 1e-10;
    private boolean epsilonInsideRoot;

    /** Starts with the defaults. */
    public Builder() {
      super(1e-2, 0);
    }

    /**
     * Sets what G sums.
     *
     * @param accumulator squares (the default) or absolute values
     * @return this
     */
    @Given
    public Builder accumulator(Accumulator accumulator) {
      this.accumulator = accumulator;
      return this;
    }

    /**
     * Sets the factor of {@code η g} in an update.
     *
     * @param scaling how it follows from G; default {@link Scaling#INVERSE_ROOT}
     * @return this
     */
    @Given
    public Builder scaling(Scaling scaling) {
      this.scaling = scaling;
      return this;
    }

    /**
     * Sets what G starts at.
     *
     * @param initialAccumulator a finite number of at least 0; default 0
     * @return this
     */
    @Given
    public Builder initialAccumulator(double initialAccumulator) {
      this.initialAccumulator = initialAccumulator;
      return this;
    }

    /**
     * Sets the number that keeps the denominator from zero.
     *
     * @param epsilon a finite number of at least 1.2e-38, the smallest normal float; default 1e-10;
     *     not used by {@link Scaling#EXPONENTIAL}
     * @return this
     */
    @Given
    public Builder epsilon(double epsilon) {
      this.epsilon = epsilon;
      return this;
    }

    /**
     * Sets where ε is added.
     *
     * @param inside true for {@code √(G + ε)}, false (the default) for {@code √G + ε}; only {@link
     *     Scaling#INVERSE_ROOT} has a root
     * @return this
     */
    @Given
    public Builder epsilonInsideRoot(boolean inside) {
      this.epsilonInsideRoot = inside;
      return this;
    }

    @Override
    public AdagradDecoupled build() {
      return new AdagradDecoupled(this);
    }
  }
}
