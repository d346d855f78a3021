package org.dl4jx.examples;

import java.io.IOException;
import java.util.Locale;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jx.examples.data.DigitImages;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.engine.NonFiniteGradientException;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Trains one network several times, each time from the same initial weights and on the same batches
 * in the same order, so that only the updater differs.
 */
final class Comparison {
  private static final int PIXELS = DigitImages.SIDE * DigitImages.SIDE;
  private static final int[] HIDDEN = {256, 128};
  private static final int TEST_BATCH = 500;

  /** The first iterations load classes and compile, which only the first updater would pay for. */
  private static final int UNTIMED_ITERATIONS = 30;

  private final DigitImages images;
  private final TrainingPlan plan;
  private final INDArray initialWeights;

  Comparison(DigitImages images, TrainingPlan plan) {
    this.images = images;
    this.plan = plan;
    MultiLayerNetwork initial = new MultiLayerNetwork(configuration(new NoOp()));
    initial.init();
    this.initialWeights = initial.params();
  }

  String network() {
    return String.format(
        Locale.ROOT,
        "%d-%d-%d-%d, ReLU, %,d parameters",
        PIXELS,
        HIDDEN[0],
        HIDDEN[1],
        DigitImages.CLASSES,
        initialWeights.length());
  }

  /**
   * Trains with one updater and tests the result.
   *
   * @param afterIteration is run after every iteration
   */
  TrainingResult run(NamedUpdater updater, Runnable afterIteration) throws IOException {
    DataSetIterator batches = images.train(plan.batchSize(), plan.trainExamples(), plan.seed());
    runUntimed(updater, batches.next());
    MultiLayerNetwork network = network(updater);
    long nanos = 0;
    int iterations = 0;
    double loss = 0;
    for (int epoch = 0; epoch < plan.epochs(); epoch++) {
      loss = 0;
      batches.reset();
      while (batches.hasNext()) {
        DataSet batch = batches.next();
        long start = System.nanoTime();
        boolean converging = fit(network, batch);
        nanos += System.nanoTime() - start;
        iterations++;
        afterIteration.run();
        if (!converging) {
          return TrainingResult.diverged(nanos / 1e9, iterations);
        }
        loss += network.score() / plan.iterationsPerEpoch();
      }
      network.incrementEpochCount();
    }
    AveragedNesterovs.settle(network);
    double accuracy = network.evaluate(images.test(TEST_BATCH)).accuracy();
    return new TrainingResult(loss, accuracy, nanos / 1e9, iterations);
  }

  private void runUntimed(NamedUpdater updater, DataSet batch) {
    MultiLayerNetwork network = network(updater);
    for (int i = 0; i < UNTIMED_ITERATIONS && fit(network, batch); i++) {}
  }

  /** One iteration; false if the loss or the gradient is no longer finite. */
  private static boolean fit(MultiLayerNetwork network, DataSet batch) {
    try {
      network.fit(batch);
      return Double.isFinite(network.score());
    } catch (NonFiniteGradientException e) {
      return false;
    }
  }

  /** A network that has not been trained. */
  MultiLayerNetwork network(NamedUpdater updater) {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration(updater.create(plan)));
    network.init(initialWeights, true);
    return network;
  }

  private MultiLayerConfiguration configuration(IUpdater updater) {
    return DecoupledDecay.attach(
        new NeuralNetConfiguration.Builder()
            .seed(plan.seed())
            .updater(updater)
            .weightInit(WeightInit.RELU)
            .activation(Activation.RELU)
            .list()
            .layer(new DenseLayer.Builder().nIn(PIXELS).nOut(HIDDEN[0]).build())
            .layer(new DenseLayer.Builder().nIn(HIDDEN[0]).nOut(HIDDEN[1]).build())
            .layer(
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nIn(HIDDEN[1])
                    .nOut(DigitImages.CLASSES)
                    .activation(Activation.SOFTMAX)
                    .build())
            .build());
  }
}
