package org.dl4jx.workbench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedMnistTest {
  private final EmbeddedMnist embedded = new EmbeddedMnist();

  @Test
  void isKnownByItsChecksums() throws Exception {
    assertThat(embedded.train().md5()).isEqualTo("353f8c192cb200524b435fa2f47b5dee");
    assertThat(embedded.test().md5()).isEqualTo("4b2f4e4452de92838d89001f56178aef");
  }

  @Test
  void holdsTheFirstImagesOfMnist(@TempDir Path cache) throws Exception {
    Optional<Path> folder = RealData.with("mnist");
    assumeTrue(folder.isPresent(), "DL4JX_DATA names no folder with all of MNIST");
    Mnist all = new Mnist(new MnistSearch(cache).in(folder.get()));

    assertThat(embedded.train().md5()).isEqualTo(all.train().first(embedded.trainExamples()).md5());
    assertThat(embedded.test().md5()).isEqualTo(all.test().first(embedded.testExamples()).md5());
  }
}
