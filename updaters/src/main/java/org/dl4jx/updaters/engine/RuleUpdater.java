package org.dl4jx.updaters.engine;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.dl4jx.updaters.NonFiniteGradientException;
import org.dl4jx.updaters.NonFinitePolicy;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.indexing.conditions.Conditions;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * Applies the rules of one updater to one block of parameters: holds the state arrays, guards
 * against non-finite gradients, and finds the arrays that a step can compute on.
 */
final class RuleUpdater implements GradientUpdater<UpdaterConfiguration> {
  /** From so many bytes on, a native operation over all weights is faster than copying tiles. */
  private static final long MANY_BYTES = 1 << 22;

  private final UpdaterConfiguration config;
  private final Backend backend;
  private INDArray[] state = {};
  private TiledStep<?> tiled;
  private final Map<Long, TiledStep<?>> tiledByOffset = new HashMap<>();
  private boolean stepped;
  private boolean decayArrived;

  RuleUpdater(UpdaterConfiguration config, Backend backend) {
    this.config = config;
    this.backend = backend;
  }

  @Override
  public UpdaterConfiguration getConfig() {
    return config;
  }

  @Override
  public Map<String, INDArray> getState() {
    Map<String, INDArray> named = new LinkedHashMap<>();
    for (int i = 0; i < state.length; i++) {
      named.put(config.stateNames().get(i), state[i]);
    }
    return named;
  }

  @Override
  public void setState(Map<String, INDArray> named, boolean initialize) {
    List<String> names = config.stateNames();
    if (named.size() != names.size() || !named.keySet().containsAll(names)) {
      throw new IllegalStateException(
          String.format(
              "the state of %s must be arrays named %s, but was %s",
              config, names, named.keySet()));
    }
    INDArray[] arrays = names.stream().map(named::get).toArray(INDArray[]::new);
    String first = description(arrays[0]);
    if (arrays[0] == null || !Stream.of(arrays).allMatch(a -> description(a).equals(first))) {
      throw new IllegalStateException(
          String.format(
              "the state arrays of %s must be of one type and shape, but were %s",
              config,
              names.stream()
                  .map(name -> name + ": " + description(named.get(name)))
                  .collect(joining(", "))));
    }
    if (initialize) {
      named.values().forEach(array -> array.assign(0));
    }
    use(arrays);
  }

  private static String description(INDArray array) {
    return array == null ? "null" : array.dataType() + Arrays.toString(array.shape());
  }

  /** Only SameDiff calls this, before its first step: the last moment to refuse it gracefully. */
  @Override
  public void setStateViewArray(
      INDArray view, long[] gradientShape, char gradientOrder, boolean initialize) {
    if (view != null) {
      config.checkTrainable(view.dataType());
    }
    slice(view, gradientShape, gradientOrder, initialize);
  }

  /** Uses a view for the state of a gradient of rank 1. */
  void setFlatState(INDArray view, boolean initialize) {
    long numbers = view == null ? 0 : view.length();
    slice(view, new long[] {numbers / config.stateNames().size()}, 'c', initialize);
  }

  private void slice(INDArray view, long[] shape, char order, boolean initialize) {
    if (view == null || view.length() == 0) {
      use();
      return;
    }
    int arrays = config.stateNames().size();
    long length = LongStream.of(shape).reduce(1, (product, size) -> product * size);
    if (view.length() != arrays * length) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "the state of %s must have %d numbers for each of %,d parameters, but had %,d in all",
              config,
              arrays,
              length,
              view.length()));
    }
    if (initialize) {
      view.assign(0);
    }
    INDArray flat = view.reshape(view.length());
    INDArray[] slices = new INDArray[arrays];
    for (int i = 0; i < arrays; i++) {
      slices[i] =
          flat.get(NDArrayIndex.interval(i * length, (i + 1) * length)).reshape(order, shape);
    }
    use(slices);
  }

  private void use(INDArray... arrays) {
    state = arrays;
    tiled = backend == Backend.CPU ? TiledStep.over(arrays) : null;
  }

  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    config.checkTrainable(gradient.dataType());
    if (gradient.length() == 0) {
      return;
    }
    if (stepped && !decayArrived) {
      config.checkDecayMayBeMissing();
    }
    INDArray shaped = shapedLikeState(gradient);
    Block block = blockOf(shaped);
    long bad =
        config.getNonFiniteGradients() == NonFinitePolicy.PROPAGATE ? 0 : block.countNonFinite();
    if (bad > 0 && config.getNonFiniteGradients() == NonFinitePolicy.FAIL) {
      throw new NonFiniteGradientException(
          config.toString(), iteration, epoch, bad, gradient.length());
    }
    Rule rule = config.rule(new Step(iteration + 1L, iteration, epoch));
    if (bad > 0) {
      block.gradient.assign(0);
    }
    boolean leftOut = bad > 0 && !rule.stepsWithoutGradient();
    if (!leftOut) {
      block.apply(rule);
      block.writeStateTo(state);
      stepped = true;
    }
    block.writeGradientTo(shaped);
    StepInProgress.set(this, gradient, leftOut);
  }

  /** What hands the decay of this updater to the weights was here after a step. */
  void decayArrived() {
    decayArrived = true;
  }

  /** Applies what belongs to this updater's step to a part of the update and its weights. */
  void apply(Rule rule, INDArray update, INDArray weights) {
    long bytes = weights.length() * weights.dataType().width();
    TiledStep<?> step =
        backend == Backend.CPU && bytes < MANY_BYTES ? tiledOver(weights, update.offset()) : null;
    if (step != null && step.accepts(update)) {
      step.apply(rule, update);
    } else {
      applyInOperations(rule, update, weights);
    }
  }

  /** In FLOAT at least. */
  static void applyInOperations(Rule rule, INDArray update, INDArray weights) {
    DataType type = computingType(update, weights);
    INDArray[] wide = {weights.castTo(type)};
    Block block = new Block(update.castTo(type), wide, null);
    block.apply(rule);
    block.writeGradientTo(update);
  }

  /** What is stored in fewer bits than those of FLOAT is computed in FLOAT. */
  private static DataType computingType(INDArray... arrays) {
    boolean isDouble = Stream.of(arrays).anyMatch(array -> array.dataType() == DataType.DOUBLE);
    return isDouble ? DataType.DOUBLE : DataType.FLOAT;
  }

  /** There are as many as the update has parts; the place of a part never changes. */
  private TiledStep<?> tiledOver(INDArray weights, long offset) {
    TiledStep<?> step = tiledByOffset.get(offset);
    if (step == null || !step.isOver(weights)) {
      step = TiledStep.over(weights);
      tiledByOffset.put(offset, step);
    }
    return step;
  }

  private INDArray shapedLikeState(INDArray gradient) {
    if (state.length == 0 || gradient.length() != state[0].length()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "the gradient must have the %,d numbers that the state of %s was made for, but had"
                  + " %,d",
              state.length == 0 ? 0 : state[0].length(),
              config,
              gradient.length()));
    }
    return Arrays.equals(gradient.shape(), state[0].shape())
        ? gradient
        : gradient.reshape(state[0].ordering(), true, state[0].shape());
  }

  /** The gradient and the state, or copies of what a step cannot compute on as it is. */
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
    return new Block(gradient.castTo(type), wide, null);
  }

  /** Contiguous, in the order of the state. */
  private INDArray copy(INDArray array, DataType type) {
    return Nd4j.createUninitialized(type, array.shape(), state[0].ordering()).assign(array);
  }

  /**
   * What a step is taken on.
   *
   * @param gradient the gradient
   * @param state the state arrays, of its type
   * @param tiled takes the step in tiles; null if operations of ND4J are to take it
   */
  private record Block(INDArray gradient, INDArray[] state, TiledStep<?> tiled) {

    void apply(Rule rule) {
      if (tiled != null) {
        tiled.apply(rule, gradient);
      } else if (!rule.fused().apply(gradient, state)) {
        rule.apply(new ArrayCells(gradient), Stream.of(state).map(ArrayCells::new).toList());
      }
    }

    /** How many numbers have no finite square. */
    long countNonFinite() {
      if (tiled != null) {
        return tiled.countNonFinite(gradient);
      }
      // A sum of squares is finite only if all of them are: one operation, unless something is
      // wrong.
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
        && Arrays.equals(state, that.state);
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
