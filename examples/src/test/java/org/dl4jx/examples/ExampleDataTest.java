package org.dl4jx.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dl4jx.workbench.data.MnistFile;
import org.dl4jx.workbench.data.MnistMirrors;
import org.dl4jx.workbench.data.MnistSearch;
import org.dl4jx.workbench.data.RealData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

class ExampleDataTest {
  private static ExampleData data;

  @BeforeAll
  static void read() throws Exception {
    System.setProperty("dl4jx.examples.limit", "1000");
    Printed.by(args -> data = ExampleData.mnist());
  }

  @AfterAll
  static void liftTheLimit() {
    System.clearProperty("dl4jx.examples.limit");
  }

  /** A search on a machine that has nothing. */
  private static MnistSearch nothing(Path cache) {
    return new MnistSearch(MnistFile.ALL, cache, List.of(), new MnistMirrors(List.of()));
  }

  private static Printed mnist(MnistSearch search, Optional<Path> folder) throws Exception {
    return Printed.by(args -> ExampleData.mnist(search, folder));
  }

  @Test
  void whereMnistIsNotThereTheEmbeddedPartIsUsed(@TempDir Path cache) throws Exception {
    assertThat(mnist(nothing(cache), Optional.empty()).out())
        .startsWith("MNIST was not found and could not be downloaded")
        .contains("Data: the embedded part of MNIST, 1,000 training images");
  }

  @Test
  void aFolderThatIsNamedForOtherDataIsNoObstacle(@TempDir Path cache, @TempDir Path folder)
      throws Exception {
    assertThat(mnist(nothing(cache), Optional.of(folder)).out())
        .contains("Data: the embedded part of MNIST");
  }

  @Test
  void aNamedFolderWithMnistIsUsed(@TempDir Path cache) throws Exception {
    Optional<Path> folder = RealData.with("mnist");
    assumeTrue(folder.isPresent(), "DL4JX_DATA names no folder with all of MNIST");

    assertThat(mnist(nothing(cache), folder).out()).startsWith("Data: MNIST in ");
  }

  /** The sums of pixels tell images apart well enough. */
  private static List<Double> pass(DataSetIterator batches) {
    List<Double> sums = new ArrayList<>();
    while (batches.hasNext()) {
      for (double sum : batches.next().getFeatures().sum(1).toDoubleVector()) {
        sums.add(sum);
      }
    }
    batches.reset();
    return sums;
  }

  @Test
  void everyPassHasAllTrainingImagesInAnotherOrder() {
    DataSetIterator train = data.train(300, 1);

    List<Double> first = pass(train);
    List<Double> second = pass(train);

    assertThat(first)
        .hasSize(1_000)
        .isNotEqualTo(second)
        .containsExactlyInAnyOrderElementsOf(second);
  }

  @Test
  void theOrderFollowsFromTheSeed() {
    List<Double> first = pass(data.train(300, 1));

    assertThat(pass(data.train(100, 1))).isEqualTo(first);
    assertThat(pass(data.train(300, 2))).isNotEqualTo(first);
  }

  @Test
  void testImagesKeepTheirOrder() {
    DataSetIterator test = data.test(300);

    assertThat(pass(test)).hasSize(1_000).isEqualTo(pass(test));
  }

  @Test
  void chosenDigitsHaveTheirPlaceAmongTheArgumentsAsClass() {
    DataSet all = data.train(1_000, 1).next();
    INDArray counts = all.getLabels().sum(0);

    DataSet chosen = data.trainDigits(1_000, 1, 7, 2);

    assertThat(chosen.getLabels().sum(0).toDoubleVector())
        .containsExactly(counts.getDouble(7), counts.getDouble(2));
  }
}
