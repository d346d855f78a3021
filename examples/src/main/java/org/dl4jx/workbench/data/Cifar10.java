package org.dl4jx.workbench.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.dl4jx.workbench.files.UserPath;

/**
 * CIFAR-10 in the layout of its authors' binary version: per image, one byte for the class, then
 * 1,024 bytes each for red, green and blue. Each channel is standardized by its mean and standard
 * deviation over the 50,000 original training images.
 *
 * @param folder folder with {@code train.bin}, {@code test.bin} and their checksums, as {@link
 *     Cifar10Search} makes it
 * @param origin what they were made from
 */
public record Cifar10(Path folder, Path origin) implements ImageData {
  /** Five epochs in batches of 32 are 7,815 iterations. */
  public static final int USUAL_EPOCHS = 5;

  /** Number of training images. */
  public static final int TRAIN = 50_000;

  static final int TEST = 10_000;
  static final ImageShape SHAPE = new ImageShape(3, 32, 32);
  private static final Scaling SCALING =
      new Scaling(new float[] {0.4914f, 0.4822f, 0.4465f}, new float[] {0.2470f, 0.2435f, 0.2616f});

  @Override
  public String name() {
    return "cifar10";
  }

  @Override
  public String description() {
    return "CIFAR-10 in " + UserPath.of(origin);
  }

  @Override
  public ImageShape shape() {
    return SHAPE;
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
    return read(Cifar10Cache.TRAIN_FILE, TRAIN);
  }

  @Override
  public Images test() throws IOException {
    return read(Cifar10Cache.TEST_FILE, TEST);
  }

  private Images read(String name, int count) throws IOException {
    int length = 1 + SHAPE.length();
    byte[] bytes = new Cifar10Cache(folder).read(name, (long) count * length);
    byte[][] pixels = new byte[count][];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = bytes[i * length];
      pixels[i] = Arrays.copyOfRange(bytes, i * length + 1, (i + 1) * length);
    }
    return new Images(pixels, labels, SCALING);
  }
}
