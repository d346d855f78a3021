package org.dl4jx.workbench.notation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Finds things by name, and the name that a misspelled one was meant to be. */
public final class Names {
  private Names() {}

  /**
   * The most similar name.
   *
   * @param word what was written
   * @param names all names, at least one
   * @return the name that takes the fewest insertions, deletions and changes of letters
   */
  public static String nearest(String word, List<String> names) {
    return names.stream().min(Comparator.comparingInt(n -> distance(word, n))).orElseThrow();
  }

  /**
   * The value with a name.
   *
   * @param <T> type of the values
   * @param name what was written
   * @param kind what the values are, in one word
   * @param all all values
   * @param label returns the name of a value
   * @return the value
   * @throws IllegalArgumentException if there is none; the message has the nearest name
   */
  public static <T> T named(String name, String kind, List<T> all, Function<T, String> label) {
    List<String> labels = all.stream().map(label).toList();
    int index = labels.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          String.format(
              "unknown %s '%s'; did you mean %s? Known: %s",
              kind, name, nearest(name, labels), String.join(", ", labels)));
    }
    return all.get(index);
  }

  /**
   * Splits a list at the commas outside of parentheses.
   *
   * @param text the list
   * @return its parts; the last one has the rest of an unbalanced text
   */
  static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char mark = text.charAt(i);
      depth += mark == '(' ? 1 : mark == ')' ? -1 : 0;
      if (mark == ',' && depth == 0) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  /** The Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
