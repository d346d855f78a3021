package org.dl4jx.workbench.experiment;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * How a run ended.
 *
 * @param divergedAt the iteration with the first loss or gradient that was not finite; null if
 *     there was none
 * @param iterations number of iterations
 * @param trainingLoss mean over the last epoch, without penalties for weights; null if diverged
 * @param accuracy share of the evaluation images that are classified correctly at the end; null if
 *     diverged
 * @param seconds time in training iterations, without reading and evaluating
 * @param millisecondsPerIteration the median
 * @param losses mean training losses of successive pieces of the run
 * @param accuracies accuracies after shares of the run: at the end on all evaluation images, before
 *     on the first 2,000
 * @param learningRates learning rates at the places of {@code losses}
 * @param initialSha256 checksum of the initial parameters
 * @param finalSha256 checksum of the final parameters; null if diverged
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
    String finalSha256) {

  /**
   * A point of a curve.
   *
   * @param iteration after which it holds
   * @param value the value
   */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"iteration", "value"})
  public record Point(int iteration, double value) {}

  /**
   * Whether the training went astray.
   *
   * @return true if there is neither a loss nor an accuracy
   */
  @JsonIgnore
  public boolean isDiverged() {
    return divergedAt != null;
  }
}
