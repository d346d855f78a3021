package org.dl4jx.averaging;

import static org.dl4jx.schedules.checks.Argument.rate;

import java.io.File;
import java.io.IOException;

/**
 * An exponential moving average (EMA) of the weights of a network. It is usually more accurate than
 * the weights themselves, above all while the learning rate is high.
 *
 * <p>With the weights {@code θ₁, θ₂, ...} of successive iterations, and the decay d:
 *
 * <pre>
 * e₁ = θ₁
 * eₜ = d eₜ₋₁ + (1 - d) θₜ
 * </pre>
 *
 * <p>Computed as {@code e + (1 - d) (θ - e)}, so weights that stay the same are their own average,
 * bit for bit. With {@code debias}, the first weights don't count for more than others:
 *
 * <pre>
 * êₜ = eₜ / (1 - dᵗ)    with e₀ = 0
 * </pre>
 *
 * <p>With {@code warmup}, the decay grows from a few weights to all: {@code dₜ = min(d, (1 + t) /
 * (10 + t))}, and {@code d₁ d₂ ⋯ dₜ} takes the place of dᵗ.
 *
 * <pre>{@code
 * ExponentialMovingAverage average = new ExponentialMovingAverage(0.999);
 * network.addListeners(average);
 * network.fit(train);
 * Evaluation evaluation = average.at(network, n -> n.evaluate(test));
 * average.save(network, servedFile);                      // a model to serve
 *
 * ModelSerializer.writeModel(network, modelFile, true);   // one to train further
 * average.addTo(modelFile);
 * ExponentialMovingAverage restored = ExponentialMovingAverage.restore(modelFile);
 * }</pre>
 *
 * <ul>
 *   <li>An average looks back over about {@code 1 / (1 - d)} iterations. Choose that to be a part
 *       of the training, such as a tenth: with 0.999, an average of the first 200 iterations is
 *       hardly better than the first weights, unless you set {@code warmup} or {@code debias}.
 *   <li>Batch normalization keeps statistics of activations at the raw weights, whose average does
 *       not quite fit the averaged weights. {@link BatchNormalizationStatistics#estimate} fixes
 *       that.
 *   <li>A score that falls with the learning rate gains less from an average: at the end of a
 *       schedule that goes to 0, it is close to the weights.
 * </ul>
 *
 * <p>Parameters: decay d (in [0, 1); default 0.999), warmup (false), debias (false), start (at
 * least 0; 0), every (at least 1; 1), type ({@code ITERATION}), name.
 *
 * <p>Polyak and Juditsky, <a href="https://doi.org/10.1137/0330046">Acceleration of stochastic
 * approximation by averaging</a> (1992), average; Morales-Brotons, Vogels and Hendrikx, <a
 * href="https://arxiv.org/abs/2411.18704">Exponential Moving Average of Weights in Deep
 * Learning</a> (2024), say when it helps. Equal to PyTorch's {@code AveragedModel} with {@code
 * get_ema_avg_fn}; the debiased one to Optax's {@code ema}.
 */
public final class ExponentialMovingAverage extends WeightAverage {
  private static final long serialVersionUID = 1L;

  private static final String NAME = "ExponentialMovingAverage";

  private final double decay;
  private final boolean warmup;
  private final boolean debias;

  /** d₁ d₂ ⋯, up to the weights that were averaged last. */
  private double product = 1;

  /** The number of weights that {@link #product} is for. */
  private long factors;

  /** An average with a decay of 0.999. */
  public ExponentialMovingAverage() {
    this(new Builder());
  }

  /**
   * An average.
   *
   * @param decay d, in [0, 1)
   * @throws IllegalArgumentException if the decay is outside its range
   */
  public ExponentialMovingAverage(double decay) {
    this(new Builder().decay(decay));
  }

  private ExponentialMovingAverage(Builder builder) {
    super(builder);
    this.decay = rate("decay", builder.decay);
    this.warmup = builder.warmup;
    this.debias = builder.debias;
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
   * Reads an average from the file of a network. Add it to the network's listeners to go on.
   *
   * @param modelFile a file to which it was {@linkplain #addTo added}, or a checkpoint
   * @return the average
   * @throws IOException if the file cannot be read
   * @throws IllegalStateException if there is none in it
   */
  public static ExponentialMovingAverage restore(File modelFile) throws IOException {
    return restore(modelFile, NAME);
  }

  /**
   * Reads an average that has a name.
   *
   * @param modelFile a file to which it was {@linkplain #addTo added}, or a checkpoint
   * @param name its name
   * @return the average
   * @throws IOException if the file cannot be read
   * @throws IllegalStateException if there is none of that name in it
   */
  public static ExponentialMovingAverage restore(File modelFile, String name) throws IOException {
    return restore(ExponentialMovingAverage.class, modelFile, name);
  }

  /**
   * How much of the average stays, d.
   *
   * @return the decay, in [0, 1)
   */
  public double getDecay() {
    return decay;
  }

  /**
   * Whether the decay grows at the beginning.
   *
   * @return true if it does
   */
  public boolean isWarmup() {
    return warmup;
  }

  /**
   * Whether the first weights count like others.
   *
   * @return true if they do
   */
  public boolean isDebias() {
    return debias;
  }

  @Override
  double share(long n) {
    if (!debias) {
      return 1 - decay(n);
    }
    while (factors < n) {
      product *= decay(++factors);
    }
    return (1 - decay(n)) / (1 - product);
  }

  private double decay(long t) {
    return warmup ? Math.min(decay, (1.0 + t) / (10.0 + t)) : decay;
  }

  @Override
  public String toString() {
    return String.format(
        "ExponentialMovingAverage(decay=%s, warmup=%s, debias=%s, start=%d, every=%d, type=%s)",
        decay, warmup, debias, getStart(), getEvery(), getType());
  }

  /** Builds an {@link ExponentialMovingAverage}. */
  public static final class Builder extends WeightAverage.Builder<Builder> {
    private double decay = 0.999;
    private boolean warmup;
    private boolean debias;

    /** Starts with the defaults. */
    public Builder() {
      super(NAME);
    }

    /**
     * Sets how much of the average stays.
     *
     * @param decay in [0, 1); default 0.999
     * @return this
     */
    public Builder decay(double decay) {
      this.decay = decay;
      return this;
    }

    /**
     * Lets the decay grow at the beginning.
     *
     * @param warmup true for {@code min(decay, (1 + t) / (10 + t))}; default false
     * @return this
     */
    public Builder warmup(boolean warmup) {
      this.warmup = warmup;
      return this;
    }

    /**
     * Lets the first weights count like others.
     *
     * @param debias true to divide by {@code 1 - decayᵗ}; default false
     * @return this
     */
    public Builder debias(boolean debias) {
      this.debias = debias;
      return this;
    }

    @Override
    public ExponentialMovingAverage build() {
      return new ExponentialMovingAverage(this);
    }
  }
}
