package org.dl4jx.workbench;

import static org.dl4jx.schedules.checks.Argument.check;

import java.util.List;
import org.dl4jx.workbench.models.NamedModel;
import org.dl4jx.workbench.notation.NamedUpdater;
import picocli.CommandLine.Option;

/** The options for what to train, shared by the commands that train. */
final class ModelOptions {
  @Option(
      names = "--updaters",
      paramLabel = "<name>",
      defaultValue = "adam,adamw",
      converter = NamedUpdater.ListConverter.class,
      completionCandidates = NamedUpdater.Candidates.class,
      description =
          "The updaters, separated by commas, or all. Each may have settings, by the names of its"
              + " builder, as in adamw(beta2=0.95). Default: ${DEFAULT-VALUE}. Known, with their"
              + " usual learning rates: ${COMPLETION-CANDIDATES}")
  private List<NamedUpdater> updaters;

  @Option(
      names = "--model",
      paramLabel = "<model>",
      description = "The network: ${COMPLETION-CANDIDATES}. Default: mlp, and cnn for cifar10")
  private NamedModel model;

  @Option(
      names = "--train-examples",
      paramLabel = "<n>",
      description =
          "Number of training images, taken from the start of a fixed order that keeps the"
              + " proportions of the classes. Default: all")
  private Integer trainExamples;

  @Option(
      names = "--batch-size",
      paramLabel = "<n>",
      defaultValue = "32",
      description = "Images per batch. Default: ${DEFAULT-VALUE}")
  private int batchSize;

  @Option(
      names = "--weight-decay",
      paramLabel = "<decay>",
      defaultValue = "0.01",
      description = "The weight decay of updaters that have one. Default: ${DEFAULT-VALUE}")
  private double weightDecay;

  List<NamedUpdater> updaters() {
    return Usage.once("--updaters", updaters, NamedUpdater::label);
  }

  /** The updaters, all of which follow a schedule of the learning rate. */
  List<NamedUpdater> updatersWithSchedules() {
    for (NamedUpdater updater : updaters()) {
      check(updater.followsSchedules(), "--updaters", updater, "updaters that follow schedules");
    }
    return updaters();
  }

  NamedModel model(DataOptions data) {
    return model == null ? data.usualModel() : model;
  }

  /** The number of training images. */
  int trainExamples(int available) {
    if (trainExamples == null) {
      return available;
    }
    return check(
        trainExamples >= 1 && trainExamples <= available,
        "--train-examples",
        trainExamples,
        "a number from 1 to " + available);
  }

  int batchSize() {
    return batchSize;
  }

  double weightDecay() {
    return weightDecay;
  }
}
