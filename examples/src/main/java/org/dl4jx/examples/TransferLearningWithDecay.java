package org.dl4jx.examples;

import java.io.IOException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jx.schedules.CosineSchedule;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.DecoupledDecay;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.ViewIterator;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ScheduleType;

/** Learns the digits 0 to 4 from many images, and then 5 to 9 from a hundred. */
public final class TransferLearningWithDecay {
  private static final int SEED = 42;
  private static final int EPOCHS = 2;
  private static final int FINE_TUNING_EPOCHS = 20;
  private static final int BATCH_SIZE = 32;

  public static void main(String[] args) throws IOException {
    ExampleData data = ExampleData.mnist();
    DataSet many = data.trainDigits(20_000, SEED, 0, 1, 2, 3, 4);
    DataSet few = data.trainDigits(200, SEED, 5, 6, 7, 8, 9);
    ViewIterator test = new ViewIterator(data.testDigits(5, 6, 7, 8, 9), 500);

    MultiLayerNetwork pretrained = network(adamW(many, EPOCHS));
    ExampleUi.show(args, pretrained);
    pretrained.fit(new ViewIterator(many, BATCH_SIZE), EPOCHS);

    // This updater replaces those of all layers and starts at its first step. The new layer has no
    // decay yet, so fit() would stop and ask for it: attach again. Frozen layers don't decay.
    FineTuneConfiguration fineTuning =
        new FineTuneConfiguration.Builder().updater(adamW(few, FINE_TUNING_EPOCHS)).build();
    MultiLayerNetwork tuned =
        DecoupledDecay.attach(
            new TransferLearning.Builder(pretrained)
                .fineTuneConfiguration(fineTuning)
                .setFeatureExtractor(1) // freezes layers 0 and 1, the convolutions
                .removeOutputLayer()
                .addLayer(output())
                .build());
    System.out.println(DecoupledDecay.describe(tuned));
    ExampleUi.show(args, tuned);
    tuned.fit(new ViewIterator(few, BATCH_SIZE), FINE_TUNING_EPOCHS);

    MultiLayerNetwork fromScratch = network(adamW(few, FINE_TUNING_EPOCHS));
    fromScratch.fit(new ViewIterator(few, BATCH_SIZE), FINE_TUNING_EPOCHS);

    System.out.printf("Test accuracy of 5 to 9, learned from %d images%n", few.numExamples());
    System.out.printf("  after 0 to 4: %.4f%n", tuned.evaluate(test).accuracy());
    System.out.printf("  from scratch: %.4f%n", fromScratch.evaluate(test).accuracy());
  }

  private static IUpdater adamW(DataSet images, int epochs) {
    int totalSteps = epochs * ((images.numExamples() + BATCH_SIZE - 1) / BATCH_SIZE);
    return new AdamWDecoupled(
        new CosineSchedule(ScheduleType.ITERATION, 2e-3, totalSteps, 0), 0.05);
  }

  private static MultiLayerNetwork network(IUpdater updater) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            DecoupledDecay.attach(
                new NeuralNetConfiguration.Builder()
                    .seed(SEED)
                    .updater(updater)
                    .weightInit(WeightInit.RELU)
                    .activation(Activation.RELU)
                    .list()
                    .layer(new ConvolutionLayer.Builder(5, 5).stride(2, 2).nOut(16).build())
                    .layer(new ConvolutionLayer.Builder(5, 5).stride(2, 2).nOut(32).build())
                    .layer(new DenseLayer.Builder().nOut(128).build())
                    .layer(output())
                    .setInputType(InputType.convolutionalFlat(28, 28, 1))
                    .build()));
    network.init();
    return network;
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .nIn(128)
        .nOut(5)
        .activation(Activation.SOFTMAX)
        .build();
  }
}
