package org.dl4jx.workbench.report;

import java.util.Arrays;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * Numbers from independent repetitions.
 *
 * @param count how many there are
 * @param mean their mean; NaN if there are none
 * @param deviation their standard deviation, with n - 1; NaN if there are fewer than two
 * @param halfWidth half the width of the 95 % interval for the mean, by Student's t distribution;
 *     NaN if there are fewer than two
 */
public record Sample(int count, double mean, double deviation, double halfWidth) {
  private static final double CONFIDENCE = 0.95;

  /** Equal differences of two shares may differ in the last bits. */
  private static final double ROUNDING = 1e-12;

  /**
   * Looks at numbers.
   *
   * @param values the numbers
   * @return what they have in common
   */
  public static Sample of(double... values) {
    SummaryStatistics statistics = new SummaryStatistics();
    Arrays.stream(values).forEach(statistics::addValue);
    int count = values.length;
    if (count < 2) {
      return new Sample(count, statistics.getMean(), Double.NaN, Double.NaN);
    }
    double quantile =
        new TDistribution(count - 1).inverseCumulativeProbability((1 + CONFIDENCE) / 2);
    double deviation = statistics.getStandardDeviation();
    return new Sample(
        count, statistics.getMean(), deviation, quantile * deviation / Math.sqrt(count));
  }

  /**
   * How improbable such a mean is if the true one is zero.
   *
   * @return the two-sided p-value of Student's t test; NaN if there are fewer than two numbers, or
   *     if all are equal without being zero, which is no measure of how much they vary
   */
  public double p() {
    if (count < 2) {
      return Double.NaN;
    }
    double rounding = ROUNDING * Math.max(1, Math.abs(mean));
    if (deviation <= rounding) {
      return Math.abs(mean) <= rounding ? 1 : Double.NaN;
    }
    double t = Math.abs(mean) / (deviation / Math.sqrt(count));
    return 2 * new TDistribution(count - 1).cumulativeProbability(-t);
  }

  double low() {
    return mean - halfWidth;
  }

  double high() {
    return mean + halfWidth;
  }
}
