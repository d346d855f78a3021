package org.dl4jx.updaters.decay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;

/**
 * Layers that give the outputs of a network although their class does not say so, because a layer
 * that is only a loss comes after them. Between the two may be activations, poolings, dropout,
 * normalizations, and whatever else has no weights of its own.
 */
final class Outputs {
  private Outputs() {}

  /**
   * The layer that gives the outputs.
   *
   * @param layers the layers of a network
   * @return its index, or -1 if the last layer has weights
   */
  static int of(List<Layer> layers) {
    int last = layers.size() - 1;
    if (last < 0 || hasParameters(layers.get(last))) {
      return -1;
    }
    while (last >= 0 && passes(layers.get(last))) {
      last--;
    }
    return last;
  }

  /**
   * The vertices that give the outputs of a graph. Several do if a vertex adds or merges them.
   *
   * @param graph the graph
   * @return their names, without those of output vertices with weights
   */
  static Set<String> of(ComputationGraphConfiguration graph) {
    Deque<String> ahead = new ArrayDeque<>();
    for (String output : graph.getNetworkOutputs()) {
      if (!hasParameters(graph.getVertices().get(output))) {
        ahead.add(output);
      }
    }
    Set<String> seen = new HashSet<>(ahead);
    Set<String> found = new HashSet<>();
    while (!ahead.isEmpty()) {
      for (String input : graph.getVertexInputs().get(ahead.remove())) {
        GraphVertex vertex = graph.getVertices().get(input);
        if (vertex == null || !seen.add(input)) {
          continue; // an input of the graph, or a vertex that was met before
        }
        if (passes(vertex)) {
          ahead.add(input);
        } else {
          found.add(input);
        }
      }
    }
    return found;
  }

  /** Whether the outputs come from a layer before it. */
  private static boolean passes(Layer layer) {
    return layer instanceof BatchNormalization
        || layer instanceof PReLULayer
        || !hasParameters(layer);
  }

  private static boolean passes(GraphVertex vertex) {
    return vertex instanceof LayerVertex layer
        ? passes(layer.getLayerConf().getLayer())
        : !hasParameters(vertex);
  }

  private static boolean hasParameters(GraphVertex vertex) {
    if (vertex instanceof LayerVertex layer) {
      return hasParameters(layer.getLayerConf().getLayer());
    } else if (vertex instanceof FrozenVertex inside) {
      return hasParameters(inside.getUnderlying());
    }
    return vertex instanceof SameDiffVertex v && !v.getVertexParams().getParameterKeys().isEmpty();
  }

  /** Asks a copy, because some layers change when they are asked. */
  private static boolean hasParameters(Layer original) {
    Layer layer = original.clone();
    try {
      return !layer.initializer().paramKeys(layer).isEmpty();
    } catch (RuntimeException e) {
      // Without the shape of its input, a layer may fail to say which parameters it has.
      return true;
    }
  }
}
