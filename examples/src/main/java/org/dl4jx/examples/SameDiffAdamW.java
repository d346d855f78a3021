package org.dl4jx.examples;

import java.io.IOException;
import org.dl4jx.schedules.WarmupCosineSchedule;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.DecoupledDecay;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.weightinit.impl.ReluInitScheme;

/** Digits, with a network written in SameDiff, operation by operation. */
public final class SameDiffAdamW {
  private static final int SEED = 42;
  private static final int EPOCHS = 5;
  private static final int BATCH_SIZE = 128;

  public static void main(String[] args) throws IOException {
    ExampleUi.show(args); // which it cannot
    ExampleData data = ExampleData.mnist();

    Nd4j.getRandom().setSeed(SEED);
    SameDiff sd = SameDiff.create();
    SDVariable image = sd.placeHolder("image", DataType.FLOAT, -1, 28 * 28);
    SDVariable digit = sd.placeHolder("digit", DataType.FLOAT, -1, 10);
    SDVariable wide = sd.nn.relu(dense(sd, "wide", image, 28 * 28, 256), 0);
    SDVariable narrow = sd.nn.relu(dense(sd, "narrow", wide, 256, 128), 0);
    SDVariable logits = dense(sd, "logits", narrow, 128, 10);
    sd.nn.softmax("output", logits);
    sd.loss.softmaxCrossEntropy("loss", digit, logits, null);
    sd.setLossVariables("loss");

    int totalSteps = EPOCHS * ((data.trainExamples() + BATCH_SIZE - 1) / BATCH_SIZE);
    ISchedule learningRate =
        new WarmupCosineSchedule(ScheduleType.ITERATION, 2e-3, totalSteps / 10, totalSteps);

    // SameDiff has one updater for all variables, so the decay is attached to its configuration.
    // Matrices and kernels decay; vectors, which are biases and gains, do not. SameDiff keeps its
    // updaters from the first fit() on, so attach the decay before it.
    sd.setTrainingConfig(
        DecoupledDecay.attach(
            new TrainingConfig.Builder()
                .updater(new AdamWDecoupled(learningRate, 0.01))
                .dataSetFeatureMapping("image")
                .dataSetLabelMapping("digit")
                .build()));

    // All epochs in one call: with one call per epoch, SameDiff 1.0.0-M2.1 hardly learns, whether
    // the updater is AdamW or Deeplearning4j's own Adam.
    sd.fit(data.train(BATCH_SIZE, SEED), EPOCHS);

    Evaluation evaluation = new Evaluation();
    sd.evaluate(data.test(1_000), "output", evaluation);
    System.out.printf("Test accuracy: %.4f%n", evaluation.accuracy());
  }

  private static SDVariable dense(SameDiff sd, String name, SDVariable input, int nIn, int nOut) {
    SDVariable weights =
        sd.var(name + "-w", new ReluInitScheme('c', nIn), DataType.FLOAT, nIn, nOut);
    SDVariable bias = sd.var(name + "-b", Nd4j.zeros(DataType.FLOAT, nOut));
    return sd.nn.linear(name, input, weights, bias);
  }
}
