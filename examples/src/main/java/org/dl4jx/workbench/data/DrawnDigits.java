package org.dl4jx.workbench.data;

import java.util.Random;

/**
 * Digits that the program draws itself, for machines without MNIST: two shapes a digit, with random
 * wobble, size, slant, rotation, shift, pen width and noise. They are the same on every machine;
 * every ten images in a row hold every digit once.
 *
 * <p>An accuracy on these digits says nothing about MNIST.
 */
public final class DrawnDigits implements ImageData {
  private static final int SIDE = 28;
  private static final int TRAIN = 10_000;
  private static final int TEST = 2_000;

  private static final long TRAIN_SEED = 1;
  private static final long TEST_SEED = 2;

  @Override
  public String name() {
    return "drawn";
  }

  @Override
  public String description() {
    return "digits drawn by the program";
  }

  @Override
  public ImageShape shape() {
    return new ImageShape(1, SIDE, SIDE);
  }

  @Override
  public int trainExamples() {
    return TRAIN;
  }

  @Override
  public int testExamples() {
    return TEST;
  }

  @Override
  public Images train() {
    return draw(TRAIN, TRAIN_SEED);
  }

  @Override
  public Images test() {
    return draw(TEST, TEST_SEED);
  }

  /** The images of a shorter set are the first ones of a longer set of the same seed. */
  static Images draw(int count, long seed) {
    Random random = new Random(seed);
    byte[][] pixels = new byte[count][];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % CLASSES);
      pixels[i] = GreyImage.bytes(new Pen(SIDE, random).draw(Glyphs.random(labels[i], random)));
    }
    return new Images(pixels, labels, Scaling.GREY);
  }
}
