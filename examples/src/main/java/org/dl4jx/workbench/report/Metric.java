package org.dl4jx.workbench.report;

import java.util.function.Function;
import org.dl4jx.workbench.experiment.RunResult;

/** What runs are compared by. */
enum Metric {
  ACCURACY("accuracy", RunResult::accuracy, 1),
  TRAINING_LOSS("training loss", RunResult::trainingLoss, -1);

  private final String label;
  private final Function<RunResult, Double> value;
  private final int better;

  /** Better is 1 where more is better, and -1 where less is. */
  Metric(String label, Function<RunResult, Double> value, int better) {
    this.label = label;
    this.value = value;
    this.better = better;
  }

  String label() {
    return label;
  }

  double of(RunResult result) {
    return value.apply(result);
  }

  /** The sign of a difference, positive for the better. */
  int sign(double difference) {
    return (int) Math.signum(better * difference);
  }
}
