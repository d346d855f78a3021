package org.dl4jx.examples.data;

import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.ViewIterator;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Digits that the program draws itself, for machines without MNIST: two shapes a digit, with random
 * wobble, size, slant, rotation, shift, pen width and noise. They are the same on every machine;
 * every ten images in a row hold every digit once.
 *
 * <p>An accuracy on these digits says nothing about MNIST.
 */
public final class DrawnDigits implements DigitImages {
  private static final int TRAIN = 10_000;
  private static final int TEST = 2_000;

  private static final long TRAIN_SEED = 1;
  private static final long TEST_SEED = 2;

  private DataSet train;
  private DataSet test;

  @Override
  public String description() {
    return "digits drawn by the program";
  }

  @Override
  public int trainExamples() {
    return TRAIN;
  }

  @Override
  public int testExamples() {
    return TEST;
  }

  /** {@inheritDoc} All epochs have the same batches. */
  @Override
  public DataSetIterator train(int batchSize, int examples, long seed) {
    if (train == null || train.numExamples() < examples) {
      train = draw(examples, TRAIN_SEED);
    }
    DataSet shuffled = ((DataSet) train.getRange(0, examples)).copy();
    shuffled.shuffle(seed);
    return new ViewIterator(shuffled, batchSize);
  }

  @Override
  public DataSetIterator test(int batchSize) {
    if (test == null) {
      test = draw(TEST, TEST_SEED);
    }
    return new ViewIterator(test, batchSize);
  }

  /** The images of a shorter set are the first ones of a longer set of the same seed. */
  static DataSet draw(int count, long seed) {
    Random random = new Random(seed);
    float[][] images = new float[count][];
    INDArray labels = Nd4j.zeros(count, CLASSES);
    for (int i = 0; i < count; i++) {
      int digit = i % CLASSES;
      images[i] = new Pen(SIDE, random).draw(Glyphs.random(digit, random));
      labels.putScalar(i, digit, 1);
    }
    return new DataSet(Nd4j.create(images), labels);
  }
}
