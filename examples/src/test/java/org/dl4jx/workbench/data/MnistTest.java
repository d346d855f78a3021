package org.dl4jx.workbench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.deeplearning4j.datasets.iterator.impl.MnistDataSetIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** Needs the four files of MNIST, whose checksums are part of what is tested. */
class MnistTest {
  @Test
  void isReadByTheIteratorOfDeeplearning4j(@TempDir Path cache) throws IOException {
    Optional<Path> folder = RealData.with("mnist");
    assumeTrue(folder.isPresent(), "DL4JX_DATA names no folder with all of MNIST");
    Mnist mnist = new Mnist(new MnistSearch(cache).in(folder.get()));
    Images test = mnist.test();
    DataSet first = test.batch(new int[] {0, 1, 2}, 0, 3);
    DataSetIterator iterator =
        new MnistDataSetIterator(3, 3, false, false, false, 0, mnist.folder().toFile());

    assertThat(test.count()).isEqualTo(10_000);
    assertThat(mnist.train().count()).isEqualTo(60_000);
    assertThat(first.getLabels().argMax(1).toIntVector()).containsExactly(7, 2, 1);
    assertThat(first.getFeatures()).isEqualTo(iterator.next().getFeatures());
  }
}
