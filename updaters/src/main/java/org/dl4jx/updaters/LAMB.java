package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.given;

import java.util.List;
import org.dl4jx.updaters.adam.AdamScalars;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.dl4jx.updaters.adam.FusedAdam;
import org.dl4jx.updaters.engine.ArrayRule;
import org.dl4jx.updaters.engine.Cells;
import org.dl4jx.updaters.engine.Fused;
import org.dl4jx.updaters.engine.ParameterArray;
import org.dl4jx.updaters.engine.Rule;
import org.dl4jx.updaters.engine.Step;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * LAMB: AdamW with each array's step scaled to the norm of its weights. It was made for very large
 * batches, of thousands of examples. With usual batches, take AdamW.
 *
 * <p>In step {@code t = 1, 2, ...}, with gradient {@code g}:
 *
 * <pre>
 * m ← β1 m + (1 - β1) g
 * v ← β2 v + (1 - β2) g²
 * m̂ = m / (1 - β1ᵗ)
 * v̂ = v / (1 - β2ᵗ)
 * u = m̂ / (√v̂ + ε) + λ θ                 (the last term for weights, not for biases)
 * r = ‖θ‖ / ‖u‖                           (for each parameter array;
 *                                          1 if ‖θ‖ is 0 or ‖u‖ below 1.1e-19)
 * θ ← θ - η r u
 * </pre>
 *
 * <p>So an array of norm ‖θ‖ moves by {@code η ‖θ‖}, whatever its gradient is. It comes to rest
 * after some hundred steps without any gradient, when u has almost vanished. Norms are summed in
 * double precision. With {@code epsilonInsideRoot}, the denominator is {@code √(v̂ + ε)}.
 *
 * <p>It always needs {@link DecoupledDecay#attach attach}, even without a decay, because a step
 * depends on the size of the weights, which Deeplearning4j does not pass to updaters:
 *
 * <pre>{@code
 * MultiLayerConfiguration conf = DecoupledDecay.attach(new NeuralNetConfiguration.Builder()
 *     .updater(new LAMB(2e-3, 0.01))
 *     .list()
 *     .layer(new OutputLayer.Builder(LossFunction.MCXENT).nIn(784).nOut(10)
 *         .activation(Activation.SOFTMAX).build())
 *     .build());
 *
 * new LAMB(2e-3).getWeightDecay(); // 0.01
 * }</pre>
 *
 * <p>In the first step without a decay, all numbers of an array move by the same amount, which is
 * the learning rate times the root mean square of the weights. Here it is 0.1 times 5:
 *
 * <pre>{@code
 * SameDiff model = SameDiff.create();
 * SDVariable gradient = model.placeHolder("gradient", DataType.DOUBLE, 1, 2);
 * SDVariable w = model.var("w", Nd4j.createFromArray(new double[][] {{1, 7}}));
 * gradient.mul(w).sum("loss");
 * model.setLossVariables("loss");
 * model.setTrainingConfig(DecoupledDecay.attach(TrainingConfig.builder()
 *     .updater(LAMB.builder().learningRate(0.1).epsilon(1e-20).weightDecay(0).build())
 *     .dataSetFeatureMapping("gradient").markLabelsUnused()
 *     .build()));
 * model.fit(new DataSet(Nd4j.createFromArray(new double[][] {{4, -0.25}}), null));
 * w.getArr().toDoubleVector(); // [0.5, 7.5]
 * }</pre>
 *
 * <ul>
 *   <li>With large batches, warm up, and let the learning rate decay. The authors scale it with the
 *       square root of the batch size.
 *   <li>Biases that start at 0 move by {@code η ‖u‖} first and then by {@code η ‖θ‖}, which grows
 *       by the fraction η in each step. So they need many steps to become large.
 *   <li>If all weights of an array are twice as large, so is their step.
 *   <li>Parameters of a batch normalization, whose weights Deeplearning4j does not show, take the
 *       step with {@code r = 1}, that of AdamW.
 *   <li>Depthwise and separable convolutions with biases arrive in other pieces than their weights
 *       and biases. Each piece counts as an array.
 *   <li>Well tuned, Adam and Nesterov momentum match it with large batches too (Nado et al. 2021).
 * </ul>
 *
 * <p>Parameters: learning rate η (at least 0; default 1e-3) or its schedule, β1 (in [0, 1); 0.9) or
 * its schedule, β2 (in [0, 1); 0.999), ε (at least 1.2e-38; 1e-6), weight decay λ (at least 0;
 * 0.01), epsilonInsideRoot (false). State: {@code M} and {@code V}, two numbers per parameter.
 *
 * <p>A step throws {@link NonFiniteGradientException} if the gradient is not finite, unless {@link
 * NonFinitePolicy} says otherwise. It throws {@link IllegalStateException} if {@code attach} was
 * not called, if a schedule returns a value outside its range, or if the parameters are of type
 * {@code HALF}. No parameter of the network has moved then.
 *
 * <p>You et al., <a href="https://arxiv.org/abs/1904.00962">Large Batch Optimization for Deep
 * Learning: Training BERT in 76 minutes</a> (2020), algorithm 2, with φ(z) = z. Equal to Optax's
 * {@code lamb}, whose decay is 0 by default and acts on biases too. PyTorch has none. Keras's
 * {@code Lamb} has ε 1e-7 and no decay by default.
 */
@JsonDeserialize(builder = LAMB.Builder.class)
public class LAMB extends AdaptiveUpdater {
  private static final long serialVersionUID = 1L;

  /** The root of the smallest normal float. A float32 norm of less underflows, as in Optax. */
  private static final double SMALLEST_LENGTH = Math.sqrt(Float.MIN_NORMAL);

  /** LAMB with every parameter at its default. */
  public LAMB() {
    this(new Builder());
  }

  /**
   * LAMB with a constant learning rate. Every other parameter has its default, so the weight decay
   * is 0.01.
   *
   * @param learningRate η, a finite number of at least 0
   * @throws IllegalArgumentException if the rate is outside its range
   */
  public LAMB(double learningRate) {
    this(new Builder().learningRate(learningRate));
  }

  /**
   * LAMB with a scheduled learning rate. Every other parameter has its default, so the weight decay
   * is 0.01.
   *
   * @param learningRate schedule of η
   * @throws IllegalArgumentException if the schedule is null
   */
  public LAMB(ISchedule learningRate) {
    this(new Builder().learningRateSchedule(given("learningRate", learningRate)));
  }

  /**
   * LAMB with a constant learning rate.
   *
   * @param learningRate η, a finite number of at least 0
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if an argument is outside its range, naming it
   */
  public LAMB(double learningRate, double weightDecay) {
    this(new Builder().learningRate(learningRate).weightDecay(weightDecay));
  }

  /**
   * LAMB with a scheduled learning rate, which scales the decay too.
   *
   * @param learningRate schedule of η
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if the decay is outside its range or the schedule is null
   */
  public LAMB(ISchedule learningRate, double weightDecay) {
    this(
        new Builder()
            .learningRateSchedule(given("learningRate", learningRate))
            .weightDecay(weightDecay));
  }

  private LAMB(Builder builder) {
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

  /** The size of a step depends on the weights. */
  @Override
  protected boolean needsWeights() {
    return true;
  }

  @Override
  protected String otherNeed() {
    return "takes steps in proportion to the size of the weights";
  }

  /** In u, whose step is η r. */
  @Override
  protected double decay(Step step) {
    return getWeightDecay();
  }

  @Override
  protected Rule rule(Step step) {
    return new Update(scalars(step, 1), getLearningRate(step));
  }

  /**
   * The step.
   *
   * @param s the scalars of Adam with a learning rate of 1
   * @param learningRate η
   */
  private record Update(AdamScalars s, double learningRate) implements ArrayRule {

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C m = state.get(0);
      C v = state.get(1);
      m.average(s.beta1(), g); // m ← β1 m + (1 - β1) g
      v.averageSquare(s.beta2(), g); // v ← β2 v + (1 - β2) g²
      g.overRoot(s.size(), m, s.scale(), v, s.epsilon()); // g ← m̂ / (√v̂ + ε)
    }

    @Override
    public boolean decaysFirst() {
      return true; // g ← u = g + λ θ
    }

    @Override
    public void finish(ParameterArray u) {
      u.scale(Math.min(learningRate * ratio(u), Float.MAX_VALUE)); // g ← η r u
    }

    /** r = ‖θ‖ / ‖u‖, or 1. */
    private static double ratio(ParameterArray u) {
      double theta = u.isShown() ? u.normOfWeights() : 0;
      double length = theta == 0 ? 0 : u.normOfUpdate();
      return length < SMALLEST_LENGTH ? 1 : theta / length;
    }

    @Override
    public Fused fused() {
      return new FusedAdam(s);
    }
  }

  /** Builds a {@link LAMB}. */
  public static final class Builder extends AdaptiveUpdater.Builder<Builder> {
    /** Starts with the defaults. */
    public Builder() {
      super(1e-3, 0.01);
      epsilon(1e-6);
    }

    @Override
    public LAMB build() {
      return new LAMB(this);
    }
  }
}
