package org.dl4jx.integration.ways;

import java.util.Arrays;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.dl4jx.updaters.engine.UpdaterWrapper;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A model before and after training.
 *
 * @param start the parameters before
 * @param end the parameters after
 * @param decays which of them are weights that an updater of dl4jx trains
 * @param scoreBefore the score of all batches before
 * @param scoreAfter and after
 */
record Trained(
    double[] start, double[] end, boolean[] decays, double scoreBefore, double scoreAfter) {

  /**
   * Trains a model and may return another.
   *
   * @param <M> its class
   */
  interface Fit<M> {
    M train(M model) throws Exception;
  }

  /** Trains a model in place. */
  interface FitInPlace<M> {
    void train(M model) throws Exception;
  }

  static <M extends Model> Trained inPlace(
      M model, ToDoubleFunction<M> score, FitInPlace<M> training) throws Exception {
    return by(
        model,
        score,
        m -> {
          training.train(m);
          return m;
        });
  }

  static <M extends Model> Trained by(M model, ToDoubleFunction<M> score, Fit<M> training)
      throws Exception {
    double[] start = numbers(model.params());
    double before = score.applyAsDouble(model);
    M after = training.train(model);
    return new Trained(
        start, numbers(after.params()), weights(model), before, score.applyAsDouble(after));
  }

  static double[] numbers(INDArray array) {
    return array.castTo(DataType.DOUBLE).reshape(array.length()).toDoubleVector();
  }

  /** By what Deeplearning4j, not dl4jx, says of its layers. */
  private static boolean[] weights(Model model) {
    boolean[] weights = new boolean[(int) model.numParams()];
    Layer[] layers =
        model instanceof ComputationGraph g
            ? g.getLayers()
            : ((MultiLayerNetwork) model).getLayers();
    for (Layer layer : layers) {
      boolean frozen = layer instanceof FrozenLayer || layer instanceof FrozenLayerWithBackprop;
      if (frozen || layer.numParams() == 0) {
        continue;
      }
      org.deeplearning4j.nn.conf.layers.Layer conf = layer.conf().getLayer();
      for (Map.Entry<String, INDArray> parameter : layer.paramTable(false).entrySet()) {
        IUpdater updater = conf.getUpdaterByParam(parameter.getKey());
        boolean ours = updater instanceof UpdaterConfiguration || updater instanceof UpdaterWrapper;
        if (ours && conf.initializer().isWeightParam(conf, parameter.getKey())) {
          int from = (int) (parameter.getValue().offset() - model.params().offset());
          Arrays.fill(weights, from, from + (int) parameter.getValue().length(), true);
        }
      }
    }
    return weights;
  }
}
