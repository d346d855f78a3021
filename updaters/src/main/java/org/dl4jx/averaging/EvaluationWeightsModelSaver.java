package org.dl4jx.averaging;

import java.io.IOException;
import org.deeplearning4j.earlystopping.EarlyStoppingModelSaver;
import org.deeplearning4j.nn.api.Model;

/** Saves the best network at other weights. */
record EvaluationWeightsModelSaver<M extends Model>(
    EvaluationWeights weights, EarlyStoppingModelSaver<M> saver)
    implements EarlyStoppingModelSaver<M> {

  @Override
  public void saveBestModel(M network, double score) throws IOException {
    weights.pointOf(network).write(() -> saver.saveBestModel(network, score));
  }

  @Override
  public void saveLatestModel(M network, double score) throws IOException {
    saver.saveLatestModel(network, score);
  }

  @Override
  public M getBestModel() throws IOException {
    return saver.getBestModel();
  }

  @Override
  public M getLatestModel() throws IOException {
    return saver.getLatestModel();
  }
}
