package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.given;

import java.util.List;
import org.dl4jx.updaters.adam.AdamScalars;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.dl4jx.updaters.adam.FusedAdam;
import org.dl4jx.updaters.engine.Cells;
import org.dl4jx.updaters.engine.Fused;
import org.dl4jx.updaters.engine.Rule;
import org.dl4jx.updaters.engine.Step;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * AMSGrad: AdamW whose denominator never shrinks, so rare large gradients are not forgotten. Try it
 * if Adam becomes unstable late in training.
 *
 * <p>In step {@code t = 1, 2, ...}, with gradient {@code g}:
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
 * <p>If β1 follows a schedule, every β1 above is the one of step t, as in PyTorch. With {@code
 * epsilonInsideRoot}, the denominator is {@code √(x̂ + ε)}.
 *
 * <p>Unlike AdamW, it has no weight decay by default. With one, it needs {@link
 * DecoupledDecay#attach attach}:
 *
 * <pre>{@code
 * MultiLayerConfiguration conf = DecoupledDecay.attach(new NeuralNetConfiguration.Builder()
 *     .updater(new AMSGradDecoupled(1e-3, 0.01))
 *     .list()
 *     .layer(new OutputLayer.Builder(LossFunction.MCXENT).nIn(784).nOut(10)
 *         .activation(Activation.SOFTMAX).build())
 *     .build());
 *
 * new AMSGradDecoupled(1e-3).getWeightDecay(); // 0.0
 * }</pre>
 *
 * <p>Parameters: learning rate η (at least 0; default 1e-3) or its schedule, β1 (in [0, 1); 0.9) or
 * its schedule, β2 (in [0, 1); 0.999), ε (at least 1.2e-38; 1e-8), weight decay λ (at least 0; 0),
 * epsilonInsideRoot (false). State: {@code M}, {@code V} and {@code X}, three numbers per
 * parameter.
 *
 * <p>A step throws {@link NonFiniteGradientException} if the gradient is not finite, unless {@link
 * NonFinitePolicy} says otherwise. It throws {@link IllegalStateException} if weights should decay
 * but {@code attach} was not called, if a schedule returns a value outside its range, or if the
 * parameters are of type {@code HALF}. No parameter of the network has moved then.
 *
 * <p>Reddi, Kale and Kumar, <a href="https://arxiv.org/abs/1904.09237">On the Convergence of Adam
 * and Beyond</a> (2018), algorithm 2. The paper does not correct for bias. Here, the maximum is
 * taken over the uncorrected v and corrected afterwards, as in PyTorch's {@code
 * AdamW(amsgrad=True)}.
 */
@JsonDeserialize(builder = AMSGradDecoupled.Builder.class)
public class AMSGradDecoupled extends AdaptiveUpdater {
  private static final long serialVersionUID = 1L;

  /** AMSGrad with every parameter at its default. */
  public AMSGradDecoupled() {
    this(new Builder());
  }

  /**
   * AMSGrad with a constant learning rate. Every other parameter has its default, so the weight
   * decay is 0.
   *
   * @param learningRate η, a finite number of at least 0
   * @throws IllegalArgumentException if the rate is outside its range
   */
  public AMSGradDecoupled(double learningRate) {
    this(new Builder().learningRate(learningRate));
  }

  /**
   * AMSGrad with a scheduled learning rate. Every other parameter has its default, so the weight
   * decay is 0.
   *
   * @param learningRate schedule of η
   * @throws IllegalArgumentException if the schedule is null
   */
  public AMSGradDecoupled(ISchedule learningRate) {
    this(new Builder().learningRateSchedule(given("learningRate", learningRate)));
  }

  /**
   * AMSGrad with a constant learning rate.
   *
   * @param learningRate η, a finite number of at least 0
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if an argument is outside its range, naming it
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
  protected Rule rule(Step step) {
    return new Update(scalars(step));
  }

  private record Update(AdamScalars s) implements Rule {

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C m = state.get(0);
      C v = state.get(1);
      C x = state.get(2);
      m.average(s.beta1(), g); // m ← β1 m + (1 - β1) g
      v.averageSquare(s.beta2(), g); // v ← β2 v + (1 - β2) g²
      x.max(v); // x ← max(x, v)
      g.overRoot(s.size(), m, s.scale(), x, s.epsilon()); // g ← η m̂ / (√x̂ + ε)
    }

    @Override
    public Fused fused() {
      return new FusedAdam(s);
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
