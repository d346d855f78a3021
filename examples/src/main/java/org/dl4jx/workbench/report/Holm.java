package org.dl4jx.workbench.report;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Adjusts p-values for the number of comparisons. The method needs no independence, and an adjusted
 * value is never below the plain one, so the plain interval of whatever it finds excludes zero.
 *
 * <p>Holm, A Simple Sequentially Rejective Multiple Test Procedure (1979).
 */
final class Holm {
  private Holm() {}

  /**
   * Adjusts p-values.
   *
   * @param p the p-values; NaN for a comparison that was not tested, which does not count
   * @return the adjusted p-values in the same order; NaN where there was none
   */
  static double[] adjusted(double... p) {
    int[] ascending =
        IntStream.range(0, p.length)
            .filter(i -> !Double.isNaN(p[i]))
            .boxed()
            .sorted((i, j) -> Double.compare(p[i], p[j]))
            .mapToInt(i -> i)
            .toArray();
    double[] adjusted = new double[p.length];
    Arrays.fill(adjusted, Double.NaN);
    double greatest = 0;
    for (int rank = 0; rank < ascending.length; rank++) {
      int i = ascending[rank];
      greatest = Math.max(greatest, Math.min(1, (ascending.length - rank) * p[i]));
      adjusted[i] = greatest;
    }
    return adjusted;
  }
}
