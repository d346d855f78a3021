package org.dl4jx.updaters.sophia;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The gradient of a network's loss on its current batch, for labels that are drawn from its own
 * output. A twin computes it, a network with the same parameters in the same memory. So training
 * doesn't notice: the network keeps its gradient, score, activations and listeners.
 */
public abstract sealed class SampledGradient {
  private final Model model;
  private final List<SampledLabels> outputs = new ArrayList<>();

  private SampledGradient(Model model) {
    this.model = model;
  }

  /**
   * The gradients of a network.
   *
   * @param model a MultiLayerNetwork or ComputationGraph
   * @return its gradients
   * @throws IllegalStateException if labels cannot be drawn from one of its outputs, or if it is
   *     trained by truncated backpropagation through time
   */
  public static SampledGradient of(Model model) {
    return model instanceof MultiLayerNetwork network
        ? new OfLayers(network)
        : new OfGraph((ComputationGraph) model);
  }

  /**
   * Whether these are the gradients of a network.
   *
   * @param other the network
   * @return false if they are those of another one
   */
  public boolean isOf(Model other) {
    return model == other;
  }

  /**
   * Computes the gradient.
   *
   * @param labels the labels of the batch, of which only the shapes matter
   * @param random the source of the labels, and of what is random in the network, such as dropout
   * @return the gradient of the loss, summed over the examples, without penalties or clipping. It
   *     is valid until the next call.
   */
  public INDArray sum(INDArray[] labels, SplittableRandom random) {
    outputs.forEach(output -> output.drawFrom(random.split()));
    Random shared = Nd4j.getRandom();
    long root = shared.rootState();
    long node = shared.nodeState();
    shared.setStates(random.nextLong(), random.nextLong());
    try {
      INDArray gradient = compute(labels);
      return gradient.reshape(gradient.length());
    } finally {
      shared.setStates(root, node);
    }
  }

  abstract INDArray compute(INDArray[] labels);

  void draw(org.deeplearning4j.nn.conf.layers.Layer output, String name) {
    outputs.add(SampledLabels.putInto(output, name));
  }

  private static void checkBackpropagation(BackpropType type) {
    if (type == BackpropType.TruncatedBPTT) {
      throw new IllegalStateException(
          "SophiaHessian does not support BackpropType.TruncatedBPTT, because the state in which a"
              + " segment began is lost when its step is done. Use BackpropType.Standard or another"
              + " updater");
    }
  }

  private static final class OfLayers extends SampledGradient {
    private final MultiLayerNetwork network;
    private final MultiLayerNetwork twin;

    OfLayers(MultiLayerNetwork network) {
      super(network);
      this.network = network;
      MultiLayerConfiguration conf = network.getLayerWiseConfigurations().clone();
      checkBackpropagation(conf.getBackpropType());
      int last = conf.getConfs().size() - 1;
      var output = conf.getConf(last).getLayer();
      draw(output, output.getLayerName() == null ? "layer" + last : output.getLayerName());
      twin = new MultiLayerNetwork(conf);
      twin.init(network.params(), false);
    }

    @Override
    INDArray compute(INDArray[] labels) {
      twin.getLayerWiseConfigurations().setIterationCount(network.getIterationCount());
      twin.getLayerWiseConfigurations().setEpochCount(network.getEpochCount());
      twin.setInput(network.getInput());
      twin.setLabels(labels[0]);
      copyMasks(network.getLayers(), network.getInputMiniBatchSize());
      twin.computeGradientAndScore();
      twin.clearLayerMaskArrays();
      for (Layer layer : twin.getLayers()) {
        layer.clear();
      }
      twin.setInput(null);
      twin.setLabels(null);
      return twin.getFlattenedGradients();
    }

    /** Networks do not keep the mask of their input, but each layer keeps the one it got. */
    private void copyMasks(Layer[] layers, int batchSize) {
      int last = layers.length - 1;
      for (int i = 0; i < last; i++) {
        INDArray mask = layers[i].getMaskArray();
        if (mask != null) {
          twin.getLayer(i).feedForwardMaskArray(mask, MaskState.Active, batchSize);
        }
      }
      twin.getLayer(last).setMaskArray(layers[last].getMaskArray());
    }
  }

  private static final class OfGraph extends SampledGradient {
    private final ComputationGraph graph;
    private final ComputationGraph twin;

    OfGraph(ComputationGraph graph) {
      super(graph);
      this.graph = graph;
      ComputationGraphConfiguration conf = graph.getConfiguration().clone();
      checkBackpropagation(conf.getBackpropType());
      for (String name : conf.getNetworkOutputs()) {
        GraphVertex vertex = conf.getVertices().get(name);
        if (!(vertex instanceof LayerVertex layer)) {
          throw SampledLabels.refusal(name, vertex.getClass().getSimpleName());
        }
        draw(layer.getLayerConf().getLayer(), name);
      }
      twin = new ComputationGraph(conf);
      twin.init(graph.params(), false);
    }

    @Override
    INDArray compute(INDArray[] labels) {
      twin.getConfiguration().setIterationCount(graph.getIterationCount());
      twin.getConfiguration().setEpochCount(graph.getEpochCount());
      twin.setInputs(graph.getInputs());
      twin.setLabels(labels);
      twin.setLayerMaskArrays(graph.getInputMaskArrays(), graph.getLabelMaskArrays());
      twin.computeGradientAndScore();
      twin.clearLayerMaskArrays();
      twin.clear();
      return twin.getFlattenedGradients();
    }
  }
}
