package org.dl4jx.workbench.data;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.datasets.fetchers.MnistDataFetcher;
import org.deeplearning4j.datasets.iterator.impl.MnistDataSetIterator;
import org.dl4jx.workbench.files.UserPath;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * MNIST, read by Deeplearning4j's iterator, which downloads nothing if the files are in place.
 * Pixels are numbers from 0 to 1.
 *
 * @param folder folder with the four unpacked files, as {@link MnistSearch} finds it
 */
public record Mnist(Path folder) implements ImageData {
  /** One epoch in batches of 32 is 1,875 iterations. */
  public static final int USUAL_EPOCHS = 1;

  static final ImageShape SHAPE = new ImageShape(1, 28, 28);

  private static final int BATCH = 1_000;

  @Override
  public String name() {
    return "mnist";
  }

  @Override
  public String description() {
    return "MNIST in " + UserPath.of(folder);
  }

  @Override
  public ImageShape shape() {
    return SHAPE;
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
  public int usualEpochs() {
    return USUAL_EPOCHS;
  }

  @Override
  public Images train() throws IOException {
    return read(true, trainExamples());
  }

  @Override
  public Images test() throws IOException {
    return read(false, testExamples());
  }

  private Images read(boolean train, int count) throws IOException {
    DataSetIterator batches =
        new MnistDataSetIterator(BATCH, count, false, train, false, 0, folder.toFile());
    byte[][] pixels = new byte[count][];
    byte[] labels = new byte[count];
    int read = 0;
    while (batches.hasNext()) {
      DataSet batch = batches.next();
      INDArray features = batch.getFeatures();
      int[] classes = batch.getLabels().argMax(1).toIntVector();
      for (int i = 0; i < batch.numExamples(); i++) {
        pixels[read] = greys(features.getRow(i).toFloatVector());
        labels[read++] = (byte) classes[i];
      }
    }
    return new Images(pixels, labels, Scaling.GREY);
  }

  /** The bytes that the iterator has divided by 255. */
  private static byte[] greys(float[] pixels) {
    byte[] bytes = new byte[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      bytes[i] = (byte) Math.round(255 * pixels[i]);
    }
    return bytes;
  }
}
