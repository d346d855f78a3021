package org.dl4jx.examples;

import java.util.Random;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.schedules.WarmupCosineSchedule;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.DecoupledDecay;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Learns to write, letter by letter. */
public final class CharacterLstm {
  private static final int EPOCHS = 3;
  private static final int BATCH_SIZE = 32;
  private static final int SEQUENCE = 200;
  private static final int SEGMENT = 50;
  private static final Random RANDOM = new Random(42);

  public static void main(String[] args) {
    String text = ExampleData.sentences(); // or yours: Files.readString(Path.of("my.txt"))
    String alphabet =
        text.chars().distinct().mapToObj(Character::toString).collect(Collectors.joining());
    int batches = Math.max(1, text.length() / (BATCH_SIZE * SEQUENCE));

    // Truncated backpropagation through time cuts the sequences of a batch into segments, and each
    // segment is an iteration, with a step of the updater: here there are four per batch. A
    // schedule made for the number of batches would be over after a quarter of the run.
    int totalSteps = EPOCHS * batches * ((SEQUENCE + SEGMENT - 1) / SEGMENT);
    ISchedule learningRate =
        new WarmupCosineSchedule(ScheduleType.ITERATION, 1e-2, totalSteps / 10, totalSteps);

    MultiLayerNetwork network =
        new MultiLayerNetwork(
            DecoupledDecay.attach( // all weights decay, recurrent ones too; biases don't
                new NeuralNetConfiguration.Builder()
                    .seed(42)
                    .updater(new AdamWDecoupled(learningRate, 0.01))
                    .activation(Activation.TANH)
                    .list(
                        new LSTM.Builder().nIn(alphabet.length()).nOut(96).build(),
                        new RnnOutputLayer.Builder(LossFunction.MCXENT)
                            .nIn(96)
                            .nOut(alphabet.length())
                            .activation(Activation.SOFTMAX)
                            .build())
                    .backpropType(BackpropType.TruncatedBPTT)
                    .tBPTTLength(SEGMENT)
                    .build()));
    network.init();
    ExampleUi.show(args, network);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      for (int i = 0; i < batches; i++) {
        network.fit(batch(text, alphabet));
      }
      System.out.printf(
          "Step %d of %d, score per letter %.3f:%s%n%n",
          network.getIterationCount(),
          totalSteps,
          network.score() / SEGMENT,
          sample(network, alphabet));
    }
  }

  private static DataSet batch(String text, String alphabet) {
    INDArray letters = Nd4j.zeros(BATCH_SIZE, alphabet.length(), SEQUENCE);
    INDArray next = Nd4j.zeros(BATCH_SIZE, alphabet.length(), SEQUENCE);
    for (int i = 0; i < BATCH_SIZE; i++) {
      int start = RANDOM.nextInt(text.length() - SEQUENCE);
      for (int j = 0; j < SEQUENCE; j++) {
        letters.putScalar(i, alphabet.indexOf(text.charAt(start + j)), j, 1);
        next.putScalar(i, alphabet.indexOf(text.charAt(start + j + 1)), j, 1);
      }
    }
    return new DataSet(letters, next);
  }

  private static String sample(MultiLayerNetwork network, String alphabet) {
    network.rnnClearPreviousState();
    StringBuilder written = new StringBuilder("\n");
    INDArray indexes = Nd4j.arange(alphabet.length());
    while (written.length() < 150) {
      INDArray letter = Nd4j.zeros(1, alphabet.length());
      letter.putScalar(0, alphabet.indexOf(written.charAt(written.length() - 1)), 1);
      INDArray probabilities = network.rnnTimeStep(letter);
      written.append(alphabet.charAt(Nd4j.choice(indexes, probabilities, 1).getInt(0)));
    }
    return written.toString();
  }
}
