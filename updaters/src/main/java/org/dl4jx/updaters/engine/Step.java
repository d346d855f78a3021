package org.dl4jx.updaters.engine;

/**
 * Which step of an updater it is.
 *
 * @param t the number of the step, counted from 1 as in papers
 * @param iteration Deeplearning4j's iteration, counted from 0, which schedules follow
 * @param epoch Deeplearning4j's epoch, counted from 0
 */
public record Step(long t, int iteration, int epoch) {

  /**
   * What a running average that started at zero has to be divided by.
   *
   * @param beta the rate of the average
   * @return {@code 1 - betaᵗ}
   */
  public double biasCorrection(double beta) {
    return 1 - Math.pow(beta, t);
  }
}
