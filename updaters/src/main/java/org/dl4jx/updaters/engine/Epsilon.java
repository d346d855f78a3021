package org.dl4jx.updaters.engine;

/**
 * The number that keeps the denominators of Adam and its relatives away from zero, ε.
 *
 * @param value the number, greater than 0
 * @param insideRoot true for {@code √(v + ε)}, false for {@code √v + ε}
 */
public record Epsilon(double value, boolean insideRoot) {

  /**
   * What to add inside the square root.
   *
   * @return ε or 0
   */
  public double inside() {
    return insideRoot ? value : 0;
  }

  /**
   * What to add to the square root.
   *
   * @return ε or 0
   */
  public double outside() {
    return insideRoot ? 0 : value;
  }
}
