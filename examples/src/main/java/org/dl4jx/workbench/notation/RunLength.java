package org.dl4jx.workbench.notation;

import java.util.Locale;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * The length of a run, for schedules that do not specify their own.
 *
 * @param iterationsPerEpoch iterations per epoch
 * @param epochs number of epochs
 * @param warmup share of the run in which a learning rate warms up, from 0 to below 1
 */
public record RunLength(int iterationsPerEpoch, int epochs, double warmup) {
  /** Long enough for every notation that is valid for some run. */
  static final RunLength ANY = new RunLength(1, Integer.MAX_VALUE, 0.1);

  /**
   * The number of iterations per epoch.
   *
   * @param examples number of training images, at least 1
   * @param batchSize images per batch, at least 1; the last batch may have fewer
   * @return the number of batches
   */
  public static int iterationsPerEpoch(int examples, int batchSize) {
    return (examples - 1) / batchSize + 1;
  }

  /**
   * The length in iterations.
   *
   * @return the number of iterations
   */
  public int iterations() {
    return Math.multiplyExact(iterationsPerEpoch, epochs);
  }

  /**
   * The length in words.
   *
   * @return as {@code "2 epochs of 100 iterations"}
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d %s of %d iterations",
        epochs,
        epochs == 1 ? "epoch" : "epochs",
        iterationsPerEpoch);
  }

  /**
   * The epoch of an iteration.
   *
   * @param iteration number of the iteration, from 0
   * @return number of its epoch, from 0
   */
  public int epoch(int iteration) {
    return iteration / iterationsPerEpoch;
  }

  int steps(ScheduleType by) {
    return by == ScheduleType.EPOCH ? epochs : iterations();
  }

  int warmupSteps(ScheduleType by) {
    return (int) (warmup * steps(by));
  }
}
