package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.notNegative;
import static org.dl4jx.schedules.checks.Argument.positive;

import java.util.List;
import java.util.Map;
import org.dl4jx.updaters.engine.Rule;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * AdaBound: starts as Adam and turns into SGD with momentum, by clipping the step size of every
 * parameter between two bounds that close in on a final learning rate. Fast at first like Adam, and
 * at the end with the generalization that SGD is known for.
 *
 * <p>At step {@code t = iteration + 1}, with gradient {@code g}:
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
 * <p>With {@code amsBound}, the maximum of all v so far takes the place of v. With {@code
 * epsilonInsideRoot}, the denominator is {@code √(v + ε)}. With a weight decay, use {@link
 * DecoupledDecay#attach}.
 *
 * <p>Parameters: learning rate η (above 0; default 1e-3) or its schedule, finalLearningRate (at
 * least 0; 0.1), γ (between 0 and 1; 1e-3), amsBound (false), β1 (from 0 to below 1; 0.9), β2 (from
 * 0 to below 1; 0.999), ε (at least 1.2e-38; 1e-8), weight decay λ (at least 0; 0),
 * epsilonInsideRoot (false). The base learning rate, by which a schedule or {@code setLearningRate}
 * scales the final one, is the constant learning rate; with a schedule it has to be given. State:
 * {@code M} and {@code V}, two numbers a parameter; with {@code amsBound} also {@code X}, three.
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
   * AdaBound with a constant learning rate.
   *
   * @param learningRate η, a finite number greater than 0
   * @param finalLearningRate the learning rate of SGD at the end, a finite number of at least 0
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public AdaBound(double learningRate, double finalLearningRate) {
    this(new Builder().learningRate(learningRate).finalLearningRate(finalLearningRate));
  }

  private AdaBound(Builder builder) {
    super(builder);
    this.finalLearningRate = notNegative("finalLearningRate", builder.finalLearningRate);
    this.gamma =
        check(
            builder.gamma >= Double.MIN_NORMAL && builder.gamma < 1,
            "gamma",
            builder.gamma,
            "0 < gamma < 1");
    this.amsBound = builder.amsBound;
    this.baseLearningRate =
        builder.baseLearningRate == null && getLearningRateSchedule() == null
            ? positive("learningRate", getLearningRate())
            : base(builder.baseLearningRate);
  }

  private static double base(Double given) {
    return check(
        given != null && given > 0 && given < Double.POSITIVE_INFINITY,
        "baseLearningRate",
        given,
        "a finite number > 0, which a learning-rate schedule needs beside it: the rate at which"
            + " finalLearningRate is meant, usually the schedule's greatest");
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
   * The learning rate at which the final learning rate is meant.
   *
   * @return the rate, greater than 0
   */
  public double getBaseLearningRate() {
    return baseLearningRate;
  }

  /**
   * How fast the bounds close in, γ.
   *
   * @return gamma, {@code 0 < gamma < 1}
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
    Map<String, Object> parameters = super.parameters();
    parameters.put("finalLearningRate", finalLearningRate);
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
  protected Rule rule(int iteration, int epoch) {
    double t = iteration + 1.0;
    double correction1 = 1 - Math.pow(getBeta1(), t);
    double correction2 = 1 - Math.pow(getBeta2(), t);
    double learningRate = getLearningRate(iteration, epoch);
    double limit = finalLearningRate * learningRate / baseLearningRate;
    return new Step(
        getBeta1(),
        getBeta2(),
        learningRate * Math.sqrt(correction2) / correction1,
        limit * (1 - 1 / (gamma * t + 1)),
        limit * (1 + 1 / (gamma * t)),
        insideRoot(),
        outsideRoot());
  }

  /**
   * {@code g ← clip(stepSize / (√x + ε), lower, upper) · m}, after m and v moved on; x is v, or the
   * greatest v so far if there is a third state array.
   */
  private record Step(
      double beta1,
      double beta2,
      double stepSize,
      double lower,
      double upper,
      double inside,
      double outside)
      implements Rule {

    @Override
    public void apply(INDArray g, INDArray[] state) {
      INDArray m = state[0];
      INDArray v = state[1];
      INDArray x = state[state.length - 1];
      m.muli(beta1).addi(g.mul(1 - beta1));
      v.muli(beta2).addi(g.mul(g).muli(1 - beta2));
      if (x != v) {
        x.assign(Transforms.max(x, v, true));
      }
      INDArray size = Transforms.sqrt(x.add(inside), false).addi(outside).rdivi(stepSize);
      INDArray clipped = Transforms.min(Transforms.max(size, lower, false), upper, false);
      g.assign(clipped.muli(m));
    }

    /** The clip has a loop of its own: in one with the root the JIT compiler makes it slow. */
    @Override
    public void apply(float[] g, float[][] state, int length) {
      float[] m = state[0];
      float[] v = state[1];
      float[] x = state[state.length - 1];
      float b1 = (float) beta1;
      float c1 = (float) (1 - beta1);
      float b2 = (float) beta2;
      float c2 = (float) (1 - beta2);
      float size = (float) stepSize;
      float lower = (float) this.lower;
      float upper = (float) this.upper;
      float inside = (float) this.inside;
      float outside = (float) this.outside;
      if (x == v) {
        for (int i = 0; i < length; i++) {
          float mi = b1 * m[i] + c1 * g[i];
          float vi = b2 * v[i] + c2 * (g[i] * g[i]);
          m[i] = mi;
          v[i] = vi;
          g[i] = size / ((float) Math.sqrt(vi + inside) + outside);
        }
      } else {
        for (int i = 0; i < length; i++) {
          float mi = b1 * m[i] + c1 * g[i];
          float vi = b2 * v[i] + c2 * (g[i] * g[i]);
          float xi = Math.max(x[i], vi);
          m[i] = mi;
          v[i] = vi;
          x[i] = xi;
          g[i] = size / ((float) Math.sqrt(xi + inside) + outside);
        }
      }
      for (int i = 0; i < length; i++) {
        g[i] = Math.min(Math.max(g[i], lower), upper) * m[i];
      }
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
    public Builder finalLearningRate(double finalLearningRate) {
      this.finalLearningRate = finalLearningRate;
      return this;
    }

    /**
     * Sets the learning rate at which the final learning rate is meant: at another one, as from a
     * schedule, the final rate is scaled in proportion.
     *
     * @param baseLearningRate a finite number greater than 0; default the constant learning rate,
     *     and none with a schedule
     * @return this
     */
    public Builder baseLearningRate(double baseLearningRate) {
      this.baseLearningRate = baseLearningRate;
      return this;
    }

    /**
     * Sets how fast the bounds close in.
     *
     * @param gamma {@code 0 < gamma < 1}; default 1e-3
     * @return this
     */
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
    public Builder amsBound(boolean amsBound) {
      this.amsBound = amsBound;
      return this;
    }

    @Override
    public AdaBound build() {
      return new AdaBound(this);
    }
  }
}
