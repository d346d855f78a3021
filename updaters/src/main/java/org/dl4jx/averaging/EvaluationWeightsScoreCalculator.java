package org.dl4jx.averaging;

import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.nn.api.Model;

/** Scores a network at other weights. */
record EvaluationWeightsScoreCalculator<M extends Model>(
    EvaluationWeights weights, ScoreCalculator<M> calculator) implements ScoreCalculator<M> {

  @Override
  public double calculateScore(M network) {
    return weights.at(network, calculator::calculateScore);
  }

  @Override
  public boolean minimizeScore() {
    return calculator.minimizeScore();
  }
}
