package org.dl4jx.updaters.adam;

import org.dl4jx.updaters.engine.Cells;

/**
 * The scalars of one step of Adam that may do without its denominator.
 *
 * @param adam the scalars of Adam
 * @param divides whether there is a denominator
 */
public record RectifiedScalars(AdamScalars adam, boolean divides) {

  /**
   * The scalars of a step that always has a denominator.
   *
   * @param adam the scalars of Adam
   * @return the same scalars
   */
  public static RectifiedScalars of(AdamScalars adam) {
    return new RectifiedScalars(adam, true);
  }

  /**
   * The rate of the average of gradients.
   *
   * @return β1
   */
  public double beta1() {
    return adam.beta1();
  }

  /**
   * The rate of the average of squares.
   *
   * @return β2
   */
  public double beta2() {
    return adam.beta2();
  }

  /**
   * The last line of a step: {@code g ← size · m / (√(scale · v) + ε)}, or {@code g ← size · m}
   * without the denominator.
   *
   * @param <C> the type of the cells
   * @param g what contains the update afterwards
   * @param m the average of gradients
   * @param v the average of squares
   */
  public <C extends Cells<C>> void divide(C g, C m, C v) {
    if (divides) {
      g.overRoot(adam.size(), m, adam.scale(), v, adam.epsilon());
    } else {
      g.set(adam.size(), m);
    }
  }
}
