package org.dl4jx.updaters.decay;

import static org.dl4jx.schedules.checks.Argument.notNegative;

import java.util.Map;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** An updater that carries a weight decay, which {@code DecoupledDecay} hands to the layers. */
public abstract class DecayingUpdater extends UpdaterConfiguration {
  private static final long serialVersionUID = 1L;

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
  protected DecayingUpdater(Builder<?> builder) {
    super(builder);
    this.weightDecay = notNegative("weightDecay", builder.weightDecay);
    this.decayAttached = builder.decayAttached;
    this.decayExpected = builder.decayExpected;
  }

  @Override
  protected Map<String, Object> parameters() {
    Map<String, Object> parameters = super.parameters();
    parameters.put("weightDecay", weightDecay);
    parameters.put("decayAttached", decayAttached);
    return parameters;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if there is a weight decay that no layer knows of
   */
  @Override
  protected void checkTrainable(DataType type) {
    if (weightDecay > 0 && !decayAttached) {
      throw new IllegalStateException(
          String.format(
              "%s has weightDecay %s, but nothing would decay: Deeplearning4j passes updaters no"
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
  public DecayingUpdater clone() {
    return attached(false, false);
  }

  /**
   * A copy that knows that its decay is in the hands of the layer it is for.
   *
   * @param expected whether there is anything to decay
   */
  DecayingUpdater attached(boolean expected) {
    return attached(true, expected);
  }

  private DecayingUpdater attached(boolean attached, boolean expected) {
    DecayingUpdater copy = (DecayingUpdater) super.clone();
    copy.decayAttached = attached;
    copy.decayExpected = expected;
    return copy;
  }

  boolean isDecayExpected() {
    return decayExpected;
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
   * Whether the weight decay was handed to the layers by {@code DecoupledDecay}.
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

    @JsonProperty("decayExpected")
    @Given
    B decayExpected(boolean decayExpected) {
      this.decayExpected = decayExpected;
      return self();
    }
  }
}
