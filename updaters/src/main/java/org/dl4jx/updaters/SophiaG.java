package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.positive;
import static org.dl4jx.schedules.checks.Argument.rate;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.decay.DecayingUpdater;
import org.dl4jx.updaters.engine.BlockState;
import org.dl4jx.updaters.engine.Cells;
import org.dl4jx.updaters.engine.Rule;
import org.dl4jx.updaters.engine.Scalars;
import org.dl4jx.updaters.engine.Step;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.conditions.Conditions;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * Sophia-G: divides momentum by an estimate of the curvature, and never moves a parameter by more
 * than the learning rate. It was made for language models. Try it for classifiers that AdamW trains
 * slowly, if you can afford to tune ρ. Semenov et al. (2025) could not confirm that it is twice as
 * fast as AdamW.
 *
 * <p>In every step, with gradient {@code g}:
 *
 * <pre>
 * m ← β1 m + (1 - β1) g
 * θ ← θ - η clip(m / (ρ h + 1e-15), -1, 1) - η λ θ    (the last term for weights, not for biases)
 * </pre>
 *
 * <p>After every k-th step, {@link SophiaHessian} draws labels for the batch from the network's own
 * output. With {@code ĝ}, the gradient of the mean loss for these labels, and {@code B}, the number
 * of examples:
 *
 * <pre>
 * h ← β2 h + (1 - β2) B ĝ²
 * </pre>
 *
 * <p>On average over the draws, {@code B ĝ²} is the diagonal of the Gauss–Newton matrix.
 *
 * <p>It needs two more lines: the listener, and {@link DecoupledDecay#attach attach} for the decay,
 * which is 0.1 by default. Without the listener, the step after the first k ones is refused.
 *
 * <pre>{@code
 * MultiLayerNetwork network = new MultiLayerNetwork(DecoupledDecay.attach(
 *     new NeuralNetConfiguration.Builder()
 *         .updater(new SophiaG(1e-4, 0.1))
 *         .list()
 *         .layer(new OutputLayer.Builder(LossFunction.MCXENT).nIn(784).nOut(10)
 *             .activation(Activation.SOFTMAX).build())
 *         .build()));
 * network.init();
 * network.setListeners(new SophiaHessian());
 * network.fit(train);
 * }</pre>
 *
 * <p>The first k steps have no estimate yet, so they move every parameter by the whole learning
 * rate, as with the sign of momentum:
 *
 * <pre>{@code
 * SophiaG sophia = new SophiaG(0.5, 0);
 * INDArray gradient = Nd4j.createFromArray(0.001, -20);
 * sophia.instantiate(Nd4j.zeros(DataType.DOUBLE, sophia.stateSize(2)), true)
 *     .applyUpdater(gradient, 0, 0);
 * gradient.toDoubleVector(); // [0.5, -0.5]
 * }</pre>
 *
 * <ul>
 *   <li>An estimate costs about as much as one more forward and backward pass: with k = 10, a tenth
 *       of the training time.
 *   <li>ρ decides how many parameters move by less than η. With a larger ρ, more do, and their
 *       steps are shorter. Tune it.
 *   <li>Start a little below a tuned AdamW rate. The default, 1e-4, is cautious.
 *   <li>Outputs must be softmax with cross entropy, or sigmoid with binary cross entropy. See
 *       {@link SophiaHessian} for what it supports. SameDiff, pretraining and external errors call
 *       no listener of this kind, so take another updater there.
 *   <li>If {@link NonFinitePolicy#SKIP} skips a step, it does not count towards the k steps.
 * </ul>
 *
 * <p>Parameters: learning rate η (at least 0; default 1e-4) or its schedule, β1 (in [0, 1); 0.965),
 * β2 (in [0, 1); 0.99), ρ (greater than 0; 0.04), k (at least 1; 10), weight decay λ (at least 0;
 * 0.1). State: {@code M} and {@code H}, two numbers per parameter. Besides, it keeps the number of
 * steps since the last estimate.
 *
 * <p>A step throws {@link NonFiniteGradientException} if the gradient is not finite, unless {@link
 * NonFinitePolicy} says otherwise. It throws {@link IllegalStateException} if there was no estimate
 * after k steps, if weights should decay but {@code attach} was not called, if a schedule returns a
 * value outside its range, or if the parameters are of type {@code HALF}. No parameter of the
 * network has moved then.
 *
 * <p>Liu, Li, Hall, Liang and Ma, <a href="https://arxiv.org/abs/2305.14342">Sophia: A Scalable
 * Stochastic Second-order Optimizer for Language Model Pre-training</a> (2023), algorithm 3 with
 * the estimator of algorithm 2. Equal to the authors' {@code SophiaG} in formula and defaults, if
 * all batches have the same size B: there, h is an average of {@code ĝ²}, and the step multiplies
 * it by the B of its own batch. Optax's {@code contrib.sophia} is another variant: it estimates the
 * Hessian by Hutchinson's method. PyTorch and Keras have none.
 */
@JsonDeserialize(builder = SophiaG.Builder.class)
public class SophiaG extends DecayingUpdater {
  private static final long serialVersionUID = 1L;

  /** Keeps the denominator from zero where there is no estimate yet, as in the authors' code. */
  private static final double TINY = 1e-15;

  private static final String SINCE = "stepsSinceEstimate";

  private final double beta1;
  private final double beta2;
  private final double rho;
  private final int k;

  /** Sophia-G with every parameter at its default. */
  public SophiaG() {
    this(new Builder());
  }

  /**
   * Sophia-G with a constant learning rate. Every other parameter has its default, so the weight
   * decay is 0.1.
   *
   * @param learningRate η, a finite number of at least 0
   * @throws IllegalArgumentException if the rate is outside its range
   */
  public SophiaG(double learningRate) {
    this(new Builder().learningRate(learningRate));
  }

  /**
   * Sophia-G with a scheduled learning rate. Every other parameter has its default, so the weight
   * decay is 0.1.
   *
   * @param learningRate schedule of η
   * @throws IllegalArgumentException if the schedule is null
   */
  public SophiaG(ISchedule learningRate) {
    this(new Builder().learningRateSchedule(given("learningRate", learningRate)));
  }

  /**
   * Sophia-G with a constant learning rate.
   *
   * @param learningRate η, a finite number of at least 0
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if an argument is outside its range, naming it
   */
  public SophiaG(double learningRate, double weightDecay) {
    this(new Builder().learningRate(learningRate).weightDecay(weightDecay));
  }

  /**
   * Sophia-G with a scheduled learning rate, which scales the decay too.
   *
   * @param learningRate schedule of η
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if the decay is outside its range or the schedule is null
   */
  public SophiaG(ISchedule learningRate, double weightDecay) {
    this(
        new Builder()
            .learningRateSchedule(given("learningRate", learningRate))
            .weightDecay(weightDecay));
  }

  private SophiaG(Builder builder) {
    super(builder);
    this.beta1 = rate("beta1", builder.beta1);
    this.beta2 = rate("beta2", builder.beta2);
    this.rho = positive("rho", builder.rho);
    this.k = check(builder.k >= 1, "k", builder.k, "at least 1");
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
   * The rate of the running average of gradients, β1.
   *
   * @return the rate, in [0, 1)
   */
  public double getBeta1() {
    return beta1;
  }

  /**
   * The rate of the running average of curvature estimates, β2.
   *
   * @return the rate, in [0, 1)
   */
  public double getBeta2() {
    return beta2;
  }

  /**
   * The factor of the curvature in the denominator, ρ.
   *
   * @return the factor, greater than 0
   */
  public double getRho() {
    return rho;
  }

  /**
   * The number of steps from one estimate of the curvature to the next.
   *
   * @return the number, at least 1
   */
  public int getK() {
    return k;
  }

  @Override
  protected Map<String, Object> parameters() {
    Map<String, Object> parameters = super.parameters();
    parameters.put("beta1", beta1);
    parameters.put("beta2", beta2);
    parameters.put("rho", rho);
    parameters.put("k", k);
    return parameters;
  }

  @Override
  protected List<String> stateNames() {
    return List.of("M", "H");
  }

  /** How long ago, not when, so it stays right if a change of the blocks changes the step count. */
  @Override
  protected List<String> scalarNames() {
    return List.of(SINCE);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if the type cannot hold squared gradients
   */
  @Override
  protected void checkTrainable(DataType type) {
    refuseHalf(
        type,
        "averages of squared gradients, which are zero in that type for gradients below 1e-3");
    super.checkTrainable(type);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if the last estimate of the curvature is more than k steps old
   */
  @Override
  protected Rule rule(Step step, Scalars remembered) {
    double since = remembered.get(0);
    if (isDue(since)) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "SophiaG has k %d, but has taken %d steps without an estimate of the curvature. Add one"
                  + " line, network.addListeners(new SophiaHessian()), also after you restore a"
                  + " network. SameDiff, pretraining and external errors do not call it: use another"
                  + " updater there",
              k,
              Math.round(since)));
    }
    return new Update(getLearningRate(step), beta1, rho, since + 1);
  }

  /** Whether the state of a block has been through k steps since the last estimate. */
  boolean isDue(BlockState block) {
    return isDue(block.scalar(SINCE));
  }

  /** A mean of equal states may be a little less than they are. */
  private boolean isDue(double since) {
    return Math.round(since) >= k;
  }

  /**
   * Takes an estimate into the average: {@code h ← β2 h + (1 - β2) B ĝ²}.
   *
   * @param block the state of a block with this updater
   * @param gradient ĝ, the gradient of the mean loss for sampled labels; it is overwritten
   * @param batchSize B
   * @return how many numbers of the estimate are not finite. If the policy does not let them pass,
   *     nothing has changed then.
   */
  long takeEstimate(BlockState block, INDArray gradient, int batchSize) {
    INDArray estimate = gradient.muli(gradient).muli(batchSize);
    long bad =
        getNonFiniteGradients() == NonFinitePolicy.PROPAGATE || Double.isFinite(sum(estimate))
            ? 0
            : estimate.scan(Conditions.isInfinite()).longValue()
                + estimate.scan(Conditions.isNan()).longValue();
    if (bad == 0) {
      block.array("H").muli(beta2).addi(estimate.muli(1 - beta2));
      skipEstimate(block);
    }
    return bad;
  }

  private static double sum(INDArray estimate) {
    return estimate.sumNumber().doubleValue();
  }

  /** Keeps h as it is for the next k steps. */
  void skipEstimate(BlockState block) {
    block.remember(SINCE, 0);
  }

  private record Update(double learningRate, double beta1, double rho, double since)
      implements Rule {

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C m = state.get(0);
      C h = state.get(1);
      m.average(beta1, g); // m ← β1 m + (1 - β1) g
      g.over(1, m, rho, h, TINY).clip(-1, 1); // g ← clip(m / (ρ h + 1e-15), -1, 1)
      g.set(learningRate, g); // g ← η g
    }

    @Override
    public double[] remembered() {
      return new double[] {since};
    }
  }

  /** Builds a {@link SophiaG}. */
  public static final class Builder extends DecayingUpdater.Builder<Builder> {
    private double beta1 = 0.965;
    private double beta2 = 0.99;
    private double rho = 0.04;
    private int k = 10;

    /** Starts with the defaults. */
    public Builder() {
      super(1e-4, 0.1);
    }

    /**
     * Sets the rate of the running average of gradients.
     *
     * @param beta1 in [0, 1); default 0.965
     * @return this
     */
    @Given
    public Builder beta1(double beta1) {
      this.beta1 = beta1;
      return this;
    }

    /**
     * Sets the rate of the running average of curvature estimates.
     *
     * @param beta2 in [0, 1); default 0.99
     * @return this
     */
    @Given
    public Builder beta2(double beta2) {
      this.beta2 = beta2;
      return this;
    }

    /**
     * Sets the factor of the curvature in the denominator. The larger, the shorter the steps.
     *
     * @param rho a finite number greater than 0; default 0.04
     * @return this
     */
    @Given
    public Builder rho(double rho) {
      this.rho = rho;
      return this;
    }

    /**
     * Sets the number of steps from one estimate of the curvature to the next.
     *
     * @param k at least 1; default 10
     * @return this
     */
    @Given
    public Builder k(int k) {
      this.k = k;
      return this;
    }

    @Override
    public SophiaG build() {
      return new SophiaG(this);
    }
  }
}
