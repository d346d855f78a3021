package org.dl4jx.updaters.engine;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.optimize.api.TrainingListener;

/** What networks and graphs have in common, though Deeplearning4j has no type for it. */
public final class Models {
  private Models() {}

  /**
   * Whether a model is one of the two.
   *
   * @param model a model
   * @return false for single layers, which layerwise pretraining trains
   */
  public static boolean isNetwork(Model model) {
    return model instanceof MultiLayerNetwork || model instanceof ComputationGraph;
  }

  /**
   * The updaters of a network.
   *
   * @param model a network or graph
   * @return the updaters, or null if it has not trained
   */
  public static BaseMultiLayerUpdater<?> updaters(Model model) {
    return model instanceof MultiLayerNetwork network
        ? (BaseMultiLayerUpdater<?>) network.getUpdater(false)
        : ((ComputationGraph) model).getUpdater(false);
  }

  /**
   * The parts of a network that may have parameters.
   *
   * @param model a network or graph
   * @return its layers or vertices
   */
  public static Stream<? extends Trainable> layers(Model model) {
    return model instanceof MultiLayerNetwork network
        ? Arrays.stream(network.getLayers())
        : Arrays.stream(((ComputationGraph) model).getVertices());
  }

  /**
   * The listeners of a network.
   *
   * @param model a network or graph
   * @return the collection itself
   */
  public static Collection<TrainingListener> listeners(Model model) {
    return model instanceof MultiLayerNetwork network
        ? network.getListeners()
        : ((ComputationGraph) model).getListeners();
  }
}
