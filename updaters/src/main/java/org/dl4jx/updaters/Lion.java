package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.rate;

import java.util.List;
import java.util.Map;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.decay.DecayingUpdater;
import org.dl4jx.updaters.engine.Cells;
import org.dl4jx.updaters.engine.Rule;
import org.dl4jx.updaters.engine.Step;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * Lion: moves every parameter by the same amount, in the direction that momentum says. It keeps
 * half the state of AdamW, and its step is cheaper. Try it where AdamW works well: for deep
 * networks with large batches.
 *
 * <p>In every step, with gradient {@code g}:
 *
 * <pre>
 * u = β1 m + (1 - β1) g
 * m ← β2 m + (1 - β2) g
 * θ ← θ - η sign(u) - η λ θ               (the last term for weights, not for biases)
 * </pre>
 *
 * <p>The sign of 0 is 0. The m in u is the one before the step.
 *
 * <p>The decay is 0.1 by default, so it needs {@link DecoupledDecay#attach attach}:
 *
 * <pre>{@code
 * MultiLayerConfiguration conf = DecoupledDecay.attach(new NeuralNetConfiguration.Builder()
 *     .updater(new Lion(1e-4, 0.1))
 *     .list()
 *     .layer(new OutputLayer.Builder(LossFunction.MCXENT).nIn(784).nOut(10)
 *         .activation(Activation.SOFTMAX).build())
 *     .build());
 * }</pre>
 *
 * <p>The size of a gradient does not matter, only its sign and its relation to earlier ones:
 *
 * <pre>{@code
 * Lion lion = new Lion(0.5, 0);
 * INDArray gradient = Nd4j.createFromArray(0.001, -20, 0);
 * lion.instantiate(Nd4j.zeros(DataType.DOUBLE, lion.stateSize(3)), true)
 *     .applyUpdater(gradient, 0, 0);
 * gradient.toDoubleVector(); // [0.5, -0.5, 0.0]
 * }</pre>
 *
 * <ul>
 *   <li>Every parameter moves by the whole of η, more than with AdamW. So take a learning rate 3 to
 *       10 times smaller than AdamW's, and a weight decay as many times larger, which keeps η λ the
 *       same.
 *   <li>With small batches, signs are mostly noise. The authors saw no advantage over AdamW below
 *       64 examples.
 *   <li>Steps do not shrink near a minimum. Let the learning rate decay.
 *   <li>A parameter whose gradient has become zero moves on by η, because m shrinks but keeps its
 *       sign. AdamW soon stops there. Think of the rows of an embedding that no example uses.
 *   <li>In {@code HALF}, a step below 2⁻¹² of a parameter is rounded away. A rate of 1e-4 moves no
 *       parameter beyond 0.25.
 * </ul>
 *
 * <p>Parameters: learning rate η (at least 0; default 1e-4) or its schedule, β1 (in [0, 1); 0.9),
 * β2 (in [0, 1); 0.99), weight decay λ (at least 0; 0.1). State: {@code M}, one number per
 * parameter.
 *
 * <p>A step throws {@link NonFiniteGradientException} if the gradient is not finite, unless {@link
 * NonFinitePolicy} says otherwise. It throws {@link IllegalStateException} if weights should decay
 * but {@code attach} was not called, or if a schedule returns a value outside its range. No
 * parameter of the network has moved then.
 *
 * <p>Chen et al., <a href="https://arxiv.org/abs/2302.06675">Symbolic Discovery of Optimization
 * Algorithms</a> (2023), algorithm 2. Equal to the authors' implementation, whose λ is 0 by
 * default, to Optax's {@code lion} (1e-3), and to Keras's {@code Lion} (0, with η 1e-3). PyTorch
 * has none.
 */
@JsonDeserialize(builder = Lion.Builder.class)
public class Lion extends DecayingUpdater {
  private static final long serialVersionUID = 1L;

  private final double beta1;
  private final double beta2;

  /** Lion with every parameter at its default. */
  public Lion() {
    this(new Builder());
  }

  /**
   * Lion with a constant learning rate. Every other parameter has its default, so the weight decay
   * is 0.1.
   *
   * @param learningRate η, a finite number of at least 0
   * @throws IllegalArgumentException if the rate is outside its range
   */
  public Lion(double learningRate) {
    this(new Builder().learningRate(learningRate));
  }

  /**
   * Lion with a scheduled learning rate. Every other parameter has its default, so the weight decay
   * is 0.1.
   *
   * @param learningRate schedule of η
   * @throws IllegalArgumentException if the schedule is null
   */
  public Lion(ISchedule learningRate) {
    this(new Builder().learningRateSchedule(given("learningRate", learningRate)));
  }

  /**
   * Lion with a constant learning rate.
   *
   * @param learningRate η, a finite number of at least 0
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if an argument is outside its range, naming it
   */
  public Lion(double learningRate, double weightDecay) {
    this(new Builder().learningRate(learningRate).weightDecay(weightDecay));
  }

  /**
   * Lion with a scheduled learning rate, which scales the decay too.
   *
   * @param learningRate schedule of η
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if the decay is outside its range or the schedule is null
   */
  public Lion(ISchedule learningRate, double weightDecay) {
    this(
        new Builder()
            .learningRateSchedule(given("learningRate", learningRate))
            .weightDecay(weightDecay));
  }

  private Lion(Builder builder) {
    super(builder);
    this.beta1 = rate("beta1", builder.beta1);
    this.beta2 = rate("beta2", builder.beta2);
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
   * How much the momentum counts in the direction of a step, β1.
   *
   * @return the rate, in [0, 1)
   */
  public double getBeta1() {
    return beta1;
  }

  /**
   * The rate of the running average of gradients, β2.
   *
   * @return the rate, in [0, 1)
   */
  public double getBeta2() {
    return beta2;
  }

  @Override
  protected Map<String, Object> parameters() {
    Map<String, Object> parameters = super.parameters();
    parameters.put("beta1", beta1);
    parameters.put("beta2", beta2);
    return parameters;
  }

  @Override
  protected List<String> stateNames() {
    return List.of("M");
  }

  @Override
  protected Rule rule(Step step) {
    return new Update(getLearningRate(step), beta1, beta2);
  }

  private record Update(double learningRate, double beta1, double beta2) implements Rule {

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C m = state.get(0);
      C u = g.spare().combine(beta1, m, 1 - beta1, g); // u = β1 m + (1 - β1) g
      m.average(beta2, g); // m ← β2 m + (1 - β2) g
      g.sign(learningRate, u); // g ← η sign(u)
    }
  }

  /** Builds a {@link Lion}. */
  public static final class Builder extends DecayingUpdater.Builder<Builder> {
    private double beta1 = 0.9;
    private double beta2 = 0.99;

    /** Starts with the defaults. */
    public Builder() {
      super(1e-4, 0.1);
    }

    /**
     * Sets how much the momentum counts in the direction of a step; the gradient counts for the
     * rest.
     *
     * @param beta1 in [0, 1); default 0.9
     * @return this
     */
    @Given
    public Builder beta1(double beta1) {
      this.beta1 = beta1;
      return this;
    }

    /**
     * Sets the rate of the running average of gradients.
     *
     * @param beta2 in [0, 1); default 0.99
     * @return this
     */
    @Given
    public Builder beta2(double beta2) {
      this.beta2 = beta2;
      return this;
    }

    @Override
    public Lion build() {
      return new Lion(this);
    }
  }
}
