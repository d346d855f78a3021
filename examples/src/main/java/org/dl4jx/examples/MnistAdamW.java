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
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.DecoupledDecay;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Digits, with AdamW, a warm-up and a cosine decay: the combination to try first. */
public final class MnistAdamW {
  private static final int SEED = 42;
  private static final int EPOCHS = 5;
  private static final int BATCH_SIZE = 128;

  public static void main(String[] args) throws IOException {
    ExampleData data = ExampleData.mnist();

    // A decaying schedule has to know where training ends. Deeplearning4j counts one iteration per
    // mini-batch. The division rounds up, as the last batch of an epoch may be a smaller one.
    int stepsPerEpoch = (data.trainExamples() + BATCH_SIZE - 1) / BATCH_SIZE;
    int totalSteps = EPOCHS * stepsPerEpoch;

    // Adam's first steps rest on averages of a few gradients, so the learning rate starts at 0 and
    // rises over a tenth of the run. Then it falls back to 0 along half a cosine, so that the
    // weights settle down: at a constant rate they would go on jumping around the minimum.
    ISchedule learningRate =
        new WarmupCosineSchedule(ScheduleType.ITERATION, 2e-3, totalSteps / 10, totalSteps);

    // AdamW shrinks each weight by learningRate * 0.01 * weight per step. L2 would add the decay to
    // the gradient, where Adam divides it by the gradient's size; here it is the same for all.
    IUpdater adamW = new AdamWDecoupled(learningRate, 0.01);

    // Deeplearning4j passes updaters the gradients but not the weights. attach() lets the layers
    // pass theirs on. Without this line, the first fit() would stop and ask for it.
    MultiLayerConfiguration conf =
        DecoupledDecay.attach(
            new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .updater(adamW)
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

    // From here on, everything is as with any other updater.
    MultiLayerNetwork network = new MultiLayerNetwork(conf);
    network.init();
    network.setListeners(new ScoreIterationListener(100));
    ExampleUi.show(args, network);
    network.fit(data.train(BATCH_SIZE, SEED), EPOCHS);

    Evaluation evaluation = network.evaluate(data.test(1_000));
    System.out.printf("Test accuracy: %.4f%n", evaluation.accuracy());
  }
}
