package org.dl4jx.examples.notation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Finds what somebody meant who misspelled a name. */
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
