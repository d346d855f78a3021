package org.dl4jx.workbench.report;

import java.util.function.Function;
import org.dl4jx.workbench.experiment.RunResult;

/** The quantities by which runs are compared. */
public enum Metric {
  /** The accuracy at the end. */
  ACCURACY("accuracy", RunResult::accuracy, 1),
  /** The mean training loss over the last epoch. */
  TRAINING_LOSS("training loss", RunResult::trainingLoss, -1);

  private final String label;
  private final Function<RunResult, Double> value;
  private final int better;

  /** {@code better} is 1 if more is better, and -1 if less is. */
  Metric(String label, Function<RunResult, Double> value, int better) {
    this.label = label;
    this.value = value;
    this.better = better;
  }

  String label() {
    return label;
  }

  /** Whether a run that did not diverge has it. */
  boolean isOf(RunResult result) {
    return value.apply(result) != null;
  }

  double of(RunResult result) {
    return value.apply(result);
  }

  /** The sign of a difference; positive means better. */
  int sign(double difference) {
    return (int) Math.signum(better * difference);
  }
}
