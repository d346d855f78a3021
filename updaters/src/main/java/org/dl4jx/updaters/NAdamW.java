package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.given;

import java.util.List;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.dl4jx.updaters.engine.Cells;
import org.dl4jx.updaters.engine.Epsilon;
import org.dl4jx.updaters.engine.Rule;
import org.dl4jx.updaters.engine.Step;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * NAdamW: AdamW with Nesterov momentum. The step takes the average m one step further, as if the
 * next gradient were the present one, so it reacts sooner. Try it where AdamW works well. In the
 * AlgoPerf competition (Kasimbeg et al. 2025), it was the baseline, and only one of the optimizers
 * that were tuned beat it.
 *
 * <p>In step {@code t = 1, 2, ...}, with gradient {@code g}:
 *
 * <pre>
 * m ← β1 m + (1 - β1) g
 * v ← β2 v + (1 - β2) g²
 * m̂ = β1 m / (1 - β1ᵗ⁺¹) + (1 - β1) g / (1 - β1ᵗ)
 * v̂ = v / (1 - β2ᵗ)
 * θ ← θ - η m̂ / (√v̂ + ε) - η λ θ         (the last term for weights, not for biases)
 * </pre>
 *
 * <p>If β1 follows a schedule, every β1 above is the one of step t, also in {@code β1ᵗ⁺¹}. With
 * {@code epsilonInsideRoot}, the denominator is {@code √(v̂ + ε)}. With {@code β1 = 0}, it is
 * AdamW.
 *
 * <p>The weight decay needs {@link DecoupledDecay#attach attach}:
 *
 * <pre>{@code
 * MultiLayerConfiguration conf = DecoupledDecay.attach(new NeuralNetConfiguration.Builder()
 *     .updater(new NAdamW(1e-3, 0.01))
 *     .list()
 *     .layer(new OutputLayer.Builder(LossFunction.MCXENT).nIn(784).nOut(10)
 *         .activation(Activation.SOFTMAX).build())
 *     .build());
 *
 * new NAdamW(1e-3).getWeightDecay(); // 0.01
 * }</pre>
 *
 * <p>The first step is longer than the learning rate, by the factor {@code 1 + β1 / (1 + β1)}:
 *
 * <pre>{@code
 * NAdamW updater = NAdamW.builder().learningRate(0.1).beta1(0.6).weightDecay(0).build();
 * INDArray gradient = Nd4j.createFromArray(4.0, -0.25);
 * updater.instantiate(Nd4j.zeros(DataType.DOUBLE, updater.stateSize(2)), true)
 *     .applyUpdater(gradient, 0, 0);
 * gradient.toDoubleVector(); // [0.1375, -0.1375]
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
 * <p>Dozat, <a href="https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ">Incorporating Nesterov
 * Momentum into Adam</a> (2016), with a constant μ, and the decay of Loshchilov and Hutter, <a
 * href="https://arxiv.org/abs/1711.05101">Decoupled Weight Decay Regularization</a> (2019). Equal
 * to Optax's {@code nadamw}, whose decay is 1e-4 by default. PyTorch's and Keras's {@code NAdam}
 * are other formulas: their momentum grows by a schedule of its own, {@code μ = β1 (1 - ½ · 0.96^(t
 * ψ))}, and they correct for bias by the product of all μ so far. Deeplearning4j's {@code Nadam}
 * corrects m by {@code 1 - β1ᵗ} and does not correct v.
 */
@JsonDeserialize(builder = NAdamW.Builder.class)
public class NAdamW extends AdaptiveUpdater {
  private static final long serialVersionUID = 1L;

  /** NAdamW with every parameter at its default. */
  public NAdamW() {
    this(new Builder());
  }

  /**
   * NAdamW with a constant learning rate. Every other parameter has its default, so the weight
   * decay is 0.01.
   *
   * @param learningRate η, a finite number of at least 0
   * @throws IllegalArgumentException if the rate is outside its range
   */
  public NAdamW(double learningRate) {
    this(new Builder().learningRate(learningRate));
  }

  /**
   * NAdamW with a scheduled learning rate. Every other parameter has its default, so the weight
   * decay is 0.01.
   *
   * @param learningRate schedule of η
   * @throws IllegalArgumentException if the schedule is null
   */
  public NAdamW(ISchedule learningRate) {
    this(new Builder().learningRateSchedule(given("learningRate", learningRate)));
  }

  /**
   * NAdamW with a constant learning rate.
   *
   * @param learningRate η, a finite number of at least 0
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if an argument is outside its range, naming it
   */
  public NAdamW(double learningRate, double weightDecay) {
    this(new Builder().learningRate(learningRate).weightDecay(weightDecay));
  }

  /**
   * NAdamW with a scheduled learning rate, which scales the decay too.
   *
   * @param learningRate schedule of η
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if the decay is outside its range or the schedule is null
   */
  public NAdamW(ISchedule learningRate, double weightDecay) {
    this(
        new Builder()
            .learningRateSchedule(given("learningRate", learningRate))
            .weightDecay(weightDecay));
  }

  private NAdamW(Builder builder) {
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
    double beta1 = beta1(step);
    return new Update(
        beta1,
        getBeta2(),
        beta1 / (1 - Math.pow(beta1, step.t() + 1)),
        (1 - beta1) / step.biasCorrection(beta1),
        getLearningRate(step),
        1 / step.biasCorrection(getBeta2()),
        epsilon());
  }

  /**
   * The step.
   *
   * @param ofM how much of m there is in m̂
   * @param ofG how much of the gradient there is in m̂
   */
  private record Update(
      double beta1,
      double beta2,
      double ofM,
      double ofG,
      double learningRate,
      double scale,
      Epsilon epsilon)
      implements Rule {

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C m = state.get(0);
      C v = state.get(1);
      m.average(beta1, g); // m ← β1 m + (1 - β1) g
      v.averageSquare(beta2, g); // v ← β2 v + (1 - β2) g²
      g.combine(ofM, m, ofG, g); // g ← m̂ = β1 m / (1 - β1ᵗ⁺¹) + (1 - β1) g / (1 - β1ᵗ)
      g.overRoot(learningRate, g, scale, v, epsilon); // g ← η m̂ / (√v̂ + ε)
    }
  }

  /** Builds a {@link NAdamW}. */
  public static final class Builder extends AdaptiveUpdater.Builder<Builder> {
    /** Starts with the defaults. */
    public Builder() {
      super(1e-3, 0.01);
    }

    @Override
    public NAdamW build() {
      return new NAdamW(this);
    }
  }
}
