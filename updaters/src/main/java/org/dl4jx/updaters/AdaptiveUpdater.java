package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.notNegative;
import static org.dl4jx.schedules.checks.Argument.rate;

import java.util.Map;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What Adam and its relatives share: the rates of the two running averages, the epsilon, and a
 * weight decay that {@link DecoupledDecay} hands to the layers.
 */
public abstract class AdaptiveUpdater extends UpdaterConfiguration {
  private static final long serialVersionUID = 1L;

  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final boolean epsilonInsideRoot;
  private final double weightDecay;
  private boolean decayAttached;

  /**
   * Whether the layer has weights to decay. It takes no part in {@code equals}: layers with and
   * without weights may share a block.
   */
  private boolean decayExpected;

  /**
   * Takes over what the builder holds.
   *
   * @param builder the builder
   * @throws IllegalArgumentException if a parameter is outside its range
   */
  protected AdaptiveUpdater(Builder<?> builder) {
    super(builder);
    this.beta1 = rate("beta1", builder.beta1);
    this.beta2 = rate("beta2", builder.beta2);
    this.epsilon =
        check(
            builder.epsilon >= Float.MIN_NORMAL && builder.epsilon < Double.POSITIVE_INFINITY,
            "epsilon",
            builder.epsilon,
            "a finite number >= " + Float.MIN_NORMAL + ", the smallest normal float");
    this.epsilonInsideRoot = builder.epsilonInsideRoot;
    this.weightDecay = notNegative("weightDecay", builder.weightDecay);
    this.decayAttached = builder.decayAttached;
    this.decayExpected = builder.decayExpected;
  }

  @Override
  protected Map<String, Object> parameters() {
    Map<String, Object> parameters = super.parameters();
    parameters.put("beta1", beta1);
    parameters.put("beta2", beta2);
    parameters.put("epsilon", epsilon);
    parameters.put("epsilonInsideRoot", epsilonInsideRoot);
    parameters.put("weightDecay", weightDecay);
    parameters.put("decayAttached", decayAttached);
    return parameters;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if there is a weight decay that no layer knows of, or if the type
   *     cannot hold squared gradients
   */
  @Override
  protected void checkTrainable(DataType type) {
    if (type == DataType.FLOAT16) {
      throw new IllegalStateException(
          String.format(
              "%s cannot train parameters of type HALF: it keeps averages of squared gradients,"
                  + " which for gradients below 2e-4 are zero in that type. Use FLOAT, DOUBLE or"
                  + " BFLOAT16",
              getClass().getSimpleName()));
    }
    if (weightDecay > 0 && !decayAttached) {
      throw new IllegalStateException(
          String.format(
              "%s has weightDecay %s, but nothing would decay: Deeplearning4j shows updaters no"
                  + " weights. Add one line, DecoupledDecay.attach(x), where x is the"
                  + " configuration, the network, or SameDiff's TrainingConfig; or set"
                  + " weightDecay(0)",
              getClass().getSimpleName(), weightDecay));
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if the layer's decay was taken away after it was attached
   */
  @Override
  protected void checkDecayMayBeMissing() {
    if (weightDecay > 0 && decayExpected) {
      throw new IllegalStateException(
          String.format(
              "%s has weightDecay %s and was attached, but the last step decayed nothing: something"
                  + " replaced the regularization of the layer, or the updater was taken from"
                  + " another network. Call DecoupledDecay.attach(network) again",
              getClass().getSimpleName(), weightDecay));
    }
  }

  /**
   * A copy for another layer or network: one whose decay is not attached.
   *
   * @return the copy
   */
  @Override
  public AdaptiveUpdater clone() {
    AdaptiveUpdater copy = (AdaptiveUpdater) super.clone();
    copy.decayAttached = false;
    copy.decayExpected = false;
    return copy;
  }

  /**
   * A copy that knows that its decay is in the hands of the layer it is for.
   *
   * @param expected whether there is anything to decay
   */
  AdaptiveUpdater attached(boolean expected) {
    AdaptiveUpdater copy = clone();
    copy.decayAttached = true;
    copy.decayExpected = expected;
    return copy;
  }

  boolean isDecayExpected() {
    return decayExpected;
  }

  /**
   * The rate of the running average of gradients, β1.
   *
   * @return the rate, {@code 0 <= beta1 < 1}
   */
  public double getBeta1() {
    return beta1;
  }

  /**
   * The rate of the running average of squared gradients, β2.
   *
   * @return the rate, {@code 0 <= beta2 < 1}
   */
  public double getBeta2() {
    return beta2;
  }

  /**
   * The number that keeps the denominator from zero, ε.
   *
   * @return epsilon, at least 1.2e-38
   */
  public double getEpsilon() {
    return epsilon;
  }

  /**
   * Whether ε is added before the root is drawn.
   *
   * @return true for {@code √(v + ε)}, false for {@code √v + ε}
   */
  public boolean isEpsilonInsideRoot() {
    return epsilonInsideRoot;
  }

  /**
   * What is added to v before the root is drawn.
   *
   * @return ε or 0
   */
  final double insideRoot() {
    return epsilonInsideRoot ? epsilon : 0;
  }

  /**
   * What is added to the root of v.
   *
   * @return ε or 0
   */
  final double outsideRoot() {
    return epsilonInsideRoot ? 0 : epsilon;
  }

  /**
   * The coefficient of decoupled weight decay, λ.
   *
   * @return the coefficient, at least 0
   */
  public double getWeightDecay() {
    return weightDecay;
  }

  /**
   * Whether the weight decay was handed to the layers by {@link DecoupledDecay}.
   *
   * @return true if it was
   */
  public boolean isDecayAttached() {
    return decayAttached;
  }

  /**
   * Builds a relative of Adam.
   *
   * @param <B> the builder itself
   */
  public abstract static class Builder<B extends Builder<B>>
      extends UpdaterConfiguration.Builder<B> {
    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private double epsilon = 1e-8;
    private boolean epsilonInsideRoot;
    private double weightDecay;
    private boolean decayAttached;
    private boolean decayExpected;

    /**
     * Starts with the defaults.
     *
     * @param learningRate the default learning rate
     * @param weightDecay the default weight decay
     */
    protected Builder(double learningRate, double weightDecay) {
      super(learningRate);
      this.weightDecay = weightDecay;
    }

    /**
     * Sets the rate of the running average of gradients.
     *
     * @param beta1 {@code 0 <= beta1 < 1}; default 0.9
     * @return this
     */
    public B beta1(double beta1) {
      this.beta1 = beta1;
      return self();
    }

    /**
     * Sets the rate of the running average of squared gradients.
     *
     * @param beta2 {@code 0 <= beta2 < 1}; default 0.999
     * @return this
     */
    public B beta2(double beta2) {
      this.beta2 = beta2;
      return self();
    }

    /**
     * Sets the number that keeps the denominator from zero.
     *
     * @param epsilon a finite number of at least 1.2e-38, the smallest normal float; default 1e-8
     * @return this
     */
    public B epsilon(double epsilon) {
      this.epsilon = epsilon;
      return self();
    }

    /**
     * Sets where ε is added.
     *
     * @param inside true for {@code √(v + ε)}, false (the default) for {@code √v + ε}
     * @return this
     */
    public B epsilonInsideRoot(boolean inside) {
      this.epsilonInsideRoot = inside;
      return self();
    }

    /**
     * Sets the coefficient of decoupled weight decay: every step takes {@code learningRate ·
     * weightDecay · weight} from every weight. Needs {@link DecoupledDecay} unless it is 0.
     *
     * @param weightDecay a finite number of at least 0; the default is the updater's
     * @return this
     */
    public B weightDecay(double weightDecay) {
      this.weightDecay = weightDecay;
      return self();
    }

    @JsonProperty("decayAttached")
    B decayAttached(boolean decayAttached) {
      this.decayAttached = decayAttached;
      return self();
    }

    @JsonProperty("decayExpected")
    B decayExpected(boolean decayExpected) {
      this.decayExpected = decayExpected;
      return self();
    }
  }
}
