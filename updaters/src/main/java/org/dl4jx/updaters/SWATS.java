package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.notNegative;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.dl4jx.updaters.engine.BlockState;
import org.dl4jx.updaters.engine.Cells;
import org.dl4jx.updaters.engine.Epsilon;
import org.dl4jx.updaters.engine.Rule;
import org.dl4jx.updaters.engine.Scalars;
import org.dl4jx.updaters.engine.Step;
import org.dl4jx.updaters.engine.Sums;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SWATS: Adam that switches to SGD with momentum for good, at a moment and with a learning rate
 * that it finds by itself. Try it where Adam is fast at first but SGD generalizes better, and you
 * don't want to tune both.
 *
 * <p>In step {@code t = 1, 2, ...}, with gradient {@code g}, it is Adam. p is the step; the
 * products of p and g are sums over all parameters of a block:
 *
 * <pre>
 * m ← β1 m + (1 - β1) g
 * v ← β2 v + (1 - β2) g²
 * p = -η √(1 - β2ᵗ) / (1 - β1ᵗ) · m / (√v + ε)
 * θ ← θ + p - η λ θ                       (the last term for weights, not for biases)
 * γ = p·p / (-p·g)                        (the η at which SGD's -η g, projected on p, is p)
 * Λ ← β2 Λ + (1 - β2) γ                   (unless p·g = 0)
 * </pre>
 *
 * <p>If then {@code t > 1}, {@code Λ > 0} and {@code |Λ / (1 - β2ᵗ) - γ| < tolerance}, it goes on
 * from the next step on, with {@code L = Λ / (1 - β2ᵗ)} and b = 0, as SGD:
 *
 * <pre>
 * η' = L · η / (the η of the switch)
 * b ← β1 b + g
 * θ ← θ - η' (1 - β1) b - η' λ θ
 * </pre>
 *
 * <p>So η' is L if η is constant. A schedule or {@code setLearningRate} scales it. With {@code
 * epsilonInsideRoot}, the denominator is {@code √(v + ε)}. If β1 follows a schedule, every β1 is
 * the one of step t, and {@code (1 - β1) b} above is the average {@code m ← β1 m + (1 - β1) g} from
 * m = 0 on, which is the same if β1 is constant.
 *
 * <p>It logs the switch of each block once, at level INFO, with the step and the rate; under {@code
 * ParallelWrapper}, each worker does. {@link #learningRateOfSgd(MultiLayerNetwork)
 * learningRateOfSgd} tells the rate too:
 *
 * <pre>{@code
 * MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
 *     .updater(SWATS.builder().learningRate(1e-3).tolerance(1e-5).build())
 *     .list()
 *     .layer(new OutputLayer.Builder(LossFunction.MCXENT).nIn(784).nOut(10)
 *         .activation(Activation.SOFTMAX).build())
 *     .build());
 * network.init();
 * network.fit(train);
 * Map<String, Double> rates = SWATS.learningRateOfSgd(network);
 * }</pre>
 *
 * <p>The map is empty before the switch. After it, it is {@code {0_W=0.0123, 0_b=0.0123}}, say.
 *
 * <p>Under a constant gradient, γ is {@code η n / Σ |g|} for n parameters, and it switches after
 * the second step. Here, that is {@code 0.25 · 2 / 4 = 0.125}:
 *
 * <pre>{@code
 * SWATS updater = SWATS.builder().learningRate(0.25).beta1(0.5).epsilon(1e-30).build();
 * INDArray state = Nd4j.zeros(DataType.DOUBLE, updater.stateSize(2));
 * INDArray first = Nd4j.createFromArray(3.0, -1.0);
 * updater.instantiate(state, false).applyUpdater(first, 0, 0);
 * first.toDoubleVector(); // [0.25, -0.25]
 * updater.instantiate(state, false).applyUpdater(Nd4j.createFromArray(3.0, -1.0), 1, 0);
 * INDArray third = Nd4j.createFromArray(3.0, -1.0);
 * updater.instantiate(state, false).applyUpdater(third, 2, 0);
 * third.toDoubleVector(); // [0.1875, -0.0625]
 * }</pre>
 *
 * <ul>
 *   <li>The tolerance of the paper, 1e-9, is narrow: mini-batches change γ by much more from step
 *       to step, so the switch comes when γ happens to cross its average, late or never. Others use
 *       1e-5. A larger tolerance switches sooner. With 0, it stays Adam.
 *   <li>In {@code FLOAT}, γ has a relative error of about 1e-7, so a tolerance below 1e-7 γ leaves
 *       the switch to chance.
 *   <li>Deeplearning4j calls an updater once for each block of adjacent parameters with equal
 *       updaters. Most networks are one block. If layers have updaters of their own, or a weight
 *       decay is attached to a network with batch normalization, every block switches by itself. In
 *       SameDiff, every variable does.
 *   <li>L is usually many times η, and the decay follows it: a step decays weights by {@code η λ}
 *       before the switch and by {@code η' λ} after it, as an L2 penalty of λ would in SGD. Choose
 *       λ as for SGD.
 *   <li>Momentum starts anew at the switch, so the first steps of SGD are short.
 *   <li>If blocks merge, the one with the most steps decides on the phase.
 *   <li>If workers average their states, as in {@code ParallelWrapper}, all of them go on as SGD as
 *       soon as one has switched, at the mean L of those that have. So n workers switch about n
 *       times sooner. Divide the tolerance by n.
 * </ul>
 *
 * <p>It decays nothing unless you set a weight decay. It then needs {@link DecoupledDecay#attach
 * attach}.
 *
 * <p>Parameters: learning rate η (at least 0; default 1e-3) or its schedule, β1 (in [0, 1); 0.9) or
 * its schedule, β2 (in [0, 1); 0.999), ε (at least 1.2e-38; 1e-9), tolerance (at least 0; 1e-9),
 * weight decay λ (at least 0; 0), epsilonInsideRoot (false). State: {@code M}, which is {@code (1 -
 * β1) b} after the switch, and {@code V}; two numbers per parameter. Besides, it keeps Λ, L, and
 * the η of the switch.
 *
 * <p>A step throws {@link NonFiniteGradientException} if the gradient is not finite, unless {@link
 * NonFinitePolicy} says otherwise. It throws {@link IllegalStateException} if weights should decay
 * but {@code attach} was not called, if a schedule returns a value outside its range, or if the
 * parameters are of type {@code HALF}. No parameter of the network has moved then.
 *
 * <p>Keskar and Socher, <a href="https://arxiv.org/abs/1712.07628">Improving Generalization
 * Performance by Switching from Adam to SGD</a> (2017), algorithm 1. The paper has no schedule of
 * β1 and no weight decay in its algorithm, and uses ε as the tolerance. It does not require {@code
 * Λ > 0}, without which SGD could go uphill. A γ beyond the range of {@code FLOAT} is ignored, as
 * where {@code p·g = 0}. PyTorch, Optax, Keras and Deeplearning4j have none. Before the switch, and
 * with the same ε and no weight decay, it equals Deeplearning4j's {@code Adam}.
 */
@JsonDeserialize(builder = SWATS.Builder.class)
public class SWATS extends AdaptiveUpdater {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(SWATS.class);

  /** Λ; 0 once momentum has started anew. */
  private static final String AVERAGE = "Λ";

  /** 1 if it is SGD. */
  private static final String SWITCHED = "switched";

  private static final String RATE = "L";

  /** The η of the switch. */
  private static final String RATE_OF_ADAM = "η";

  private final double tolerance;

  /** SWATS with every parameter at its default. */
  public SWATS() {
    this(new Builder());
  }

  /**
   * SWATS with a constant learning rate. Every other parameter has its default, so the weight decay
   * is 0.
   *
   * @param learningRate η, a finite number of at least 0
   * @throws IllegalArgumentException if the rate is outside its range
   */
  public SWATS(double learningRate) {
    this(new Builder().learningRate(learningRate));
  }

  /**
   * SWATS with a scheduled learning rate. Every other parameter has its default, so the weight
   * decay is 0.
   *
   * @param learningRate schedule of η
   * @throws IllegalArgumentException if the schedule is null
   */
  public SWATS(ISchedule learningRate) {
    this(new Builder().learningRateSchedule(given("learningRate", learningRate)));
  }

  /**
   * SWATS with a constant learning rate.
   *
   * @param learningRate η, a finite number of at least 0
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if an argument is outside its range, naming it
   */
  public SWATS(double learningRate, double weightDecay) {
    this(new Builder().learningRate(learningRate).weightDecay(weightDecay));
  }

  /**
   * SWATS with a scheduled learning rate, which scales the decay too.
   *
   * @param learningRate schedule of η
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if the decay is outside its range or the schedule is null
   */
  public SWATS(ISchedule learningRate, double weightDecay) {
    this(
        new Builder()
            .learningRateSchedule(given("learningRate", learningRate))
            .weightDecay(weightDecay));
  }

  private SWATS(Builder builder) {
    super(builder);
    this.tolerance = notNegative("tolerance", builder.tolerance);
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
   * The learning rate L of SGD that was found, for each array of a network's parameters that has
   * switched.
   *
   * @param network the network
   * @return the rates by the names of {@link MultiLayerNetwork#paramTable()}, in its order; without
   *     those of arrays that are still trained by Adam, or by other updaters
   */
  public static Map<String, Double> learningRateOfSgd(MultiLayerNetwork network) {
    var updater = (BaseMultiLayerUpdater<?>) given("network", network).getUpdater(false);
    return updater == null ? Map.of() : rates(updater, network.params(), network.paramTable());
  }

  /**
   * The learning rate L of SGD that was found, for each array of a graph's parameters that has
   * switched.
   *
   * @param graph the graph
   * @return the rates by the names of {@link ComputationGraph#paramTable()}, in its order; without
   *     those of arrays that are still trained by Adam, or by other updaters
   */
  public static Map<String, Double> learningRateOfSgd(ComputationGraph graph) {
    var updater = given("graph", graph).getUpdater(false);
    return updater == null ? Map.of() : rates(updater, graph.params(), graph.paramTable());
  }

  private static Map<String, Double> rates(
      BaseMultiLayerUpdater<?> updaters, INDArray all, Map<String, INDArray> named) {
    List<BlockState> switched =
        BlockState.of(updaters).stream()
            .map(BlockState::unwrapped)
            .filter(block -> block.updater() instanceof SWATS && block.scalar(SWITCHED) > 0)
            .toList();
    Map<String, Double> rates = new LinkedHashMap<>();
    named.forEach(
        (name, array) ->
            switched.stream()
                .filter(block -> block.contains(array, all))
                .forEach(b -> rates.put(name, b.scalar(RATE) / b.scalar(SWITCHED))));
    return rates;
  }

  /**
   * How near γ must come to its average for the switch.
   *
   * @return the tolerance, at least 0
   */
  public double getTolerance() {
    return tolerance;
  }

  @Override
  protected Map<String, Object> parameters() {
    Map<String, Object> parameters = super.parameters();
    parameters.put("tolerance", tolerance);
    return parameters;
  }

  /**
   * {@inheritDoc}
   *
   * <p>The mean of several states, which data-parallel training takes, is SGD if one of them is. L
   * and η are those of the states that have switched, because both are divided by the mark.
   */
  @Override
  protected List<String> scalarNames() {
    return List.of(AVERAGE, SWITCHED, RATE, RATE_OF_ADAM);
  }

  /** As Adam does before the switch. After it, M is {@code (1 - β1) b}, which has no correction. */
  @Override
  protected double rescaling(String array, long from, long to, Scalars remembered) {
    boolean isSgd = remembered.get(scalarNames().indexOf(SWITCHED)) > 0;
    return isSgd || array.equals(SWITCHED) || array.equals(RATE) || array.equals(RATE_OF_ADAM)
        ? 1
        : super.rescaling(array, from, to, remembered);
  }

  @Override
  protected Rule rule(Step step, Scalars remembered) {
    double average = remembered.get(0);
    double switched = remembered.get(1);
    double beta1 = beta1(step);
    double learningRate = getLearningRate(step);
    if (switched > 0) {
      double found = remembered.get(2) / switched;
      double ofAdam = remembered.get(3) / switched;
      return new Sgd(beta1, learningRate / ofAdam, average != 0, found, ofAdam);
    }
    double correction2 = step.biasCorrection(getBeta2());
    return new Adam(
        beta1,
        getBeta2(),
        learningRate * Math.sqrt(correction2) / step.biasCorrection(beta1),
        epsilon(),
        step.t(),
        learningRate,
        correction2,
        tolerance,
        average);
  }

  /**
   * A step before the switch.
   *
   * @param size {@code η √(1 - β2ᵗ) / (1 - β1ᵗ)}
   * @param correction {@code 1 - β2ᵗ}
   * @param average Λ before the step
   */
  private record Adam(
      double beta1,
      double beta2,
      double size,
      Epsilon epsilon,
      long t,
      double learningRate,
      double correction,
      double tolerance,
      double average)
      implements Rule {

    @Override
    public int sums() {
      return 2;
    }

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state, Sums sums) {
      C m = state.get(0);
      C v = state.get(1);
      m.average(beta1, g); // m ← β1 m + (1 - β1) g
      v.averageSquare(beta2, g); // v ← β2 v + (1 - β2) g²
      C p = g.spare().overRoot(size, m, 1, v, epsilon); // -p
      sums.add(0, p.dot(p)); // p·p
      sums.add(1, p.dot(g)); // -p·g
      g.set(1, p);
    }

    @Override
    public double[] remembered(double[] sums) {
      double gamma = sums[0] / sums[1]; // γ = p·p / (-p·g)
      if (!(Math.abs(gamma) <= Float.MAX_VALUE)) {
        return new double[] {average, 0, 0, 0};
      }
      double next = beta2 * average + (1 - beta2) * gamma; // Λ ← β2 Λ + (1 - β2) γ
      double found = next / correction;
      if (t > 1 && next > 0 && Math.abs(found - gamma) < tolerance) {
        LOG.info(
            "SWATS switches from Adam to SGD after step {}, at a learning rate of {}", t, found);
        return new double[] {next, 1, found, learningRate};
      }
      return new double[] {next, 0, 0, 0};
    }
  }

  /**
   * A step after the switch.
   *
   * @param relative η as a part of the η of the switch
   * @param isFirst whether momentum starts anew
   * @param found L
   * @param ofAdam the η of the switch
   */
  private record Sgd(double beta1, double relative, boolean isFirst, double found, double ofAdam)
      implements Rule {

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C m = state.get(0);
      if (isFirst) {
        m.set(1 - beta1, g);
      } else {
        m.average(beta1, g); // (1 - β1) b, with b ← β1 b + g
      }
      g.set(found * relative, m); // g ← η' (1 - β1) b
    }

    /** {@code η' λ θ}, where η' is {@code η L / ofAdam}. */
    @Override
    public <C extends Cells<C>> void decay(double decay, C w, C g, List<C> state) {
      g.add(decay / ofAdam * found, w);
    }

    @Override
    public double[] remembered() {
      return new double[] {0, 1, found, ofAdam};
    }
  }

  /** Builds a {@link SWATS}. */
  public static final class Builder extends AdaptiveUpdater.Builder<Builder> {
    private double tolerance = 1e-9;

    /** Starts with the defaults. */
    public Builder() {
      super(1e-3, 0);
      epsilon(1e-9);
    }

    /**
     * Sets how near γ must come to its average for the switch.
     *
     * @param tolerance a finite number of at least 0, where 0 never switches; default 1e-9
     * @return this
     */
    @Given
    public Builder tolerance(double tolerance) {
      this.tolerance = tolerance;
      return this;
    }

    @Override
    public SWATS build() {
      return new SWATS(this);
    }
  }
}
