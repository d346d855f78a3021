package org.dl4jx.updaters.engine;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mathematics of one optimizer, for one step: an immutable value that holds the step's scalars
 * (step size, bias corrections, bounds, place in a cycle) and is applied to every element alike.
 *
 * <p>It is written twice. Both forms turn the gradient, in place, into the update that is to be
 * subtracted from the parameters, and advance the state arrays, which come in the order of {@link
 * UpdaterConfiguration#stateNames()} and start as zeros. Both must agree to the rounding of their
 * type. A rule sees finite numbers only, unless the user chose {@link NonFinitePolicy#PROPAGATE}.
 */
public interface Rule {

  /**
   * The readable form, in ND4J operations: for any backend and for {@code float} and {@code
   * double}.
   *
   * @param gradient the gradient; holds the update afterwards
   * @param state the state arrays, each of the gradient's shape
   */
  void apply(INDArray gradient, INDArray[] state);

  /**
   * The fused form: one pass of plain Java over a tile, in loops that the JIT compiler vectorizes.
   *
   * @param gradient a piece of the gradient; holds the update afterwards
   * @param state the same piece of each state array
   * @param length number of elements to work on, from index 0; the arrays may be longer
   */
  void apply(float[] gradient, float[][] state, int length);

  /**
   * Whether this step changes a state array; where it does not, the fused form's array is not
   * written back.
   *
   * @param array index of the state array
   * @return true, unless a rule says otherwise
   */
  default boolean changes(int array) {
    return true;
  }

  /**
   * Whether this step has to be taken even if its gradient is left out by {@link
   * NonFinitePolicy#SKIP}, because steps build on each other; the gradient is then zero.
   *
   * @return false, unless a rule says otherwise
   */
  default boolean stepsWithoutGradient() {
    return false;
  }
}
