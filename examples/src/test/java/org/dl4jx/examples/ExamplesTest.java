package org.dl4jx.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.deeplearning4j.common.resources.DL4JResources;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The main methods as users run them, with fewer examples: from the folder that DL4JX_DATA names,
 * else from the embedded part of MNIST.
 */
class ExamplesTest {
  private static final String LIMIT = "dl4jx.examples.limit";

  /** Taking each image for the class with the nearest mean image is right so often. */
  private static final double NEAREST_MEAN_OF_MNIST = 0.82;

  private static final double NEAREST_MEAN_OF_CIFAR10 = 0.28;

  @TempDir private static Path home;
  private static String realHome;

  @BeforeAll
  static void keepTheCacheOutOfTheHomeFolder() {
    realHome = System.setProperty("user.home", home.toString());
  }

  @AfterAll
  static void goHome() {
    System.setProperty("user.home", realHome);
  }

  @BeforeEach
  void limitTheExamples() {
    System.setProperty(LIMIT, "5000");
  }

  @AfterEach
  void liftTheLimit() {
    System.clearProperty(LIMIT);
  }

  /** No example may print logs beside the score. */
  private static Printed run(Printed.Example example) throws Exception {
    Printed printed = Printed.by(example);
    assertThat(printed.err().lines())
        .allMatch(line -> line.startsWith("INFO ScoreIterationListener - Score at iteration "));
    return printed;
  }

  @Test
  void mnistAdamWBeatsTheNearestMean() throws Exception {
    Printed printed = run(MnistAdamW::main);

    assertThat(printed.out()).startsWith("Data: ").contains(" 5,000 training images");
    assertThat(printed.err().lines()).hasSize(2); // of 200 iterations, one in a hundred
    assertThat(printed.lastNumberAfter("Test accuracy:")).isGreaterThan(NEAREST_MEAN_OF_MNIST);
  }

  @Test
  void mnistOneCycleEndsItsCycleAndBeatsTheNearestMean() throws Exception {
    Printed printed = run(MnistOneCycle::main);

    assertThat(printed.numbersAfter("test accuracy")).hasSize(3);
    assertThat(printed.lastNumberAfter("learning rate")).isZero();
    assertThat(printed.lastNumberAfter("beta1")).isEqualTo(0.95);
    assertThat(printed.lastNumberAfter("test accuracy")).isGreaterThan(NEAREST_MEAN_OF_MNIST);
  }

  @Test
  void scheduleFreeStopsAtTheAverageWhereverItNoLongerImproves() throws Exception {
    Printed printed = run(ScheduleFree::main);

    List<Double> accuracies = printed.numbersAfter(": accuracy");
    double last = accuracies.get(accuracies.size() - 1);
    assertThat(accuracies.subList(0, accuracies.size() - 1)).isSorted();
    assertThat(last).isLessThanOrEqualTo(accuracies.get(accuracies.size() - 2));
    assertThat(printed.lastNumberAfter("Accuracy of the network:"))
        .isEqualTo(last)
        .isGreaterThan(NEAREST_MEAN_OF_MNIST);
    assertThat(printed.numbersAfter("at the average,")).isNotEqualTo(accuracies);
  }

  @Test
  void averagedWeightsAreOthersThanTheWeightsAndAreServed() throws Exception {
    Printed printed = run(AveragedWeights::main);

    assertThat(printed.numbersAfter(": accuracy")).hasSize(3);
    assertThat(printed.numbersAfter("at the average,"))
        .hasSize(3)
        .isNotEqualTo(printed.numbersAfter(": accuracy"));
    assertThat(printed.lastNumberAfter("after one more epoch:"))
        .isGreaterThan(NEAREST_MEAN_OF_MNIST);
  }

  @Test
  void sophiaWithHessianBeatsTheNearestMean() throws Exception {
    Printed printed = run(SophiaWithHessian::main);

    assertThat(printed.err().lines()).hasSize(2); // of 200 iterations, one in a hundred
    assertThat(printed.lastNumberAfter("Test accuracy:")).isGreaterThan(NEAREST_MEAN_OF_MNIST);
  }

  @Test
  void muonWithAdamWBeatsTheNearestMean() throws Exception {
    Printed printed = run(MuonWithAdamW::main);

    assertThat(printed.out()).contains("Learning rates: 0.020 for matrices, 0.0010 for the rest");
    assertThat(printed.lastNumberAfter("Test accuracy:")).isGreaterThan(NEAREST_MEAN_OF_MNIST);
  }

  @Test
  void cifar10CnnBeatsTheNearestMean() throws Exception {
    assumeTrue(isCifar10Named(), "DL4JX_DATA names no folder with CIFAR-10");

    Printed printed = run(Cifar10Cnn::main);

    assertThat(printed.lastNumberAfter("Test accuracy:")).isGreaterThan(NEAREST_MEAN_OF_CIFAR10);
  }

  @Test
  void cifar10CnnSaysWhereMissingImagesGoAndEnds() throws Exception {
    assumeFalse(isCifar10Named(), "DL4JX_DATA names a folder with CIFAR-10");
    DL4JResources.setBaseDirectory(home.toFile());
    try {
      Printed printed = run(Cifar10Cnn::main);

      assertThat(printed.out().lines())
          .singleElement()
          .asString()
          .contains("CIFAR-10 was not found", "cifar-10-binary.tar.gz", "DL4JX_DATA");
    } finally {
      DL4JResources.resetBaseDirectoryLocation();
    }
  }

  private static boolean isCifar10Named() {
    String folder = System.getenv("DL4JX_DATA");
    return folder != null
        && !folder.isEmpty()
        && Stream.of("cifar10.zip", "cifar-10-binary.tar.gz")
            .anyMatch(name -> Files.exists(Path.of(folder, name)));
  }

  @Test
  void graphLearnsBothOutputsAndDecaysWhatItsFilterLeavesIn() throws Exception {
    Printed printed = run(GraphWithTwoOutputs::main);

    assertThat(printed.out())
        .containsPattern("narrow +W +0.05")
        .containsPattern("ink +W +no decay");
    assertThat(printed.lastNumberAfter("accuracy of the digit:"))
        .isGreaterThan(NEAREST_MEAN_OF_MNIST);
    assertThat(printed.lastNumberAfter("R² of the ink:"))
        .as("share of the variance that is explained")
        .isGreaterThan(0.5);
  }

  @Test
  void sameDiffAdamWBeatsTheNearestMean() throws Exception {
    Printed printed = run(SameDiffAdamW::main);

    assertThat(printed.lastNumberAfter("Test accuracy:")).isGreaterThan(NEAREST_MEAN_OF_MNIST);
  }

  @Test
  void featuresOfSomeDigitsHelpToLearnOthers() throws Exception {
    System.setProperty(LIMIT, "10000"); // features need images

    Printed printed = run(TransferLearningWithDecay::main);

    assertThat(printed.out())
        .containsPattern("layer1 +W +no decay: frozen")
        .containsPattern("layer3 +W +0.05");
    assertThat(printed.lastNumberAfter("after 0 to 4:"))
        .isGreaterThan(printed.lastNumberAfter("from scratch:"));
  }

  @Test
  void aResumedRunEndsWhereARunWithoutAStopEnds() throws Exception {
    Printed printed = run(SaveAndResume::main);

    assertThat(printed.out()).contains("parameters are equal bit for bit");
    assertThat(printed.lastNumberAfter("Test accuracy:")).isGreaterThan(NEAREST_MEAN_OF_MNIST);
  }

  @Test
  void parallelTrainingTakesThePlannedStepsAndBeatsTheNearestMean() throws Exception {
    Printed printed = run(ParallelTraining::main);

    assertThat(printed.out()).containsPattern("\n(\\d+) of \\1 iterations");
    assertThat(printed.lastNumberAfter("test accuracy")).isGreaterThan(NEAREST_MEAN_OF_MNIST);
  }

  @Test
  void characterLstmTakesThePlannedStepsAndRemembersMoreThanOneLetter() throws Exception {
    System.setProperty(LIMIT, "1500");

    Printed printed = run(CharacterLstm::main);

    assertThat(printed.out()).containsPattern("\nStep (\\d+) of \\1,");
    assertThat(printed.lastNumberAfter("score per letter"))
        .isLessThan(scoreOfTheBestGuessByOneLetter(ExampleData.sentences()));
  }

  /** The mean of -ln p(letter | letter before it), p being the frequency in this very text. */
  private static double scoreOfTheBestGuessByOneLetter(String text) {
    Map<String, Integer> pairs = new TreeMap<>();
    Map<String, Integer> letters = new TreeMap<>();
    for (int i = 1; i < text.length(); i++) {
      letters.merge(text.substring(i - 1, i), 1, Integer::sum);
      pairs.merge(text.substring(i - 1, i + 1), 1, Integer::sum);
    }
    double sum = 0;
    for (var pair : pairs.entrySet()) {
      int before = letters.get(pair.getKey().substring(0, 1));
      sum -= pair.getValue() * Math.log((double) pair.getValue() / before);
    }
    return sum / (text.length() - 1);
  }
}
