package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.rate;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.dl4jx.averaging.EvaluationPoint;
import org.dl4jx.averaging.TrainsElsewhere;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.decay.DecayingUpdater;
import org.dl4jx.updaters.engine.Cells;
import org.dl4jx.updaters.engine.Epsilon;
import org.dl4jx.updaters.engine.Rule;
import org.dl4jx.updaters.engine.Scalars;
import org.dl4jx.updaters.engine.Step;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * Schedule-Free AdamW: needs no learning rate that falls, because it averages the weights instead.
 * Try it if you do not know in advance how long you will train: you may stop at any time. It won
 * the self-tuning track of the AlgoPerf competition (Kasimbeg et al. 2025).
 *
 * <p>Three points take part. Steps move {@code z}. The average of all z is {@code x}, which is what
 * you want in the end. Gradients are taken in between, at {@code y = β1 x + (1 - β1) z}. <b>The
 * parameters of the network are y.</b> All three start at the initial parameters. In step {@code t
 * = 1, 2, ...}, with the gradient {@code g} at y:
 *
 * <pre>
 * γ = η min(1, t / warmupSteps)           (η if warmupSteps is 0)
 * l ← max(l, γ)
 * W ← W + l²,   c = l² / W                (0 if W is 0)
 * v ← β2 v + (1 - β2) g²
 * u = g / (√(v / (1 - β2ᵗ)) + ε) + λ y    (the last term for weights, not for biases)
 * z ← z - γ u
 * x ← (1 - c) x + c z
 * y ← β1 x + (1 - β1) z
 * </pre>
 *
 * <p>With {@code epsilonInsideRoot}, the denominator is {@code √(v / (1 - β2ᵗ) + ε)}.
 *
 * <p>To evaluate, use {@link #atX atX}; when training is done, call {@link #moveToX moveToX}:
 *
 * <pre>{@code
 * MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
 *     .updater(ScheduleFreeAdamW.builder().learningRate(2.5e-3).warmupSteps(100).build())
 *     .list()
 *     .layer(new OutputLayer.Builder(LossFunction.MCXENT).nIn(784).nOut(10)
 *         .activation(Activation.SOFTMAX).build())
 *     .build());
 * network.init();
 * network.fit(train);
 * Evaluation evaluation = ScheduleFreeAdamW.atX(network, n -> n.evaluate(test));
 * ScheduleFreeAdamW.moveToX(network);
 * }</pre>
 *
 * <p>In the first step, all three points are the same again: {@code c} is 1, so y moves by the
 * whole learning rate. Later steps of equal size move y by {@code 1 - β1 / 2} of it:
 *
 * <pre>{@code
 * ScheduleFreeAdamW updater = ScheduleFreeAdamW.builder().learningRate(0.1234).beta1(0.5).build();
 * INDArray state = Nd4j.zeros(DataType.DOUBLE, updater.stateSize(2));
 * INDArray first = Nd4j.createFromArray(4.0, -0.25);
 * updater.instantiate(state, false).applyUpdater(first, 0, 0);
 * first.toDoubleVector(); // [0.1234, -0.1234]
 * INDArray second = Nd4j.createFromArray(4.0, -0.25);
 * updater.instantiate(state, false).applyUpdater(second, 1, 0);
 * second.toDoubleVector(); // [0.09255, -0.09255]
 * }</pre>
 *
 * <ul>
 *   <li>Take 1 to 10 times AdamW's learning rate, and tune it.
 *   <li>Use it without a schedule that falls. A warm-up helps: set {@code warmupSteps}. A schedule
 *       works, but the steps at its small rates count as much in x as those at its greatest.
 *   <li>Between iterations, the parameters are y, usually less accurate than x. Scores that
 *       Deeplearning4j reports while it trains are those at y. Move to x before you save a model
 *       for use, and before transfer learning: a new network takes over the parameters as they are.
 *   <li>Averages that batch normalization keeps of its inputs are those at y. With batch
 *       normalization, pass training data through the network at x before you evaluate.
 *   <li>β1 must not follow a schedule, because x would no longer be the average.
 *   <li>Constraints of Deeplearning4j act on y, and move x and z along with it.
 *   <li>SameDiff gives no access to the state of its updaters, so {@code atX} and {@code moveToX}
 *       exist only for networks and graphs.
 * </ul>
 *
 * <p>It decays nothing unless you set a weight decay. It then needs {@link DecoupledDecay#attach
 * attach}.
 *
 * <p>Parameters: learning rate η (at least 0; default 2.5e-3) or its schedule, β1 (in (0, 1); 0.9),
 * β2 (in [0, 1); 0.999), ε (at least 1.2e-38; 1e-8), weight decay λ (at least 0; 0),
 * epsilonInsideRoot (false), warmupSteps (at least 0; 0). State: {@code V}, and {@code E}, which is
 * {@code z - y}; two numbers per parameter. Besides, it keeps l and {@code W / l²}.
 *
 * <p>A step throws {@link NonFiniteGradientException} if the gradient is not finite, unless {@link
 * NonFinitePolicy} says otherwise. It throws {@link IllegalStateException} if weights should decay
 * but {@code attach} was not called, if the schedule returns a value outside its range, or if the
 * parameters are of type {@code HALF}. No parameter of the network has moved then.
 *
 * <p>Defazio, Yang, Mehta, Mishchenko, Khaled and Cutkosky, <a
 * href="https://arxiv.org/abs/2405.15682">The Road Less Scheduled</a> (2024), algorithm 1. Equal to
 * the authors' {@code AdamWScheduleFree} in formula and defaults, with its {@code r} at 0 and
 * {@code weight_lr_power} at 2. Its {@code train()} and {@code eval()} move the parameters between
 * y and x, as {@code atX} does. In Optax's, a warm-up is off by one step.
 */
@JsonDeserialize(builder = ScheduleFreeAdamW.Builder.class)
public class ScheduleFreeAdamW extends DecayingUpdater implements TrainsElsewhere {
  private static final long serialVersionUID = 1L;

  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final boolean epsilonInsideRoot;
  private final int warmupSteps;

  /** Schedule-Free AdamW with every parameter at its default. */
  public ScheduleFreeAdamW() {
    this(new Builder());
  }

  /**
   * Schedule-Free AdamW with a constant learning rate. Every other parameter has its default, so
   * the weight decay is 0.
   *
   * @param learningRate η, a finite number of at least 0
   * @throws IllegalArgumentException if the rate is outside its range
   */
  public ScheduleFreeAdamW(double learningRate) {
    this(new Builder().learningRate(learningRate));
  }

  /**
   * Schedule-Free AdamW with a scheduled learning rate. Every other parameter has its default, so
   * the weight decay is 0.
   *
   * @param learningRate schedule of η
   * @throws IllegalArgumentException if the schedule is null
   */
  public ScheduleFreeAdamW(ISchedule learningRate) {
    this(new Builder().learningRateSchedule(given("learningRate", learningRate)));
  }

  /**
   * Schedule-Free AdamW with a constant learning rate.
   *
   * @param learningRate η, a finite number of at least 0
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if an argument is outside its range, naming it
   */
  public ScheduleFreeAdamW(double learningRate, double weightDecay) {
    this(new Builder().learningRate(learningRate).weightDecay(weightDecay));
  }

  /**
   * Schedule-Free AdamW with a scheduled learning rate, which scales the decay too.
   *
   * @param learningRate schedule of η
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if the decay is outside its range or the schedule is null
   */
  public ScheduleFreeAdamW(ISchedule learningRate, double weightDecay) {
    this(
        new Builder()
            .learningRateSchedule(given("learningRate", learningRate))
            .weightDecay(weightDecay));
  }

  private ScheduleFreeAdamW(Builder builder) {
    super(builder);
    this.beta1 = check(builder.beta1 > 0 && builder.beta1 < 1, "beta1", builder.beta1, "in (0, 1)");
    this.beta2 = rate("beta2", builder.beta2);
    this.epsilon = Epsilon.checked(builder.epsilon);
    this.epsilonInsideRoot = builder.epsilonInsideRoot;
    this.warmupSteps =
        check(builder.warmupSteps >= 0, "warmupSteps", builder.warmupSteps, "a number >= 0");
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
   * Evaluates a network at x in the middle of training, and then restores parameters and state, bit
   * for bit, like {@link #at}:
   *
   * <pre>{@code
   * Evaluation evaluation = ScheduleFreeAdamW.atX(network, n -> n.evaluate(test));
   * }</pre>
   *
   * @param <M> {@code MultiLayerNetwork} or {@code ComputationGraph}
   * @param <T> type of the result
   * @param network the network
   * @param evaluation what to do with the network while its parameters are x; must not train it
   * @return what {@code evaluation} returned
   * @throws IllegalStateException if {@code evaluation} trains the network, and in the cases of
   *     {@link #moveToX}
   */
  public static <M extends Model, T> T atX(M network, Function<? super M, ? extends T> evaluation) {
    given("evaluation", evaluation);
    return EvaluationPoint.ofUpdaters(network, ScheduleFreeAdamW.class)
        .evaluate(() -> evaluation.apply(network));
  }

  /**
   * Moves the parameters of a network from y to x, like {@link #moveTo}. Call it when training is
   * done, before you evaluate the network, save it for use, or pass it on.
   *
   * <p>If you train further, even from a saved copy, steps begin at x, as if every z so far had
   * been there. The average goes on, with the weights of all steps so far, but the place of z is
   * lost. To evaluate on the way, use {@code atX}, which loses nothing. Parameters with other
   * updaters stay as they are, and a second call changes nothing.
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
  public static <M extends Model> M moveToX(M network) {
    EvaluationPoint.ofUpdaters(network, ScheduleFreeAdamW.class).move();
    return network;
  }

  /** From {@code y = β1 x + (1 - β1) z} follows {@code x = y - (1 - β1) / β1 · (z - y)}. */
  @Override
  public Destination destination() {
    return new Destination("x", "moveToX", "E", -(1 - beta1) / beta1);
  }

  /**
   * How much of y is the average x, β1. The rest is z.
   *
   * @return the fraction, in (0, 1)
   */
  public double getBeta1() {
    return beta1;
  }

  /**
   * The rate of the running average of squared gradients, β2.
   *
   * @return the rate, in [0, 1)
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
   * Whether ε is added inside the square root.
   *
   * @return true for {@code √(v + ε)}, false for {@code √v + ε}
   */
  public boolean isEpsilonInsideRoot() {
    return epsilonInsideRoot;
  }

  /**
   * In how many steps the learning rate rises from 0.
   *
   * @return the number of steps, at least 0
   */
  public int getWarmupSteps() {
    return warmupSteps;
  }

  @Override
  protected Map<String, Object> parameters() {
    Map<String, Object> parameters = super.parameters();
    parameters.put("beta1", beta1);
    parameters.put("beta2", beta2);
    parameters.put("epsilon", epsilon);
    parameters.put("epsilonInsideRoot", epsilonInsideRoot);
    parameters.put("warmupSteps", warmupSteps);
    return parameters;
  }

  /** The running average of squares, and {@code z - y}. */
  @Override
  protected List<String> stateNames() {
    return List.of("V", "E");
  }

  /** The sum of weights in units of the last one, which no rate can make too small or large. */
  @Override
  protected List<String> scalarNames() {
    return List.of("W/l²", "l");
  }

  /** Keeps v̂ the same, so no step becomes larger. */
  @Override
  protected double rescaling(String array, long from, long to, Scalars remembered) {
    return array.equals("V") ? Step.rescaling(beta2, from, to) : 1;
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
        "averages of squared gradients, which are zero in that type for gradients below 2e-4");
    super.checkTrainable(type);
  }

  @Override
  protected Rule rule(Step step, Scalars remembered) {
    double warmth = step.t() < warmupSteps ? (double) step.t() / warmupSteps : 1;
    double rate = getLearningRate(step) * warmth;
    double greatest = Math.max(remembered.get(1), rate);
    double before = greatest == 0 ? 0 : remembered.get(1) / greatest;
    double weights = greatest == 0 ? 0 : remembered.get(0) * before * before + 1;
    return new Update(
        beta1,
        beta2,
        rate,
        warmth,
        weights == 0 ? 0 : 1 / weights,
        1 / step.biasCorrection(beta2),
        Epsilon.of(epsilon, epsilonInsideRoot),
        weights,
        greatest);
  }

  /**
   * The step. Without x and z, {@code y ← (1 - c) y + c z - (1 - β1 (1 - c)) γ u} is
   *
   * <pre>
   * update = (1 - β1 (1 - c)) γ u - c e
   * e ← (1 - c) (e - β1 γ u)
   * </pre>
   *
   * @param rate γ
   * @param warmth the fraction of η that γ is
   * @param c the weight of the new z in x
   * @param weights W, in units of l²
   * @param greatest l
   */
  private record Update(
      double beta1,
      double beta2,
      double rate,
      double warmth,
      double c,
      double scale,
      Epsilon epsilon,
      double weights,
      double greatest)
      implements Rule {

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C v = state.get(0);
      C e = state.get(1);
      v.averageSquare(beta2, g); // v ← β2 v + (1 - β2) g²
      C step = g.spare().overRoot(rate, g, scale, v, epsilon); // γ u, without the decay
      g.combine(ofStep(), step, -c, e);
      e.combine(1 - c, e, -(1 - c) * beta1, step);
    }

    /** The decay is a part of u: γ λ y is η λ y, but for the warm-up. */
    @Override
    public <C extends Cells<C>> void decay(double decay, C w, C g, List<C> state) {
      g.add(ofStep() * warmth * decay, w);
      state.get(1).add(-(1 - c) * beta1 * warmth * decay, w);
    }

    private double ofStep() {
      return 1 - beta1 * (1 - c);
    }

    @Override
    public double[] remembered() {
      return new double[] {weights, greatest};
    }
  }

  /** Builds a {@link ScheduleFreeAdamW}. */
  public static final class Builder extends DecayingUpdater.Builder<Builder> {
    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private double epsilon = 1e-8;
    private boolean epsilonInsideRoot;
    private int warmupSteps;

    /** Starts with the defaults. */
    public Builder() {
      super(2.5e-3, 0);
    }

    /**
     * Sets how much of y, where gradients are taken, is the average x. For long runs, 0.95 or 0.98
     * may be better.
     *
     * @param beta1 in (0, 1); default 0.9
     * @return this
     */
    @Given
    public Builder beta1(double beta1) {
      this.beta1 = beta1;
      return this;
    }

    /**
     * Sets the rate of the running average of squared gradients.
     *
     * @param beta2 in [0, 1); default 0.999
     * @return this
     */
    @Given
    public Builder beta2(double beta2) {
      this.beta2 = beta2;
      return this;
    }

    /**
     * Sets the number that keeps the denominator from zero.
     *
     * @param epsilon a finite number of at least 1.2e-38, the smallest normal float; default 1e-8
     * @return this
     */
    @Given
    public Builder epsilon(double epsilon) {
      this.epsilon = epsilon;
      return this;
    }

    /**
     * Sets where ε is added.
     *
     * @param inside true for {@code √(v + ε)}, false (the default) for {@code √v + ε}
     * @return this
     */
    @Given
    public Builder epsilonInsideRoot(boolean inside) {
      this.epsilonInsideRoot = inside;
      return this;
    }

    /**
     * Sets in how many steps the learning rate rises to its value, in equal parts. It follows the
     * updater's own step count.
     *
     * @param warmupSteps at least 0; default 0
     * @return this
     */
    @Given
    public Builder warmupSteps(int warmupSteps) {
      this.warmupSteps = warmupSteps;
      return this;
    }

    @Override
    public ScheduleFreeAdamW build() {
      return new ScheduleFreeAdamW(this);
    }
  }
}
