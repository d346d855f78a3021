package org.dl4jx.updaters.lookahead;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dl4jx.updaters.Lookahead;
import org.dl4jx.updaters.engine.BlockUpdater;
import org.dl4jx.updaters.engine.StepCount;
import org.dl4jx.updaters.engine.StepPermission;
import org.dl4jx.updaters.engine.WrapperLayout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;

/** Applies {@link Lookahead} to one block of parameters. */
public final class SlowWeightsUpdater implements GradientUpdater<Lookahead>, BlockUpdater {
  /** The name of the sum of updates. */
  private static final String SUM = "D";

  /** The name of the {@link StepCount}. */
  private static final String STEPS = "steps";

  /** Comes before the names of the state inside. */
  private static final String INSIDE = "inner.";

  private final Lookahead config;
  private final StepPermission permission;
  private final WrapperLayout layout;

  /** All of the state, if it is one array; of rank 1. */
  private INDArray view;

  private INDArray sum;
  private StepCount steps;
  private GradientUpdater<?> inner;

  /**
   * An updater without a state.
   *
   * @param config the configuration
   */
  public SlowWeightsUpdater(Lookahead config) {
    this.config = config;
    this.layout = new WrapperLayout(config);
    this.permission = new StepPermission(config);
  }

  @Override
  public Lookahead getConfig() {
    return config;
  }

  /**
   * A block of several parameter arrays does not know how its state is divided before {@link
   * #knowLength} or its first step.
   */
  @Override
  public Map<String, INDArray> getState() {
    Map<String, INDArray> named = new LinkedHashMap<>();
    if (sum != null) {
      named.put(SUM, sum);
      inner.getState().forEach((name, array) -> named.put(INSIDE + name, array));
      named.put(STEPS, steps.numbers());
    }
    return named;
  }

  @Override
  public void setState(Map<String, INDArray> named, boolean initialize) {
    Map<String, INDArray> inside = new LinkedHashMap<>();
    named.forEach(
        (name, array) -> {
          if (name.startsWith(INSIDE)) {
            inside.put(name.substring(INSIDE.length()), array);
          }
        });
    INDArray count = named.get(STEPS);
    if (named.get(SUM) == null
        || count == null
        || count.length() != StepCount.NUMBERS
        || named.size() != inside.size() + 2) {
      throw new IllegalStateException(
          String.format(
              "the state of %s must be arrays named %s, %s (of %d numbers) and those of the inner"
                  + " updater after \"%s\", but was %s; use an updater and a state that were saved"
                  + " together",
              config, SUM, STEPS, StepCount.NUMBERS, INSIDE, named.keySet()));
    }
    inner = config.getInner().instantiate(inside, initialize);
    if (initialize) {
      named.get(SUM).assign(0);
      count.assign(0);
    }
    view = null;
    sum = named.get(SUM);
    steps = layout.count(count.reshape(count.length()));
  }

  /** Only SameDiff calls this, before its first step. */
  @Override
  public void setStateViewArray(
      INDArray array, long[] gradientShape, char gradientOrder, boolean initialize) {
    if (array == null) {
      return;
    }
    setFlatState(array, initialize);
    long parameters = Arrays.stream(gradientShape).reduce(1, (product, size) -> product * size);
    INDArray inside = layout.inside(view, parameters);
    slice(parameters, inside, false);
    inner.setStateViewArray(asRow(inside), gradientShape, gradientOrder, initialize);
    sum = sum.reshape(gradientOrder, gradientShape);
  }

  /**
   * Uses a view as the state for a gradient of rank 1.
   *
   * @param array the view; may be null or empty for a block without parameters
   * @param initialize whether to start anew
   */
  public void setFlatState(INDArray array, boolean initialize) {
    if (array == null || array.length() == 0) {
      return;
    }
    view = array.reshape(array.length());
    if (initialize) {
      view.assign(0);
    }
    sum = null;
    long parameters = layout.parametersOfOneArray(view);
    if (parameters > 0) {
      slice(parameters, layout.inside(view, parameters), false);
    }
  }

  @Override
  public void knowLength(long parameters) {
    if (view == null) {
      return;
    }
    if (sum == null || sum.length() != parameters) {
      slice(parameters, layout.inside(view, parameters), false);
    }
    if (steps.get() == 0 && sum.rank() == 1) {
      // Not earlier: some updaters do not start at 0, and must not write into the sum.
      slice(parameters, layout.inside(view, parameters), true);
    }
  }

  private void slice(long parameters, INDArray inside, boolean initialize) {
    inner = config.getInner().instantiate(asRow(inside), initialize);
    sum = layout.own(view, parameters);
    steps = layout.count(view);
  }

  /** Deeplearning4j's updaters expect a row. */
  private static INDArray asRow(INDArray inside) {
    return inside == null ? null : inside.reshape(1, inside.length());
  }

  @Override
  public StepPermission permission() {
    return permission;
  }

  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    permission.check();
    if (gradient.length() == 0) {
      return;
    }
    knowLength(gradient.length());
    if (sum == null || sum.length() != gradient.length()) {
      throw new IllegalStateException(
          String.format(
              "the state of %s is for %d parameters, but the gradient has %d; use an updater and a"
                  + " state that were saved together",
              config, sum == null ? 0 : sum.length(), gradient.length()));
    }
    long t = steps.get() + 1;
    inner.applyUpdater(gradient, iteration, epoch);
    INDArray update =
        Arrays.equals(gradient.shape(), sum.shape())
            ? gradient
            : gradient.reshape(sum.ordering(), true, sum.shape());
    sum.addi(update);
    if (t % config.getK() == 0) {
      if (config.getAlpha() < 1) {
        update.subi(sum.muli(1 - config.getAlpha()));
      }
      sum.assign(0);
    }
    steps.set(t);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SlowWeightsUpdater that
        && config.equals(that.config)
        && getState().equals(that.getState());
  }

  @Override
  public int hashCode() {
    return config.hashCode();
  }

  @Override
  public String toString() {
    return config + " with state " + getState().keySet();
  }
}
