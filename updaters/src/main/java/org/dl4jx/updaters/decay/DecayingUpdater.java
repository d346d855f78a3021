package org.dl4jx.updaters.decay;

import static org.dl4jx.schedules.checks.Argument.notNegative;

import java.util.Locale;
import java.util.Map;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.engine.Step;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * An updater that carries a weight decay, to which {@code DecoupledDecay} lets layers show weights.
 */
public abstract class DecayingUpdater extends UpdaterConfiguration {
  private static final long serialVersionUID = 1L;

  private final double weightDecay;
  private boolean decayAttached;

  /**
   * How many parameters of its layer no regularization reaches, so that none decays: all of a batch
   * normalization. Being part of {@code equals}, it keeps them out of the blocks of other layers.
   */
  private long outOfReach;

  /**
   * Takes over what the builder holds.
   *
   * @param builder the builder
   * @throws IllegalArgumentException if a parameter is outside its range
   */
  protected DecayingUpdater(Builder<?> builder) {
    super(builder);
    this.weightDecay = notNegative("weightDecay", builder.weightDecay);
    this.decayAttached = builder.decayAttached;
    this.outOfReach = builder.outOfReach;
  }

  @Override
  protected Map<String, Object> parameters() {
    Map<String, Object> parameters = super.parameters();
    parameters.put("weightDecay", weightDecay);
    parameters.put("decayAttached", decayAttached);
    if (outOfReach > 0) {
      parameters.put("outOfReach", outOfReach);
    }
    return parameters;
  }

  /**
   * Whether a step needs weights. If so, it is refused unless they were shown to it.
   *
   * @return true if there is a weight decay, unless an updater says otherwise
   */
  protected boolean needsWeights() {
    return weightDecay > 0;
  }

  /** The last term of {@code θ ← θ - update - η λ θ}. */
  @Override
  protected final double decay(Step step) {
    return getLearningRate(step) * weightDecay;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if there is a weight decay, and some weights do not know of it
   */
  @Override
  protected final void checkWeights(long shown, long parameters) {
    if (needsWeights() && shown < parameters && parameters != outOfReach) {
      String problem =
          shown == 0 && !decayAttached
              ? "nothing would decay: Deeplearning4j passes updaters no weights. Add one line,"
                  + " DecoupledDecay.attach(x), where x is the configuration, the network, or"
                  + " SameDiff's TrainingConfig"
              : String.format(
                  Locale.ROOT,
                  "only %,d of %,d parameters were shown to the updater: a layer, its updater or its"
                      + " regularization was replaced after the decay was attached."
                      + " Call DecoupledDecay.attach(x) again, where x is the network or SameDiff's"
                      + " TrainingConfig",
                  shown,
                  parameters);
      throw new IllegalStateException(
          String.format(
              "%s has weightDecay %s, but %s; attach(x, ExistingDecay.REPLACE) if layers have l2 or"
                  + " WeightDecay, which would be a second decay. Or set weightDecay(0)",
              getClass().getSimpleName(), weightDecay, problem));
    }
  }

  /**
   * A copy for another layer or network: one whose decay is not attached.
   *
   * @return the copy
   */
  @Override
  public DecayingUpdater clone() {
    return copy(false, 0);
  }

  /**
   * A copy for a layer that has the decay in its hands.
   *
   * @param outOfReach how many parameters the layer has, if no regularization reaches them, else 0
   */
  DecayingUpdater attached(long outOfReach) {
    return copy(true, outOfReach);
  }

  private DecayingUpdater copy(boolean attached, long unreachable) {
    DecayingUpdater copy = (DecayingUpdater) super.clone();
    copy.decayAttached = attached;
    copy.outOfReach = unreachable;
    return copy;
  }

  /** How many parameters of its layer no regularization reaches. */
  long outOfReach() {
    return outOfReach;
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
   * Whether {@code DecoupledDecay} has attached the weight decay.
   *
   * @return true if it was
   */
  public boolean isDecayAttached() {
    return decayAttached;
  }

  /**
   * Builds an updater that carries a weight decay.
   *
   * @param <B> the builder itself
   */
  public abstract static class Builder<B extends Builder<B>>
      extends UpdaterConfiguration.Builder<B> {
    private double weightDecay;
    private boolean decayAttached;
    private long outOfReach;

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
     * Sets the coefficient of decoupled weight decay: every step takes {@code learningRate ·
     * weightDecay · weight} from every weight. Needs {@code DecoupledDecay} unless it is 0.
     *
     * @param weightDecay a finite number of at least 0; the default is the updater's
     * @return this
     */
    @Given
    public B weightDecay(double weightDecay) {
      this.weightDecay = weightDecay;
      return self();
    }

    @JsonProperty("decayAttached")
    @Given
    B decayAttached(boolean decayAttached) {
      this.decayAttached = decayAttached;
      return self();
    }

    @JsonProperty("outOfReach")
    @Given
    B outOfReach(long outOfReach) {
      this.outOfReach = outOfReach;
      return self();
    }
  }
}
