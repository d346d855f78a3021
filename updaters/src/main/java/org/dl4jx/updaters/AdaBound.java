package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.notNegative;
import static org.dl4jx.schedules.checks.Argument.positive;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.adam.AdaBoundScalars;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.dl4jx.updaters.adam.FusedAdaBound;
import org.dl4jx.updaters.engine.Cells;
import org.dl4jx.updaters.engine.Fused;
import org.dl4jx.updaters.engine.Rule;
import org.dl4jx.updaters.engine.Step;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * AdaBound: starts like Adam and turns into SGD with momentum. It clips the step size of every
 * parameter between two bounds that close in on a final learning rate. The aim is to be as fast as
 * Adam at first and to generalize as well as SGD in the end.
 *
 * <p>In step {@code t = 1, 2, ...}, with gradient {@code g}:
 *
 * <pre>
 * m ← β1 m + (1 - β1) g
 * v ← β2 v + (1 - β2) g²
 * f = finalLearningRate · η / baseLearningRate
 * lower = f (1 - 1 / (γ t + 1))
 * upper = f (1 + 1 / (γ t))
 * s = clip( η √(1 - β2ᵗ) / (1 - β1ᵗ) / (√v + ε), lower, upper )
 * θ ← θ - s m - η λ θ                     (the last term for weights, not for biases)
 * </pre>
 *
 * <p>If β1 follows a schedule, every β1 above is the one of step t, as in the authors'
 * implementation. With {@code amsBound}, the maximum of all v so far takes the place of v. With
 * {@code epsilonInsideRoot}, the denominator is {@code √(v + ε)}.
 *
 * <p>The second argument of {@code new AdaBound(1e-3, 0.01)} is the final learning rate, but that
 * of {@code new AdamWDecoupled(1e-3, 0.01)} is the weight decay. AdaBound decays nothing unless you
 * set {@code weightDecay} on its builder. It then needs {@link DecoupledDecay#attach attach}.
 *
 * <pre>{@code
 * AdaBound updater = AdaBound.builder()
 *     .learningRate(1e-3)
 *     .finalLearningRate(0.1)
 *     .weightDecay(5e-4)
 *     .build();
 * updater.getWeightDecay(); // 5.0E-4
 *
 * new AdaBound(1e-3, 0.01).getWeightDecay(); // 0.0
 * }</pre>
 *
 * <p>Parameters: learning rate η (above 0; default 1e-3) or its schedule, finalLearningRate (at
 * least 0; 0.1), γ (between 0 and 1; 1e-3), amsBound (false), β1 (in [0, 1); 0.9) or its schedule,
 * β2 (in [0, 1); 0.999), ε (at least 1.2e-38; 1e-8), weight decay λ (at least 0; 0),
 * epsilonInsideRoot (false). A schedule or {@code setLearningRate} scales the final learning rate
 * in proportion to the base learning rate. That is the constant learning rate by default; with a
 * schedule, you have to set it. State: {@code M} and {@code V}, two numbers per parameter; with
 * {@code amsBound} also {@code X}, three.
 *
 * <p>A step throws {@link NonFiniteGradientException} if the gradient is not finite, unless {@link
 * NonFinitePolicy} says otherwise. It throws {@link IllegalStateException} if weights should decay
 * but {@code attach} was not called, if a schedule returns a value outside its range, or if the
 * parameters are of type {@code HALF}. No parameter of the network has moved then.
 *
 * <p>Luo, Xiong, Liu and Sun, <a href="https://arxiv.org/abs/1902.09843">Adaptive Gradient Methods
 * with Dynamic Bound of Learning Rate</a> (2019), algorithms 2 and 3, with the bias correction, the
 * bounds and the defaults of the authors' implementation.
 */
@JsonDeserialize(builder = AdaBound.Builder.class)
public class AdaBound extends AdaptiveUpdater {
  private static final long serialVersionUID = 1L;

  private final double finalLearningRate;
  private final double baseLearningRate;
  private final double gamma;
  private final boolean amsBound;

  /** AdaBound with every parameter at its default. */
  public AdaBound() {
    this(new Builder());
  }

  /**
   * AdaBound with a constant learning rate, a final learning rate of 0.1, and no weight decay.
   *
   * @param learningRate η, a finite number greater than 0
   * @throws IllegalArgumentException if the rate is outside its range
   */
  public AdaBound(double learningRate) {
    this(new Builder().learningRate(learningRate));
  }

  /**
   * AdaBound with a constant learning rate and no weight decay.
   *
   * <p>The second number is <em>not</em> the weight decay, as it is in {@link
   * AdamWDecoupled#AdamWDecoupled(double, double)}. Set the decay with {@link
   * Builder#weightDecay(double)}.
   *
   * @param learningRate η, a finite number greater than 0
   * @param finalLearningRate the learning rate of SGD in the end, a finite number of at least 0
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public AdaBound(double learningRate, double finalLearningRate) {
    this(new Builder().learningRate(learningRate).finalLearningRate(finalLearningRate));
  }

  /**
   * AdaBound with a scheduled learning rate and no weight decay. The schedule scales the final
   * learning rate too: in every step, it is {@code finalLearningRate · η / baseLearningRate}.
   *
   * @param learningRate schedule of η
   * @param finalLearningRate the learning rate of SGD in the end, a finite number of at least 0
   * @param baseLearningRate the η that {@code finalLearningRate} refers to, usually the greatest of
   *     the schedule; a finite number greater than 0
   * @throws IllegalArgumentException if an argument is outside its range or null
   */
  public AdaBound(ISchedule learningRate, double finalLearningRate, double baseLearningRate) {
    this(
        new Builder()
            .learningRateSchedule(given("learningRate", learningRate))
            .finalLearningRate(finalLearningRate)
            .baseLearningRate(baseLearningRate));
  }

  private AdaBound(Builder builder) {
    super(builder);
    this.finalLearningRate = notNegative("finalLearningRate", builder.finalLearningRate);
    this.baseLearningRate = builder.base();
    this.gamma =
        check(
            builder.gamma >= Double.MIN_NORMAL && builder.gamma < 1,
            "gamma",
            builder.gamma,
            "in [" + Double.MIN_NORMAL + ", 1)");
    this.amsBound = builder.amsBound;
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
   * The learning rate of SGD that the bounds close in on.
   *
   * @return the rate, at least 0
   */
  public double getFinalLearningRate() {
    return finalLearningRate;
  }

  /**
   * The learning rate that the final learning rate refers to.
   *
   * @return the rate, greater than 0
   */
  public double getBaseLearningRate() {
    return baseLearningRate;
  }

  /**
   * How fast the bounds close in, γ.
   *
   * @return gamma, in (0, 1)
   */
  public double getGamma() {
    return gamma;
  }

  /**
   * Whether the maximum of all v so far takes the place of v.
   *
   * @return true for AMSBound
   */
  public boolean isAmsBound() {
    return amsBound;
  }

  @Override
  protected Map<String, Object> parameters() {
    Map<String, Object> inherited = super.parameters();
    Map<String, Object> parameters = new LinkedHashMap<>();
    // First what matters most, and what the second number of a constructor may be mistaken for.
    parameters.put("learningRate", inherited.get("learningRate"));
    parameters.put("finalLearningRate", finalLearningRate);
    parameters.put("weightDecay", inherited.get("weightDecay"));
    parameters.putAll(inherited);
    parameters.put("baseLearningRate", baseLearningRate);
    parameters.put("gamma", gamma);
    parameters.put("amsBound", amsBound);
    return parameters;
  }

  @Override
  protected List<String> stateNames() {
    return amsBound ? List.of("M", "V", "X") : List.of("M", "V");
  }

  @Override
  protected Rule rule(Step step) {
    double learningRate = getLearningRate(step);
    double beta1 = beta1(step);
    double size =
        learningRate * Math.sqrt(step.biasCorrection(getBeta2())) / step.biasCorrection(beta1);
    double limit = finalLearningRate * learningRate / baseLearningRate;
    double lower = limit * (1 - 1 / (gamma * step.t() + 1));
    double upper = limit * (1 + 1 / (gamma * step.t()));
    return new Update(new AdaBoundScalars(beta1, getBeta2(), size, lower, upper, epsilon()));
  }

  private record Update(AdaBoundScalars s) implements Rule {

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C m = state.get(0);
      C v = state.get(1);
      m.average(s.beta1(), g); // m ← β1 m + (1 - β1) g
      v.averageSquare(s.beta2(), g); // v ← β2 v + (1 - β2) g²
      C x = state.size() == 2 ? v : state.get(2).max(v); // with amsBound x ← max(x, v)
      g.inverseRoot(s.size(), x, s.epsilon()); // g ← η √(1 - β2ᵗ) / (1 - β1ᵗ) / (√x + ε)
      g.clip(s.lower(), s.upper()).times(m); // g ← clip(g) m
    }

    @Override
    public Fused fused() {
      return new FusedAdaBound(s);
    }
  }

  /** Builds an {@link AdaBound}. */
  public static final class Builder extends AdaptiveUpdater.Builder<Builder> {
    private double finalLearningRate = 0.1;
    private Double baseLearningRate;
    private double gamma = 1e-3;
    private boolean amsBound;

    /** Starts with the defaults. */
    public Builder() {
      super(1e-3, 0);
    }

    /**
     * Sets the learning rate of SGD that the bounds close in on.
     *
     * @param finalLearningRate a finite number of at least 0; default 0.1
     * @return this
     */
    @Given
    public Builder finalLearningRate(double finalLearningRate) {
      this.finalLearningRate = finalLearningRate;
      return this;
    }

    /**
     * Sets the learning rate that the final learning rate refers to. At any other rate, for example
     * from a schedule, the final rate is scaled in proportion.
     *
     * @param baseLearningRate a finite number greater than 0; defaults to the constant learning
     *     rate, and has no default with a schedule
     * @return this
     */
    @Given
    public Builder baseLearningRate(double baseLearningRate) {
      this.baseLearningRate = baseLearningRate;
      return this;
    }

    /**
     * Sets how fast the bounds close in.
     *
     * @param gamma in (0, 1); default 1e-3
     * @return this
     */
    @Given
    public Builder gamma(double gamma) {
      this.gamma = gamma;
      return this;
    }

    /**
     * Sets whether the maximum of all v so far takes the place of v.
     *
     * @param amsBound true for AMSBound; default false
     * @return this
     */
    @Given
    public Builder amsBound(boolean amsBound) {
      this.amsBound = amsBound;
      return this;
    }

    private double base() {
      if (baseLearningRate != null) {
        return positive("baseLearningRate", baseLearningRate);
      }
      Double constant = constantLearningRate();
      if (constant == null) {
        throw new IllegalArgumentException(
            "baseLearningRate must be set with a learning-rate schedule: it is the rate that"
                + " finalLearningRate refers to, usually the greatest of the schedule");
      }
      return positive("learningRate", constant);
    }

    @Override
    public AdaBound build() {
      return new AdaBound(this);
    }
  }
}
