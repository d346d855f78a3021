package org.dl4jx.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dl4jx.examples.data.Mnist;
import org.dl4jx.examples.data.MnistSearch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Needs the real MNIST in the folder that the environment variable DL4JX_DATA names. Where it is
 * not there, the tests are skipped; in CI, only where the variable is not set.
 */
class RealMnistTest {
  @TempDir private static Path folder;

  private Mnist mnist;

  @BeforeEach
  void findMnist() throws IOException {
    String variable = System.getenv("DL4JX_DATA");
    assumeTrue(variable != null && !variable.isEmpty(), "DL4JX_DATA names no folder with MNIST");
    Path given = Path.of(variable, "mnist");
    boolean inCi = "true".equals(System.getenv("CI"));
    assumeTrue(inCi || Files.isDirectory(given), "DL4JX_DATA is set, but there is no " + given);
    mnist = new Mnist(new MnistSearch(folder).in(Path.of(variable), "DL4JX_DATA"));
  }

  @Test
  void isReadByTheIteratorOfDeeplearning4j() throws IOException {
    DataSetIterator batches = mnist.test(100);
    int examples = 0;
    while (batches.hasNext()) {
      examples += batches.next().numExamples();
    }
    DataSet first = mnist.test(3).next();

    assertThat(examples).isEqualTo(10_000);
    assertThat(first.getLabels().argMax(1).toIntVector()).containsExactly(7, 2, 1);
    assertThat(first.getFeatures().maxNumber().doubleValue()).isEqualTo(1);
  }

  @Test
  void trainingBatchesFollowTheSeedOverAllEpochs() throws IOException {
    DataSetIterator batches = mnist.train(32, 100, 7);
    DataSetIterator same = mnist.train(32, 100, 7);

    for (int epoch = 0; epoch < 2; epoch++) {
      batches.reset();
      same.reset();
      while (batches.hasNext()) {
        assertThat(same.next()).isEqualTo(batches.next());
      }
      assertThat(same.hasNext()).isFalse();
    }
  }

  @Test
  void twelveThousandImagesAreEnoughForNineOutOfTen() throws IOException {
    Path output = folder.resolve("output");

    Console console =
        Console.run(
            "--cache-dir=" + folder,
            "--data=mnist",
            "--train-examples=12000",
            "--epochs=1",
            "--output=" + output);

    assertThat(console.exitCode()).isZero();
    List<String> rows = Files.readAllLines(output.resolve("comparison.csv"));
    for (String row : rows.subList(1, 3)) {
      assertThat(Double.parseDouble(row.split(",")[4])).isGreaterThan(0.9);
    }
  }
}
