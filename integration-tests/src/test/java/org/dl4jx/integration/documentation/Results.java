package org.dl4jx.integration.documentation;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares what an example shows with what it does. Compiled examples call this. */
public final class Results {
  /** Far above the rounding of any formula, and far below any digit that an example shows. */
  private static final double ROUNDING = 1e-9;

  /** With so many significant digits, a number with a decimal point may be a rounded one. */
  private static final int DIGITS_OF_ROUNDED = 4;

  private static final Pattern NUMBER = Pattern.compile("[-+]?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?");

  private static PrintStream usual;
  private static ByteArrayOutputStream printed;

  private Results() {}

  /** A statement of an example that is expected to throw. */
  public interface Statement {
    /**
     * Executes it.
     *
     * @throws Exception as it is expected to
     */
    void execute() throws Exception;
  }

  /**
   * Compares a value.
   *
   * @param place where it is shown
   * @param shown what is shown
   * @param value the value
   * @throws AssertionError if they differ
   */
  public static void value(String place, String shown, Object value) {
    compare(place, shown, text(value));
  }

  /** Starts to collect what is printed. */
  public static void print() {
    if (printed == null) {
      usual = System.out;
      printed = new ByteArrayOutputStream();
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }
    printed.reset();
  }

  /**
   * Compares what was printed since {@link #print}.
   *
   * @param place where it is shown
   * @param shown what is shown
   * @throws AssertionError if they differ
   */
  public static void printed(String place, String shown) {
    compare(place, shown, printed.toString(StandardCharsets.UTF_8));
  }

  /**
   * Compares what a statement throws.
   *
   * @param place where it is shown
   * @param shown the simple name of the class or a superclass; after a colon, the message may
   *     follow
   * @param statement throws it
   * @throws AssertionError if it throws something else or nothing
   */
  public static void thrown(String place, String shown, Statement statement) {
    Throwable thrown = null;
    try {
      statement.execute();
    } catch (Throwable e) {
      thrown = e;
    }
    for (Class<?> type = thrown == null ? null : thrown.getClass();
        type != null;
        type = type.getSuperclass()) {
      String name = type.getSimpleName();
      if (shown.equals(name) || shown.equals(name + ": " + thrown.getMessage())) {
        return;
      }
    }
    throw new AssertionError(
        place + ": shows throws " + shown + ", but threw " + (thrown == null ? "nothing" : thrown),
        thrown);
  }

  /** Gives the standard output back. */
  static void end() {
    if (printed != null) {
      System.setOut(usual);
      printed = null;
    }
  }

  private static String text(Object value) {
    if (value instanceof double[] numbers) {
      return Arrays.toString(numbers);
    }
    if (value instanceof Object[] objects) {
      return Arrays.deepToString(objects);
    }
    return value instanceof CharSequence ? "\"" + value + '"' : String.valueOf(value);
  }

  private static void compare(String place, String shown, String real) {
    if (!agree(shown, real)) {
      throw new AssertionError(place + ": shows " + shown.strip() + ", but got " + real.strip());
    }
  }

  /**
   * Whether a text agrees with the one shown: numbers up to rounding, the rest character by
   * character but for space at the ends of lines.
   */
  static boolean agree(String shown, String real) {
    List<String> shownNumbers = numbers(shown);
    List<String> realNumbers = numbers(real);
    if (!rest(shown).equals(rest(real)) || shownNumbers.size() != realNumbers.size()) {
      return false;
    }
    for (int i = 0; i < shownNumbers.size(); i++) {
      if (!agree(new BigDecimal(shownNumbers.get(i)), new BigDecimal(realNumbers.get(i)))) {
        return false;
      }
    }
    return true;
  }

  private static boolean agree(BigDecimal shown, BigDecimal real) {
    BigDecimal difference = shown.subtract(real).abs();
    boolean isRounded = shown.scale() > 0 && shown.precision() >= DIGITS_OF_ROUNDED;
    BigDecimal allowed = isRounded ? shown.ulp().divide(BigDecimal.valueOf(2)) : BigDecimal.ZERO;
    return difference.compareTo(allowed) <= 0
        || difference.doubleValue() <= ROUNDING * shown.abs().doubleValue();
  }

  private static List<String> numbers(String text) {
    return NUMBER.matcher(text).results().map(r -> r.group()).toList();
  }

  private static String rest(String text) {
    Matcher matcher = NUMBER.matcher(text.strip().replaceAll("[ \\t]*\\R", "\n"));
    return matcher.replaceAll("#");
  }
}
