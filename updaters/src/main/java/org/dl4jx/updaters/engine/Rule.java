package org.dl4jx.updaters.engine;

import java.util.List;
import org.dl4jx.updaters.NonFinitePolicy;

/**
 * The mathematics of one optimizer, for one step: an immutable value that holds the step's scalars
 * (step size, bias corrections, bounds, place in a cycle). It treats every cell alike.
 */
public interface Rule {

  /**
   * The formula. Turns the gradient, in place, into the update that is to be subtracted from the
   * parameters, and moves the state on. It sees finite numbers only, unless the user chose {@link
   * NonFinitePolicy#PROPAGATE}.
   *
   * @param <C> the type of the cells
   * @param g the gradient; holds the update afterwards
   * @param state the state arrays in the order of {@link UpdaterConfiguration#stateNames()}; they
   *     start as zeros
   */
  <C extends Cells<C>> void apply(C g, List<C> state);

  /**
   * Faster forms of this step, for the optimizers that everybody uses.
   *
   * @return the forms; none, unless a rule says otherwise
   */
  default Fused fused() {
    return Fused.NONE;
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
