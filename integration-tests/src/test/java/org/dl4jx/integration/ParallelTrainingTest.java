package org.dl4jx.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.dl4jx.averaging.StochasticWeightAverage;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.SophiaG;
import org.dl4jx.updaters.SophiaHessian;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks large enough that a step runs on several threads, trained from several threads. */
class ParallelTrainingTest {
  private static final int FEATURES = 300;
  private static final int HIDDEN = 1_000;
  private static final int ITERATIONS = 12;

  static Stream<UpdaterConfiguration> updaters() {
    return Arrays.stream(NamedOptimizer.values())
        .filter(o -> o.need() != NamedOptimizer.Need.CURVATURE) // no listener here
        .map(o -> o.create(o.usualLearningRate(), 0.01));
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void twoNetworksTrainedAtOnceBecomeWhatEachBecomesAlone(IUpdater updater) throws Exception {
    ExecutorService two = Executors.newFixedThreadPool(2);
    try {
      for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
        double[] first = trained(updater, type, 1);
        double[] second = trained(updater, type, 2);
        List<Callable<double[]>> trainings =
            List.of(() -> trained(updater, type, 1), () -> trained(updater, type, 2));
        List<Future<double[]>> together = two.invokeAll(trainings);

        assertThat(together.get(0).get()).isEqualTo(first);
        assertThat(together.get(1).get()).isEqualTo(second);
        assertThat(first).isNotEqualTo(second);
      }
    } finally {
      two.shutdownNow();
    }
  }

  /**
   * Which numbers come out is a matter of chance, with Deeplearning4j's updaters too: the second
   * worker copies parameters and state while the first may already have begun.
   */
  @ParameterizedTest
  @MethodSource("updaters")
  void parallelWrapperTrains(IUpdater updater) {
    MultiLayerNetwork network = network(updater, DataType.FLOAT, 3);
    DataSet batch = batch(DataType.FLOAT, 3);
    double before = network.score(batch);

    fitWithTwoWorkers(network, batch);

    assertThat(network.score(batch)).isLessThan(before / 2);
  }

  /** Otherwise the updater would stop after three steps. */
  @Test
  void parallelWrapperCallsTheListenerOfSophiaInItsWorkers() {
    IUpdater sophia = SophiaG.builder().learningRate(1e-3).k(3).build();
    MultiLayerNetwork network = network(sophia, DataType.FLOAT, 3);
    AtomicInteger calls = new AtomicInteger();
    network.setListeners(
        new SophiaHessian() {
          @Override
          public void iterationDone(Model model, int iteration, int epoch) {
            super.iterationDone(model, iteration, epoch);
            calls.incrementAndGet();
          }
        });
    DataSet batch = batch(DataType.FLOAT, 3);
    double before = network.score(batch);

    fitWithTwoWorkers(network, batch);

    assertThat(calls).hasValue(2 * ITERATIONS);
    assertThat(network.score(batch)).isLessThan(before / 2);
  }

  @Test
  void anAverageFollowsTheNetworkAmongTheWorkersOfParallelWrapper() {
    MultiLayerNetwork network = network(new Adam(1e-3), DataType.DOUBLE, 3);
    StochasticWeightAverage average = new StochasticWeightAverage(0, 1);
    average.follow(network);
    List<INDArray> weights = new ArrayList<>();
    network.setListeners(
        average,
        new BaseTrainingListener() {
          @Override
          public void iterationDone(Model model, int iteration, int epoch) {
            if (model == network) {
              weights.add(model.params().dup());
            }
          }
        });

    fitWithTwoWorkers(network, batch(DataType.DOUBLE, 3));

    assertThat(average.getAveraged()).isEqualTo(ITERATIONS);
    INDArray mean = weights.get(0).dup();
    for (int i = 1; i < weights.size(); i++) {
      mean.addi(weights.get(i).sub(mean).divi(i + 1));
    }
    // A division and a multiplication by 1/n round differently, in every step, numbers below 1.
    assertThat(average.getAverage().distance2(mean.reshape(mean.length()))).isLessThan(1e-13);
    double[] before = network.params().toDoubleVector();
    double score = average.at(network, n -> n.score(batch(DataType.DOUBLE, 3)));
    assertThat(score).isFinite().isNotEqualTo(network.score(batch(DataType.DOUBLE, 3)));
    assertThat(network.params().toDoubleVector()).isEqualTo(before);
  }

  @Test
  void anAverageThatFollowsNoNetworkIsRefusedAmongTheWorkersOfParallelWrapper() {
    MultiLayerNetwork network = network(new Adam(1e-3), DataType.DOUBLE, 3);
    network.setListeners(new StochasticWeightAverage(0, 1));

    assertThatThrownBy(() -> fitWithTwoWorkers(network, batch(DataType.DOUBLE, 3)))
        .rootCause()
        .hasMessageContaining("For ParallelWrapper")
        .hasMessageContaining("call follow(network)");
  }

  private static void fitWithTwoWorkers(MultiLayerNetwork network, DataSet batch) {
    List<DataSet> batches = Stream.generate(batch::copy).limit(2 * ITERATIONS).toList();
    ParallelWrapper wrapper =
        new ParallelWrapper.Builder<>(network)
            .workers(2)
            .averagingFrequency(1)
            .prefetchBuffer(0)
            .build();
    try {
      wrapper.fit(new ExistingDataSetIterator(batches));
    } finally {
      wrapper.shutdown();
    }
  }

  private static double[] trained(IUpdater updater, DataType type, long seed) {
    MultiLayerNetwork network = network(updater, type, seed);
    DataSet batch = batch(type, seed);
    for (int i = 0; i < ITERATIONS; i++) {
      network.fit(batch);
    }
    return network.params().castTo(DataType.DOUBLE).toDoubleVector();
  }

  private static MultiLayerNetwork network(IUpdater updater, DataType type, long seed) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            DecoupledDecay.attach(
                new NeuralNetConfiguration.Builder()
                    .seed(seed)
                    .dataType(type)
                    .updater(updater)
                    .activation(Activation.TANH)
                    .list()
                    .layer(new DenseLayer.Builder().nIn(FEATURES).nOut(HIDDEN).build())
                    .layer(
                        new OutputLayer.Builder(LossFunction.MCXENT)
                            .activation(Activation.SOFTMAX)
                            .nIn(HIDDEN)
                            .nOut(3)
                            .build())
                    .build()));
    network.init();
    return network;
  }

  private static DataSet batch(DataType type, long seed) {
    Random random = new Random(seed);
    int examples = 8;
    float[][] features = new float[examples][FEATURES];
    float[][] labels = new float[examples][3];
    for (int i = 0; i < examples; i++) {
      for (int j = 0; j < FEATURES; j++) {
        features[i][j] = (float) random.nextGaussian();
      }
      labels[i][i % 3] = 1;
    }
    return new DataSet(
        Nd4j.createFromArray(features).castTo(type), Nd4j.createFromArray(labels).castTo(type));
  }
}
