package org.dl4jx.listeners;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.notNegative;

import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Collection;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.schedule.ScheduleType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lowers the learning rates of a network when a score stops improving.
 *
 * <p>A score is <i>bad</i> if it is not better than the best so far by more than a threshold θ:
 *
 * <pre>
 * MIN, RELATIVE:  score &lt; best (1 - θ)      MAX, RELATIVE:  score &gt; best (1 + θ)
 * MIN, ABSOLUTE:  score &lt; best - θ          MAX, ABSOLUTE:  score &gt; best + θ
 * </pre>
 *
 * <p>After more than {@code patience} bad scores in a row, every learning rate η becomes {@code
 * max(factor · η, minLearningRate)}, unless that lowers it by no more than {@code epsilon}. The
 * next {@code cooldown} scores then do not count as bad. NaN is bad.
 *
 * <pre>{@code
 * network.addListeners(new ReduceOnPlateau());   // judges the mean training score of each epoch
 * network.fit(train, epochs);
 * }</pre>
 *
 * <p>To judge a score on other data, give it a calculator, of Deeplearning4j or of an average:
 *
 * <pre>{@code
 * network.addListeners(
 *     ReduceOnPlateau.builder()
 *         .scoreCalculator(new ClassificationScoreCalculator(Evaluation.Metric.ACCURACY, test))
 *         .patience(3)
 *         .factor(0.5)
 *         .build());
 * }</pre>
 *
 * <p>Or judge scores yourself, with {@link #step(Model, double) step}.
 *
 * <ul>
 *   <li>It lowers the rates of all updaters: of layers, of biases, inside {@code Bidirectional} and
 *       {@code Lookahead}, of Deeplearning4j and of dl4jx. Rates that differ keep their ratio. A
 *       schedule goes on, multiplied. A decoupled weight decay follows its rate.
 *   <li>The lowered rates are part of the network's configuration, so they are saved with it. The
 *       counters are part of this listener: see {@link SavedListener}.
 *   <li>As a listener, it lowers rates just before the next step; {@code step} does so at once.
 *   <li>For scores below 0, set the threshold mode to {@code ABSOLUTE}: a part of a negative best
 *       would accept scores that are a little worse.
 *   <li>{@code fit(DataSet)} ends no epoch. Judge every so many iterations there, by {@code type}
 *       and {@code every}.
 *   <li>{@code ParallelWrapper} trains copies with learning rates of their own, which nothing can
 *       lower. With it, leave the listener out, and call {@code step} before you build the next
 *       wrapper.
 *   <li>{@code ComputationGraph.clone()} shares its updaters with the copy, whose rates are lowered
 *       too.
 * </ul>
 *
 * <p>Parameters: scoreCalculator (none: the mean of the training scores), mode (MIN, or what the
 * calculator says), factor (in (0, 1); default 0.1), patience (at least 0; 10), threshold (at least
 * 0, and below 1 if it is RELATIVE; 1e-4), thresholdMode (RELATIVE), cooldown (at least 0; 0),
 * minLearningRate (at least 0; 0), epsilon (at least 0; 1e-8), type ({@code EPOCH}), every (at
 * least 1; 1).
 *
 * <p>Equal to PyTorch's {@code ReduceLROnPlateau} in rule and defaults. Keras' and Optax's differ
 * in their defaults.
 */
public final class ReduceOnPlateau extends SavedListener {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(ReduceOnPlateau.class);
  private static final String NAME = "ReduceOnPlateau";

  /** Which scores are better. */
  public enum Mode {
    /** Lower ones, such as losses. */
    MIN,
    /** Higher ones, such as accuracies. */
    MAX
  }

  /** What a threshold is a part of. */
  public enum ThresholdMode {
    /** Of the best score. */
    RELATIVE,
    /** Of 1. */
    ABSOLUTE
  }

  private final Mode mode;
  private final double factor;
  private final int patience;
  private final double threshold;
  private final ThresholdMode thresholdMode;
  private final int cooldown;
  private final double minLearningRate;
  private final double epsilon;
  private final ScheduleType type;
  private final int every;
  private final boolean calculates;
  private transient ScoreCalculator<? extends Model> calculator;

  /** The network that has what this needs, so that not every step looks for it. */
  private transient WeakReference<Model> checked;

  private double best;
  private int badScores;
  private int coolingDown;
  private int reductions;

  /** Whether rates are to be lowered before the next step. */
  private boolean isDue;

  private int passed;
  private double sum;
  private long summed;

  /** Judges the mean training score of each epoch, with every parameter at its default. */
  public ReduceOnPlateau() {
    this(new Builder());
  }

  private ReduceOnPlateau(Builder builder) {
    super(NAME);
    this.calculator = builder.calculator;
    this.calculates = calculator != null;
    this.mode = builder.mode();
    this.factor =
        check(builder.factor > 0 && builder.factor < 1, "factor", builder.factor, "in (0, 1)");
    this.patience = check(builder.patience >= 0, "patience", builder.patience, "a number >= 0");
    this.thresholdMode = given("thresholdMode", builder.thresholdMode);
    this.threshold =
        thresholdMode == ThresholdMode.RELATIVE
            ? check(
                builder.threshold >= 0 && builder.threshold < 1,
                "threshold",
                builder.threshold,
                "in [0, 1) if it is RELATIVE")
            : notNegative("threshold", builder.threshold);
    this.cooldown = check(builder.cooldown >= 0, "cooldown", builder.cooldown, "a number >= 0");
    this.minLearningRate = notNegative("minLearningRate", builder.minLearningRate);
    this.epsilon = notNegative("epsilon", builder.epsilon);
    this.type = given("type", builder.type);
    this.every = check(builder.every >= 1, "every", builder.every, "a number >= 1");
    this.best = mode == Mode.MIN ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
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
   * Reads a listener that judges training scores, or is stepped by hand, from the file of a
   * network. Add it to the network's listeners to go on.
   *
   * @param modelFile a file to which it was {@linkplain #addTo added}, or a checkpoint
   * @return the listener
   * @throws IOException if the file cannot be read
   * @throws IllegalStateException if there is none in it, or it had a calculator
   */
  public static ReduceOnPlateau restore(File modelFile) throws IOException {
    ReduceOnPlateau restored = restore(ReduceOnPlateau.class, modelFile, NAME);
    if (restored.calculates) {
      throw new IllegalStateException(
          "the listener in "
              + modelFile
              + " had a score calculator, which is not saved: pass it to restore(modelFile,"
              + " calculator)");
    }
    return restored;
  }

  /**
   * Reads a listener that had a calculator. Calculators hold data, so they are not saved.
   *
   * @param modelFile a file to which it was {@linkplain #addTo added}, or a checkpoint
   * @param calculator the same calculator as before
   * @return the listener
   * @throws IOException if the file cannot be read
   * @throws IllegalStateException if there is none in it, or it had no calculator
   * @throws IllegalArgumentException if the calculator is null, or for the other mode
   */
  public static ReduceOnPlateau restore(File modelFile, ScoreCalculator<? extends Model> calculator)
      throws IOException {
    ReduceOnPlateau restored = restore(ReduceOnPlateau.class, modelFile, NAME);
    if (!restored.calculates) {
      throw new IllegalStateException(
          "the listener in " + modelFile + " had no score calculator: call restore(modelFile)");
    }
    checkMode(given("calculator", calculator), restored.mode);
    restored.calculator = calculator;
    return restored;
  }

  private static void checkMode(ScoreCalculator<?> calculator, Mode mode) {
    Mode its = calculator.minimizeScore() ? Mode.MIN : Mode.MAX;
    check(mode == its, "mode", mode, its + " for this score calculator");
  }

  /**
   * Judges a score, and lowers the learning rates if it is time to.
   *
   * @param network the network or graph
   * @param score the score; NaN counts as bad
   * @return whether a learning rate was lowered
   * @throws IllegalStateException if no updater of the network has a learning rate, or this is a
   *     listener of the network
   */
  public synchronized boolean step(Model network, double score) {
    checkHasRates(given("network", network));
    if (isListenerOf(network)) {
      throw new IllegalStateException(
          this
              + " is a listener of the network, so every score would count twice: leave it out of the"
              + " listeners to use step");
    }
    return isTimeToLower(score) && lower(network);
  }

  private static void checkHasRates(Model network) {
    if (LearningRates.updaters(network).isEmpty()) {
      throw new IllegalStateException(
          "no updater of the network has a learning rate, so there is nothing to lower");
    }
  }

  private boolean isTimeToLower(double score) {
    if (isBetter(score)) {
      best = score;
      badScores = 0;
    } else {
      badScores++;
    }
    if (coolingDown > 0) {
      coolingDown--;
      badScores = 0;
    }
    if (badScores <= patience) {
      return false;
    }
    coolingDown = cooldown;
    badScores = 0;
    return true;
  }

  private boolean isBetter(double score) {
    boolean isRelative = thresholdMode == ThresholdMode.RELATIVE;
    return mode == Mode.MIN
        ? score < (isRelative ? best * (1 - threshold) : best - threshold)
        : score > (isRelative ? best * (1 + threshold) : best + threshold);
  }

  private boolean lower(Model network) {
    Collection<String> changes =
        LearningRates.lower(
            network,
            from -> {
              double to = Math.max(from * factor, minLearningRate);
              return from - to > epsilon ? to : from;
            });
    if (!changes.isEmpty()) {
      reductions++;
      LOG.info(
          "No score has been better than {} for a while: learning rates go from {}",
          best,
          String.join(", ", changes));
    }
    return !changes.isEmpty();
  }

  /**
   * Lowers rates that are due. Not earlier, so a file that was saved in the meantime has both the
   * rates so far and a listener that lowers them.
   */
  @Override
  protected void beforeStep(Model model) {
    if (checked == null || checked.get() != model) {
      checkHasRates(model);
      checkHasScores();
      checked = new WeakReference<>(model);
    }
    if (isDue) {
      isDue = false;
      lower(model);
    }
  }

  private void checkHasScores() {
    if (!calculates && mode == Mode.MAX) {
      throw new IllegalStateException(
          "mode MAX needs a score calculator, because training scores are losses. To judge scores of"
              + " your own, leave the listener out of the network, and call step(network, score)");
    }
  }

  @Override
  protected void afterIteration(Model model) {
    sum += model.score();
    summed++;
    if (type == ScheduleType.ITERATION) {
      pass(model);
    }
  }

  @Override
  protected void afterEpoch(Model model) {
    if (type == ScheduleType.EPOCH) {
      pass(model);
    }
  }

  private void pass(Model model) {
    if (++passed % every == 0 && summed > 0) {
      isDue |= isTimeToLower(calculates ? score(model) : sum / summed);
      sum = 0;
      summed = 0;
    }
  }

  @SuppressWarnings("unchecked")
  private double score(Model model) {
    return ((ScoreCalculator<Model>) calculator).calculateScore(model);
  }

  /** Learning rates of copies are their own. */
  @Override
  protected void skipCopy(Model copy) {
    throw new IllegalStateException(
        "ReduceOnPlateau cannot lower the learning rates of the copies that ParallelWrapper trains:"
            + " leave it out of the listeners, and call step(network, score) before you build the"
            + " next wrapper");
  }

  /**
   * The best score so far.
   *
   * @return the score; infinite before the first
   */
  public synchronized double getBest() {
    return best;
  }

  /**
   * How many bad scores there have been in a row.
   *
   * @return the number
   */
  public synchronized int getBadScores() {
    return badScores;
  }

  /**
   * How many times learning rates were lowered.
   *
   * @return the number
   */
  public synchronized int getReductions() {
    return reductions;
  }

  @Override
  public String toString() {
    return String.format(
        "ReduceOnPlateau(mode=%s, factor=%s, patience=%d, threshold=%s, thresholdMode=%s,"
            + " cooldown=%d, minLearningRate=%s, epsilon=%s, type=%s, every=%d)",
        mode,
        factor,
        patience,
        threshold,
        thresholdMode,
        cooldown,
        minLearningRate,
        epsilon,
        type,
        every);
  }

  /** Builds a {@link ReduceOnPlateau}. */
  public static final class Builder {
    private ScoreCalculator<? extends Model> calculator;
    private Mode mode;
    private double factor = 0.1;
    private int patience = 10;
    private double threshold = 1e-4;
    private ThresholdMode thresholdMode = ThresholdMode.RELATIVE;
    private int cooldown;
    private double minLearningRate;
    private double epsilon = 1e-8;
    private ScheduleType type = ScheduleType.EPOCH;
    private int every = 1;

    /** Starts with the defaults. */
    public Builder() {}

    private Mode mode() {
      if (calculator == null) {
        return mode == null ? Mode.MIN : mode;
      }
      if (mode != null) {
        checkMode(calculator, mode);
      }
      return calculator.minimizeScore() ? Mode.MIN : Mode.MAX;
    }

    /**
     * Sets what calculates the score.
     *
     * @param calculator a calculator of Deeplearning4j, or of an average; null for the mean of the
     *     training scores
     * @return this
     */
    public Builder scoreCalculator(ScoreCalculator<? extends Model> calculator) {
      this.calculator = calculator;
      return this;
    }

    /**
     * Sets which scores are better.
     *
     * @param mode default MIN, or what the calculator says
     * @return this
     */
    public Builder mode(Mode mode) {
      this.mode = given("mode", mode);
      return this;
    }

    /**
     * Sets by what to multiply learning rates.
     *
     * @param factor in (0, 1); default 0.1
     * @return this
     */
    public Builder factor(double factor) {
      this.factor = factor;
      return this;
    }

    /**
     * Sets how many bad scores in a row are tolerated.
     *
     * @param patience at least 0; default 10
     * @return this
     */
    public Builder patience(int patience) {
      this.patience = patience;
      return this;
    }

    /**
     * Sets by how much a score has to be better.
     *
     * @param threshold at least 0, and below 1 if it is RELATIVE; default 1e-4
     * @return this
     */
    public Builder threshold(double threshold) {
      this.threshold = threshold;
      return this;
    }

    /**
     * Sets what the threshold is a part of.
     *
     * @param thresholdMode default RELATIVE
     * @return this
     */
    public Builder thresholdMode(ThresholdMode thresholdMode) {
      this.thresholdMode = thresholdMode;
      return this;
    }

    /**
     * Sets how many scores after a reduction do not count as bad.
     *
     * @param cooldown at least 0; default 0
     * @return this
     */
    public Builder cooldown(int cooldown) {
      this.cooldown = cooldown;
      return this;
    }

    /**
     * Sets below what no learning rate is lowered.
     *
     * @param minLearningRate at least 0; default 0
     * @return this
     */
    public Builder minLearningRate(double minLearningRate) {
      this.minLearningRate = minLearningRate;
      return this;
    }

    /**
     * Sets which reductions are too small to be made.
     *
     * @param epsilon at least 0; default 1e-8
     * @return this
     */
    public Builder epsilon(double epsilon) {
      this.epsilon = epsilon;
      return this;
    }

    /**
     * Sets what {@code every} counts.
     *
     * @param type iterations, or the epochs of {@code fit(iterator)}; default {@code EPOCH}
     * @return this
     */
    public Builder type(ScheduleType type) {
      this.type = type;
      return this;
    }

    /**
     * Sets how often a score is judged.
     *
     * @param every after so many iterations or epochs, at least 1; default 1
     * @return this
     */
    public Builder every(int every) {
      this.every = every;
      return this;
    }

    /**
     * Creates the listener.
     *
     * @return the listener
     * @throws IllegalArgumentException if a parameter is outside its range, naming it, or the mode
     *     is not that of the calculator
     */
    public ReduceOnPlateau build() {
      return new ReduceOnPlateau(this);
    }
  }
}
