package org.dl4jx.examples;

import java.io.File;
import java.io.IOException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jx.averaging.BatchNormalizationStatistics;
import org.dl4jx.averaging.ExponentialMovingAverage;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.DecoupledDecay;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Digits, with an average of the weights: evaluated on the way, saved to serve, and resumed. */
public final class AveragedWeights {
  private static final int SEED = 42;
  private static final int EPOCHS = 3;
  private static final int BATCH_SIZE = 128;

  public static void main(String[] args) throws IOException {
    ExampleData data = ExampleData.mnist();
    DataSetIterator train = data.train(BATCH_SIZE, SEED);
    DataSetIterator test = data.test(1_000);

    // A constant rate keeps the weights moving. That is where an average helps most.
    MultiLayerConfiguration conf =
        DecoupledDecay.attach( // lets the layers show the updater the weights that it decays
            new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .updater(new AdamWDecoupled(3e-3, 0.01))
                .weightInit(WeightInit.RELU)
                .list()
                .layer(dense(28 * 28, 256))
                .layer(new BatchNormalization.Builder().nIn(256).nOut(256).build())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(256)
                        .nOut(10)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
    MultiLayerNetwork network = new MultiLayerNetwork(conf);
    network.init();

    // It looks back over about 1 / (1 - 0.99) = 100 iterations.
    ExponentialMovingAverage average = new ExponentialMovingAverage(0.99);
    network.addListeners(average);
    ExampleUi.show(args, network);
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
      network.fit(train, 1);
      // Inside of at(), the network has the averaged weights; then it has its own again. The
      // statistics of batch normalization are those of its own weights, so they are estimated anew.
      Evaluation evaluation =
          average.at(network, n -> BatchNormalizationStatistics.estimate(n, train).evaluate(test));
      System.out.printf(
          "Epoch %d: accuracy %.4f at the average, %.4f at the weights%n",
          epoch, evaluation.accuracy(), network.<Evaluation>evaluate(test).accuracy());
    }

    // Two files: what to go on with, and what to serve.
    File training = File.createTempFile("training", ".zip");
    network.save(training, true);
    average.addTo(training);

    MultiLayerNetwork resumed = MultiLayerNetwork.load(training, true);
    ExponentialMovingAverage resumedAverage = ExponentialMovingAverage.restore(training);
    resumed.addListeners(resumedAverage);
    resumed.fit(train, 1);

    File serving = File.createTempFile("serving", ".zip");
    resumedAverage.moveTo(resumed); // training is done
    BatchNormalizationStatistics.estimate(resumed, train).save(serving, false);
    MultiLayerNetwork served = MultiLayerNetwork.load(serving, false);
    System.out.printf(
        "Test accuracy of what is served, after one more epoch: %.4f%n",
        served.<Evaluation>evaluate(test).accuracy());
    training.delete();
    serving.delete();
  }

  /** The normalization that follows has a bias of its own. */
  private static DenseLayer dense(int in, int out) {
    return new DenseLayer.Builder()
        .nIn(in)
        .nOut(out)
        .hasBias(false)
        .activation(Activation.IDENTITY)
        .build();
  }
}
