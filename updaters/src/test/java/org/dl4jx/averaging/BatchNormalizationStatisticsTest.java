package org.dl4jx.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.dl4jx.averaging.Nets.numbers;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class BatchNormalizationStatisticsTest {

  private static BatchNormalization normalization(boolean logStd) {
    return new BatchNormalization.Builder().useLogStd(logStd).build();
  }

  private static MultiLayerNetwork dense(DataType type, boolean logStd) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            Nets.with(new Sgd(0.1), type)
                .list()
                .layer(normalization(logStd))
                .layer(new DenseLayer.Builder().nOut(5).build())
                .layer(normalization(logStd))
                .layer(Nets.output(5))
                .setInputType(InputType.feedForward(4))
                .build());
    network.init();
    return network;
  }

  /** Batches whose numbers are all different, in both features and batches. */
  private static List<DataSet> batches(DataType type, int... examples) {
    Random random = new Random(1);
    return IntStream.of(examples)
        .mapToObj(
            n -> {
              double[][] features = new double[n][4];
              double[][] labels = new double[n][3];
              for (int i = 0; i < n; i++) {
                for (int j = 0; j < 4; j++) {
                  features[i][j] = (j + 1) * (random.nextGaussian() + 0.1 * examples.length + j);
                }
                labels[i][i % 3] = 1;
              }
              return new DataSet(
                  Nd4j.createFromArray(features).castTo(type),
                  Nd4j.createFromArray(labels).castTo(type));
            })
        .toList();
  }

  private static DataSetIterator iterator(List<DataSet> batches) {
    return new ExistingDataSetIterator(batches);
  }

  private static double[] mean(Model model, String layer) {
    return numbers(
        model.paramTable().get(layer + "_" + BatchNormalizationParamInitializer.GLOBAL_MEAN));
  }

  private static double[] variance(Model model, String layer) {
    INDArray variance =
        model.paramTable().get(layer + "_" + BatchNormalizationParamInitializer.GLOBAL_VAR);
    if (variance != null) {
      return numbers(variance);
    }
    double[] logStd =
        numbers(
            model
                .paramTable()
                .get(layer + "_" + BatchNormalizationParamInitializer.GLOBAL_LOG_STD));
    return IntStream.range(0, logStd.length)
        .mapToDouble(i -> Math.pow(10, 2 * logStd[i]))
        .toArray();
  }

  /**
   * The first layer sees the data, whose statistics are computed here by hand. Sums of 9 numbers of
   * up to 20, their squares, and a logarithm and power of up to 6: 400 · 20 roundings are far more
   * than there are.
   */
  @ParameterizedTest
  @CsvSource({"FLOAT, true", "FLOAT, false", "DOUBLE, true", "DOUBLE, false"})
  void areTheMeansOverTheBatchesByTheirSizes(DataType type, boolean logStd) {
    List<DataSet> batches = batches(type, 9, 4, 2);
    for (boolean isGraph : new boolean[] {false, true}) {
      MultiLayerNetwork network = dense(type, logStd);
      Model model = isGraph ? network.toComputationGraph() : network;
      estimate(model, iterator(batches));

      double tolerance = 8000 * (type == DataType.FLOAT ? 0x1p-24 : 0x1p-53);
      double[] mean = mean(model, "0");
      double[] variance = variance(model, "0");
      for (int feature = 0; feature < 4; feature++) {
        double expectedMean = 0;
        double expectedVariance = 0;
        for (DataSet batch : batches) {
          double[] x = numbers(batch.getFeatures().getColumn(feature));
          double m = IntStream.range(0, x.length).mapToDouble(i -> x[i]).sum() / x.length;
          double squares =
              IntStream.range(0, x.length).mapToDouble(i -> (x[i] - m) * (x[i] - m)).sum();
          expectedMean += x.length * m / 15;
          expectedVariance += squares / 15;
        }
        assertThat(mean[feature]).isCloseTo(expectedMean, within(tolerance));
        assertThat(variance[feature]).isCloseTo(expectedVariance, within(tolerance));
      }
    }
  }

  private static void estimate(Model model, DataSetIterator data) {
    if (model instanceof MultiLayerNetwork network) {
      assertThat(BatchNormalizationStatistics.estimate(network, data)).isSameAs(model);
    } else {
      assertThat(BatchNormalizationStatistics.estimate((ComputationGraph) model, data))
          .isSameAs(model);
    }
  }

  /** With the batch's own statistics, the network's output is the same in training and outside. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void giveTheOutputOfTrainingForASingleBatch(boolean isGraph) {
    DataSet batch = batches(DataType.DOUBLE, 9).get(0);
    MultiLayerNetwork network = dense(DataType.DOUBLE, true);
    Model model = isGraph ? network.toComputationGraph() : network;
    double[] inTraining = output(model, batch, true);
    assertThat(output(model, batch, false)).isNotEqualTo(inTraining);

    estimate(model, iterator(List.of(batch)));

    double[] outside = output(model, batch, false);
    for (int i = 0; i < outside.length; i++) {
      // Probabilities: some hundred roundings of numbers below 20, and a root.
      assertThat(outside[i]).isCloseTo(inTraining[i], within(1e-12));
    }
  }

  private static double[] output(Model model, DataSet batch, boolean train) {
    return numbers(
        model instanceof MultiLayerNetwork network
            ? network.output(batch.getFeatures(), train)
            : ((ComputationGraph) model).output(train, batch.getFeatures())[0]);
  }

  @ParameterizedTest
  @CsvSource({"NCHW, false", "NHWC, false", "NCHW, true", "NHWC, true"})
  void areThoseOfChannelsInConvolutions(CNN2DFormat format, boolean isGraph) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            Nets.with(new Sgd(0.1), DataType.DOUBLE)
                .convolutionMode(org.deeplearning4j.nn.conf.ConvolutionMode.Same)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).build())
                .layer(normalization(true))
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(2).build())
                .layer(normalization(true))
                .layer(new DenseLayer.Builder().nOut(6).build())
                .layer(normalization(true))
                .layer(Nets.output(6))
                .setInputType(InputType.convolutional(5, 7, 3, format))
                .build());
    network.init();
    long[] shape = format == CNN2DFormat.NCHW ? new long[] {6, 3, 5, 7} : new long[] {6, 5, 7, 3};
    INDArray labels = Nd4j.zeros(DataType.DOUBLE, 6, 3);
    labels.putScalar(1, 1);
    DataSet batch = new DataSet(Nd4j.rand(DataType.DOUBLE, shape).muli(3).subi(1), labels);
    Model model = isGraph ? network.toComputationGraph() : network;
    double[] inTraining = output(model, batch, true);

    estimate(model, iterator(List.of(batch)));

    double[] outside = output(model, batch, false);
    for (int i = 0; i < outside.length; i++) {
      assertThat(outside[i]).isCloseTo(inTraining[i], within(1e-12));
    }
  }

  @Test
  void areEstimatedAnewForAnAverageAndPutBackWithIt() {
    MultiLayerNetwork network = dense(DataType.FLOAT, true);
    ExponentialMovingAverage average = new ExponentialMovingAverage(0.9);
    network.setListeners(average);
    DataSetIterator data = iterator(batches(DataType.FLOAT, 9, 9, 9));
    network.fit(data, 4);
    double[] before = Nets.parameters(network);
    double[] plain = average.at(network, n -> mean(n, "2"));

    double[] estimated =
        average.at(network, n -> mean(BatchNormalizationStatistics.estimate(n, data), "2"));

    assertThat(estimated).isNotEqualTo(plain);
    assertThat(Nets.parameters(network)).isEqualTo(before);
    assertThat(data.hasNext()).isTrue();
  }

  @Test
  void leaveFrozenLayersAndOtherParametersAlone() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            Nets.with(new Sgd(0.1), DataType.FLOAT)
                .list()
                .layer(new FrozenLayer(normalization(true)))
                .layer(new DenseLayer.Builder().nOut(5).build())
                .layer(normalization(true))
                .layer(Nets.output(5))
                .setInputType(InputType.feedForward(4))
                .build());
    network.init();
    double[] frozen = numbers(network.getLayer(0).params());
    double[] weights = numbers(network.getLayer(1).params());
    double[] mean = mean(network, "2");

    BatchNormalizationStatistics.estimate(network, iterator(batches(DataType.FLOAT, 9)));

    assertThat(numbers(network.getLayer(0).params())).isEqualTo(frozen);
    assertThat(numbers(network.getLayer(1).params())).isEqualTo(weights);
    assertThat(mean(network, "2")).isNotEqualTo(mean);
  }

  @Test
  void ofUnitsThatAreDeadAreFinite() {
    MultiLayerNetwork network = dense(DataType.FLOAT, true);
    DataSet dead = new DataSet(Nd4j.ones(6, 4), Nd4j.ones(6, 3).div(3));

    BatchNormalizationStatistics.estimate(network, iterator(List.of(dead)));

    assertThat(network.params().sumNumber().doubleValue()).isFinite();
    network.fit(dead);
    assertThat(network.params().sumNumber().doubleValue()).isFinite();
  }

  @Test
  void needDataThatIsFinite() {
    for (Model model : List.of(dense(DataType.FLOAT, true), graph())) {
      double[] before = Nets.parameters(model);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> estimate(model, iterator(List.of())))
          .withMessage("data must have at least one batch, but had none");
      DataSet bad = batches(DataType.FLOAT, 9).get(0);
      bad.getFeatures().putScalar(3, Double.NaN);
      assertThatIllegalStateException()
          .isThrownBy(() -> estimate(model, iterator(List.of(bad))))
          .withMessageContaining("are not finite; its statistics stay as they were");
      assertThat(Nets.parameters(model)).isEqualTo(before);
    }
  }

  private static ComputationGraph graph() {
    return dense(DataType.FLOAT, true).toComputationGraph();
  }

  @Test
  void leaveANetworkWithoutBatchNormalizationAlone() {
    MultiLayerNetwork network = Nets.network(new Sgd(0.1));
    double[] before = Nets.parameters(network);

    BatchNormalizationStatistics.estimate(network, iterator(List.of()));

    assertThat(Nets.parameters(network)).isEqualTo(before);
  }
}
