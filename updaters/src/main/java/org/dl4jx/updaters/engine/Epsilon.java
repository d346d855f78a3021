package org.dl4jx.updaters.engine;

import static org.dl4jx.schedules.checks.Argument.check;

/**
 * What is added to a denominator with a square root, {@code √(v + inside) + outside}, to keep it
 * away from zero.
 *
 * @param inside what to add inside the square root, at least 0
 * @param outside what to add to the square root, at least 0
 */
public record Epsilon(double inside, double outside) {

  /**
   * A single number in one of the two places.
   *
   * @param value the number, ε, greater than 0
   * @param insideRoot true for {@code √(v + ε)}, false for {@code √v + ε}
   * @return the number in its place
   */
  public static Epsilon of(double value, boolean insideRoot) {
    return insideRoot ? new Epsilon(value, 0) : new Epsilon(0, value);
  }

  /**
   * Returns a user's ε if it is in its range.
   *
   * @param value the number
   * @return {@code value}
   * @throws IllegalArgumentException if it is below the smallest normal float, infinite or NaN
   */
  public static double checked(double value) {
    return checked("epsilon", value);
  }

  /**
   * Returns a user's ε of another name if it is in its range.
   *
   * @param name its name
   * @param value the number
   * @return {@code value}
   * @throws IllegalArgumentException if it is below the smallest normal float, infinite or NaN
   */
  public static double checked(String name, double value) {
    return check(
        value >= Float.MIN_NORMAL && value < Double.POSITIVE_INFINITY,
        name,
        value,
        "a finite number >= 1.17549435E-38, the smallest normal float");
  }
}
