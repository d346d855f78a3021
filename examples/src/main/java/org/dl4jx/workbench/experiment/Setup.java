package org.dl4jx.workbench.experiment;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.rate;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.models.NamedModel;
import org.dl4jx.workbench.notation.NamedAverage;
import org.dl4jx.workbench.notation.RunLength;

/**
 * What all runs of an experiment have in common.
 *
 * @param data name of the data set
 * @param trainExamples number of training images, each seen once per epoch
 * @param trainMd5 checksum of the training images
 * @param evaluatedOn {@code "test"} or {@code "validation"}
 * @param evaluationExamples number of images on which accuracy is measured
 * @param evaluationMd5 checksum of those images
 * @param model the network
 * @param epochs number of epochs
 * @param batchSize images per batch; the last batch of an epoch may have fewer
 * @param evaluations how often accuracy is measured: after equal shares of the run, the last time
 *     at its end
 * @param warmup share of the run in which learning rates warm up
 * @param averages at which the networks are evaluated as well
 */
public record Setup(
    String data,
    int trainExamples,
    String trainMd5,
    String evaluatedOn,
    int evaluationExamples,
    String evaluationMd5,
    NamedModel model,
    int epochs,
    int batchSize,
    int evaluations,
    double warmup,
    List<NamedAverage> averages) {

  /** More would take weeks, and their times more memory than there may be. */
  private static final int MOST_ITERATIONS = 100_000_000;

  /** A setup whose networks are evaluated at no average. */
  public Setup(
      String data,
      int trainExamples,
      String trainMd5,
      String evaluatedOn,
      int evaluationExamples,
      String evaluationMd5,
      NamedModel model,
      int epochs,
      int batchSize,
      int evaluations,
      double warmup) {
    this(
        data,
        trainExamples,
        trainMd5,
        evaluatedOn,
        evaluationExamples,
        evaluationMd5,
        model,
        epochs,
        batchSize,
        evaluations,
        warmup,
        List.of());
  }

  /**
   * The same, evaluated at averages as well.
   *
   * @param weights the averages
   * @return a new setup
   */
  public Setup at(List<NamedAverage> weights) {
    return new Setup(
        data,
        trainExamples,
        trainMd5,
        evaluatedOn,
        evaluationExamples,
        evaluationMd5,
        model,
        epochs,
        batchSize,
        evaluations,
        warmup,
        weights);
  }

  /** Checks the numbers. */
  public Setup {
    check(trainExamples >= 1, "trainExamples", trainExamples, "a number >= 1");
    check(epochs >= 1, "epochs", epochs, "a number >= 1");
    check(batchSize >= 1, "batchSize", batchSize, "a number >= 1");
    rate("warmup", warmup);
    given("averages", averages).forEach(average -> given("an average", average));
    check(
        averages.stream().distinct().count() == averages.size(),
        "averages",
        averages,
        "different from each other");
    int perEpoch = RunLength.iterationsPerEpoch(trainExamples, batchSize);
    long iterations = (long) epochs * perEpoch;
    check(
        iterations <= MOST_ITERATIONS,
        "epochs",
        epochs,
        "so low that there are at most " + MOST_ITERATIONS + " iterations");
    check(
        evaluations >= 1 && evaluations <= iterations,
        "evaluations",
        evaluations,
        "a number from 1 to " + iterations + ", the number of iterations");
    averages = List.copyOf(averages);
    RunLength length = new RunLength(perEpoch, epochs, warmup);
    averages.forEach(average -> average.create(length));
  }

  /**
   * This setup for images that have been loaded.
   *
   * @param train the training images
   * @param evaluation the images on which accuracy is measured
   * @return the setup with their counts and checksums
   */
  public Setup with(Images train, Images evaluation) {
    return new Setup(
        data,
        train.count(),
        train.md5(),
        evaluatedOn,
        evaluation.count(),
        evaluation.md5(),
        model,
        epochs,
        batchSize,
        evaluations,
        warmup,
        averages);
  }

  /**
   * The length of a run.
   *
   * @return iterations and epochs
   */
  @JsonIgnore
  public RunLength length() {
    return new RunLength(RunLength.iterationsPerEpoch(trainExamples, batchSize), epochs, warmup);
  }
}
