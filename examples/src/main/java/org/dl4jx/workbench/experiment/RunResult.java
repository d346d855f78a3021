package org.dl4jx.workbench.experiment;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.dl4jx.workbench.notation.NamedAverage;

/**
 * How a run ended.
 *
 * @param divergedAt the first iteration whose loss or gradient was not finite; null if there was
 *     none
 * @param iterations number of iterations
 * @param trainingLoss mean over the last epoch, without weight penalties; null if diverged
 * @param accuracy share of the evaluation images that are classified correctly at the end; null if
 *     diverged
 * @param seconds time spent in training iterations, excluding data loading and evaluation
 * @param millisecondsPerIteration the median
 * @param losses mean training losses of successive pieces of the run
 * @param accuracies accuracies along the way, on the first 2,000 evaluation images, and at the end,
 *     on all of them
 * @param learningRates learning rates at the iterations of {@code losses}
 * @param initialSha256 checksum of the initial parameters
 * @param finalSha256 checksum of the final parameters; null if diverged
 * @param averages what was measured at averages of the weights; none if diverged
 */
public record RunResult(
    Integer divergedAt,
    int iterations,
    Double trainingLoss,
    Double accuracy,
    double seconds,
    double millisecondsPerIteration,
    List<Point> losses,
    List<Point> accuracies,
    List<Point> learningRates,
    String initialSha256,
    String finalSha256,
    List<AtAverage> averages) {

  /**
   * What was measured at an average of the weights.
   *
   * @param average the average
   * @param accuracy at the end
   * @param accuracies along the way and at the end, as for the weights themselves
   */
  public record AtAverage(NamedAverage average, double accuracy, List<Point> accuracies) {}

  /** A result without averages. */
  public RunResult(
      Integer divergedAt,
      int iterations,
      Double trainingLoss,
      Double accuracy,
      double seconds,
      double millisecondsPerIteration,
      List<Point> losses,
      List<Point> accuracies,
      List<Point> learningRates,
      String initialSha256,
      String finalSha256) {
    this(
        divergedAt,
        iterations,
        trainingLoss,
        accuracy,
        seconds,
        millisecondsPerIteration,
        losses,
        accuracies,
        learningRates,
        initialSha256,
        finalSha256,
        List.of());
  }

  /**
   * The same run, evaluated at an average.
   *
   * @param average one of {@link #averages}
   * @return a result with its accuracies, and without what else was measured
   */
  public RunResult at(AtAverage average) {
    return new RunResult(
        divergedAt,
        iterations,
        null,
        average.accuracy(),
        seconds,
        millisecondsPerIteration,
        List.of(),
        average.accuracies(),
        List.of(),
        initialSha256,
        finalSha256);
  }

  /**
   * A point of a curve.
   *
   * @param iteration after which the value was measured
   * @param value the value
   */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"iteration", "value"})
  public record Point(int iteration, double value) {}

  /**
   * Whether the training diverged.
   *
   * @return true if there is neither a loss nor an accuracy
   */
  @JsonIgnore
  public boolean isDiverged() {
    return divergedAt != null;
  }
}
