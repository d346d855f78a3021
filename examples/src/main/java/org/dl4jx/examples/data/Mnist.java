package org.dl4jx.examples.data;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.datasets.fetchers.MnistDataFetcher;
import org.deeplearning4j.datasets.iterator.impl.MnistDataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * MNIST, read by Deeplearning4j's iterator, which downloads nothing when the files are in place.
 *
 * @param folder folder with the four unpacked files, as {@link MnistSearch} finds it
 */
public record Mnist(Path folder) implements DigitImages {
  @Override
  public String description() {
    Path home = Path.of(System.getProperty("user.home"));
    return "MNIST in " + (folder.startsWith(home) ? "~/" + home.relativize(folder) : folder);
  }

  @Override
  public int trainExamples() {
    return MnistDataFetcher.NUM_EXAMPLES;
  }

  @Override
  public int testExamples() {
    return MnistDataFetcher.NUM_EXAMPLES_TEST;
  }

  @Override
  public DataSetIterator train(int batchSize, int examples, long seed) throws IOException {
    return new MnistDataSetIterator(batchSize, examples, false, true, true, seed, folder.toFile());
  }

  @Override
  public DataSetIterator test(int batchSize) throws IOException {
    return new MnistDataSetIterator(
        batchSize, testExamples(), false, false, false, 0, folder.toFile());
  }
}
