package org.dl4jx.workbench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10SearchTest {
  private static final List<String> CLASSES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private static final int[] ALL = {1, 3, 0, 5, 4, 2};

  @TempDir private Path folder;
  private final List<String> notices = new ArrayList<>();

  /** One image of each class in both parts, of the given size. */
  private void zip(int side, List<String> classes) throws IOException {
    try (OutputStream file = Files.newOutputStream(folder.resolve("cifar10.zip"));
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (String part : List.of("train", "test")) {
        for (String label : classes) {
          zip.putNextEntry(new ZipEntry("cifar10/" + part + "/" + label + "/0000.png"));
          zip.write(png(side));
          zip.closeEntry();
        }
      }
    }
  }

  /** PNG loses nothing. */
  private static byte[] png(int side) throws IOException {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    image.setRGB(1, 0, 0x102030);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    return png.toByteArray();
  }

  /** Not in the order of their numbers, as in the authors' archive; each byte of a file is i. */
  private static byte[] tar(int... batches) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      for (int i : batches) {
        String name = i == 0 ? "test_batch.bin" : "data_batch_" + i + ".bin";
        byte[] batch = new byte[(i == 0 ? 10 : 2) * 3073];
        Arrays.fill(batch, (byte) i);
        TarArchiveEntry entry = new TarArchiveEntry("cifar-10-batches-bin/" + name);
        entry.setSize(batch.length);
        // Else archives made in different seconds have different MD5s.
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(batch);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private Cifar10 search() throws IOException {
    return search(tar(ALL)).in(folder);
  }

  /** A search that knows this content as the authors' archive, to be downloaded from "public". */
  private Cifar10Search search(byte[] tar) throws IOException {
    Path expected = Files.write(folder.resolve("expected"), tar);
    Cifar10Archive archive = new Cifar10Archive(folder.resolve("public").toUri(), Md5.of(expected));
    return new Cifar10Search(
        folder.resolve("cache"), folder.resolve("deeplearning4j"), archive, 10, 10);
  }

  private Cifar10 anywhere(byte[] tar) throws IOException {
    return search(tar).anywhere(notices::add);
  }

  private static void assertThatBatchesAreInOrder(Cifar10 images) throws IOException {
    byte[] train = Files.readAllBytes(images.folder().resolve("train.bin"));
    assertThat(train).hasSize(10 * 3073);
    for (int i = 0; i < 10; i++) {
      assertThat(train[i * 3073]).isEqualTo((byte) (1 + i / 2));
    }
    assertThat(images.folder().resolve("test.bin")).hasBinaryContent(new byte[10 * 3073]);
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
            "there is no file %s, nor cifar-10-binary.tar.gz beside it",
            folder.resolve("cifar10.zip"));
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
        .hasMessageContaining(
            "airplane/0000.png must be an image of 32 by 32 pixels, but is 28 by 28");
  }

  @Test
  void aMissingClassIsNamed() throws IOException {
    zip(32, CLASSES.subList(0, 9));

    assertThatThrownBy(this::search)
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("must have 1 images in train/truck, but has 0");
  }

  @Test
  void aCacheOfAnotherLengthIsDamaged() throws IOException {
    zip(32, CLASSES);
    Cifar10 images = search();

    assertThatThrownBy(images::train)
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("train.bin must have 153,650,000 bytes, but has 30,730; delete it");
  }

  @Test
  void theAuthorsArchiveIsUnpackedInTheOrderOfItsBatches() throws IOException {
    Files.write(folder.resolve("cifar-10-binary.tar.gz"), tar(ALL));

    assertThatBatchesAreInOrder(search());
  }

  @Test
  void anotherArchiveIsRefused() throws IOException {
    Path given = Files.write(folder.resolve("cifar-10-binary.tar.gz"), tar(1));

    assertThatThrownBy(this::search)
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContainingAll(given + " must have MD5 ", "but has " + Md5.of(given));
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void anArchiveThatLacksAFileIsRefused() throws IOException {
    byte[] tar = tar(0, 1, 2, 3, 5);
    Files.write(folder.resolve("cifar-10-binary.tar.gz"), tar);

    assertThatThrownBy(() -> search(tar).in(folder))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageEndingWith("has no cifar-10-batches-bin/data_batch_4.bin");
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void deeplearning4jsFilesGoBeforeADownload() throws IOException {
    for (String part : List.of("train", "test")) {
      for (String label : CLASSES) {
        Path images = folder.resolve("deeplearning4j").resolve(part).resolve(label);
        Files.write(Files.createDirectories(images).resolve("0001.png"), png(32));
      }
    }

    byte[] train = Files.readAllBytes(anywhere(tar(ALL)).folder().resolve("train.bin"));

    assertThat(train[9 * 3073]).isEqualTo((byte) 9);
    assertThat(train[9 * 3073 + 2]).isEqualTo((byte) 0x10);
    assertThat(notices).isEmpty();
  }

  @Test
  void deeplearning4jsFilesAreRefusedIfSomeAreMissing() throws IOException {
    Path given = Files.createDirectories(folder.resolve("deeplearning4j"));

    assertThatThrownBy(() -> anywhere(tar(ALL)))
        .isInstanceOf(DamagedFileException.class)
        .hasMessage(given + " must have 1 images in train/airplane, but has 0");
  }

  @Test
  void aFlippedBitInTheCacheIsFoundWithWhatToDelete() throws IOException {
    zip(32, CLASSES);
    Cifar10Cache cache = new Cifar10Cache(search().folder());
    Path file = cache.folder().resolve(Cifar10Cache.TEST_FILE);
    byte[] content = Files.readAllBytes(file);
    assertThat(cache.read(Cifar10Cache.TEST_FILE, content.length)).isEqualTo(content);
    content[5000] ^= 1;
    Files.write(file, content);

    assertThatThrownBy(() -> cache.read(Cifar10Cache.TEST_FILE, content.length))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageStartingWith(file + " must have MD5 ")
        .hasMessageEndingWith("; delete it, and it is made again");
    Files.delete(file);
    assertThat(search().folder()).isEqualTo(cache.folder());
    assertThat(file).exists();
  }

  @Test
  void aCacheWithoutChecksumsIsMadeAgain() throws IOException {
    zip(32, CLASSES);
    Path made = search().folder();
    Files.write(made.resolve("train.bin"), new byte[10 * 3073]);
    Files.delete(made.resolve(Cifar10Cache.CHECKSUMS));

    byte[] train = new Cifar10Cache(search().folder()).read(Cifar10Cache.TRAIN_FILE, 10 * 3073);

    assertThat(train[9 * 3073]).isEqualTo((byte) 9);
  }

  @Test
  void checksumsThatAreNoneAreNamed() throws IOException {
    zip(32, CLASSES);
    Cifar10Cache cache = new Cifar10Cache(search().folder());
    Path checksums = Files.write(cache.folder().resolve(Cifar10Cache.CHECKSUMS), new byte[] {-1});

    assertThatThrownBy(() -> cache.read(Cifar10Cache.TRAIN_FILE, 10 * 3073))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageStartingWith(checksums + " must have the MD5 of train.bin");
  }

  @Test
  void anArchiveThatIsRefusedLeavesNoFolder() throws IOException {
    zip(32, CLASSES.subList(0, 9));

    assertThatThrownBy(this::search).isInstanceOf(DamagedFileException.class);

    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void whatAKilledProcessLeftInTheCacheIsRemoved() throws IOException {
    Path cache = Files.createDirectories(folder.resolve("cache"));
    Path left =
        Files.createFile(
            cache.resolve("cifar-10-binary.tar.gz.123e4567-e89b-12d3-a456-426614174000.part"));
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
    zip(32, CLASSES);

    search();

    assertThat(left).doesNotExist();
  }

  @Test
  void aDownloadThatCouldNotBeUnpackedIsNotRepeated() throws IOException {
    Files.createDirectories(folder.resolve("cache"));
    Files.write(folder.resolve("cache").resolve(Cifar10Archive.NAME), tar(ALL));

    assertThatBatchesAreInOrder(anywhere(tar(ALL)));
  }

  @Test
  void whatIsNowhereIsDownloadedOnce() throws IOException {
    Files.write(folder.resolve("public"), tar(ALL));

    assertThatBatchesAreInOrder(anywhere(tar(ALL)));

    Files.delete(folder.resolve("public"));
    assertThatBatchesAreInOrder(anywhere(tar(ALL)));
    assertThat(notices).hasSize(1);
    assertThat(folder.resolve("cache")).isDirectoryNotContaining("glob:**.gz");
  }

  @Test
  void onlyWhatIsCachedIsFoundWithoutADownload() throws IOException {
    Files.write(folder.resolve("public"), tar(ALL));
    Cifar10Search search = search(tar(ALL));

    assertThat(search.cached()).isEmpty();
    Cifar10 downloaded = search.anywhere(notices::add);
    assertThat(search.cached()).contains(downloaded);
  }

  @Test
  void aDamagedDownloadLeavesNothingBehind() throws IOException {
    byte[] whole = tar(ALL);
    Files.write(folder.resolve("public"), Arrays.copyOf(whole, whole.length / 2));

    assertThatThrownBy(() -> anywhere(whole))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContainingAll(folder.resolve("public").toUri() + " must have MD5 ");
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void whatCannotBeHadIsSaidWithThePlacesThatWereTried() {
    assertThatThrownBy(() -> anywhere(tar(ALL)))
        .isInstanceOf(DataNotFoundException.class)
        .hasMessageContainingAll(
            "not in " + folder.resolve("deeplearning4j"),
            "not in " + folder.resolve("cache"),
            folder.resolve("public").toUri() + ": ");
  }
}
