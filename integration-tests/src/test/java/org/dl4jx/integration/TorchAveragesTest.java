package org.dl4jx.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.averaging.BatchNormalizationStatistics;
import org.dl4jx.averaging.ExponentialMovingAverage;
import org.dl4jx.averaging.StochasticWeightAverage;
import org.dl4jx.averaging.WeightAverage;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Averages beside PyTorch's: {@code src/test/python/torch_averages.py} printed the numbers. */
class TorchAveragesTest {

  private static JsonNode printed() throws IOException {
    try (InputStream json = TorchAveragesTest.class.getResourceAsStream("/torch/averages.json")) {
      return new ObjectMapper().readTree(json);
    }
  }

  static Stream<Named<JsonNode>> runs() throws IOException {
    return StreamSupport.stream(printed().get("runs").spliterator(), false)
        .map(run -> Named.of(run.get("name").asText(), run));
  }

  /** Thirty steps with five roundings each of numbers below 16, in double. */
  @ParameterizedTest
  @MethodSource("runs")
  void averagesAsPyTorchDoes(JsonNode run) {
    MultiLayerNetwork network = linear(5);
    WeightAverage average = average(run.get("settings"));
    network.setListeners(average);
    JsonNode weights = run.get("weights");
    assertThat(weights.size()).isEqualTo(30);
    int compared = 0;
    for (int i = 0; i < weights.size(); i++) {
      network.setParams(Nd4j.createFromArray(numbers(weights.get(i))).reshape(1, 5));
      average.iterationDone(network, i, 0);
      JsonNode expected = run.get("averages").get(i);
      if (!expected.isNull()) {
        double[] averaged = average.getAverage().toDoubleVector();
        for (int j = 0; j < 5; j++) {
          assertThat(averaged[j]).isCloseTo(expected.get(j).asDouble(), within(2400 * 0x1p-53));
        }
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(19);
  }

  private static WeightAverage average(JsonNode settings) {
    int start = settings.path("start").asInt(0);
    int every = settings.path("every").asInt(1);
    return settings.has("decay")
        ? ExponentialMovingAverage.builder()
            .decay(settings.get("decay").asDouble())
            .start(start)
            .every(every)
            .build()
        : new StochasticWeightAverage(start, every);
  }

  private static double[] numbers(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static MultiLayerNetwork linear(int parameters) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list()
                .layer(output().nIn(parameters).hasBias(false).build())
                .build());
    network.init();
    return network;
  }

  private static OutputLayer.Builder output() {
    return new OutputLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY).nOut(1);
  }

  /** PyTorch divides the variance of a batch of 6 by 5, Deeplearning4j by 6. */
  @Test
  void estimatesStatisticsAsPyTorchDoes() throws IOException {
    JsonNode statistics = printed().get("statistics");
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new BatchNormalization.Builder().nIn(3).nOut(3).useLogStd(false).build())
                .layer(output().nIn(3).build())
                .build());
    network.init();
    List<DataSet> batches = new ArrayList<>();
    for (JsonNode batch : statistics.get("batches")) {
      double[][] rows = new double[batch.size()][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = numbers(batch.get(i));
      }
      INDArray features = Nd4j.createFromArray(rows);
      batches.add(new DataSet(features, Nd4j.zeros(DataType.DOUBLE, rows.length, 1)));
    }

    BatchNormalizationStatistics.estimate(network, new ExistingDataSetIterator(batches));

    for (int i = 0; i < 3; i++) {
      // Sums of 24 numbers below 8, and of their squares.
      assertThat(network.getParam("0_mean").getDouble(i))
          .isCloseTo(statistics.get("mean").get(i).asDouble(), within(200 * 0x1p-53));
      assertThat(network.getParam("0_var").getDouble(i) * 6 / 5)
          .isCloseTo(statistics.get("variance").get(i).asDouble(), within(1600 * 0x1p-53));
    }
  }
}
