package org.dl4jx.updaters.decay;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.notNegative;

import java.util.Locale;
import java.util.Map;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.engine.Step;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * An updater that carries a weight decay. {@code DecoupledDecay} lets the layers show it their
 * weights.
 */
public abstract class DecayingUpdater extends UpdaterConfiguration {
  private static final long serialVersionUID = 1L;

  private final double weightDecay;
  private boolean decayAttached;

  /**
   * How many parameters of its layer no regularization reaches, so they do not decay: all of a
   * batch normalization. As a part of {@code equals}, it keeps them out of the blocks of other
   * layers.
   */
  private long outOfReach;

  /**
   * Takes the parameters from the builder.
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
   * Whether a step needs the weights. If so, it is refused unless they were shown to it.
   *
   * @return true if there is a weight decay, unless a subclass overrides this
   */
  protected boolean needsWeights() {
    return weightDecay > 0;
  }

  /**
   * Whether a step needs to know which matrices an array contains. If so, it needs the weights too.
   *
   * @return false by default
   */
  protected boolean needsMatrices() {
    return false;
  }

  /**
   * What a step needs the weights for, besides the decay.
   *
   * @return words that go after the name of the updater; null if it needs them for nothing else
   */
  protected String otherNeed() {
    return null;
  }

  /**
   * What a step needs the weights for.
   *
   * @return words that go after the name of the updater
   */
  final String need() {
    return otherNeed() == null ? needForDecay() : otherNeed();
  }

  final String needForDecay() {
    return "has weightDecay " + weightDecay;
  }

  /** What to do about a layer whose weights the updater cannot see. */
  final String replacement() {
    return otherNeed() == null
        ? DecaySite.WITHOUT_DECAY
        : "give this layer another updater, such as AdamWDecoupled with weightDecay(0)";
  }

  /** By default, the last term of {@code θ ← θ - update - η λ θ}. */
  @Override
  protected double decay(Step step) {
    return getLearningRate(step) * weightDecay;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if weights are needed and some were not shown
   */
  @Override
  protected final void checkWeights(long shown, long told, long parameters) {
    long usable = needsMatrices() ? told : shown;
    if (needsWeights() && usable < parameters && parameters != outOfReach) {
      throw new IllegalStateException(
          String.format(
              "%s %s, but %s. If layers have l2 or WeightDecay, which would decay them twice, call"
                  + " attach(x, ExistingDecay.REPLACE)%s",
              getClass().getSimpleName(),
              need(),
              usable == 0 && !decayAttached ? notAttached() : lost(usable, parameters),
              otherNeed() == null ? ". Or set weightDecay(0)" : ""));
    }
  }

  private String notAttached() {
    return (otherNeed() == null ? "nothing would decay" : "gets only the gradients")
        + ", because Deeplearning4j does not pass the weights to updaters. Add one line,"
        + " DecoupledDecay.attach(x), where x is the configuration, the network, or SameDiff's"
        + " TrainingConfig";
  }

  private static String lost(long usable, long parameters) {
    return String.format(
        Locale.ROOT,
        "only %,d of %,d parameters were shown to the updater: a layer, its updater or its"
            + " regularizations were replaced after the decay was attached. Call"
            + " DecoupledDecay.attach(x) again, where x is the network or SameDiff's TrainingConfig",
        usable,
        parameters);
  }

  /**
   * A copy for another layer or network, where the decay is not attached yet.
   *
   * @return the copy
   */
  @Override
  public DecayingUpdater clone() {
    return copy(false, 0);
  }

  /**
   * A copy for a layer to which the decay is attached.
   *
   * @param outOfReach how many parameters the layer has if no regularization reaches them, else 0
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
   * The coefficient of the decoupled weight decay, λ.
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
     * Sets the coefficient of the decoupled weight decay: every step subtracts {@code learningRate
     * · weightDecay · weight} from every weight. Unless it is 0, it needs {@code DecoupledDecay}.
     *
     * @param weightDecay a finite number of at least 0; the default depends on the updater
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
      this.outOfReach = check(outOfReach >= 0, "outOfReach", outOfReach, ">= 0");
      return self();
    }
  }
}
