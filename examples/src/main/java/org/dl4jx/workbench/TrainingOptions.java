package org.dl4jx.workbench;

import static org.dl4jx.schedules.checks.Argument.check;

import java.util.List;
import org.dl4jx.workbench.experiment.Setup;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.RunLength;
import org.dl4jx.workbench.notation.ScheduleNotation;
import picocli.CommandLine.Option;

/** The options that say how long and with which schedules, for commands that make experiments. */
final class TrainingOptions {
  private static final int USUAL_EVALUATIONS = 5;

  @Option(
      names = {"--schedules", "--schedule"},
      paramLabel = "<schedule>",
      converter = ScheduleNotation.ListConverter.class,
      description =
          "The schedules of the learning rate, each for all updaters, separated by commas, as the"
              + " command schedules reads and draws them. What is left out comes from the updater"
              + " and the run, so that a name alone will often do: constant,warmup-cosine,one-cycle."
              + " Default: the usual schedule of each updater")
  private List<ScheduleNotation> schedules;

  @Option(
      names = "--epochs",
      paramLabel = "<n>",
      defaultValue = "5",
      description = "How often every image is trained on. Default: ${DEFAULT-VALUE}")
  private int epochs;

  @Option(
      names = "--evaluations",
      paramLabel = "<n>",
      description =
          "How often a run measures the accuracy: after equal shares of its iterations, on the way on"
              + " 2000 images, and at its end on all. Default: 5")
  private Integer evaluations;

  @Option(
      names = "--warmup",
      paramLabel = "<share>",
      defaultValue = "0.1",
      description =
          "Share of a run in which a schedule with warm-up rises, from 0 to below 1."
              + " Default: ${DEFAULT-VALUE}")
  private double warmup;

  @Option(
      names = "--resume",
      description =
          "Go on with the runs in the folder of --output: what is finished is not trained again, and"
              + " what is there stays in the report")
  private boolean resume;

  boolean resume() {
    return resume;
  }

  /** The schedules for an updater. */
  List<ScheduleNotation> schedules(NamedUpdater updater) {
    if (schedules == null) {
      return List.of(updater.usualSchedule());
    }
    return Usage.once("--schedules", schedules, ScheduleNotation::toString);
  }

  /** The setup without its checksums. */
  Setup setup(
      String name,
      int trainExamples,
      String evaluatedOn,
      int evaluationExamples,
      ModelOptions model,
      DataOptions data) {
    check(model.batchSize() >= 1, "--batch-size", model.batchSize(), "a number >= 1");
    check(epochs >= 1, "--epochs", epochs, "a number >= 1");
    long iterations =
        (long) epochs * RunLength.iterationsPerEpoch(trainExamples, model.batchSize());
    return new Setup(
        name,
        trainExamples,
        null,
        evaluatedOn,
        evaluationExamples,
        null,
        model.model(data),
        epochs,
        model.batchSize(),
        evaluations == null ? (int) Math.min(USUAL_EVALUATIONS, iterations) : evaluations,
        warmup);
  }
}
