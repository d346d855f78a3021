package org.dl4jx.workbench.data;

import static org.dl4jx.schedules.checks.Argument.check;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.util.MathArrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Labelled images in memory, with one byte per pixel and channel. In a batch, each image is a row
 * of scaled numbers, one channel after the other, and labels are one-hot.
 */
public final class Images {
  /** Fixed, so that a subset is the same in every run, whatever the seed. */
  private static final int STRATIFYING_SEED = 20_240_229;

  private final byte[][] pixels;
  private final byte[] labels;
  private final Scaling scaling;

  /**
   * Wraps the images.
   *
   * @param pixels one array per image, all of one length, one channel after the other
   * @param labels class of each image
   * @param scaling how a byte becomes a number
   */
  public Images(byte[][] pixels, byte[] labels, Scaling scaling) {
    check(
        pixels.length == labels.length,
        "labels.length",
        labels.length,
        "pixels.length = " + pixels.length);
    this.pixels = pixels;
    this.labels = labels;
    this.scaling = scaling;
  }

  /**
   * The number of images.
   *
   * @return the number
   */
  public int count() {
    return labels.length;
  }

  /**
   * The pixels of an image.
   *
   * @param index its number, from 0
   * @return one byte per pixel and channel, unscaled; not to be changed
   */
  public byte[] pixels(int index) {
    return pixels[index];
  }

  /**
   * The class of an image.
   *
   * @param index its number, from 0
   * @return a number from 0 to below {@link ImageData#CLASSES}
   */
  public byte label(int index) {
    return labels[index];
  }

  /**
   * The same images in an order in which every piece has the classes in the same proportions as the
   * whole, as closely as whole images allow. The order is otherwise random, but always the same.
   *
   * @return the images
   */
  public Images stratified() {
    double[] place = new double[count()];
    for (int label = 0; label < ImageData.CLASSES; label++) {
      int wanted = label;
      int[] members = IntStream.range(0, count()).filter(i -> labels[i] == wanted).toArray();
      MathArrays.shuffle(members, new Well19937c(STRATIFYING_SEED + label));
      for (int i = 0; i < members.length; i++) {
        place[members[i]] = (i + 0.5) / members.length;
      }
    }
    return select(
        IntStream.range(0, count())
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer i) -> place[i]).thenComparing(i -> labels[i]))
            .mapToInt(i -> i)
            .toArray());
  }

  /**
   * The first images.
   *
   * @param examples how many
   * @return the images
   */
  public Images first(int examples) {
    return select(IntStream.range(0, examples).toArray());
  }

  /**
   * The last images.
   *
   * @param examples how many
   * @return the images
   */
  public Images last(int examples) {
    return select(IntStream.range(count() - examples, count()).toArray());
  }

  private Images select(int[] indexes) {
    byte[][] selected = new byte[indexes.length][];
    byte[] selectedLabels = new byte[indexes.length];
    for (int i = 0; i < indexes.length; i++) {
      selected[i] = pixels[indexes[i]];
      selectedLabels[i] = labels[indexes[i]];
    }
    return new Images(selected, selectedLabels, scaling);
  }

  /**
   * The order of the images in an epoch.
   *
   * @param seed seed of the run
   * @param epoch number of the epoch
   * @return indexes that depend only on the arguments and on {@link #count()}
   */
  public int[] order(long seed, int epoch) {
    int[] order = MathArrays.natural(count());
    MathArrays.shuffle(order, new Well19937c(new int[] {(int) (seed >>> 32), (int) seed, epoch}));
    return order;
  }

  /**
   * A batch.
   *
   * @param indexes of images
   * @param from start in {@code indexes}
   * @param to end in {@code indexes}, exclusive
   * @return the batch
   */
  public DataSet batch(int[] indexes, int from, int to) {
    float[][] features = new float[to - from][];
    INDArray oneHot = Nd4j.zeros(to - from, ImageData.CLASSES);
    for (int i = from; i < to; i++) {
      features[i - from] = scaling.scale(pixels[indexes[i]]);
      oneHot.putScalar(i - from, labels[indexes[i]], 1);
    }
    return new DataSet(Nd4j.create(features), oneHot);
  }

  /**
   * The first images in batches, in their order. They are made one after the other.
   *
   * @param examples how many images
   * @param batchSize images per batch; the last one may have fewer
   * @return the batches
   */
  public Stream<DataSet> batches(int examples, int batchSize) {
    int[] order = MathArrays.natural(examples);
    return IntStream.iterate(0, from -> from < examples, from -> from + batchSize)
        .mapToObj(from -> batch(order, from, Math.min(examples, from + batchSize)));
  }

  /**
   * A checksum that identifies these images.
   *
   * @return the MD5 of pixels and labels in this order, in hexadecimal digits
   */
  public String md5() {
    MessageDigest digest = Md5.digest();
    Arrays.stream(pixels).forEach(digest::update);
    digest.update(labels);
    return Md5.hex(digest);
  }
}
