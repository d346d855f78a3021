package org.dl4jx.workbench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Breaks long names into lines: after a space and, in the notation of a schedule, after a comma or
 * an opening parenthesis.
 */
public final class LineBreaks {
  private static final String OPPORTUNITY = "(?<= )|(?<=,|[^ ]\\()(?=[^ ])";

  private LineBreaks() {}

  /**
   * The pieces of a text, each of which stays on one line if it fits.
   *
   * @param text any text
   * @return pieces that add up to the text
   */
  static List<String> pieces(String text) {
    return List.of(text.split(OPPORTUNITY));
  }

  /**
   * Breaks a text into lines. No characters are left out, so different names stay different.
   *
   * @param text any text
   * @param width of a line
   * @param measure the width of a text, in the unit of {@code width}
   * @return lines of at most that width, if every character fits
   */
  public static List<String> wrap(String text, double width, ToDoubleFunction<String> measure) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String piece : pieces(text)) {
      if (measure.applyAsDouble((line + piece).stripTrailing()) <= width) {
        line += piece;
        continue;
      }
      if (!line.isEmpty()) {
        lines.add(line.stripTrailing());
      }
      line = piece;
      while (measure.applyAsDouble(line.stripTrailing()) > width && line.length() > 1) {
        int end = fitting(line, width, measure);
        lines.add(line.substring(0, end));
        line = line.substring(end);
      }
    }
    lines.add(line.stripTrailing());
    return lines;
  }

  /** How many characters fit, at least one. */
  private static int fitting(String text, double width, ToDoubleFunction<String> measure) {
    int end = 1;
    while (end < text.length() && measure.applyAsDouble(text.substring(0, end + 1)) <= width) {
      end++;
    }
    return end;
  }
}
