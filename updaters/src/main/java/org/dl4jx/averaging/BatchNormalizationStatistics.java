package org.dl4jx.averaging;

import static org.dl4jx.schedules.checks.Argument.given;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Estimates the mean and variance that batch normalization layers use outside of training, at the
 * network's present weights. While a network trains, its layers keep running averages of them, for
 * weights that change. At other weights, such as an average, they don't fit:
 *
 * <pre>{@code
 * ExponentialMovingAverage average = new ExponentialMovingAverage(0.99);
 * network.addListeners(average);
 * network.fit(train);
 * Evaluation evaluation =
 *     average.at(
 *         network, n -> BatchNormalizationStatistics.estimate(n, train).evaluate(test));
 *
 * average.moveTo(network); // when training is done
 * BatchNormalizationStatistics.estimate(network, train);
 * }</pre>
 *
 * <p>One pass over the data, forward only, as in training, with dropout. With the mean {@code μᵢ}
 * and the variance {@code σᵢ²} of the activations of batch i, which has {@code nᵢ} examples:
 *
 * <pre>
 * mean = Σ nᵢ μᵢ / Σ nᵢ
 * variance = Σ nᵢ σᵢ² / Σ nᵢ
 * </pre>
 *
 * <p>Use batches as large as in training. A part of the training data is enough: a few thousand
 * examples. Frozen layers keep their statistics. A network without batch normalization stays as it
 * is.
 *
 * <p>Izmailov et al. 2018, section 3.2. PyTorch's {@code swa_utils.update_bn} counts all batches
 * alike, and takes the variance with n - 1; Deeplearning4j's own is with n.
 */
public final class BatchNormalizationStatistics {
  private BatchNormalizationStatistics() {}

  /**
   * Estimates the statistics of a network.
   *
   * @param network the network
   * @param data training data; reset before and after, if that is supported
   * @return {@code network}
   * @throws IllegalArgumentException if there is no data
   * @throws IllegalStateException if the activations are not finite; nothing has changed then
   */
  public static MultiLayerNetwork estimate(MultiLayerNetwork network, DataSetIterator data) {
    Layer[] layers = given("network", network).getLayers();
    int[] normalizing =
        IntStream.range(0, layers.length).filter(i -> normalizes(layers[i])).toArray();
    List<Estimate> estimates =
        IntStream.of(normalizing).mapToObj(i -> new Estimate(layers[i])).toList();
    estimate(
        estimates,
        new MultiDataSetIteratorAdapter(given("data", data)),
        batch -> {
          List<INDArray> activations =
              activations(network, batch, normalizing[normalizing.length - 1]);
          return IntStream.of(normalizing)
              .mapToObj(
                  layer ->
                      processed(
                          activations.get(layer),
                          network.getLayerWiseConfigurations().getInputPreProcess(layer),
                          batch))
              .toList();
        });
    return network;
  }

  /**
   * Goes over the data once.
   *
   * @param inputs the inputs of the layers for a batch, in the order of the estimates
   */
  private static void estimate(
      List<Estimate> estimates,
      MultiDataSetIterator data,
      Function<MultiDataSet, List<INDArray>> inputs) {
    if (estimates.isEmpty()) {
      return;
    }
    reset(data);
    while (data.hasNext()) {
      List<INDArray> ofLayers = inputs.apply(data.next());
      for (int i = 0; i < ofLayers.size(); i++) {
        estimates.get(i).add(ofLayers.get(i));
      }
    }
    estimates.forEach(Estimate::check);
    estimates.forEach(Estimate::write);
    reset(data);
  }

  /** The input, and what comes out of each layer before the last one that normalizes. */
  private static List<INDArray> activations(
      MultiLayerNetwork network, MultiDataSet batch, int last) {
    INDArray features = batch.getFeatures(0);
    if (last == 0) {
      return List.of(features);
    }
    network.setLayerMaskArrays(batch.getFeaturesMaskArray(0), null);
    try {
      return network.feedForwardToLayer(last - 1, features, true);
    } finally {
      network.clearLayerMaskArrays();
    }
  }

  /**
   * Estimates the statistics of a graph with one input and one output.
   *
   * @param graph the graph
   * @param data training data; reset before and after, if that is supported
   * @return {@code graph}
   * @throws IllegalArgumentException if there is no data
   * @throws IllegalStateException if the activations are not finite; nothing has changed then
   */
  public static ComputationGraph estimate(ComputationGraph graph, DataSetIterator data) {
    return estimate(graph, new MultiDataSetIteratorAdapter(given("data", data)));
  }

  /**
   * Estimates the statistics of a graph.
   *
   * @param graph the graph
   * @param data training data; reset before and after, if that is supported
   * @return {@code graph}
   * @throws IllegalArgumentException if there is no data
   * @throws IllegalStateException if the activations are not finite; nothing has changed then
   */
  public static ComputationGraph estimate(ComputationGraph graph, MultiDataSetIterator data) {
    List<LayerVertex> normalizing = new ArrayList<>();
    for (GraphVertex vertex : given("graph", graph).getVertices()) {
      if (vertex instanceof LayerVertex layer && normalizes(layer.getLayer())) {
        normalizing.add(layer);
      }
    }
    List<Estimate> estimates =
        normalizing.stream().map(vertex -> new Estimate(vertex.getLayer())).toList();
    estimate(
        estimates,
        given("data", data),
        batch -> {
          Map<String, INDArray> activations = activations(graph, batch);
          return normalizing.stream()
              .map(
                  vertex ->
                      processed(
                          activations.get(nameOfInput(graph, vertex)),
                          vertex.getLayerPreProcessor(),
                          batch))
              .toList();
        });
    return graph;
  }

  private static String nameOfInput(ComputationGraph graph, LayerVertex vertex) {
    int index = vertex.getInputVertices()[0].getVertexIndex();
    return graph.getVertices()[index].getVertexName();
  }

  private static Map<String, INDArray> activations(ComputationGraph graph, MultiDataSet batch) {
    graph.setLayerMaskArrays(batch.getFeaturesMaskArrays(), null);
    try {
      return graph.feedForward(batch.getFeatures(), true);
    } finally {
      graph.clearLayerMaskArrays();
    }
  }

  private static void reset(MultiDataSetIterator data) {
    if (data.resetSupported()) {
      data.reset();
    }
  }

  /** A frozen layer is wrapped, and never uses the statistics of a batch. */
  private static boolean normalizes(Layer layer) {
    return layer instanceof org.deeplearning4j.nn.layers.normalization.BatchNormalization;
  }

  private static INDArray processed(
      INDArray input, InputPreProcessor processor, MultiDataSet batch) {
    int examples = (int) batch.getFeatures(0).size(0);
    return processor == null
        ? input
        : processor.preProcess(input, examples, LayerWorkspaceMgr.noWorkspaces());
  }

  /** The statistics of one layer. */
  private static final class Estimate {
    private static final double HALF_OF_LOG_10 = 0.5 / Math.log(10);

    private final Layer layer;
    private final BatchNormalization configuration;
    private INDArray mean;
    private INDArray variance;
    private long examples;

    Estimate(Layer layer) {
      this.layer = layer;
      this.configuration = (BatchNormalization) layer.conf().getLayer();
    }

    void add(INDArray input) {
      int[] others = dimensionsBesidesChannels(input);
      INDArray batchMean = input.mean(others).castTo(DataType.DOUBLE);
      INDArray batchVariance = input.var(false, others).castTo(DataType.DOUBLE);
      long n = input.size(0);
      examples += n;
      if (mean == null) {
        mean = batchMean;
        variance = batchVariance;
      } else {
        double share = (double) n / examples;
        mean.addi(batchMean.subi(mean).muli(share));
        variance.addi(batchVariance.subi(variance).muli(share));
      }
    }

    private int[] dimensionsBesidesChannels(INDArray input) {
      if (input.rank() == 2) {
        return new int[] {0};
      }
      return configuration.getCnn2DFormat() == CNN2DFormat.NCHW
          ? new int[] {0, 2, 3}
          : new int[] {0, 1, 2};
    }

    void check() {
      if (examples == 0) {
        throw new IllegalArgumentException("data must have at least one batch, but had none");
      }
      if (!Double.isFinite(mean.sumNumber().doubleValue())
          || !Double.isFinite(variance.sumNumber().doubleValue())) {
        throw new IllegalStateException(
            String.format(
                "the activations before layer %s are not finite; its statistics stay as they were",
                configuration.getLayerName()));
      }
    }

    void write() {
      assign(BatchNormalizationParamInitializer.GLOBAL_MEAN, mean);
      if (configuration.isUseLogStd()) {
        // A variance of zero, of a unit that is dead, has no logarithm.
        INDArray positive = Transforms.max(variance, Float.MIN_NORMAL);
        assign(
            BatchNormalizationParamInitializer.GLOBAL_LOG_STD,
            Transforms.log(positive).muli(HALF_OF_LOG_10));
      } else {
        assign(BatchNormalizationParamInitializer.GLOBAL_VAR, variance);
      }
    }

    private void assign(String name, INDArray values) {
      INDArray parameter = layer.getParam(name);
      parameter.assign(values.reshape(parameter.shape()).castTo(parameter.dataType()));
    }
  }
}
