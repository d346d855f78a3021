package org.dl4jx.benchmarks;

import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Measures how long a network's updater takes, with everything that it does besides its steps:
 * regularization, and the division by the batch size.
 */
final class TimedUpdater implements Updater {
  private static final long serialVersionUID = 1L;

  private final transient Updater updater;
  private long nanos;

  TimedUpdater(Updater updater) {
    this.updater = updater;
  }

  /** The time of the last iteration. */
  long nanos() {
    return nanos;
  }

  @Override
  public void update(
      Trainable layer,
      Gradient gradient,
      int iteration,
      int epoch,
      int miniBatchSize,
      LayerWorkspaceMgr workspaces) {
    long start = System.nanoTime();
    updater.update(layer, gradient, iteration, epoch, miniBatchSize, workspaces);
    nanos = System.nanoTime() - start;
  }

  @Override
  public void setStateViewArray(Trainable layer, INDArray view, boolean initialize) {
    updater.setStateViewArray(layer, view, initialize);
  }

  @Override
  public INDArray getStateViewArray() {
    return updater.getStateViewArray();
  }
}
