package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.checkRead;

import java.io.InvalidObjectException;
import java.io.Serializable;
import java.util.Arrays;
import org.dl4jx.schedules.checks.Given;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Where {@link AveragedNesterovs} probes the gradient along the look-ahead of its momentum, and
 * with which weights it averages the results. A point is a fraction of the look-ahead: 0 is where
 * the parameters are, and 1 is where momentum alone would take them.
 *
 * <pre>{@code
 * LookaheadAverage.THIRDS.probes(); // 3
 * LookaheadAverage.QUARTERS.point(0); // 0.5
 * LookaheadAverage.QUARTERS.weight(2); // 0.5714
 *
 * LookaheadAverage ends = LookaheadAverage.of(new double[] {0, 1}, new double[] {0.5, 0.5});
 * new AveragedNesterovs(0.1, 0.9, ends);
 * }</pre>
 */
public final class LookaheadAverage implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How far the sum of the weights may be from 1: far more than rounding explains. */
  private static final double SUM_TOLERANCE = 1e-9;

  /** Probes at 1/3, 2/3 and 1 of the look-ahead, each with weight 1/3. */
  public static final LookaheadAverage THIRDS =
      new LookaheadAverage(new double[] {1 / 3., 2 / 3., 1}, new double[] {1 / 3., 1 / 3., 1 / 3.});

  /** Probes at 1/2, 3/4 and 1 of the look-ahead, with weights 1/7, 2/7 and 4/7. */
  public static final LookaheadAverage QUARTERS =
      new LookaheadAverage(new double[] {1 / 2., 3 / 4., 1}, new double[] {1 / 7., 2 / 7., 4 / 7.});

  @JsonProperty private final double[] points;
  @JsonProperty private final double[] weights;

  @JsonCreator
  private LookaheadAverage(
      @JsonProperty("points") @Given double[] points,
      @JsonProperty("weights") @Given double[] weights) {
    check(
        points != null && points.length > 0,
        "points",
        text(points),
        "an array of at least one number");
    check(
        Arrays.stream(points).allMatch(p -> p >= 0 && p <= 1),
        "points",
        text(points),
        "numbers from 0 to 1");
    check(
        weights != null && weights.length == points.length,
        "weights",
        text(weights),
        "an array of " + points.length + " numbers, one for each point");
    check(
        Arrays.stream(weights).allMatch(w -> w >= 0)
            && Math.abs(Arrays.stream(weights).sum() - 1) <= SUM_TOLERANCE,
        "weights",
        text(weights),
        "numbers >= 0 that sum to 1");
    this.points = points.clone();
    this.weights = weights.clone();
  }

  private Object readResolve() throws InvalidObjectException {
    checkRead(() -> of(points, weights));
    return this;
  }

  private static String text(double[] values) {
    return Arrays.toString(values);
  }

  /**
   * An average of your own. {@code of({1}, {1})} is plain Nesterov momentum.
   *
   * @param points at least one fraction of the look-ahead, each in [0, 1], in the order of probing
   * @param weights a weight for each point, each at least 0; their sum must be 1
   * @return the average
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public static LookaheadAverage of(double[] points, double[] weights) {
    return new LookaheadAverage(points, weights);
  }

  /**
   * The number of probe points, which is the number of iterations per optimizer step.
   *
   * @return the number, at least 1
   */
  public int probes() {
    return points.length;
  }

  /**
   * Where a probe is taken.
   *
   * @param probe the probe, counted from 0
   * @return its fraction of the look-ahead, from 0 to 1
   * @throws ArrayIndexOutOfBoundsException if there is no such probe
   */
  public double point(int probe) {
    return points[probe];
  }

  /**
   * How much a probe counts.
   *
   * @param probe the probe, counted from 0
   * @return its weight, at least 0
   * @throws ArrayIndexOutOfBoundsException if there is no such probe
   */
  public double weight(int probe) {
    return weights[probe];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LookaheadAverage that
        && Arrays.equals(points, that.points)
        && Arrays.equals(weights, that.weights);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(points) + Arrays.hashCode(weights);
  }

  @Override
  public String toString() {
    return "LookaheadAverage(points=" + text(points) + ", weights=" + text(weights) + ")";
  }
}
