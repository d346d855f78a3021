package org.dl4jx.examples.data;

import java.io.IOException;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Grey images of the ten digits, {@link #SIDE} pixels wide and high, as rows of numbers from 0 to
 * 1, with one-hot labels.
 */
public interface DigitImages {
  /** Width and height of an image in pixels. */
  int SIDE = 28;

  /** Number of classes. */
  int CLASSES = 10;

  /**
   * Says where the images come from, for the user.
   *
   * @return a phrase such as {@code "MNIST in /data/mnist"}
   */
  String description();

  /**
   * The number of training images there are.
   *
   * @return the number
   */
  int trainExamples();

  /**
   * The number of test images there are.
   *
   * @return the number
   */
  int testExamples();

  /**
   * Training batches. Two iterators of the same arguments give the same batches in the same order,
   * over all epochs.
   *
   * @param batchSize images in a batch; the last batch of an epoch may have fewer
   * @param examples images in an epoch, at most {@link #trainExamples()}
   * @param seed decides the order
   * @return a new iterator
   * @throws IOException if the images cannot be read
   */
  DataSetIterator train(int batchSize, int examples, long seed) throws IOException;

  /**
   * Test batches.
   *
   * @param batchSize images in a batch
   * @return a new iterator over all test images
   * @throws IOException if the images cannot be read
   */
  DataSetIterator test(int batchSize) throws IOException;
}
