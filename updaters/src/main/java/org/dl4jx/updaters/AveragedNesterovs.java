package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.rate;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.dl4jx.averaging.EvaluationPoint;
import org.dl4jx.averaging.TrainsElsewhere;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.engine.Cells;
import org.dl4jx.updaters.engine.Fused;
import org.dl4jx.updaters.engine.Rule;
import org.dl4jx.updaters.engine.Step;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.dl4jx.updaters.lookahead.FusedFinish;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * Nesterov momentum whose gradient is an average over several points of the look-ahead. Plain
 * Nesterov momentum trusts the gradient at the one point to which momentum is about to carry the
 * parameters. This updater also takes gradients along the way; on mini-batches, that averages out
 * noise.
 *
 * <p>With the points {@code pⱼ} and weights {@code wⱼ} of a {@link LookaheadAverage}, learning rate
 * {@code η} and momentum {@code γ}:
 *
 * <pre>
 * v ← γ v + η Σ wⱼ ∇J(θ - pⱼ γ v)
 * θ ← θ - v
 * </pre>
 *
 * <p><b>One optimizer step takes as many iterations as there are points.</b> Deeplearning4j
 * evaluates one gradient per iteration, at the current parameters. So between two optimizer steps,
 * the parameters move from one probe point to the next. For {@link LookaheadAverage#THIRDS}:
 *
 * <pre>
 *   θ ─────────●─────────●─────────●  look-ahead θ - γ v
 *             1/3       2/3        1
 * iteration:   0         1         2  gradient taken here
 *                                  └──────────────┐  θ moves on by v;
 *          θ ─────────●─────────●─────────●       │  the next cycle starts at
 *                     3         4         5    ◀──┘  its own first probe
 * </pre>
 *
 * <p>To evaluate, use {@link #atTheta atTheta}; when training is done, call {@link #settle settle}:
 *
 * <pre>{@code
 * MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
 *     .updater(new AveragedNesterovs(0.1, 0.9))
 *     .list()
 *     .layer(new OutputLayer.Builder(LossFunction.MCXENT).nIn(784).nOut(10)
 *         .activation(Activation.SOFTMAX).build())
 *     .build());
 * network.init();
 * network.fit(new RepeatedBatchIterator(train, LookaheadAverage.THIRDS.probes()));
 * Evaluation evaluation = AveragedNesterovs.atTheta(network, n -> n.evaluate(test));
 * AveragedNesterovs.settle(network);
 * }</pre>
 *
 * <ul>
 *   <li>If a whole cycle uses one mini-batch (see {@link RepeatedBatchIterator}), this is exactly
 *       the formula. With a new mini-batch in every iteration, it is the stochastic form, in which
 *       each batch is seen at one of the points.
 *   <li>Learning rate and momentum are those of the first iteration of a cycle. Schedules still
 *       count iterations, so they need not change. But one pass over the data has only a third of
 *       the optimizer steps, and a learning rate that suits Nesterov momentum is usually too small
 *       here.
 *   <li>With a schedule by epoch, an epoch may end within a cycle. Then each gradient has the
 *       learning rate of its own epoch, and the momentum is that of the epoch in which the previous
 *       cycle ended. The reason is that a restored model knows only state, iteration and epoch.
 *   <li>Between iterations, the parameters are not θ. Settle before transfer learning too: a new
 *       network takes over the parameters as they are.
 *   <li>Deeplearning4j's constraints and {@code WeightDecay} act in every iteration, so several
 *       times per cycle.
 *   <li>SameDiff gives no access to the state of its updaters, so {@code settle} and {@code
 *       atTheta} exist only for networks and graphs. A SameDiff model is always at a probe point,
 *       except after a cycle with a learning rate and momentum of 0.
 *   <li>With {@link NonFinitePolicy#SKIP}, a probe that is skipped counts as zero in its average,
 *       and the parameters move on to the next point.
 *   <li>The place in the cycle follows from the updater's own step count, which is part of its
 *       state, not from Deeplearning4j's iteration.
 *   <li>If workers average their parameters and states, as in {@code ParallelWrapper} and Spark,
 *       they may do so anywhere in a cycle, but each must have taken as many iterations as the
 *       others. Leave {@link RepeatedBatchIterator} out, because the repeats of a batch would go to
 *       different workers. Average the states too: in rounds shorter than a cycle that start
 *       without a state, the parameters never move.
 * </ul>
 *
 * <p>Parameters: learning rate η (at least 0; default 0.1) or its schedule, momentum γ (in [0, 1);
 * 0.9) or its schedule, average ({@link LookaheadAverage#THIRDS}). State: {@code V}, the look-ahead
 * γ v, and {@code A}, the sum so far of {@code η wⱼ ∇J}; two numbers per parameter. If a model is
 * saved in the middle of a cycle, the cycle continues after restoring.
 *
 * <p>A step throws {@link NonFiniteGradientException} if the gradient is not finite, unless {@link
 * NonFinitePolicy} says otherwise. It throws {@link IllegalStateException} if a schedule returns a
 * value outside its range. No parameter of the network has moved then.
 *
 * <p>{@code LookaheadAverage.of({1}, {1})} is Nesterov's accelerated gradient as in Sutskever,
 * Martens, Dahl and Hinton, <a href="https://proceedings.mlr.press/v28/sutskever13.html">On the
 * importance of initialization and momentum in deep learning</a> (2013), equations 3 and 4, and in
 * Deeplearning4j's {@code Nesterovs}.
 */
@JsonDeserialize(builder = AveragedNesterovs.Builder.class)
public class AveragedNesterovs extends UpdaterConfiguration implements TrainsElsewhere {
  private static final long serialVersionUID = 1L;

  private final double momentum;
  private final ISchedule momentumSchedule;
  private final LookaheadAverage average;

  /** Averaged Nesterov momentum with every parameter at its default. */
  public AveragedNesterovs() {
    this(new Builder());
  }

  /**
   * Averaged Nesterov momentum with a scheduled learning rate, a momentum of 0.9 and {@link
   * LookaheadAverage#THIRDS}.
   *
   * @param learningRate schedule of η
   * @throws IllegalArgumentException if the schedule is null
   */
  public AveragedNesterovs(ISchedule learningRate) {
    this(new Builder().learningRateSchedule(given("learningRate", learningRate)));
  }

  /**
   * Averaged Nesterov momentum with a constant learning rate and momentum, and {@link
   * LookaheadAverage#THIRDS}.
   *
   * <p>There is no constructor with a single number, because it would be ambiguous: a single number
   * is the momentum in Deeplearning4j's {@code Nesterovs}, and the learning rate in all other
   * updaters.
   *
   * @param learningRate η, a finite number of at least 0
   * @param momentum γ, {@code 0 <= momentum < 1}
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public AveragedNesterovs(double learningRate, double momentum) {
    this(new Builder().learningRate(learningRate).momentum(momentum));
  }

  /**
   * Averaged Nesterov momentum with a scheduled learning rate, a constant momentum and {@link
   * LookaheadAverage#THIRDS}.
   *
   * @param learningRate schedule of η
   * @param momentum γ, {@code 0 <= momentum < 1}
   * @throws IllegalArgumentException if the momentum is outside its range or the schedule is null
   */
  public AveragedNesterovs(ISchedule learningRate, double momentum) {
    this(
        new Builder().learningRateSchedule(given("learningRate", learningRate)).momentum(momentum));
  }

  /**
   * Averaged Nesterov momentum with a constant learning rate, a scheduled momentum and {@link
   * LookaheadAverage#THIRDS}.
   *
   * @param learningRate η, a finite number of at least 0
   * @param momentum schedule of γ, with values in [0, 1)
   * @throws IllegalArgumentException if the rate is outside its range or the schedule is null
   */
  public AveragedNesterovs(double learningRate, ISchedule momentum) {
    this(new Builder().learningRate(learningRate).momentumSchedule(given("momentum", momentum)));
  }

  /**
   * Averaged Nesterov momentum with a scheduled learning rate and momentum, and {@link
   * LookaheadAverage#THIRDS}.
   *
   * @param learningRate schedule of η
   * @param momentum schedule of γ, with values in [0, 1)
   * @throws IllegalArgumentException if a schedule is null
   */
  public AveragedNesterovs(ISchedule learningRate, ISchedule momentum) {
    this(
        new Builder()
            .learningRateSchedule(given("learningRate", learningRate))
            .momentumSchedule(given("momentum", momentum)));
  }

  /**
   * Averaged Nesterov momentum with a constant learning rate and momentum.
   *
   * @param learningRate η, a finite number of at least 0
   * @param momentum γ, {@code 0 <= momentum < 1}; 0 means SGD on the averaged gradient
   * @param average the points and weights
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public AveragedNesterovs(double learningRate, double momentum, LookaheadAverage average) {
    this(new Builder().learningRate(learningRate).momentum(momentum).average(average));
  }

  /**
   * Averaged Nesterov momentum with a scheduled learning rate and a constant momentum.
   *
   * @param learningRate schedule of η
   * @param momentum γ, {@code 0 <= momentum < 1}
   * @param average the points and weights
   * @throws IllegalArgumentException if an argument is outside its range or null
   */
  public AveragedNesterovs(ISchedule learningRate, double momentum, LookaheadAverage average) {
    this(
        new Builder()
            .learningRateSchedule(given("learningRate", learningRate))
            .momentum(momentum)
            .average(average));
  }

  private AveragedNesterovs(Builder builder) {
    super(builder);
    this.momentumSchedule = builder.momentumSchedule;
    this.momentum = momentumSchedule == null ? rate("momentum", builder.momentum) : Double.NaN;
    this.average = given("average", builder.average);
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
   * Moves the parameters of a network from the probe point to θ, like {@link #moveTo}. Call it when
   * training is done, before you evaluate the network, save it for use, or pass it on.
   *
   * <p>No progress is lost: the look-ahead is added to the running average, so training can
   * continue, even from a saved copy. The rest of the current cycle then takes its gradients at θ.
   * Parameters with other updaters stay as they are, and a second call changes nothing.
   *
   * <p>A network that was loaded without its updater state is refused. But {@code
   * toComputationGraph()} and {@code ComputationGraph.clone()} start the copy's iterations at 0. If
   * such a copy also has a new state, it cannot be told from a new network.
   *
   * @param <M> {@code MultiLayerNetwork} or {@code ComputationGraph}
   * @param network the network
   * @return {@code network}
   * @throws IllegalStateException if the network is not initialized, or was trained but has no
   *     updater state; if it is a graph, even if it was not trained
   */
  public static <M extends Model> M settle(M network) {
    EvaluationPoint.ofUpdaters(network, AveragedNesterovs.class).move();
    return network;
  }

  /**
   * Evaluates a network at θ in the middle of training, and then restores parameters and state, bit
   * for bit, like {@link #at}:
   *
   * <pre>{@code
   * Evaluation evaluation = AveragedNesterovs.atTheta(network, n -> n.evaluate(test));
   * }</pre>
   *
   * @param <M> {@code MultiLayerNetwork} or {@code ComputationGraph}
   * @param <T> type of the result
   * @param network the network
   * @param evaluation what to do with the network while its parameters are θ; must not train it
   * @return what {@code evaluation} returned
   * @throws IllegalStateException if {@code evaluation} trains the network, and in the cases of
   *     {@link #settle}
   */
  public static <M extends Model, T> T atTheta(
      M network, Function<? super M, ? extends T> evaluation) {
    given("evaluation", evaluation);
    return EvaluationPoint.ofUpdaters(network, AveragedNesterovs.class)
        .evaluate(() -> evaluation.apply(network));
  }

  /**
   * θ is at the probe point plus a part of {@code V}. On arrival, {@code V} is 0 and the old V is
   * added to {@code A}. Then all probe points of the cycle coincide with θ, and its last iteration
   * still takes the same step {@code V + A}.
   */
  @Override
  public Destination destination() {
    return new Destination(
        "θ",
        "settle",
        stateNames(),
        steps -> average.point(probe(steps)),
        state -> {
          state.get(1).addi(state.get(0));
          state.get(0).assign(0);
        });
  }

  /**
   * The constant momentum, γ.
   *
   * @return the momentum, or NaN if a schedule is set
   */
  public double getMomentum() {
    return momentum;
  }

  /**
   * The schedule of the momentum.
   *
   * @return the schedule, or null if the momentum is constant
   */
  public ISchedule getMomentumSchedule() {
    return momentumSchedule;
  }

  /**
   * The points and weights of the average.
   *
   * @return the average
   */
  public LookaheadAverage getAverage() {
    return average;
  }

  @Override
  protected Map<String, Object> parameters() {
    Map<String, Object> parameters = super.parameters();
    parameters.put("momentum", momentumSchedule == null ? momentum : momentumSchedule);
    parameters.put("average", average);
    return parameters;
  }

  @Override
  protected List<String> stateNames() {
    return List.of("V", "A");
  }

  /** A part that has not taken a step has no look-ahead, so it may start anywhere in a cycle. */
  @Override
  protected long mergedSteps(long fewest, long most) {
    return most;
  }

  @Override
  protected Rule rule(Step step) {
    int last = average.probes() - 1;
    int probe = probe(step.t() - 1);
    int first = Math.max(0, step.iteration() - probe);
    double size = getLearningRate(first, step.epoch()) * average.weight(probe);
    return probe < last
        ? new Probe(size, average.point(probe + 1) - average.point(probe))
        : new Finish(
            size,
            momentum(step.iteration() + 1, step.epoch()),
            average.point(0),
            average.point(last));
  }

  /** The probe that comes after so many steps. */
  private int probe(long steps) {
    return (int) (steps % average.probes());
  }

  private double momentum(int iteration, int epoch) {
    return momentumSchedule == null
        ? momentum
        : scheduled(
            "momentum", momentumSchedule, iteration, epoch, m -> m >= 0 && m < 1, "in [0, 1)");
  }

  /**
   * Takes the gradient at a probe point and moves the parameters on to the next point, which is
   * farther by a fraction of the look-ahead.
   */
  private record Probe(double size, double farther) implements Rule {

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C v = state.get(0);
      C a = state.get(1);
      a.add(size, g); // a ← a + η w g
      g.set(farther, v);
    }

    @Override
    public boolean stepsWithoutGradient() {
      return true;
    }
  }

  /**
   * Takes the gradient at the last probe point. Moves the parameters back to θ, then by the step
   * {@code γ v + a}, and then to the first probe point of the next cycle.
   */
  private record Finish(double size, double momentum, double first, double last) implements Rule {

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C v = state.get(0);
      C a = state.get(1);
      C step = a.add(1, v).add(size, g); // γ v + a + η w g
      g.combine(1 + first * momentum, step, -last, v);
      v.set(momentum, step);
      a.fill(0);
    }

    @Override
    public Fused fused() {
      return new FusedFinish(size, momentum, first, last);
    }

    @Override
    public boolean stepsWithoutGradient() {
      return true;
    }
  }

  /** Builds an {@link AveragedNesterovs}. */
  public static final class Builder extends UpdaterConfiguration.Builder<Builder> {
    private double momentum = 0.9;
    private ISchedule momentumSchedule;
    private LookaheadAverage average = LookaheadAverage.THIRDS;

    /** Starts with the defaults. */
    public Builder() {
      super(0.1);
    }

    /**
     * Sets a constant momentum.
     *
     * @param momentum {@code 0 <= momentum < 1}; default 0.9; ignored while a schedule is set
     * @return this
     */
    @Given
    public Builder momentum(double momentum) {
      this.momentum = momentum;
      return this;
    }

    /**
     * Sets a schedule for the momentum.
     *
     * @param schedule a schedule with values in [0, 1), or null for the constant momentum
     * @return this
     */
    public Builder momentumSchedule(ISchedule schedule) {
      this.momentumSchedule = schedule;
      return this;
    }

    /**
     * Sets the points and weights.
     *
     * @param average the average; default {@link LookaheadAverage#THIRDS}
     * @return this
     */
    @Given
    public Builder average(LookaheadAverage average) {
      this.average = average;
      return this;
    }

    @Override
    public AveragedNesterovs build() {
      return new AveragedNesterovs(this);
    }
  }
}
