package org.dl4jx.integration.soak;

import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * How much something grew over a row of measurements, told apart from noise.
 *
 * <p>The growth of one measurement to the next is estimated as Theil and Sen do it, by the median
 * of the slopes between any two measurements: a step up or down, or a third of wild values, does
 * not move it far. Its confidence interval is the one of Kendall's rank correlation, which assumes
 * no distribution.
 *
 * @param surely the growth from the first measurement to the last, at the lower end of its interval
 * @param noise the usual distance of a measurement from the line, as a standard deviation
 */
record Growth(double surely, double noise) {
  /** Of a thousand rows without growth, one has a lower end above 0. */
  private static final double CONFIDENCE = 0.999;

  /** With fewer measurements, not even a straight line is certain. */
  static final int LEAST_MEASUREMENTS = 8;

  /** By what a median of distances is multiplied to be the deviation of a normal distribution. */
  private static final double DEVIATION_OF_MEDIAN =
      1 / new NormalDistribution().inverseCumulativeProbability(0.75);

  static Growth of(double... values) {
    int n = values.length;
    if (n < LEAST_MEASUREMENTS) {
      throw new IllegalArgumentException(
          "values must have at least " + LEAST_MEASUREMENTS + " measurements, but had " + n);
    }
    double[] slopes = new double[n * (n - 1) / 2];
    int pairs = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        slopes[pairs++] = (values[j] - values[i]) / (j - i);
      }
    }
    Arrays.sort(slopes);
    double z = new NormalDistribution().inverseCumulativeProbability(CONFIDENCE);
    double deviation = Math.sqrt(n * (n - 1.0) * (2 * n + 5) / 18);
    int lower = (int) Math.max(0, (pairs - z * deviation) / 2);
    return new Growth(slopes[lower] * (n - 1), noise(values, new Median().evaluate(slopes)));
  }

  private static double noise(double[] values, double slope) {
    double[] rest = new double[values.length];
    Arrays.setAll(rest, i -> values[i] - slope * i);
    double center = new Percentile().evaluate(rest, 50);
    return DEVIATION_OF_MEDIAN
        * new Median().evaluate(Arrays.stream(rest).map(x -> Math.abs(x - center)).toArray());
  }

  /**
   * A leak grows with every measurement. So it is one that surely grew, and by more than a single
   * measurement may be off: three deviations.
   */
  boolean isLeak() {
    return surely > allowed();
  }

  double allowed() {
    return 3 * noise;
  }
}
