package org.dl4jx.updaters.engine;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.dl4jx.updaters.NonFiniteGradientException;
import org.dl4jx.updaters.NonFinitePolicy;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.conditions.Conditions;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * Applies the rules of one updater to one block of parameters. It keeps the state arrays, guards
 * against non-finite gradients, and finds the arrays that a step can compute on.
 */
final class RuleUpdater
    implements GradientUpdater<UpdaterConfiguration>, BlockUpdater, ShownWeights.Maker {
  /** The name of the {@link StepCount} among the state arrays. */
  private static final String STEPS = "steps";

  /** The name of the {@link Scalars}, of updaters that have some. */
  private static final String SCALARS = "scalars";

  private final UpdaterConfiguration config;
  private final Backend backend;
  private final StateLayout layout;
  private final StepPermission permission;
  private final ZeroRateWarning zeroRate = new ZeroRateWarning();

  /** All of the state, if it is one array. */
  private INDArray view;

  private INDArray[] state = {};
  private StepCount steps;
  private Scalars scalars;
  private TiledStep<?> tiled;
  private BlockWeights weights;
  private ArraySteps arraySteps;

  RuleUpdater(UpdaterConfiguration config, Backend backend) {
    this.config = config;
    this.backend = backend;
    this.layout = StateLayout.of(config);
    this.permission = new StepPermission(config);
  }

  @Override
  public UpdaterConfiguration getConfig() {
    return config;
  }

  /**
   * A block of several parameter arrays does not know the length of its state arrays before {@link
   * #knowLength} or its first step. Until then, they are as long as for a single parameter array.
   */
  @Override
  public Map<String, INDArray> getState() {
    Map<String, INDArray> named = new LinkedHashMap<>();
    for (int i = 0; i < state.length; i++) {
      named.put(config.stateNames().get(i), state[i]);
    }
    if (steps != null && scalars.numbers() != null) {
      named.put(SCALARS, scalars.numbers());
    }
    if (steps != null) {
      named.put(STEPS, steps.numbers());
    }
    return named;
  }

  @Override
  public void setState(Map<String, INDArray> named, boolean initialize) {
    List<String> names = config.stateNames();
    List<String> all = new ArrayList<>(names);
    if (layout.scalars() > 0) {
      all.add(SCALARS);
    }
    all.add(STEPS);
    if (named.size() != all.size() || !named.keySet().containsAll(all)) {
      throw new IllegalStateException(
          String.format(
              "the state of %s must be arrays named %s, but was %s; use an updater and a state that"
                  + " were saved together",
              config, all, named.keySet()));
    }
    INDArray[] arrays = names.stream().map(named::get).toArray(INDArray[]::new);
    String first = description(arrays[0]);
    if (arrays[0] == null || !Stream.of(arrays).allMatch(a -> description(a).equals(first))) {
      throw new IllegalStateException(
          String.format(
              "the state arrays of %s must have the same type and shape, but were %s",
              config,
              names.stream()
                  .map(name -> name + ": " + description(named.get(name)))
                  .collect(joining(", "))));
    }
    checkLength(STEPS, named.get(STEPS), StepCount.NUMBERS);
    if (layout.scalars() > 0) {
      checkLength(SCALARS, named.get(SCALARS), Scalars.room(layout.scalars()));
    }
    if (initialize) {
      named.values().forEach(array -> array.assign(0));
    }
    use(new StepCount(named.get(STEPS), config), new Scalars(named.get(SCALARS)), arrays);
  }

  private void checkLength(String name, INDArray array, int numbers) {
    if (array == null || array.length() != numbers) {
      throw new IllegalStateException(
          String.format(
              "the state array %s of %s must have %d numbers, but was %s",
              name, config, numbers, description(array)));
    }
  }

  private static String description(INDArray array) {
    return array == null ? "null" : array.dataType() + Arrays.toString(array.shape());
  }

  /** Only SameDiff calls this, before its first step: the last chance to refuse in time. */
  @Override
  public void setStateViewArray(
      INDArray view, long[] gradientShape, char gradientOrder, boolean initialize) {
    if (view == null) {
      return;
    }
    config.checkTrainable(view.dataType());
    setFlatState(view, initialize);
    slice(LongStream.of(gradientShape).reduce(1, (product, size) -> product * size));
    for (int i = 0; i < state.length; i++) {
      state[i] = state[i].reshape(gradientOrder, gradientShape);
    }
    use(steps, scalars, state);
  }

  /** Uses a view as the state for a gradient of rank 1. */
  void setFlatState(INDArray view, boolean initialize) {
    if (view == null || view.length() == 0) {
      return;
    }
    if (initialize) {
      view.assign(0);
    }
    this.view = view.reshape(view.length());
    long ofOneArray = (view.length() - layout.end()) / layout.arrays();
    if (layout.size(ofOneArray) == view.length()) {
      slice(ofOneArray);
    }
  }

  @Override
  public void knowLength(long parameters) {
    if (view != null && (state.length == 0 || state[0].length() != parameters)) {
      slice(parameters);
    }
  }

  private void slice(long parameters) {
    if (!layout.fits(view, parameters)) {
      throw new IllegalStateException(layout.refusal(config, parameters, view.length()));
    }
    INDArray[] arrays = new INDArray[layout.arrays()];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = StateLayout.array(view, i, parameters);
    }
    use(StateLayout.count(view, config), layout.scalars(view), arrays);
  }

  private void use(StepCount count, Scalars remembered, INDArray... arrays) {
    steps = count;
    scalars = remembered;
    state = arrays;
    tiled = backend == Backend.CPU ? TiledStep.over(arrays) : null;
    weights = null;
  }

  @Override
  public StepPermission permission() {
    return permission;
  }

  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    permission.check();
    config.checkTrainable(gradient.dataType());
    if (gradient.length() == 0) {
      return;
    }
    INDArray shaped = shapedLikeState(gradient);
    weights = ShownWeights.take(gradient, iteration, epoch, weights, this);
    config.checkWeights(weights.shown(), weights.told(), gradient.length());
    Block block = blockOf(shaped);
    long bad =
        config.getNonFiniteGradients() == NonFinitePolicy.PROPAGATE ? 0 : block.countNonFinite();
    if (bad > 0 && config.getNonFiniteGradients() == NonFinitePolicy.FAIL) {
      throw new NonFiniteGradientException(
          config.toString(), iteration, epoch, bad, gradient.length());
    }
    Step step = new Step(steps.get() + 1, iteration, epoch);
    Rule rule = config.rule(step, scalars);
    double decay = config.decay(step);
    if (bad > 0) {
      block.gradient.assign(0);
    }
    if (bad == 0 || rule.stepsWithoutGradient()) {
      double[] sums = step(block, rule, decay);
      block.writeStateTo(state);
      steps.set(step.t());
      double[] remembered = rule.remembered(sums);
      for (int i = 0; i < remembered.length; i++) {
        scalars.set(i, remembered[i]);
      }
      zeroRate.watch(config, step);
    }
    block.writeGradientTo(shaped);
  }

  /** Returns the sums of the rule; a rule that sees whole arrays has none. */
  private double[] step(Block block, Rule rule, double decay) {
    if (!(rule instanceof ArrayRule arrayRule)) {
      return block.apply(rule, decay, weights);
    }
    if (arraySteps == null) {
      arraySteps = new ArraySteps();
    }
    arraySteps.apply(arrayRule, decay, block, weights);
    return new double[0];
  }

  @Override
  public BlockWeights weightsOf(INDArray gradient, List<ShownWeights.Part> parts) {
    int segment = tiled == null ? 0 : tiled.segment();
    return new BlockWeights(parts, gradient, state[0], segment);
  }

  /** Types with fewer bits than FLOAT are computed in FLOAT. */
  private static DataType computingType(INDArray... arrays) {
    boolean isDouble = Stream.of(arrays).anyMatch(array -> array.dataType() == DataType.DOUBLE);
    return isDouble ? DataType.DOUBLE : DataType.FLOAT;
  }

  private INDArray shapedLikeState(INDArray gradient) {
    boolean fits = state.length > 0 && gradient.length() == state[0].length();
    if (!fits && view != null) {
      slice(gradient.length());
    } else if (!fits) {
      long numbers = state.length == 0 ? 0 : layout.size(state[0].length());
      throw new IllegalStateException(layout.refusal(config, gradient.length(), numbers));
    }
    return Arrays.equals(gradient.shape(), state[0].shape())
        ? gradient
        : gradient.reshape(state[0].ordering(), true, state[0].shape());
  }

  /** The gradient and the state, copied where a step cannot compute on them directly. */
  private Block blockOf(INDArray gradient) {
    if (tiled != null) {
      boolean plain = tiled.accepts(gradient);
      return new Block(plain ? gradient : copy(gradient, state[0].dataType()), state, tiled);
    }
    DataType type = computingType(state);
    if (backend == Backend.CPU) {
      INDArray[] copies = Stream.of(state).map(array -> copy(array, type)).toArray(INDArray[]::new);
      return new Block(copy(gradient, type), copies, TiledStep.over(copies));
    }
    INDArray[] wide = Stream.of(state).map(array -> array.castTo(type)).toArray(INDArray[]::new);
    // Rules that see matrices change them in a view of the gradient, which must be contiguous.
    boolean plain = TiledStep.isAlike(gradient, wide[0]);
    return new Block(plain ? gradient : copy(gradient, type), wide, null);
  }

  /** A contiguous copy, in the order of the state. */
  private INDArray copy(INDArray array, DataType type) {
    return Nd4j.createUninitialized(type, array.shape(), state[0].ordering()).assign(array);
  }

  /**
   * What a step is taken on.
   *
   * @param gradient the gradient
   * @param state the state arrays, of its type
   * @param tiled takes the step in tiles; null if ND4J operations take it
   */
  record Block(INDArray gradient, INDArray[] state, TiledStep<?> tiled) {

    /** Turns the gradient into the update by the rule and the decay; returns the rule's sums. */
    double[] apply(Rule rule, double decay, BlockWeights weights) {
      if (tiled != null && weights.isPlain()) {
        return tiled.apply(rule, gradient, decay, weights.pieces());
      }
      double[] sums = tiled != null ? tiled.apply(rule, gradient) : applyByOperations(rule);
      if (decay != 0) {
        weights.decay(rule, decay, gradient, state);
      }
      return sums;
    }

    private double[] applyByOperations(Rule rule) {
      Sums sums = new Sums(rule.sums());
      if (!rule.fused().apply(gradient, state)) {
        List<ArrayCells> cells = Stream.of(state).map(ArrayCells::new).toList();
        rule.apply(new ArrayCells(gradient), cells, sums);
      }
      return sums.total();
    }

    /** How many numbers have a square that is not finite. */
    long countNonFinite() {
      if (tiled != null) {
        return tiled.countNonFinite(gradient);
      }
      // A sum of squares is finite only if all of them are. So one operation is enough unless
      // something is wrong.
      if (Double.isFinite(gradient.norm2Number().doubleValue())) {
        return 0;
      }
      boolean isDouble = gradient.dataType() == DataType.DOUBLE;
      double largest = isDouble ? Double.MAX_VALUE : Float.MAX_VALUE;
      return gradient.scan(Conditions.absGreaterThan(Math.sqrt(largest))).longValue()
          + gradient.scan(Conditions.isNan()).longValue();
    }

    void writeGradientTo(INDArray original) {
      if (gradient != original) {
        original.assign(gradient);
      }
    }

    void writeStateTo(INDArray[] originals) {
      for (int i = 0; i < state.length; i++) {
        if (state[i] != originals[i]) {
          originals[i].assign(state[i]);
        }
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RuleUpdater that
        && config.equals(that.config)
        && getState().equals(that.getState());
  }

  @Override
  public int hashCode() {
    return config.hashCode();
  }

  @Override
  public String toString() {
    List<String> arrays = new ArrayList<>();
    getState().forEach((name, array) -> arrays.add(name + Arrays.toString(array.shape())));
    return config + " with state " + arrays;
  }
}
