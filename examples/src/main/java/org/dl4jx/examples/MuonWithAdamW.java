package org.dl4jx.examples;

import java.io.IOException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.dl4jx.schedules.WarmupStableDecaySchedule;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.Muon;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Digits, with Muon for the hidden matrices and AdamW for everything else. */
public final class MuonWithAdamW {
  private static final int SEED = 42;
  private static final int EPOCHS = 3;
  private static final int BATCH_SIZE = 128;

  public static void main(String[] args) throws IOException {
    ExampleData data = ExampleData.mnist();
    int stepsPerEpoch = (data.trainExamples() + BATCH_SIZE - 1) / BATCH_SIZE;
    int totalSteps = EPOCHS * stepsPerEpoch;

    // Muon moves a matrix equally far in every step, however small the gradient is. So matrices
    // come
    // to rest only if the learning rate falls: here in the last half of the run.
    ISchedule learningRate =
        new WarmupStableDecaySchedule(
            ScheduleType.ITERATION, 0.02, 0, totalSteps / 2, totalSteps, 0);

    // One updater for the whole network. Biases and the output layer take AdamW, whose learning
    // rate is 0.05 times that of Muon and so follows the same schedule, from 0.001 to 0.
    Muon muon = new Muon(learningRate, 0.01);

    // Deeplearning4j does not tell updaters what an array is. attach() looks at the layers, and
    // tells Muon which arrays are matrices of hidden layers.
    MultiLayerConfiguration conf =
        DecoupledDecay.attach(
            new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .updater(muon)
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
    network.setListeners(new ScoreIterationListener(100));
    ExampleUi.show(args, network);
    System.out.printf(
        "Learning rates: %.3f for matrices, %.4f for the rest%n",
        muon.getLearningRate(0, 0), muon.getAdamLearningRate(0, 0));
    network.fit(data.train(BATCH_SIZE, SEED), EPOCHS);

    Evaluation evaluation = network.evaluate(data.test(1_000));
    System.out.printf("Test accuracy: %.4f%n", evaluation.accuracy());
  }
}
