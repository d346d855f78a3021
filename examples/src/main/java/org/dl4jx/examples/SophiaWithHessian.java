package org.dl4jx.examples;

import java.io.IOException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.dl4jx.schedules.WarmupCosineSchedule;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.SophiaG;
import org.dl4jx.updaters.SophiaHessian;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Digits, with Sophia-G and the listener that estimates the curvature for it. */
public final class SophiaWithHessian {
  private static final int SEED = 42;
  private static final int EPOCHS = 5;
  private static final int BATCH_SIZE = 128;

  public static void main(String[] args) throws IOException {
    ExampleData data = ExampleData.mnist();
    int stepsPerEpoch = (data.trainExamples() + BATCH_SIZE - 1) / BATCH_SIZE;
    int totalSteps = EPOCHS * stepsPerEpoch;

    // No step moves a parameter by more than the learning rate, and the first ones move each by all
    // of it. The default of 1e-4 is for language models. This small network takes 1e-3, rising from
    // 0.
    ISchedule learningRate =
        new WarmupCosineSchedule(ScheduleType.ITERATION, 1e-3, totalSteps / 10, totalSteps);

    // Where the curvature is small, only the sign of momentum counts. Elsewhere, the step is
    // momentum / (rho * curvature). A smaller rho means more steps of the first kind.
    IUpdater sophia =
        SophiaG.builder()
            .learningRateSchedule(learningRate)
            .rho(0.04)
            .k(10) // steps from one estimate of the curvature to the next
            .weightDecay(0.1)
            .build();

    MultiLayerConfiguration conf =
        DecoupledDecay.attach( // lets the layers show the updater the weights that it decays
            new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .updater(sophia)
                .weightInit(WeightInit.RELU)
                .activation(Activation.RELU)
                .list()
                .layer(new DenseLayer.Builder().nIn(28 * 28).nOut(256).build())
                .layer(new DenseLayer.Builder().nOut(128).build())
                .layer( // softmax with cross entropy, because labels are drawn from it
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(10)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
    MultiLayerNetwork network = new MultiLayerNetwork(conf);
    network.init();

    // Updaters see only the gradient. The listener draws labels from the network's own output after
    // every tenth step, and gives the updater the curvature that follows from their gradient.
    // Without it, step 11 stops and asks for it. A restored network needs it again.
    network.setListeners(new SophiaHessian(), new ScoreIterationListener(100));
    ExampleUi.show(args, network);
    network.fit(data.train(BATCH_SIZE, SEED), EPOCHS);

    Evaluation evaluation = network.evaluate(data.test(1_000));
    System.out.printf("Test accuracy: %.4f%n", evaluation.accuracy());
  }
}
