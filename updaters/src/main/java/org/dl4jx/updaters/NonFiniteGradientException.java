package org.dl4jx.updaters;

import java.util.Locale;

/** Thrown when a gradient is not finite and the policy is {@link NonFinitePolicy#FAIL}. */
public class NonFiniteGradientException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** The iteration, counted from 0. */
  private final int iteration;

  /** How many elements of the gradient are not finite. */
  private final long count;

  /**
   * Creates the exception.
   *
   * @param updater the updater, for the message
   * @param iteration the iteration, counted from 0
   * @param epoch the epoch, counted from 0
   * @param count how many elements are not finite
   * @param length how many elements there are
   */
  public NonFiniteGradientException(
      String updater, int iteration, int epoch, long count, long length) {
    super(
        String.format(
            Locale.ROOT,
            "%s: %,d of %,d gradient elements are NaN, infinite or too large to be squared at"
                + " iteration %d, epoch %d. The state of these parameters is as it was, and no"
                + " parameter of a MultiLayerNetwork or ComputationGraph has moved. Look for a"
                + " learning rate that is too high or for bad input; nonFiniteGradients(SKIP) leaves"
                + " out such steps, PROPAGATE does not look",
            updater,
            count,
            length,
            iteration,
            epoch));
    this.iteration = iteration;
    this.count = count;
  }

  /**
   * The iteration in which the gradient was found.
   *
   * @return the iteration, counted from 0
   */
  public int iteration() {
    return iteration;
  }

  /**
   * How many elements of the gradient are not finite.
   *
   * @return the count, at least 1
   */
  public long count() {
    return count;
  }
}
