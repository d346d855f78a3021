package org.dl4jx.workbench.data;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/**
 * The first 10,000 training images and 2,000 test images of MNIST, which come with the program for
 * machines that have no more of it. Pixels are numbers from 0 to 1.
 */
public final class EmbeddedMnist implements ImageData {
  /** Five epochs in batches of 32 are 1,565 iterations. */
  public static final int USUAL_EPOCHS = 5;

  /** Number of training images. */
  public static final int TRAIN = 10_000;

  private static final int TEST = 2_000;

  private static final int HEADER_OF_IMAGES = 16;
  private static final int HEADER_OF_LABELS = 8;

  @Override
  public String name() {
    return "mnist-embedded";
  }

  @Override
  public String description() {
    return "the embedded part of MNIST";
  }

  @Override
  public ImageShape shape() {
    return Mnist.SHAPE;
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
  public int usualEpochs() {
    return USUAL_EPOCHS;
  }

  @Override
  public Images train() throws IOException {
    return read("train", TRAIN);
  }

  @Override
  public Images test() throws IOException {
    return read("t10k", TEST);
  }

  private static Images read(String part, int count) throws IOException {
    byte[][] pixels = new byte[count][Mnist.SHAPE.length()];
    try (DataInputStream in = open(part + "-images-idx3-ubyte.gz", HEADER_OF_IMAGES)) {
      for (byte[] image : pixels) {
        in.readFully(image);
      }
    }
    byte[] labels = new byte[count];
    try (DataInputStream in = open(part + "-labels-idx1-ubyte.gz", HEADER_OF_LABELS)) {
      in.readFully(labels);
    }
    return new Images(pixels, labels, Scaling.GREY);
  }

  private static DataInputStream open(String name, int header) throws IOException {
    DataInputStream in =
        new DataInputStream(new GZIPInputStream(EmbeddedMnist.class.getResourceAsStream(name)));
    in.skipNBytes(header);
    return in;
  }
}
