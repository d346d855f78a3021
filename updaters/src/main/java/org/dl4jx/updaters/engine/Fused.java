package org.dl4jx.updaters.engine;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The formula of a {@link Rule} as a single loop or a single ND4J operation. Each form is optional.
 * A loop equals the formula bit for bit, and the operation equals it up to the rounding of its
 * type.
 */
public interface Fused {
  /** No fused form. */
  Fused NONE = new Fused() {};

  /**
   * A loop over a tile of floats, which the JIT compiler vectorizes.
   *
   * @param gradient a piece of the gradient; contains the update afterwards
   * @param state the same piece of each state array
   * @param weights the same piece of the weights; zeros if they do not decay
   * @param decay what to add to the update per unit of weight; -0 if the weights do not decay, so
   *     that {@code decay · weight = -0} changes nothing, not even the sign of a zero
   * @param length how many numbers to work on, from index 0; the arrays may be longer
   * @return whether there is such a loop; if not, nothing has changed
   */
  default boolean apply(
      float[] gradient, float[][] state, float[] weights, float decay, int length) {
    return false;
  }

  /**
   * A loop over a tile of doubles, like the one over floats.
   *
   * @param gradient a piece of the gradient; contains the update afterwards
   * @param state the same piece of each state array
   * @param weights the same piece of the weights
   * @param decay what to add to the update per unit of weight
   * @param length how many numbers to work on, from index 0; the arrays may be longer
   * @return whether there is such a loop; if not, nothing has changed
   */
  default boolean apply(
      double[] gradient, double[][] state, double[] weights, double decay, int length) {
    return false;
  }

  /**
   * An ND4J operation over whole arrays of type FLOAT or DOUBLE, for backends whose memory Java
   * cannot reach.
   *
   * @param gradient the gradient; contains the update afterwards
   * @param state the state arrays, each of the gradient's shape
   * @return whether there is such an operation for this step; if not, nothing has changed
   */
  default boolean apply(INDArray gradient, INDArray[] state) {
    return false;
  }
}
