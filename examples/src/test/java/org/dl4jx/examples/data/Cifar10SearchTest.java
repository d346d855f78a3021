package org.dl4jx.examples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10SearchTest {
  private static final List<String> CLASSES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  @TempDir private Path folder;

  /** One image of each class in both parts, of the given size; PNG, which loses nothing. */
  private void zip(int side, List<String> classes) throws IOException {
    try (OutputStream file = Files.newOutputStream(folder.resolve("cifar10.zip"));
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (String part : List.of("train", "test")) {
        for (String label : classes) {
          zip.putNextEntry(new ZipEntry("cifar10/" + part + "/" + label + "/0000.png"));
          BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
          image.setRGB(1, 0, 0x102030);
          ByteArrayOutputStream png = new ByteArrayOutputStream();
          ImageIO.write(image, "png", png);
          zip.write(png.toByteArray());
          zip.closeEntry();
        }
      }
    }
  }

  private Cifar10 search() throws IOException {
    return new Cifar10Search(folder.resolve("cache"), 10, 10).in(folder, "--data-dir");
  }

  @Test
  void imagesAreUnpackedInTheLayoutOfTheBinaryVersion() throws IOException {
    zip(32, CLASSES);

    byte[] train = Files.readAllBytes(search().folder().resolve("train.bin"));

    assertThat(train).hasSize(10 * 3073);
    for (int label = 0; label < 10; label++) {
      int start = label * 3073;
      assertThat(train[start]).isEqualTo((byte) label);
      assertThat(new byte[] {train[start + 2], train[start + 1026], train[start + 2050]})
          .containsExactly(0x10, 0x20, 0x30);
    }
  }

  @Test
  void isUnpackedOnceForOneFile() throws IOException {
    zip(32, CLASSES);
    Path bin = search().folder().resolve("train.bin");
    var before = Files.getLastModifiedTime(bin);

    search();

    assertThat(Files.getLastModifiedTime(bin)).isEqualTo(before);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(this::search)
        .hasMessage(
            "--data-dir names %s, but there is no file %s", folder, folder.resolve("cifar10.zip"));
  }

  @Test
  void aFileThatIsCutOffIsDamaged() throws IOException {
    zip(32, CLASSES);
    byte[] bytes = Files.readAllBytes(folder.resolve("cifar10.zip"));
    Files.write(folder.resolve("cifar10.zip"), Arrays.copyOf(bytes, bytes.length / 2));

    assertThatThrownBy(this::search)
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("cifar10.zip is damaged or truncated");
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void anImageOfAnotherSizeIsNamed() throws IOException {
    zip(28, CLASSES);

    assertThatThrownBy(this::search)
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("airplane/0000.png is 28 by 28; expected is an image of 32 by 32");
  }

  @Test
  void aMissingClassIsNamed() throws IOException {
    zip(32, CLASSES.subList(0, 9));

    assertThatThrownBy(this::search)
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("has 0 images in cifar10/train/truck; expected are 1");
  }

  @Test
  void aCacheOfAnotherLengthIsDamaged() throws IOException {
    zip(32, CLASSES);
    Cifar10 images = search();

    assertThatThrownBy(images::train)
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("train.bin has 30,730 bytes; expected is 153,650,000; delete it");
  }
}
