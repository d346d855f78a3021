package org.dl4jx.updaters.engine;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The formula of a {@link Rule} as a single loop, or as a single operation of ND4J. Each form is
 * optional. Loops equal the formula bit for bit, and the operation equals it up to the rounding of
 * its type.
 */
public interface Fused {
  /** No form at all. */
  Fused NONE = new Fused() {};

  /**
   * A loop over a tile of floats, which the JIT compiler vectorizes.
   *
   * @param gradient a piece of the gradient; holds the update afterwards
   * @param state the same piece of each state array
   * @param weights the same piece of the weights; zeros if they do not decay
   * @param decay what is added to the update for each unit of weight; -0 if they do not decay, so
   *     that {@code decay · weight = -0} changes no number at all, not even the sign of a zero
   * @param length how many numbers to work on, from index 0; the arrays may be longer
   * @return whether there is such a loop; if not, nothing was changed
   */
  default boolean apply(
      float[] gradient, float[][] state, float[] weights, float decay, int length) {
    return false;
  }

  /**
   * A loop over a tile of doubles, as that of floats.
   *
   * @param gradient a piece of the gradient; holds the update afterwards
   * @param state the same piece of each state array
   * @param weights the same piece of the weights
   * @param decay what is added to the update for each unit of weight
   * @param length how many numbers to work on, from index 0; the arrays may be longer
   * @return whether there is such a loop; if not, nothing was changed
   */
  default boolean apply(
      double[] gradient, double[][] state, double[] weights, double decay, int length) {
    return false;
  }

  /**
   * An operation of ND4J over whole arrays of type FLOAT or DOUBLE, for backends whose memory is
   * out of Java's reach.
   *
   * @param gradient the gradient; holds the update afterwards
   * @param state the state arrays, each of the gradient's shape
   * @return whether there is such an operation for this step; if not, nothing was changed
   */
  default boolean apply(INDArray gradient, INDArray[] state) {
    return false;
  }
}
