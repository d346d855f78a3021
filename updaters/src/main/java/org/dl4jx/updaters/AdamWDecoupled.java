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
 * AdamW: Adam with bias correction and <em>decoupled</em> weight decay. It shrinks the weights
 * directly instead of adding to the gradient, which Adam would then rescale. It is the usual first
 * choice for training deep networks.
 *
 * <p>In step {@code t = 1, 2, ...}, with gradient {@code g}:
 *
 * <pre>
 * m ← β1 m + (1 - β1) g
 * v ← β2 v + (1 - β2) g²
 * m̂ = m / (1 - β1ᵗ)
 * v̂ = v / (1 - β2ᵗ)
 * θ ← θ - η m̂ / (√v̂ + ε) - η λ θ         (the last term for weights, not for biases)
 * </pre>
 *
 * <p>If β1 follows a schedule, every β1 above is the one of step t, as in PyTorch. With {@code
 * epsilonInsideRoot}, the denominator is {@code √(v̂ + ε)}.
 *
 * <p>Deeplearning4j passes updaters the gradients but not the weights. {@link DecoupledDecay} lets
 * the layers show theirs, so call {@code attach} once:
 *
 * <pre>{@code
 * MultiLayerConfiguration conf = DecoupledDecay.attach(new NeuralNetConfiguration.Builder()
 *     .updater(new AdamWDecoupled(1e-3, 0.01))
 *     .list()
 *     .layer(new DenseLayer.Builder().nIn(784).nOut(256).activation(Activation.RELU).build())
 *     .layer(new OutputLayer.Builder(LossFunction.MCXENT).nIn(256).nOut(10)
 *         .activation(Activation.SOFTMAX).build())
 *     .build());
 * }</pre>
 *
 * <p>The builder sets everything else:
 *
 * <pre>{@code
 * AdamWDecoupled updater = AdamWDecoupled.builder()
 *     .learningRateSchedule(new WarmupCosineSchedule(ScheduleType.ITERATION, 1e-3, 100, 1000))
 *     .beta2(0.99)
 *     .weightDecay(0.05)
 *     .build();
 * updater.getLearningRate(50, 0); // 5.0E-4
 * }</pre>
 *
 * <p>Parameters: learning rate η (at least 0; default 1e-3) or its schedule, β1 (in [0, 1); 0.9) or
 * its schedule, β2 (in [0, 1); 0.999), ε (at least 1.2e-38; 1e-8), weight decay λ (at least 0;
 * 0.01), epsilonInsideRoot (false). State: {@code M} and {@code V}, two numbers per parameter.
 *
 * <p>A step throws {@link NonFiniteGradientException} if the gradient is not finite, unless {@link
 * NonFinitePolicy} says otherwise. It throws {@link IllegalStateException} if weights should decay
 * but {@code attach} was not called, if a schedule returns a value outside its range, or if the
 * parameters are of type {@code HALF}. No parameter of the network has moved then.
 *
 * <p>Loshchilov and Hutter, <a href="https://arxiv.org/abs/1711.05101">Decoupled Weight Decay
 * Regularization</a> (2019), algorithm 2; Kingma and Ba, <a
 * href="https://arxiv.org/abs/1412.6980">Adam</a> (2015), algorithm 1. Equal to PyTorch's {@code
 * torch.optim.AdamW} in formula and defaults.
 */
@JsonDeserialize(builder = AdamWDecoupled.Builder.class)
public class AdamWDecoupled extends AdaptiveUpdater {
  private static final long serialVersionUID = 1L;

  /** AdamW with every parameter at its default. */
  public AdamWDecoupled() {
    this(new Builder());
  }

  /**
   * AdamW with a constant learning rate. Every other parameter has its default, so the weight decay
   * is 0.01.
   *
   * @param learningRate η, a finite number of at least 0
   * @throws IllegalArgumentException if the rate is outside its range
   */
  public AdamWDecoupled(double learningRate) {
    this(new Builder().learningRate(learningRate));
  }

  /**
   * AdamW with a scheduled learning rate. Every other parameter has its default, so the weight
   * decay is 0.01.
   *
   * @param learningRate schedule of η
   * @throws IllegalArgumentException if the schedule is null
   */
  public AdamWDecoupled(ISchedule learningRate) {
    this(new Builder().learningRateSchedule(given("learningRate", learningRate)));
  }

  /**
   * AdamW with a constant learning rate.
   *
   * @param learningRate η, a finite number of at least 0
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if an argument is outside its range, naming it
   */
  public AdamWDecoupled(double learningRate, double weightDecay) {
    this(new Builder().learningRate(learningRate).weightDecay(weightDecay));
  }

  /**
   * AdamW with a scheduled learning rate, which scales the decay too.
   *
   * @param learningRate schedule of η
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if the decay is outside its range or the schedule is null
   */
  public AdamWDecoupled(ISchedule learningRate, double weightDecay) {
    this(
        new Builder()
            .learningRateSchedule(given("learningRate", learningRate))
            .weightDecay(weightDecay));
  }

  private AdamWDecoupled(Builder builder) {
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
    return rule(step, getLearningRate(step));
  }

  /** The rule for one step with another learning rate. */
  Rule rule(Step step, double learningRate) {
    return new Update(scalars(step, learningRate));
  }

  private record Update(AdamScalars s) implements Rule {

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C m = state.get(0);
      C v = state.get(1);
      m.average(s.beta1(), g); // m ← β1 m + (1 - β1) g
      v.averageSquare(s.beta2(), g); // v ← β2 v + (1 - β2) g²
      g.overRoot(s.size(), m, s.scale(), v, s.epsilon()); // g ← η m̂ / (√v̂ + ε)
    }

    @Override
    public Fused fused() {
      return new FusedAdam(s);
    }
  }

  /** Builds an {@link AdamWDecoupled}. */
  public static final class Builder extends AdaptiveUpdater.Builder<Builder> {
    /** Starts with the defaults. */
    public Builder() {
      super(1e-3, 0.01);
    }

    @Override
    public AdamWDecoupled build() {
      return new AdamWDecoupled(this);
    }
  }
}
