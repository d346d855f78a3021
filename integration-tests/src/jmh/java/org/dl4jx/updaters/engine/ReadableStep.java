package org.dl4jx.updaters.engine;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A step in ND4J operations, which the engine takes only where the fused path cannot be taken. It
 * is in the engine's package because only there the rule of a configuration can be asked for.
 */
public final class ReadableStep {
  private final UpdaterConfiguration configuration;
  private final INDArray gradient;
  private final INDArray[] state;

  /**
   * A step over some arrays.
   *
   * @param stateView one row for all state arrays
   */
  public ReadableStep(UpdaterConfiguration configuration, INDArray gradient, INDArray stateView) {
    this.configuration = configuration;
    this.gradient = gradient;
    long length = gradient.length();
    List<INDArray> arrays = new ArrayList<>();
    for (long from = 0; from < stateView.length(); from += length) {
      arrays.add(stateView.get(NDArrayIndex.interval(from, from + length)));
    }
    this.state = arrays.toArray(INDArray[]::new);
  }

  /** Takes the step of an iteration of the first epoch. */
  public void take(int iteration) {
    configuration.rule(iteration, 0).apply(gradient, state);
  }
}
