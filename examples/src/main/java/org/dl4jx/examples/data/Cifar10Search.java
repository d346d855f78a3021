package org.dl4jx.examples.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;

/**
 * Finds CIFAR-10 as {@code cifar10.zip}, in which every image is a file in the folder of its class,
 * as Deeplearning4j's iterator has them, and unpacks it once into the cache. No copy of that kind
 * is the canonical one, so what is checked is its content: the checksum of every entry, the number
 * of images in each class, and the size of each. The MD5 of the file is part of the name in the
 * cache.
 */
public final class Cifar10Search {
  /** The classes in the order of their authors, which is the alphabetical one. */
  private static final List<String> CLASSES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private final Path cacheDir;
  private final int train;
  private final int test;

  /**
   * A search.
   *
   * @param cacheDir folder for what is unpacked
   */
  public Cifar10Search(Path cacheDir) {
    this(cacheDir, Cifar10.TRAIN, Cifar10.TEST);
  }

  Cifar10Search(Path cacheDir, int train, int test) {
    this.cacheDir = cacheDir;
    this.train = train;
    this.test = test;
  }

  /**
   * CIFAR-10 from a folder that the user names.
   *
   * @param dataDir the folder that holds {@code cifar10.zip}
   * @param namedBy the option or variable that names it, for the message of an error
   * @return the images
   * @throws IOException if the file is missing, damaged, or cannot be unpacked
   */
  public Cifar10 in(Path dataDir, String namedBy) throws IOException {
    Path zip = dataDir.resolve("cifar10.zip");
    if (!Files.isRegularFile(zip)) {
      throw new IOException(
          String.format("%s names %s, but there is no file %s", namedBy, dataDir, zip));
    }
    Path folder = cacheDir.resolve("cifar10-" + Md5.of(zip));
    if (!Files.exists(folder.resolve("train.bin")) || !Files.exists(folder.resolve("test.bin"))) {
      try (ZipFile file = new ZipFile(zip.toFile())) {
        unpack(file, "train", train, folder.resolve("train.bin"));
        unpack(file, "test", test, folder.resolve("test.bin"));
      } catch (ZipException e) {
        throw new DamagedFileException(zip + " is damaged or truncated: " + e.getMessage(), e);
      }
    }
    return new Cifar10(folder, zip);
  }

  private void unpack(ZipFile zip, String part, int count, Path target) throws IOException {
    AtomicFile.write(
        target,
        out -> {
          for (int label = 0; label < CLASSES.size(); label++) {
            List<? extends ZipEntry> entries =
                entries(zip, "cifar10/" + part + "/" + CLASSES.get(label) + "/");
            if (entries.size() != count / CLASSES.size()) {
              throw new DamagedFileException(
                  String.format(
                      "%s has %,d images in cifar10/%s/%s; expected are %,d",
                      zip.getName(), entries.size(), part, CLASSES.get(label), count / 10),
                  null);
            }
            for (ZipEntry entry : entries) {
              out.write(label);
              decode(zip, entry, out);
            }
          }
        });
  }

  private static List<? extends ZipEntry> entries(ZipFile zip, String folder) {
    try (Stream<? extends ZipEntry> entries = zip.stream()) {
      return entries
          .filter(entry -> entry.getName().startsWith(folder) && !entry.isDirectory())
          .sorted((a, b) -> a.getName().compareTo(b.getName()))
          .toList();
    }
  }

  private static void decode(ZipFile zip, ZipEntry entry, OutputStream out) throws IOException {
    BufferedImage image;
    try (InputStream in = zip.getInputStream(entry)) {
      image = ImageIO.read(in);
    } catch (IOException | RuntimeException e) {
      throw new DamagedFileException(
          String.format(
              "%s: %s cannot be read: %s", zip.getName(), entry.getName(), e.getMessage()),
          e);
    }
    ImageShape shape = Cifar10.SHAPE;
    if (image == null || image.getWidth() != shape.width() || image.getHeight() != shape.height()) {
      throw new DamagedFileException(
          String.format(
              "%s: %s is %s; expected is an image of %d by %d pixels",
              zip.getName(),
              entry.getName(),
              image == null ? "no image" : image.getWidth() + " by " + image.getHeight(),
              shape.width(),
              shape.height()),
          null);
    }
    int[] rgb = image.getRGB(0, 0, shape.width(), shape.height(), null, 0, shape.width());
    byte[] channels = new byte[shape.length()];
    for (int i = 0; i < rgb.length; i++) {
      for (int channel = 0; channel < shape.channels(); channel++) {
        channels[channel * rgb.length + i] = (byte) (rgb[i] >> (16 - 8 * channel));
      }
    }
    out.write(channels);
  }
}
