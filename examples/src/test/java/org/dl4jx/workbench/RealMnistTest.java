package org.dl4jx.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.datasets.iterator.impl.MnistDataSetIterator;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.data.Mnist;
import org.dl4jx.workbench.data.MnistSearch;
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
    mnist = new Mnist(new MnistSearch(folder).in(Path.of(variable)));
  }

  @Test
  void isReadByTheIteratorOfDeeplearning4j() throws IOException {
    Images test = mnist.test();
    DataSet first = test.batch(new int[] {0, 1, 2}, 0, 3);
    DataSetIterator iterator =
        new MnistDataSetIterator(3, 3, false, false, false, 0, mnist.folder().toFile());

    assertThat(test.count()).isEqualTo(10_000);
    assertThat(mnist.train().count()).isEqualTo(60_000);
    assertThat(first.getLabels().argMax(1).toIntVector()).containsExactly(7, 2, 1);
    assertThat(first.getFeatures()).isEqualTo(iterator.next().getFeatures());
  }

  @Test
  void twelveThousandImagesAreEnoughForNineOutOfTen() throws IOException {
    Path output = folder.resolve("output");

    Console console =
        Console.run(
            "--cache-dir=" + folder,
            "--dataset=mnist",
            "--train-examples=12000",
            "--epochs=1",
            "--output=" + output);

    assertThat(console.exitCode()).isZero();
    List<String> rows = Files.readAllLines(output.resolve("summary.csv"));
    for (String row : rows.subList(1, 3)) {
      assertThat(Double.parseDouble(row.split(",")[5])).isGreaterThan(0.9);
    }
  }
}
