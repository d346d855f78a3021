package org.dl4jx.schedules.checks;

/** The one way in which dl4jx refuses a bad argument. */
public final class Argument {
  private Argument() {}

  /**
   * Returns {@code value} if it is valid.
   *
   * @param <T> type of the value
   * @param valid whether the value lies in the allowed range
   * @param name the parameter's name, as the user writes it
   * @param value the value given
   * @param allowed the allowed range in words, such as {@code "a finite number >= 0"}
   * @return {@code value}
   * @throws IllegalArgumentException if not {@code valid}, naming all three
   */
  public static <T> T check(boolean valid, String name, T value, String allowed) {
    if (!valid) {
      throw new IllegalArgumentException(name + " is " + value + "; allowed is " + allowed);
    }
    return value;
  }

  /**
   * Returns {@code value} if it is finite and not negative.
   *
   * @param name the parameter's name
   * @param value the value given
   * @return {@code value}
   * @throws IllegalArgumentException if the value is negative, infinite or NaN
   */
  public static double notNegative(String name, double value) {
    return check(
        value >= 0 && value < Double.POSITIVE_INFINITY, name, value, "a finite number >= 0");
  }

  /**
   * Returns {@code value} if it is finite and greater than zero.
   *
   * @param name the parameter's name
   * @param value the value given
   * @return {@code value}
   * @throws IllegalArgumentException if the value is zero, negative, infinite or NaN
   */
  public static double positive(String name, double value) {
    return check(value > 0 && value < Double.POSITIVE_INFINITY, name, value, "a finite number > 0");
  }

  /**
   * Returns {@code value} if it lies in {@code [0, 1)}, as every rate of a running average does.
   *
   * @param name the parameter's name
   * @param value the value given
   * @return {@code value}
   * @throws IllegalArgumentException if the value lies outside or is NaN
   */
  public static double rate(String name, double value) {
    return check(value >= 0 && value < 1, name, value, "0 <= " + name + " < 1");
  }

  /**
   * Returns {@code value} if there is one.
   *
   * @param <T> type of the value
   * @param name the parameter's name
   * @param value the value given
   * @return {@code value}
   * @throws IllegalArgumentException if the value is null
   */
  public static <T> T given(String name, T value) {
    return check(value != null, name, value, "anything but null");
  }
}
