package org.dl4jx.examples;

import java.io.IOException;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.dl4jx.schedules.WarmupCosineSchedule;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.DecoupledDecay;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Digits, with two copies of a network that train at once and are averaged. */
public final class ParallelTraining {
  private static final int SEED = 42;
  private static final int EPOCHS = 4;
  private static final int BATCH_SIZE = 64;
  private static final int WORKERS = 2;

  public static void main(String[] args) throws IOException {
    ExampleData data = ExampleData.mnist();

    // A schedule follows the iterations of one worker, and two workers share the batches.
    int batches = (data.trainExamples() + BATCH_SIZE - 1) / BATCH_SIZE;
    int totalSteps = EPOCHS * ((batches + WORKERS - 1) / WORKERS);
    ISchedule learningRate =
        new WarmupCosineSchedule(ScheduleType.ITERATION, 2e-3, totalSteps / 10, totalSteps);

    MultiLayerNetwork network =
        new MultiLayerNetwork(
            DecoupledDecay.attach(
                new NeuralNetConfiguration.Builder()
                    .seed(SEED)
                    .updater(new AdamWDecoupled(learningRate, 0.01))
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
                    .build()));
    network.init();
    ExampleUi.show(args, network);

    // Each worker trains a copy made from the configuration, attached decay included. After every
    // fourth iteration, weights and updater states are replaced by their means.
    ParallelWrapper workers =
        new ParallelWrapper.Builder<>(network)
            .workers(WORKERS)
            .averagingFrequency(4)
            .prefetchBuffer(0)
            .build();

    // At its end, fit() drops the updater of the network. Keep it and set it again, or Adam's
    // averages start over in each epoch.
    Updater updater = network.getUpdater();
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      workers.fit(data.train(BATCH_SIZE, SEED + epoch));
      network.setUpdater(updater);
      System.out.printf(
          "%d of %d iterations: test accuracy %.4f%n",
          network.getIterationCount(), totalSteps, network.evaluate(data.test(1_000)).accuracy());
    }
  }
}
