package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.given;

import java.util.List;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.dl4jx.updaters.adam.Rectification;
import org.dl4jx.updaters.adam.RectifiedScalars;
import org.dl4jx.updaters.engine.Cells;
import org.dl4jx.updaters.engine.Rule;
import org.dl4jx.updaters.engine.Step;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * RAdam, rectified Adam: Adam with a built-in warm-up. At first, v̂ is an average of so few squares
 * that it says little, so the step does without it; then it counts for more as the average grows
 * longer. Try it if Adam needs a warm-up and you don't want to choose its length.
 *
 * <p>In step {@code t = 1, 2, ...}, with gradient {@code g}:
 *
 * <pre>
 * m ← β1 m + (1 - β1) g
 * v ← β2 v + (1 - β2) g²
 * m̂ = m / (1 - β1ᵗ)
 * ρ∞ = 2 / (1 - β2) - 1
 * ρ = ρ∞ - 2 t β2ᵗ / (1 - β2ᵗ)
 * if ρ &gt; 5:
 *   r = √( (ρ - 4) (ρ - 2) ρ∞ / ((ρ∞ - 4) (ρ∞ - 2) ρ) )
 *   θ ← θ - η m̂ r √(1 - β2ᵗ) / (√v + ε) - η λ θ
 * else:
 *   θ ← θ - η m̂ - η λ θ                   (the last term for weights, not for biases)
 * </pre>
 *
 * <p>If β1 follows a schedule, every β1 above is the one of step t, as in PyTorch. With {@code
 * epsilonInsideRoot}, the denominator is {@code √(v + ε)}; ε is added to the v that is not
 * corrected for bias.
 *
 * <p>Unlike AdamW, it has no weight decay by default. With one, it needs {@link
 * DecoupledDecay#attach attach}:
 *
 * <pre>{@code
 * MultiLayerConfiguration conf = DecoupledDecay.attach(new NeuralNetConfiguration.Builder()
 *     .updater(new RAdam(1e-3, 0.01))
 *     .list()
 *     .layer(new OutputLayer.Builder(LossFunction.MCXENT).nIn(784).nOut(10)
 *         .activation(Activation.SOFTMAX).build())
 *     .build());
 *
 * new RAdam(1e-3).getWeightDecay(); // 0.0
 * }</pre>
 *
 * <p>With the default β2, the first five steps have no denominator. They are as large as the
 * gradients, times η:
 *
 * <pre>{@code
 * RAdam updater = new RAdam(0.5);
 * INDArray gradient = Nd4j.createFromArray(4.0, -0.25);
 * updater.instantiate(Nd4j.zeros(DataType.DOUBLE, updater.stateSize(2)), true)
 *     .applyUpdater(gradient, 0, 0);
 * gradient.toDoubleVector(); // [2.0, -0.125]
 * }</pre>
 *
 * <p>Parameters: learning rate η (at least 0; default 1e-3) or its schedule, β1 (in [0, 1); 0.9) or
 * its schedule, β2 (in [0, 1); 0.999; up to 2/3, there is never a denominator), ε (at least
 * 1.2e-38; 1e-8), weight decay λ (at least 0; 0), epsilonInsideRoot (false). State: {@code M} and
 * {@code V}, two numbers per parameter.
 *
 * <p>A step throws {@link NonFiniteGradientException} if the gradient is not finite, unless {@link
 * NonFinitePolicy} says otherwise. It throws {@link IllegalStateException} if weights should decay
 * but {@code attach} was not called, if a schedule returns a value outside its range, or if the
 * parameters are of type {@code HALF}. No parameter of the network has moved then.
 *
 * <p>With the default β2, r is 0.03 in step 6, 0.22 in step 100, and 0.65 in step 1,000, so in a
 * short training it stays behind Adam. Large gradients at the start lead to large steps, as with
 * gradient descent. If that is a problem, use {@link AdamWDecoupled} with a warm-up: Ma and Yarats,
 * <a href="https://arxiv.org/abs/1910.04209">On the adequacy of untuned warmup for adaptive
 * optimization</a> (2021), find that a linear one over {@code 2 / (1 - β2)} steps does about as
 * well.
 *
 * <p>Liu et al., <a href="https://arxiv.org/abs/1908.03265">On the Variance of the Adaptive
 * Learning Rate and Beyond</a> (2020), algorithm 2, where the condition is {@code ρ > 4}. Equal to
 * PyTorch's {@code RAdam(decoupled_weight_decay=True)} in formula and defaults. Optax's {@code
 * radam} adds ε to {@code √v̂} and rectifies from {@code ρ >= 5} on. Keras has none.
 */
@JsonDeserialize(builder = RAdam.Builder.class)
public class RAdam extends AdaptiveUpdater {
  private static final long serialVersionUID = 1L;

  /** RAdam with every parameter at its default. */
  public RAdam() {
    this(new Builder());
  }

  /**
   * RAdam with a constant learning rate. Every other parameter has its default, so the weight decay
   * is 0.
   *
   * @param learningRate η, a finite number of at least 0
   * @throws IllegalArgumentException if the rate is outside its range
   */
  public RAdam(double learningRate) {
    this(new Builder().learningRate(learningRate));
  }

  /**
   * RAdam with a scheduled learning rate. Every other parameter has its default, so the weight
   * decay is 0.
   *
   * @param learningRate schedule of η
   * @throws IllegalArgumentException if the schedule is null
   */
  public RAdam(ISchedule learningRate) {
    this(new Builder().learningRateSchedule(given("learningRate", learningRate)));
  }

  /**
   * RAdam with a constant learning rate.
   *
   * @param learningRate η, a finite number of at least 0
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if an argument is outside its range, naming it
   */
  public RAdam(double learningRate, double weightDecay) {
    this(new Builder().learningRate(learningRate).weightDecay(weightDecay));
  }

  /**
   * RAdam with a scheduled learning rate, which scales the decay too.
   *
   * @param learningRate schedule of η
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if the decay is outside its range or the schedule is null
   */
  public RAdam(ISchedule learningRate, double weightDecay) {
    this(
        new Builder()
            .learningRateSchedule(given("learningRate", learningRate))
            .weightDecay(weightDecay));
  }

  private RAdam(Builder builder) {
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
  protected Rule rule(Step step) {
    Rectification rectification = Rectification.of(getBeta2(), step);
    return new Update(rectification.applied(rectification.rho() > 5, scalars(step), step));
  }

  private record Update(RectifiedScalars s) implements Rule {

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C m = state.get(0);
      C v = state.get(1);
      m.average(s.beta1(), g); // m ← β1 m + (1 - β1) g
      v.averageSquare(s.beta2(), g); // v ← β2 v + (1 - β2) g²
      s.divide(g, m, v); // g ← η m̂ r √(1 - β2ᵗ) / (√v + ε), or η m̂
    }
  }

  /** Builds an {@link RAdam}. */
  public static final class Builder extends AdaptiveUpdater.Builder<Builder> {
    /** Starts with the defaults. */
    public Builder() {
      super(1e-3, 0);
    }

    @Override
    public RAdam build() {
      return new RAdam(this);
    }
  }
}
