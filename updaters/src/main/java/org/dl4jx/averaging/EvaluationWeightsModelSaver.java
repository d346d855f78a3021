package org.dl4jx.averaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.deeplearning4j.earlystopping.EarlyStoppingModelSaver;
import org.deeplearning4j.nn.api.Model;

/** Saves the best network at other weights. */
record EvaluationWeightsModelSaver<M extends Model>(
    EvaluationWeights weights, EarlyStoppingModelSaver<M> saver)
    implements EarlyStoppingModelSaver<M> {

  @Override
  public void saveBestModel(M network, double score) throws IOException {
    try {
      weights.at(
          network,
          best -> {
            try {
              saver.saveBestModel(best, score);
              return null;
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
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
