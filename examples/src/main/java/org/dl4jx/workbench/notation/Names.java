package org.dl4jx.workbench.notation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Finds what has a name, and what somebody meant who misspelled one. */
public final class Names {
  private Names() {}

  /**
   * The most similar name.
   *
   * @param word what was written
   * @param names the names there are, at least one
   * @return the name that takes the fewest letters put in, taken out or changed
   */
  public static String nearest(String word, List<String> names) {
    return names.stream().min(Comparator.comparingInt(n -> distance(word, n))).orElseThrow();
  }

  /**
   * What has a name.
   *
   * @param <T> type of what is named
   * @param name what was written
   * @param kind what it should be, in a word
   * @param all all there are
   * @param label the name of each
   * @return the one with this name
   * @throws IllegalArgumentException if there is none, with the nearest name
   */
  public static <T> T named(String name, String kind, List<T> all, Function<T, String> label) {
    List<String> labels = all.stream().map(label).toList();
    int index = labels.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          String.format(
              "'%s' is no %s, the nearest is %s; there are: %s",
              name, kind, nearest(name, labels), String.join(", ", labels)));
    }
    return all.get(index);
  }

  /** Levenshtein's. */
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
