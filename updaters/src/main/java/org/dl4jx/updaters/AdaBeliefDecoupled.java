package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.given;

import java.util.List;
import java.util.Map;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.adam.AdamScalars;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.dl4jx.updaters.adam.Rectification;
import org.dl4jx.updaters.adam.RectifiedScalars;
import org.dl4jx.updaters.engine.Cells;
import org.dl4jx.updaters.engine.Rule;
import org.dl4jx.updaters.engine.Step;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * AdaBelief: Adam that divides by how far gradients are from their average, not by how large they
 * are. Where gradients agree, it takes long steps; where they vary, short ones. Its authors found
 * it to be as fast as Adam and to generalize about as well as SGD.
 *
 * <p>In step {@code t = 1, 2, ...}, with gradient {@code g}:
 *
 * <pre>
 * m ← β1 m + (1 - β1) g
 * s ← β2 s + (1 - β2) (g - m)² + ε
 * m̂ = m / (1 - β1ᵗ)
 * ŝ = s / (1 - β2ᵗ)
 * θ ← θ - η m̂ / (√ŝ + ε) - η λ θ         (the last term for weights, not for biases)
 * </pre>
 *
 * <p>With {@code rectify}, it has a warm-up like {@link RAdam}, with the same ρ and r. The step
 * then is {@code η m̂ r √(1 - β2ᵗ) / (√s + ε)} if {@code ρ >= 5}, and {@code η m̂} before that.
 *
 * <p>If β1 follows a schedule, every β1 above is the one of step t. ε has two places. The one in s
 * remains; it adds up to {@code ε / (1 - β2)} in ŝ. With {@code epsilonInsideRoot}, the other moves
 * into the root: the denominator is {@code √(ŝ + ε)}, or {@code √(s + ε)} with {@code rectify}.
 *
 * <p>The weight decay needs {@link DecoupledDecay#attach attach}:
 *
 * <pre>{@code
 * MultiLayerConfiguration conf = DecoupledDecay.attach(new NeuralNetConfiguration.Builder()
 *     .updater(new AdaBeliefDecoupled(1e-3, 0.01))
 *     .list()
 *     .layer(new OutputLayer.Builder(LossFunction.MCXENT).nIn(784).nOut(10)
 *         .activation(Activation.SOFTMAX).build())
 *     .build());
 *
 * new AdaBeliefDecoupled(1e-3).getEpsilon(); // 1.0E-16
 * }</pre>
 *
 * <p>If g stays the same, {@code m̂ = g} and ŝ goes down to {@code ε / (1 - β2)}, so steps grow up
 * to {@code η g / (√(ε / (1 - β2)) + ε)}. With the defaults, that is 3.2 million times {@code η g},
 * but only after many thousands of steps. A larger ε limits it:
 *
 * <pre>{@code
 * AdaBeliefDecoupled updater = AdaBeliefDecoupled.builder()
 *     .learningRate(0.5).beta2(0.75).epsilon(0.0625).weightDecay(0).build();
 * var steps = updater.instantiate(Nd4j.zeros(DataType.DOUBLE, updater.stateSize(1)), true);
 * INDArray gradient = Nd4j.create(DataType.DOUBLE, 1);
 * for (int t = 0; t < 500; t++) {
 *   steps.applyUpdater(gradient.assign(1), t, 0);
 * }
 * gradient.getDouble(0); // 0.8889
 * }</pre>
 *
 * <p>Parameters: learning rate η (at least 0; default 1e-3) or its schedule, β1 (in [0, 1); 0.9) or
 * its schedule, β2 (in [0, 1); 0.999), ε (at least 1.2e-38; 1e-16; its authors use 1e-8 for image
 * classification with convolutional networks), rectify (false), weight decay λ (at least 0; 0.01),
 * epsilonInsideRoot (false). State: {@code M} and {@code S}, two numbers per parameter.
 *
 * <p>With {@code β1 = 0}, m equals g, so s contains nothing but ε, and it is gradient descent with
 * a very large learning rate. In {@code FLOAT}, differences between g and m below 1e-7 of g are
 * nothing but rounding, so where gradients hardly vary, set a larger ε.
 *
 * <p>A step throws {@link NonFiniteGradientException} if the gradient is not finite, unless {@link
 * NonFinitePolicy} says otherwise. It throws {@link IllegalStateException} if weights should decay
 * but {@code attach} was not called, if a schedule returns a value outside its range, or if the
 * parameters are of type {@code HALF}. No parameter of the network has moved then.
 *
 * <p>Zhuang et al., <a href="https://arxiv.org/abs/2010.07468">AdaBelief Optimizer: Adapting
 * Stepsizes by the Belief in Observed Gradients</a> (2020), algorithm 2, with ε where the authors'
 * {@code adabelief_pytorch} 0.2.0 adds it. That package is equal in formula, but rectifies and does
 * not decay by default. Optax's {@code adabelief} (in recent versions) with {@code eps_root} equal
 * to {@code eps} is equal too, without {@code rectify}. PyTorch and Keras have none of their own.
 */
@JsonDeserialize(builder = AdaBeliefDecoupled.Builder.class)
public class AdaBeliefDecoupled extends AdaptiveUpdater {
  private static final long serialVersionUID = 1L;

  private final boolean rectify;

  /** AdaBelief with every parameter at its default. */
  public AdaBeliefDecoupled() {
    this(new Builder());
  }

  /**
   * AdaBelief with a constant learning rate. Every other parameter has its default, so the weight
   * decay is 0.01.
   *
   * @param learningRate η, a finite number of at least 0
   * @throws IllegalArgumentException if the rate is outside its range
   */
  public AdaBeliefDecoupled(double learningRate) {
    this(new Builder().learningRate(learningRate));
  }

  /**
   * AdaBelief with a scheduled learning rate. Every other parameter has its default, so the weight
   * decay is 0.01.
   *
   * @param learningRate schedule of η
   * @throws IllegalArgumentException if the schedule is null
   */
  public AdaBeliefDecoupled(ISchedule learningRate) {
    this(new Builder().learningRateSchedule(given("learningRate", learningRate)));
  }

  /**
   * AdaBelief with a constant learning rate.
   *
   * @param learningRate η, a finite number of at least 0
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if an argument is outside its range, naming it
   */
  public AdaBeliefDecoupled(double learningRate, double weightDecay) {
    this(new Builder().learningRate(learningRate).weightDecay(weightDecay));
  }

  /**
   * AdaBelief with a scheduled learning rate, which scales the decay too.
   *
   * @param learningRate schedule of η
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if the decay is outside its range or the schedule is null
   */
  public AdaBeliefDecoupled(ISchedule learningRate, double weightDecay) {
    this(
        new Builder()
            .learningRateSchedule(given("learningRate", learningRate))
            .weightDecay(weightDecay));
  }

  private AdaBeliefDecoupled(Builder builder) {
    super(builder);
    this.rectify = builder.rectify;
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
   * Whether it has a warm-up like RAdam.
   *
   * @return true for rectified AdaBelief
   */
  public boolean isRectify() {
    return rectify;
  }

  @Override
  protected Map<String, Object> parameters() {
    Map<String, Object> parameters = super.parameters();
    parameters.put("rectify", rectify);
    return parameters;
  }

  @Override
  protected List<String> stateNames() {
    return List.of("M", "S");
  }

  @Override
  protected Rule rule(Step step) {
    AdamScalars scalars = scalars(step);
    if (!rectify) {
      return new Update(RectifiedScalars.of(scalars), getEpsilon());
    }
    Rectification rectification = Rectification.of(getBeta2(), step);
    return new Update(rectification.applied(rectification.rho() >= 5, scalars, step), getEpsilon());
  }

  /**
   * The step.
   *
   * @param plus the ε in s
   */
  private record Update(RectifiedScalars scalars, double plus) implements Rule {

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C m = state.get(0);
      C s = state.get(1);
      m.average(scalars.beta1(), g); // m ← β1 m + (1 - β1) g
      s.averageSquaredDifference(scalars.beta2(), g, m, plus); // s ← β2 s + (1 - β2) (g - m)² + ε
      scalars.divide(g, m, s); // g ← η m̂ / (√ŝ + ε), or as rectified
    }
  }

  /** Builds an {@link AdaBeliefDecoupled}. */
  public static final class Builder extends AdaptiveUpdater.Builder<Builder> {
    private boolean rectify;

    /** Starts with the defaults. */
    public Builder() {
      super(1e-3, 0.01);
      epsilon(1e-16);
    }

    /**
     * Sets whether it has a warm-up like RAdam.
     *
     * @param rectify true for rectified AdaBelief; default false
     * @return this
     */
    @Given
    public Builder rectify(boolean rectify) {
      this.rectify = rectify;
      return this;
    }

    @Override
    public AdaBeliefDecoupled build() {
      return new AdaBeliefDecoupled(this);
    }
  }
}
