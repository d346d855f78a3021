package org.dl4jx.averaging;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.InvocationType;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** Evaluates a network at other weights while it trains, and moves them only when that is due. */
final class EvaluationWeightsListener extends EvaluativeListener {
  private final EvaluationWeights weights;
  private final int every;
  private long calls;

  EvaluationWeightsListener(
      EvaluationWeights weights,
      DataSetIterator data,
      int frequency,
      InvocationType type,
      IEvaluation<?>... evaluations) {
    super(given("data", data), 1, given("type", type), orDefault(evaluations));
    this.weights = weights;
    this.every = checked(frequency);
  }

  EvaluationWeightsListener(
      EvaluationWeights weights,
      MultiDataSetIterator data,
      int frequency,
      InvocationType type,
      IEvaluation<?>... evaluations) {
    super(given("data", data), 1, given("type", type), orDefault(evaluations));
    this.weights = weights;
    this.every = checked(frequency);
  }

  private static int checked(int frequency) {
    return check(frequency >= 1, "frequency", frequency, "a number >= 1");
  }

  private static IEvaluation<?>[] orDefault(IEvaluation<?>... evaluations) {
    return evaluations.length > 0 ? evaluations : new IEvaluation<?>[] {new Evaluation()};
  }

  /** Evaluates in the first call, as the superclass does, and in each that comes after so many. */
  @Override
  protected void invokeListener(Model model) {
    if (calls++ % every == 0) {
      weights.at(
          model,
          there -> {
            super.invokeListener(there);
            return null;
          });
    }
  }
}
