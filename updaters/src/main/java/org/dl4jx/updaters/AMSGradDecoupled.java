package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.given;

import java.util.List;
import org.dl4jx.updaters.engine.Rule;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * AMSGrad: AdamW whose denominator never shrinks, so that rare large gradients are not forgotten.
 * Try it where Adam stays unstable late in training.
 *
 * <p>At step {@code t = iteration + 1}, with gradient {@code g}:
 *
 * <pre>
 * m ← β1 m + (1 - β1) g
 * v ← β2 v + (1 - β2) g²
 * x ← max(x, v)
 * m̂ = m / (1 - β1ᵗ)
 * x̂ = x / (1 - β2ᵗ)
 * θ ← θ - η m̂ / (√x̂ + ε) - η λ θ         (the last term for weights, not for biases)
 * </pre>
 *
 * <p>With {@code epsilonInsideRoot}, the denominator is {@code √(x̂ + ε)}. With a weight decay, use
 * {@link DecoupledDecay#attach}.
 *
 * <p>Parameters: learning rate η (at least 0; default 1e-3) or its schedule, β1 (from 0 to below 1;
 * 0.9), β2 (from 0 to below 1; 0.999), ε (at least 1.2e-38; 1e-8), weight decay λ (at least 0; 0),
 * epsilonInsideRoot (false). State: {@code M}, {@code V} and {@code X}, three numbers a parameter.
 *
 * <p>Reddi, Kale and Kumar, <a href="https://arxiv.org/abs/1904.09237">On the Convergence of Adam
 * and Beyond</a> (2018), algorithm 2. The paper corrects no bias; here the maximum is taken of the
 * uncorrected v and corrected afterwards, equal to PyTorch's {@code AdamW(amsgrad=True)}.
 */
@JsonDeserialize(builder = AMSGradDecoupled.Builder.class)
public class AMSGradDecoupled extends AdaptiveUpdater {
  private static final long serialVersionUID = 1L;

  /** AMSGrad with every parameter at its default. */
  public AMSGradDecoupled() {
    this(new Builder());
  }

  /**
   * AMSGrad with a constant learning rate.
   *
   * @param learningRate η, a finite number of at least 0
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public AMSGradDecoupled(double learningRate, double weightDecay) {
    this(new Builder().learningRate(learningRate).weightDecay(weightDecay));
  }

  /**
   * AMSGrad with a scheduled learning rate, which scales the decay too.
   *
   * @param learningRate schedule of η
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if the decay is outside its range or the schedule is null
   */
  public AMSGradDecoupled(ISchedule learningRate, double weightDecay) {
    this(
        new Builder()
            .learningRateSchedule(given("learningRate", learningRate))
            .weightDecay(weightDecay));
  }

  private AMSGradDecoupled(Builder builder) {
    super(builder);
  }

  /**
   * Starts building.
   *
   * @return a builder with every parameter at its default
   */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected List<String> stateNames() {
    return List.of("M", "V", "X");
  }

  @Override
  protected Rule rule(int iteration, int epoch) {
    double t = iteration + 1.0;
    double correction1 = 1 - Math.pow(getBeta1(), t);
    double correction2 = 1 - Math.pow(getBeta2(), t);
    return new Step(
        getBeta1(),
        getBeta2(),
        getLearningRate(iteration, epoch) / correction1,
        1 / correction2,
        insideRoot(),
        outsideRoot());
  }

  /** {@code g ← stepSize · m / (√(x · scale + inside) + outside)}, after m, v and x moved on. */
  private record Step(
      double beta1, double beta2, double stepSize, double scale, double inside, double outside)
      implements Rule {

    @Override
    public void apply(INDArray g, INDArray[] state) {
      INDArray m = state[0];
      INDArray v = state[1];
      INDArray x = state[2];
      m.muli(beta1).addi(g.mul(1 - beta1));
      v.muli(beta2).addi(g.mul(g).muli(1 - beta2));
      x.assign(Transforms.max(x, v, true));
      INDArray denominator = Transforms.sqrt(x.mul(scale).addi(inside), false).addi(outside);
      g.assign(m).muli(stepSize).divi(denominator);
    }

    @Override
    public void apply(float[] g, float[][] state, int length) {
      float[] m = state[0];
      float[] v = state[1];
      float[] x = state[2];
      float b1 = (float) beta1;
      float c1 = (float) (1 - beta1);
      float b2 = (float) beta2;
      float c2 = (float) (1 - beta2);
      float size = (float) stepSize;
      float scale = (float) this.scale;
      float inside = (float) this.inside;
      float outside = (float) this.outside;
      for (int i = 0; i < length; i++) {
        float mi = b1 * m[i] + c1 * g[i];
        float vi = b2 * v[i] + c2 * (g[i] * g[i]);
        float xi = Math.max(x[i], vi);
        m[i] = mi;
        v[i] = vi;
        x[i] = xi;
        g[i] = size * mi / ((float) Math.sqrt(xi * scale + inside) + outside);
      }
    }
  }

  /** Builds an {@link AMSGradDecoupled}. */
  public static final class Builder extends AdaptiveUpdater.Builder<Builder> {
    /** Starts with the defaults. */
    public Builder() {
      super(1e-3, 0);
    }

    @Override
    public AMSGradDecoupled build() {
      return new AMSGradDecoupled(this);
    }
  }
}
