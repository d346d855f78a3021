package org.dl4jx.updaters;

import java.util.Locale;

/**
 * Thrown in a step if the gradient is not finite and the policy is {@link NonFinitePolicy#FAIL},
 * which is the default.
 *
 * <pre>{@code
 * INDArray huge = Nd4j.ones(16, 784).muli(1e30);
 * try {
 *   network.fit(huge, Nd4j.ones(16, 10));
 * } catch (NonFiniteGradientException e) {
 *   System.out.println("diverged in iteration " + e.iteration());
 * }
 * // prints:
 * // diverged in iteration 0
 * }</pre>
 */
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
            "%s: %,d of %,d gradient elements are NaN, infinite or too large to square at"
                + " iteration %d, epoch %d. The state of these parameters is unchanged, and no"
                + " parameter of a MultiLayerNetwork or ComputationGraph has moved. Look for a"
                + " learning rate that is too high, or for bad input. nonFiniteGradients(SKIP) skips"
                + " such steps, PROPAGATE does not check",
            updater,
            count,
            length,
            iteration,
            epoch));
    this.iteration = iteration;
    this.count = count;
  }

  /**
   * The iteration of the gradient.
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
