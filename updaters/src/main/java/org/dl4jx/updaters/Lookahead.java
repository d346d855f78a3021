package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.checkRead;
import static org.dl4jx.schedules.checks.Argument.given;

import java.io.InvalidObjectException;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.dl4jx.averaging.EvaluationPoint;
import org.dl4jx.averaging.TrainsElsewhere;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.engine.UpdaterWrapper;
import org.dl4jx.updaters.engine.WrapperLayout;
import org.dl4jx.updaters.lookahead.SlowWeightsUpdater;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect.Visibility;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;
import org.nd4j.shade.jackson.databind.annotation.JsonPOJOBuilder;

/**
 * Lookahead: lets any updater take k steps, then goes part of the way back to where they started.
 * That averages out noise, so the inner updater can take larger steps and its learning rate matters
 * less. Try it where training is noisy or hard to tune.
 *
 * <p>With slow weights {@code φ}, where the cycle started, and the steps of the inner updater from
 * there:
 *
 * <pre>
 * k times:     θ ← θ - u                        (u is the update of the inner updater)
 * then once:   φ ← φ + α (θ - φ),  θ ← φ
 * </pre>
 *
 * <p>Instead of φ, it keeps the sum {@code D} of the updates since then, so {@code φ = θ + D}. The
 * last of the k steps subtracts {@code u - (1 - α) D} instead of u, and sets D to 0.
 *
 * <pre>{@code
 * MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
 *     .updater(new Lookahead(new Adam(1e-3)))
 *     .list()
 *     .layer(new OutputLayer.Builder(LossFunction.MCXENT).nIn(784).nOut(10)
 *         .activation(Activation.SOFTMAX).build())
 *     .build());
 * network.init();
 * network.fit(train);
 * Evaluation evaluation = Lookahead.atSlowWeights(network, n -> n.evaluate(test));
 * }</pre>
 *
 * <p>With k = 2 and α = 0.5, the second step goes back by half of the sum of both:
 *
 * <pre>{@code
 * Lookahead lookahead = new Lookahead(new Sgd(1), 2, 0.5);
 * INDArray state = Nd4j.zeros(DataType.DOUBLE, lookahead.stateSize(1));
 * INDArray first = Nd4j.createFromArray(4.0);
 * INDArray second = Nd4j.createFromArray(2.0);
 * lookahead.instantiate(state, true).applyUpdater(first, 0, 0);
 * lookahead.instantiate(state, false).applyUpdater(second, 1, 0);
 * first.getDouble(0);  // 4.0
 * second.getDouble(0); // -1.0: 3 in total, half of 4 + 2
 * }</pre>
 *
 * <ul>
 *   <li>Between synchronizations, the parameters are the fast weights, which are no better than
 *       those of the inner updater. Evaluate with {@link #atSlowWeights(MultiLayerNetwork,
 *       Function) atSlowWeights}, and when training is done, call {@link #settle settle}. SameDiff
 *       gives no access to the state of its updaters, so evaluate a SameDiff model after a multiple
 *       of k steps.
 *   <li>A whole cycle moves by α times the sum of its updates. So a learning rate that was tuned
 *       for the inner updater is usually too small here.
 *   <li>The state of the inner updater goes on across synchronizations, as in the authors' code.
 *   <li>Inner updaters with a weight decay of dl4jx need {@link DecoupledDecay#attach attach} as
 *       usual. Their decay is a part of the update, so it is in D too.
 *   <li>Deeplearning4j's constraints and {@code WeightDecay} change parameters without an updater,
 *       so they are not in D, and synchronization does not take a part of them back.
 *   <li>If the inner updater skips a gradient ({@link NonFinitePolicy#SKIP}), its update is zero,
 *       and the step still counts.
 *   <li>The place in the cycle follows from Lookahead's own step count, which is part of its state,
 *       not from Deeplearning4j's iteration.
 * </ul>
 *
 * <p>Parameters: the inner updater (any but {@link AveragedNesterovs}, {@link ScheduleFreeAdamW},
 * and Lookahead), k (at least 1; default 5), α (in (0, 1]; 0.5; with 1, it is the inner updater).
 * Learning rate and schedule are those of the inner updater. State: {@code D}, one number per
 * parameter, and the state of the inner updater. If a model is saved in the middle of a cycle, the
 * cycle continues after restoring.
 *
 * <p>A step throws what the inner updater throws, and {@link IllegalStateException} if the state is
 * that of another updater. No parameter of the network has moved then.
 *
 * <p>Zhang, Lucas, Hinton and Ba, <a href="https://arxiv.org/abs/1907.08610">Lookahead Optimizer: k
 * steps forward, 1 step back</a> (2019), algorithm 1. The same as Optax's {@code lookahead} (with
 * {@code sync_period} and {@code slow_step_size}), and as TensorFlow Addons' and timm's {@code
 * Lookahead}. PyTorch has none.
 */
@JsonDeserialize(builder = Lookahead.Builder.class)
public class Lookahead implements UpdaterWrapper, TrainsElsewhere {
  private static final long serialVersionUID = 1L;

  private final IUpdater inner;
  private final int k;
  private final double alpha;

  /**
   * Lookahead with k = 5 and α = 0.5.
   *
   * @param inner the updater that takes the steps
   * @throws IllegalArgumentException if it is null, {@link AveragedNesterovs}, {@link
   *     ScheduleFreeAdamW}, or Lookahead
   */
  public Lookahead(IUpdater inner) {
    this(new Builder().inner(inner));
  }

  /**
   * Lookahead.
   *
   * @param inner the updater that takes the steps
   * @param k how many steps a cycle has, at least 1
   * @param alpha how far to go from the slow weights to the fast ones, α, in (0, 1]
   * @throws IllegalArgumentException if an argument is outside its range, naming it
   */
  public Lookahead(IUpdater inner, int k, double alpha) {
    this(new Builder().inner(inner).k(k).alpha(alpha));
  }

  private Lookahead(Builder builder) {
    this.inner = given("inner", builder.inner);
    check(
        inner instanceof UpdaterWrapper || !(inner instanceof TrainsElsewhere),
        "inner",
        inner,
        "an updater that leaves the parameters where they are to be evaluated, because Lookahead"
            + " would take the way from there for progress");
    check(
        !(inner instanceof UpdaterWrapper),
        "inner",
        inner,
        "an updater that is not itself Lookahead, because only one pair of slow and fast weights is"
            + " kept");
    this.k = check(builder.k >= 1, "k", builder.k, "at least 1");
    this.alpha =
        check(builder.alpha > 0 && builder.alpha <= 1, "alpha", builder.alpha, "in (0, 1]");
  }

  /**
   * Starts building.
   *
   * @return a builder with k and α at their defaults, which needs an inner updater
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Evaluates a network at the slow weights in the middle of training, and then restores parameters
   * and state, bit for bit, like {@link #at}:
   *
   * <pre>{@code
   * Evaluation evaluation = Lookahead.atSlowWeights(network, n -> n.evaluate(test));
   * }</pre>
   *
   * @param <M> {@code MultiLayerNetwork} or {@code ComputationGraph}
   * @param <T> type of the result
   * @param network the network
   * @param evaluation what to do with the network while its parameters are the slow weights; must
   *     not train it
   * @return what {@code evaluation} returned
   * @throws IllegalStateException if {@code evaluation} trains the network, and in the cases of
   *     {@link #settle}
   */
  public static <M extends Model, T> T atSlowWeights(
      M network, Function<? super M, ? extends T> evaluation) {
    given("evaluation", evaluation);
    return EvaluationPoint.ofUpdaters(network, Lookahead.class)
        .evaluate(() -> evaluation.apply(network));
  }

  /**
   * Moves the parameters of a network back to the slow weights, like {@link #moveTo}. Call it when
   * training is done, before you save the network for use or pass it on. If training continues, the
   * steps since the last synchronization are lost, but not the state of the inner updater.
   *
   * @param <M> {@code MultiLayerNetwork} or {@code ComputationGraph}
   * @param network the network
   * @return {@code network}
   * @throws IllegalStateException if the network is not initialized, or was trained but has no
   *     updater state; if it is a graph, even if it was not trained
   */
  public static <M extends Model> M settle(M network) {
    EvaluationPoint.ofUpdaters(network, Lookahead.class).move();
    return network;
  }

  /** Updates are subtracted, so the slow weights are the parameters plus the sum of updates. */
  @Override
  public Destination destination() {
    return new Destination("the slow weights", "settle", "D", 1);
  }

  /**
   * The updater that takes the steps.
   *
   * @return the inner updater, not a copy
   */
  public IUpdater getInner() {
    return inner;
  }

  /**
   * How many steps a cycle has.
   *
   * @return the number, at least 1
   */
  public int getK() {
    return k;
  }

  /**
   * How far to go from the slow weights to the fast ones, α.
   *
   * @return the fraction, in (0, 1]
   */
  public double getAlpha() {
    return alpha;
  }

  @Override
  public IUpdater inner() {
    return inner;
  }

  @Override
  public Lookahead around(IUpdater other) {
    return new Lookahead(other, k, alpha);
  }

  /** The learning rate of the inner updater. */
  @Override
  public double getLearningRate(int iteration, int epoch) {
    return inner.getLearningRate(iteration, epoch);
  }

  /** Whether the inner updater has a learning rate. */
  @Override
  public boolean hasLearningRate() {
    return inner.hasLearningRate();
  }

  /** Sets the learning rate and the schedule of the inner updater. */
  @Override
  public void setLrAndSchedule(double learningRate, ISchedule schedule) {
    inner.setLrAndSchedule(learningRate, schedule);
  }

  @Override
  public long stateSize(long numParams) {
    return new WrapperLayout(this).size(numParams);
  }

  @Override
  public GradientUpdater<?> instantiate(INDArray view, boolean initialize) {
    SlowWeightsUpdater updater = new SlowWeightsUpdater(this);
    updater.setFlatState(view, initialize);
    return updater;
  }

  @Override
  public GradientUpdater<?> instantiate(Map<String, INDArray> state, boolean initialize) {
    SlowWeightsUpdater updater = new SlowWeightsUpdater(this);
    updater.setState(state, initialize);
    return updater;
  }

  @Override
  public Lookahead clone() {
    return around(inner.clone());
  }

  @Override
  public boolean equals(Object other) {
    return other != null
        && getClass() == other.getClass()
        && inner.equals(((Lookahead) other).inner)
        && k == ((Lookahead) other).k
        && alpha == ((Lookahead) other).alpha;
  }

  @Override
  public int hashCode() {
    return Objects.hash(inner, k, alpha);
  }

  @Override
  public String toString() {
    return "Lookahead(inner=" + inner + ", k=" + k + ", alpha=" + alpha + ")";
  }

  /**
   * Checks what Java deserialization has read, with the checks of the builder.
   *
   * @return this
   * @throws InvalidObjectException if a parameter is outside its range, naming it
   */
  protected Object readResolve() throws InvalidObjectException {
    checkRead(() -> around(inner));
    return this;
  }

  /** Builds a {@link Lookahead}. */
  @JsonPOJOBuilder(withPrefix = "")
  @JsonAutoDetect(setterVisibility = Visibility.PUBLIC_ONLY)
  public static final class Builder {
    private IUpdater inner;
    private int k = 5;
    private double alpha = 0.5;

    /** Starts with the defaults. */
    public Builder() {}

    /**
     * Sets the updater that takes the steps.
     *
     * @param inner any updater but {@link AveragedNesterovs}, {@link ScheduleFreeAdamW}, and
     *     Lookahead
     * @return this
     */
    public Builder inner(IUpdater inner) {
      this.inner = inner;
      return this;
    }

    /**
     * Sets how many steps a cycle has.
     *
     * @param k at least 1; default 5
     * @return this
     */
    @Given
    public Builder k(int k) {
      this.k = k;
      return this;
    }

    /**
     * Sets how far to go from the slow weights to the fast ones.
     *
     * @param alpha in (0, 1]; default 0.5
     * @return this
     */
    @Given
    public Builder alpha(double alpha) {
      this.alpha = alpha;
      return this;
    }

    /**
     * Creates the updater.
     *
     * @return the updater
     * @throws IllegalArgumentException if there is no inner updater, or a parameter is outside its
     *     range, naming it
     */
    public Lookahead build() {
      return new Lookahead(this);
    }
  }
}
