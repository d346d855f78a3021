package org.dl4jx.workbench.report;

import java.util.Arrays;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * Statistics of independent repetitions.
 *
 * @param count how many there are
 * @param mean their mean; NaN if there are none
 * @param deviation their standard deviation, with n - 1; NaN if there are fewer than two
 * @param halfWidth half the width of the 95 % interval for the mean, by Student's t distribution;
 *     NaN if there are fewer than two
 */
public record Sample(int count, double mean, double deviation, double halfWidth) {
  private static final double CONFIDENCE = 0.95;

  /** Differences that are equal in exact arithmetic may differ in their last bits. */
  private static final double ROUNDING = 1e-12;

  /**
   * The statistics of some numbers.
   *
   * @param values the numbers
   * @return their statistics
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
   * The probability of a mean at least this far from zero if the true mean is zero.
   *
   * @return the two-sided p-value of Student's t test; NaN if there are fewer than two numbers, or
   *     if all are equal and not zero, which does not tell how much they vary
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
