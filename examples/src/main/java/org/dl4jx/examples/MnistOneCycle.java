package org.dl4jx.examples;

import java.io.IOException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.optimize.api.InvocationType;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.dl4jx.schedules.OneCycleSchedule;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.DecoupledDecay;
import org.nd4j.evaluation.classification.Evaluation.Metric;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Digits in few epochs: one cycle of the learning rate, and the inverse cycle of the momentum. */
public final class MnistOneCycle {
  private static final int SEED = 42;
  private static final int EPOCHS = 3;
  private static final int BATCH_SIZE = 128;

  public static void main(String[] args) throws IOException {
    ExampleData data = ExampleData.mnist();
    int stepsPerEpoch = (data.trainExamples() + BATCH_SIZE - 1) / BATCH_SIZE;

    // The learning rate rises from a 25th of its maximum, reaches it after three tenths of the run,
    // and ends far below where it started. The maximum may be greater than any constant rate that
    // trains well, and that is why a few epochs are enough. To find one, use a range test:
    // see lr-find in docs/workbench.md.
    OneCycleSchedule learningRate =
        new OneCycleSchedule(ScheduleType.ITERATION, 0.01, EPOCHS * stepsPerEpoch);

    // While the rate is high, a lower momentum keeps the steps from running away: it falls from
    // 0.95 to 0.85 and rises back. Adam's momentum is beta1. With plain momentum, the pair is
    // new Nesterovs(learningRate, learningRate.momentum(0.85, 0.95)).
    ISchedule beta1 = learningRate.momentum(0.85, 0.95);
    IUpdater adamW =
        AdamWDecoupled.builder()
            .learningRateSchedule(learningRate)
            .beta1Schedule(beta1)
            .weightDecay(0.01)
            .build();

    MultiLayerConfiguration conf =
        DecoupledDecay.attach( // lets the layers show AdamW the weights that it decays
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
    MultiLayerNetwork network = new MultiLayerNetwork(conf);
    network.init();

    EvaluativeListener afterEveryEpoch =
        new EvaluativeListener(data.test(1_000), 1, InvocationType.EPOCH_END);
    afterEveryEpoch.setCallback(
        (listener, model, count, evaluations) -> {
          int iteration = network.getIterationCount();
          System.out.printf(
              "Epoch %d: learning rate %.6f, beta1 %.3f, test accuracy %.4f%n",
              count,
              learningRate.valueAt(iteration, 0),
              beta1.valueAt(iteration, 0),
              evaluations[0].getValue(Metric.ACCURACY));
        });
    network.setListeners(afterEveryEpoch);
    ExampleUi.show(args, network);
    network.fit(data.train(BATCH_SIZE, SEED), EPOCHS);
  }
}
