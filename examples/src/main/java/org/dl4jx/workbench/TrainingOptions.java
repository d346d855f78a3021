package org.dl4jx.workbench;

import static org.dl4jx.schedules.checks.Argument.check;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Model;
import org.dl4jx.workbench.data.Cifar10;
import org.dl4jx.workbench.data.EmbeddedMnist;
import org.dl4jx.workbench.data.Mnist;
import org.dl4jx.workbench.experiment.Setup;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.RunLength;
import org.dl4jx.workbench.notation.ScheduleNotation;
import org.dl4jx.workbench.ui.TrainingUi;
import picocli.CommandLine.Option;

/** The options for how to train, shared by the commands that run experiments. */
final class TrainingOptions {
  private static final int USUAL_EVALUATIONS = 5;

  @Option(
      names = {"--schedules", "--schedule"},
      paramLabel = "<schedule>",
      defaultValue = "constant,warmup-cosine",
      converter = ScheduleNotation.ListConverter.class,
      description =
          "The learning-rate schedules, separated by commas; every updater is trained with each. The"
              + " command schedules lists and draws them. The updater and the run supply what is left"
              + " out, so a name is often enough. Default: ${DEFAULT-VALUE}")
  private List<ScheduleNotation> schedules;

  @Option(
      names = "--epochs",
      paramLabel = "<n>",
      description =
          "Number of passes over the training images. Default: "
              + Mnist.USUAL_EPOCHS
              + " for mnist, "
              + EmbeddedMnist.USUAL_EPOCHS
              + " for mnist-embedded, "
              + Cifar10.USUAL_EPOCHS
              + " for cifar10")
  private Integer epochs;

  @Option(
      names = "--evaluations",
      paramLabel = "<n>",
      description =
          "How many times a run measures the accuracy, at equal intervals: along the way on 2000"
              + " images, at the end on all. Default: "
              + USUAL_EVALUATIONS)
  private Integer evaluations;

  @Option(
      names = "--warmup",
      paramLabel = "<share>",
      defaultValue = "0.1",
      description =
          "Fraction of a run that schedules with a warm-up spend rising; at least 0 and below 1."
              + " Default: ${DEFAULT-VALUE}")
  private double warmup;

  @Option(
      names = "--resume",
      description =
          "Continue with the runs in the folder of --output: finished runs are not repeated, and all"
              + " of them stay in the report")
  private boolean resume;

  @Option(
      names = "--ui",
      description =
          "Show each run in Deeplearning4j's training UI while the program runs. It slows training"
              + " down, and needs the Maven profile ui")
  private boolean ui;

  private Consumer<Model> watcher = network -> {};

  boolean resume() {
    return resume;
  }

  /** Starts the training UI, if it is wanted. */
  void startUi(PrintWriter err) {
    if (ui) {
      TrainingUi running = TrainingUi.start();
      watcher = running::show;
      err.println("Training UI: " + running.address());
      err.flush();
    }
  }

  /** Shows networks in the training UI, once that is started. */
  Consumer<Model> watcher() {
    return watcher;
  }

  /** The schedules, each for all updaters. */
  List<ScheduleNotation> schedules() {
    for (ScheduleNotation schedule : schedules) {
      check(
          !schedule.isMomentum(),
          "--schedules",
          schedule,
          "schedules of the learning rate, not of momentum");
    }
    return Usage.once("--schedules", schedules, ScheduleNotation::toString);
  }

  /** The schedules of an updater: only a constant rate if it cannot follow another. */
  List<ScheduleNotation> schedulesOf(NamedUpdater updater) {
    List<ScheduleNotation> all = schedules();
    if (updater.followsSchedules()) {
      return all;
    }
    List<ScheduleNotation> constant =
        all.stream().filter(ScheduleNotation::isUsualConstant).toList();
    check(
        !constant.isEmpty(),
        "--schedules",
        all.stream().map(ScheduleNotation::toString).collect(Collectors.joining(",")),
        "a list with constant for " + updater + ", which follows no schedule");
    return constant;
  }

  /**
   * The setup without its checksums.
   *
   * @param usualEpochs how long to train if the options do not say
   */
  Setup setup(
      String name,
      int trainExamples,
      String evaluatedOn,
      int evaluationExamples,
      int usualEpochs,
      ModelOptions model,
      DataOptions data) {
    check(model.batchSize() >= 1, "--batch-size", model.batchSize(), "a number >= 1");
    int length = epochs == null ? usualEpochs : epochs;
    check(length >= 1, "--epochs", length, "a number >= 1");
    long iterations =
        (long) length * RunLength.iterationsPerEpoch(trainExamples, model.batchSize());
    return new Setup(
        name,
        trainExamples,
        null,
        evaluatedOn,
        evaluationExamples,
        null,
        model.model(data),
        length,
        model.batchSize(),
        evaluations == null ? (int) Math.min(USUAL_EVALUATIONS, iterations) : evaluations,
        warmup);
  }
}
