package org.dl4jx.examples;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.schedules.WarmupCosineSchedule;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.DecoupledDecay;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** A run that stops halfway, is saved and is resumed: it ends where a run without a stop ends. */
public final class SaveAndResume {
  private static final int SEED = 42;
  private static final int EPOCHS = 4;
  private static final int BATCH_SIZE = 128;

  public static void main(String[] args) throws IOException {
    ExampleData data = ExampleData.mnist();

    System.out.println("Without a stop");
    MultiLayerNetwork unstopped = network(data.trainExamples());
    ExampleUi.show(args, unstopped);
    train(unstopped, data, EPOCHS);

    System.out.println("With a stop");
    MultiLayerNetwork stopped = network(data.trainExamples());
    train(stopped, data, EPOCHS / 2);

    // true saves the updater's state too: Adam's averages and its step count. The file also holds
    // the configuration, with schedule, attached decay, iteration and epoch.
    File file = File.createTempFile("mnist", ".zip");
    ModelSerializer.writeModel(stopped, file, true);
    System.out.printf("  saved, %,d bytes%n", file.length());

    // Another day, another process. Nothing is attached again, and no rate is set again.
    MultiLayerNetwork resumed = ModelSerializer.restoreMultiLayerNetwork(file, true);
    file.delete();
    train(resumed, data, EPOCHS);

    boolean same =
        Arrays.equals(resumed.params().toFloatVector(), unstopped.params().toFloatVector());
    System.out.printf(
        "%,d parameters are %s%n", resumed.numParams(), same ? "equal bit for bit" : "different");
    System.out.printf("Test accuracy: %.4f%n", resumed.evaluate(data.test(1_000)).accuracy());
  }

  /** Goes on from the epoch that the network has reached. */
  private static void train(MultiLayerNetwork network, ExampleData data, int epochs) {
    while (network.getEpochCount() < epochs) {
      // The file does not say which images are next. So the order of an epoch follows from its
      // number, and a run that is resumed after an epoch sees the images that it would have seen.
      network.fit(data.train(BATCH_SIZE, SEED + network.getEpochCount()));
      System.out.printf("  epoch %d: score %.6f%n", network.getEpochCount(), network.score());
    }
  }

  private static MultiLayerNetwork network(int trainExamples) {
    int totalSteps = EPOCHS * ((trainExamples + BATCH_SIZE - 1) / BATCH_SIZE);
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
                    .layer(new DenseLayer.Builder().nIn(28 * 28).nOut(128).build())
                    .layer(
                        new OutputLayer.Builder(LossFunction.MCXENT)
                            .nOut(10)
                            .activation(Activation.SOFTMAX)
                            .build())
                    .build()));
    network.init();
    return network;
  }
}
