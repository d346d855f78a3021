package org.dl4jx.schedules.checks;

import java.io.InvalidObjectException;

/** How all of dl4jx refuses a bad argument. */
public final class Argument {
  private Argument() {}

  /**
   * Returns {@code value} if it is valid.
   *
   * @param <T> type of the value
   * @param valid whether the value is allowed
   * @param name the parameter's name, as the user writes it
   * @param value the value given
   * @param allowed what is allowed, in words that go after "must be", such as {@code "in [0, 1)"}
   * @return {@code value}
   * @throws IllegalArgumentException if not {@code valid}, with the {@link #refusal} as its message
   */
  public static <T> T check(boolean valid, String name, T value, String allowed) {
    if (!valid) {
      throw new IllegalArgumentException(refusal(name, value, allowed));
    }
    return value;
  }

  /**
   * The sentence that refuses a value, such as {@code "beta2 must be in [0, 1), but was 1.5"}.
   *
   * @param name the parameter's name, as the user writes it
   * @param value the value given
   * @param allowed what is allowed, in words that go after "must be"
   * @return the sentence, without a full stop
   */
  public static String refusal(String name, Object value, String allowed) {
    return name + " must be " + allowed + ", but was " + value;
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
   * Returns {@code value} if it is in {@code [0, 1)}, as every rate of a running average must be.
   *
   * @param name the parameter's name
   * @param value the value given
   * @return {@code value}
   * @throws IllegalArgumentException if the value is outside that range or NaN
   */
  public static double rate(String name, double value) {
    return check(value >= 0 && value < 1, name, value, "in [0, 1)");
  }

  /**
   * Returns {@code value} if it is not null.
   *
   * @param <T> type of the value
   * @param name the parameter's name
   * @param value the value given
   * @return {@code value}
   * @throws IllegalArgumentException if the value is null
   */
  public static <T> T given(String name, T value) {
    if (value == null) {
      throw new IllegalArgumentException(name + " must not be null");
    }
    return value;
  }

  /**
   * Checks what Java deserialization has read in the way a constructor checks its arguments.
   *
   * @param check throws {@link IllegalArgumentException} if a value is outside its range
   * @throws InvalidObjectException in that case, with the same message
   */
  public static void checkRead(Runnable check) throws InvalidObjectException {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      InvalidObjectException invalid = new InvalidObjectException(e.getMessage());
      invalid.initCause(e);
      throw invalid;
    }
  }
}
