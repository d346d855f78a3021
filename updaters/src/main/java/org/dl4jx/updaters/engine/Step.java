package org.dl4jx.updaters.engine;

/**
 * Identifies a step of an updater.
 *
 * @param t the number of the step, counted from 1 as in papers
 * @param iteration Deeplearning4j's iteration, counted from 0, which schedules follow
 * @param epoch Deeplearning4j's epoch, counted from 0
 */
public record Step(long t, int iteration, int epoch) {

  /**
   * The divisor that corrects a running average for its start at zero.
   *
   * @param beta the rate of the average
   * @return {@code 1 - betaᵗ}
   */
  public double biasCorrection(double beta) {
    return 1 - Math.pow(beta, t);
  }

  /**
   * By what to multiply a running average so that it is the same after correction for bias at
   * another count of steps.
   *
   * @param beta the rate of the average
   * @param from the count so far
   * @param to the other count
   * @return {@code (1 - betaᵗᵒ) / (1 - betaᶠʳᵒᵐ)}
   */
  public static double rescaling(double beta, long from, long to) {
    return new Step(to, 0, 0).biasCorrection(beta) / new Step(from, 0, 0).biasCorrection(beta);
  }
}
