package org.dl4jx.updaters.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.indexing.conditions.Conditions;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * Applies the rules of one updater to one block of parameters: holds the state arrays, guards
 * against non-finite gradients, and takes the fused path where the arrays allow it.
 */
final class RuleUpdater implements GradientUpdater<UpdaterConfiguration> {
  /** From here on a native operation over all weights is faster than copying tiles. */
  private static final long MANY_WEIGHTS = 1 << 20;

  private final UpdaterConfiguration config;
  private INDArray[] state = {};
  private FusedStep fused;
  private final Map<Long, FusedStep> fusedByOffset = new HashMap<>();
  private boolean stepped;
  private boolean decayArrived;

  RuleUpdater(UpdaterConfiguration config) {
    this.config = config;
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
          "state arrays are " + named.keySet() + "; " + config + " needs " + names);
    }
    if (initialize) {
      named.values().forEach(array -> array.assign(0));
    }
    use(names.stream().map(named::get).toArray(INDArray[]::new));
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
    long length = ArrayUtil.prodLong(shape);
    if (view.length() != arrays * length) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "state view has %,d numbers; %s needs %d for each of %,d parameters",
              view.length(),
              config,
              arrays,
              length));
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
    fused = FusedStep.over(arrays);
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
    boolean takesFused = fused != null && fused.accepts(shaped);
    long bad = countNonFinite(shaped, takesFused);
    if (bad > 0 && config.getNonFiniteGradients() == NonFinitePolicy.FAIL) {
      throw new NonFiniteGradientException(
          config.toString(), iteration, epoch, bad, gradient.length());
    }
    Rule rule = config.rule(iteration, epoch);
    if (bad > 0) {
      gradient.assign(0);
      if (!rule.stepsWithoutGradient()) {
        StepInProgress.set(this, gradient, true);
        return;
      }
    }
    if (takesFused) {
      fused.apply(rule, shaped);
    } else {
      applyReadable(rule, shaped);
    }
    stepped = true;
    StepInProgress.set(this, gradient, false);
  }

  /** What hands the decay of this updater to the weights was here after a step. */
  void decayArrived() {
    decayArrived = true;
  }

  /** Applies what belongs to this updater's step to a part of the update and its weights. */
  void apply(Rule rule, INDArray update, INDArray weights) {
    FusedStep step = weights.length() < MANY_WEIGHTS ? fusedOver(weights, update.offset()) : null;
    if (step != null && step.accepts(update)) {
      step.apply(rule, update);
    } else {
      rule.apply(update, new INDArray[] {weights});
    }
  }

  /** There are as many as the update has parts; the place of a part never changes. */
  private FusedStep fusedOver(INDArray weights, long offset) {
    FusedStep step = fusedByOffset.get(offset);
    if (step == null || !step.isOver(weights)) {
      step = FusedStep.over(weights);
      fusedByOffset.put(offset, step);
    }
    return step;
  }

  private INDArray shapedLikeState(INDArray gradient) {
    if (state.length == 0 || gradient.length() != state[0].length()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "gradient has %,d elements; the state of %s was made for %,d",
              gradient.length(),
              config,
              state.length == 0 ? 0 : state[0].length()));
    }
    return Arrays.equals(gradient.shape(), state[0].shape())
        ? gradient
        : gradient.reshape(state[0].ordering(), true, state[0].shape());
  }

  private long countNonFinite(INDArray gradient, boolean takesFused) {
    if (config.getNonFiniteGradients() == NonFinitePolicy.PROPAGATE) {
      return 0;
    }
    if (takesFused) {
      return fused.countNonFinite(gradient);
    }
    INDArray wide = atLeastFloat(gradient);
    double largest = wide.dataType() == DataType.DOUBLE ? Double.MAX_VALUE : Float.MAX_VALUE;
    return wide.scan(Conditions.absGreaterThan(Math.sqrt(largest))).longValue()
        + wide.scan(Conditions.isNan()).longValue();
  }

  /** The types that a rule computes in; shorter ones only store. */
  private static INDArray atLeastFloat(INDArray array) {
    DataType type = array.dataType();
    return type == DataType.FLOAT || type == DataType.DOUBLE ? array : array.castTo(DataType.FLOAT);
  }

  private void applyReadable(Rule rule, INDArray gradient) {
    INDArray wideGradient = atLeastFloat(gradient);
    INDArray[] wideState =
        Arrays.stream(state).map(RuleUpdater::atLeastFloat).toArray(INDArray[]::new);
    rule.apply(wideGradient, wideState);
    if (wideGradient != gradient) {
      gradient.assign(wideGradient);
      for (int i = 0; i < state.length; i++) {
        state[i].assign(wideState[i]);
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
