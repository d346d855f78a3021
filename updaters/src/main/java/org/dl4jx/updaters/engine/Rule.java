package org.dl4jx.updaters.engine;

import java.util.List;
import org.dl4jx.updaters.NonFinitePolicy;

/**
 * The mathematics of one optimizer for one step. It is an immutable value with the scalars of the
 * step (step size, bias corrections, bounds, place in a cycle). It treats all cells alike.
 */
public interface Rule {

  /**
   * The formula. Turns the gradient in place into the update, which is then subtracted from the
   * parameters, and updates the state. Unless the user chose {@link NonFinitePolicy#PROPAGATE}, it
   * sees only finite numbers.
   *
   * @param <C> the type of the cells
   * @param g the gradient; contains the update afterwards
   * @param state the state arrays in the order of {@link UpdaterConfiguration#stateNames()}; they
   *     start as zeros
   */
  default <C extends Cells<C>> void apply(C g, List<C> state) {
    throw new UnsupportedOperationException(getClass() + " must have a formula");
  }

  /**
   * The formula of a rule that also sums over all parameters, to {@link #remembered(double[])
   * remember} something that follows from the sums. Cells are only a part of the parameters.
   *
   * @param <C> the type of the cells
   * @param g the gradient; contains the update afterwards
   * @param state the state arrays
   * @param sums what to add to
   */
  default <C extends Cells<C>> void apply(C g, List<C> state, Sums sums) {
    apply(g, state);
  }

  /**
   * How many sums over all parameters there are. A rule with sums has no {@link #fused() fused
   * forms}.
   *
   * @return 0 by default
   */
  default int sums() {
    return 0;
  }

  /**
   * The decay of the weights, after {@link #apply}. Adds it to the update, and to the state if that
   * follows the update. Without fused forms, this is the last term of the formula.
   *
   * @param <C> the type of the cells
   * @param decay the fraction of every weight that the step subtracts, ηλ
   * @param w the weights; cells that do not decay add nothing
   * @param g the update so far
   * @param state the state arrays
   */
  default <C extends Cells<C>> void decay(double decay, C w, C g, List<C> state) {
    g.add(decay, w);
  }

  /**
   * What to remember after this step. It is called once, when the step was taken.
   *
   * @param sums the sums over all parameters of the block, without the decay
   * @return the scalars in the order of {@link UpdaterConfiguration#scalarNames()}
   */
  default double[] remembered(double[] sums) {
    return remembered();
  }

  /**
   * What to remember after a step without sums.
   *
   * @return the scalars in the order of {@link UpdaterConfiguration#scalarNames()}; none by default
   */
  default double[] remembered() {
    return new double[0];
  }

  /**
   * Faster forms of this step, for the most popular optimizers.
   *
   * @return the forms; none by default
   */
  default Fused fused() {
    return Fused.NONE;
  }

  /**
   * Whether this step must be taken even if {@link NonFinitePolicy#SKIP} skips its gradient,
   * because steps build on each other. The gradient is then zero.
   *
   * @return false by default
   */
  default boolean stepsWithoutGradient() {
    return false;
  }
}
