package org.dl4jx.examples;

/**
 * How a training ended.
 *
 * @param loss mean over the iterations of the last epoch; NaN if the training diverged
 * @param accuracy share of the test images that are classified correctly; NaN if diverged
 * @param seconds time in training iterations, without reading and testing
 * @param iterations number of iterations
 */
record TrainingResult(double loss, double accuracy, double seconds, int iterations) {
  static TrainingResult diverged(double seconds, int iterations) {
    return new TrainingResult(Double.NaN, Double.NaN, seconds, iterations);
  }

  boolean isDiverged() {
    return Double.isNaN(loss);
  }

  double millisecondsPerIteration() {
    return 1000 * seconds / iterations;
  }
}
