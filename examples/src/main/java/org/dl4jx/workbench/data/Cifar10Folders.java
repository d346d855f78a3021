package org.dl4jx.workbench.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.dl4jx.workbench.files.AtomicFile;

/**
 * CIFAR-10 as Deeplearning4j's iterator stores it: every image is a file in the folder of its
 * class. There is no canonical copy in this form, so the checks are that each class has the right
 * number of images, and that each image is readable and has the right size.
 *
 * @param root has the folders {@code train} and {@code test}, with one folder per class
 * @param origin what the folders are in, for error messages
 */
record Cifar10Folders(Path root, Path origin) {
  /** The classes in the authors' order, which is alphabetical. */
  private static final List<String> CLASSES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  /**
   * Collects the images of a part in one file.
   *
   * @param part {@code train} or {@code test}
   * @param count how many images there must be
   * @param target the file
   * @throws DamagedFileException if images are missing or unreadable
   */
  void unpack(String part, int count, Path target) throws IOException {
    AtomicFile.write(
        target,
        out -> {
          for (int label = 0; label < CLASSES.size(); label++) {
            List<Path> files = files(root.resolve(part).resolve(CLASSES.get(label)));
            if (files.size() != count / CLASSES.size()) {
              throw new DamagedFileException(
                  String.format(
                      "%s must have %,d images in %s/%s, but has %,d",
                      origin, count / CLASSES.size(), part, CLASSES.get(label), files.size()),
                  null);
            }
            for (Path file : files) {
              out.write(label);
              decode(file, out);
            }
          }
        });
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private void decode(Path file, OutputStream out) throws IOException {
    BufferedImage image;
    try (InputStream in = Files.newInputStream(file)) {
      image = ImageIO.read(in);
    } catch (IOException | RuntimeException e) {
      throw new DamagedFileException(
          String.format("%s: %s cannot be read: %s", origin, file, e.getMessage()), e);
    }
    ImageShape shape = Cifar10.SHAPE;
    if (image == null || image.getWidth() != shape.width() || image.getHeight() != shape.height()) {
      throw new DamagedFileException(
          String.format(
              "%s: %s must be an image of %d by %d pixels, but is %s",
              origin,
              file,
              shape.width(),
              shape.height(),
              image == null ? "no image" : image.getWidth() + " by " + image.getHeight()),
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
