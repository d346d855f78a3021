package org.dl4jx.examples;

import java.io.IOException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.ScheduleFreeAdamW;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Digits, with Schedule-Free AdamW: stops when it no longer improves, not at a planned step. */
public final class ScheduleFree {
  private static final int SEED = 42;
  private static final int MOST_EPOCHS = 20;
  private static final int BATCH_SIZE = 128;

  public static void main(String[] args) throws IOException {
    ExampleData data = ExampleData.mnist();

    // No schedule, so no planned end. Instead, the updater averages the weights. It can take a
    // larger learning rate than AdamW. A warm-up helps; it is a setting of the updater.
    IUpdater scheduleFree =
        ScheduleFreeAdamW.builder().learningRate(2.5e-3).warmupSteps(50).weightDecay(0.01).build();

    MultiLayerConfiguration conf =
        DecoupledDecay.attach( // lets the layers show the updater the weights that it decays
            new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .updater(scheduleFree)
                .weightInit(WeightInit.RELU)
                .activation(Activation.RELU)
                .list()
                .layer(new DenseLayer.Builder().nIn(28 * 28).nOut(256).build())
                .layer(new DenseLayer.Builder().nOut(128).build())
                .layer(
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(10)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
    MultiLayerNetwork network = new MultiLayerNetwork(conf);
    network.init();
    ExampleUi.show(args, network);

    DataSetIterator train = data.train(BATCH_SIZE, SEED);
    DataSetIterator validation = data.test(1_000); // keep some training data for it in your program
    double best = 0;
    double accuracy = 0;
    int epoch = 0;
    do {
      best = Math.max(best, accuracy);
      network.fit(train, 1);
      epoch++;
      // The parameters of the network are y, where gradients are taken. What you want is the
      // average, x. Everything inside of atX() sees the network there; then it is back at y.
      Evaluation evaluation = ScheduleFreeAdamW.atX(network, n -> n.evaluate(validation));
      accuracy = evaluation.accuracy();
      System.out.printf(
          "Epoch %d: accuracy %.4f at the average, %.4f at y%n",
          epoch, accuracy, network.<Evaluation>evaluate(validation).accuracy());
    } while (accuracy > best && epoch < MOST_EPOCHS);

    // Training is done, so the network moves to the average for good. Save it after this.
    ScheduleFreeAdamW.moveToX(network);
    System.out.printf(
        "Accuracy of the network: %.4f%n", network.<Evaluation>evaluate(validation).accuracy());
  }
}
