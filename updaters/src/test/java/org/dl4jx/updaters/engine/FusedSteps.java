package org.dl4jx.updaters.engine;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Lets tests of updaters in other packages take fused steps on chosen threads and buffers. */
public final class FusedSteps {
  private final FusedStep step;

  /**
   * Steps over these state arrays.
   *
   * @param threads the most that may be at work
   * @param buffer floats in a buffer
   */
  public FusedSteps(int threads, int buffer, INDArray... state) {
    this.step = FusedStep.over(threads, buffer, state);
  }

  /** Turns the gradient into the update. */
  public void apply(Rule rule, INDArray gradient) {
    step.apply(rule, gradient);
  }

  /** Counts what has no finite square. */
  long countNonFinite(INDArray gradient) {
    return step.countNonFinite(gradient);
  }
}
