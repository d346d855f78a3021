package org.dl4jx.workbench.report;

import java.util.Locale;

/** How numbers are written: with a decimal point in every language. */
public final class Numbers {
  private Numbers() {}

  /**
   * A number with three significant digits.
   *
   * @param value the number
   * @return a text such as {@code 0.00316}
   */
  public static String brief(double value) {
    return String.valueOf(Double.parseDouble(String.format(Locale.ROOT, "%.3g", value)));
  }

  /**
   * A number in a given format.
   *
   * @param format as of {@link String#format(String, Object...)}
   * @param value the number, or null
   * @return the number as text; a dash if there is none
   */
  public static String number(String format, Double value) {
    return value == null || value.isNaN() ? "-" : String.format(Locale.ROOT, format, value);
  }
}
