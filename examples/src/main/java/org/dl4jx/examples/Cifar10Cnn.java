package org.dl4jx.examples;

import java.io.IOException;
import java.util.Optional;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.dl4jx.schedules.WarmupCosineSchedule;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.DecoupledDecay;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Small photographs, with a convolutional network, batch normalization and AdamW. */
public final class Cifar10Cnn {
  private static final int SEED = 42;
  private static final int EPOCHS = 1;
  private static final int BATCH_SIZE = 128;

  public static void main(String[] args) throws IOException {
    Optional<ExampleData> found = ExampleData.cifar10();
    if (found.isEmpty()) {
      return;
    }
    ExampleData data = found.get();
    int totalSteps = EPOCHS * ((data.trainExamples() + BATCH_SIZE - 1) / BATCH_SIZE);
    ISchedule learningRate =
        new WarmupCosineSchedule(ScheduleType.ITERATION, 3e-3, totalSteps / 10, totalSteps);

    MultiLayerConfiguration conf =
        new NeuralNetConfiguration.Builder()
            .seed(SEED)
            .updater(new AdamWDecoupled(learningRate, 0.05))
            .weightInit(WeightInit.RELU)
            .activation(Activation.RELU)
            .list()
            .layer(convolution(16))
            .layer(new BatchNormalization())
            .layer(new ActivationLayer(Activation.RELU))
            .layer(convolution(32))
            .layer(new BatchNormalization())
            .layer(new ActivationLayer(Activation.RELU))
            .layer(convolution(64))
            .layer(new BatchNormalization())
            .layer(new ActivationLayer(Activation.RELU))
            .layer(new DenseLayer.Builder().nOut(128).build())
            .layer(
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(10)
                    .activation(Activation.SOFTMAX)
                    .build())
            .setInputType(InputType.convolutionalFlat(32, 32, 3))
            .build();

    // Only weights decay: kernels and matrices. Biases and the parameters of batch normalization
    // are left out, as usual. describe() lists what decays, parameter by parameter.
    DecoupledDecay.attach(conf);
    System.out.println(DecoupledDecay.describe(conf));

    MultiLayerNetwork network = new MultiLayerNetwork(conf);
    network.init();
    network.setListeners(new ScoreIterationListener(100));
    ExampleUi.show(args, network);
    network.fit(data.train(BATCH_SIZE, SEED), EPOCHS);

    Evaluation evaluation = network.evaluate(data.test(500));
    System.out.printf("Test accuracy: %.4f%n", evaluation.accuracy());
  }

  /** Stride 2 halves height and width. The normalization that follows has a bias of its own. */
  private static ConvolutionLayer convolution(int channels) {
    return new ConvolutionLayer.Builder(3, 3)
        .stride(2, 2)
        .padding(1, 1)
        .nOut(channels)
        .hasBias(false)
        .activation(Activation.IDENTITY)
        .build();
  }
}
