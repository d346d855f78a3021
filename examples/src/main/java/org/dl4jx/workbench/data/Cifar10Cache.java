package org.dl4jx.workbench.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.dl4jx.workbench.files.AtomicFile;

/**
 * A folder with the images of CIFAR-10 in one file for training and one for testing, and with their
 * checksums in a third file, which is written last.
 *
 * @param folder the folder
 */
record Cifar10Cache(Path folder) {
  static final String TRAIN_FILE = "train.bin";
  static final String TEST_FILE = "test.bin";

  /** As the program {@code md5sum} writes and checks it. */
  static final String CHECKSUMS = "checksums.md5";

  private static final List<String> IMAGES = List.of(TRAIN_FILE, TEST_FILE);

  /** Writes the images. */
  @FunctionalInterface
  interface Unpacking {
    void into(Path folder) throws IOException;
  }

  boolean isMade() {
    return Files.isRegularFile(folder.resolve(CHECKSUMS))
        && IMAGES.stream().allMatch(name -> Files.isRegularFile(folder.resolve(name)));
  }

  /** Leaves nothing new behind if that fails. */
  void make(Unpacking unpacking) throws IOException {
    AtomicFile.removeTemporary(folder, Download.ABANDONED);
    List<Path> missing =
        IMAGES.stream().map(folder::resolve).filter(file -> !Files.exists(file)).toList();
    try {
      unpacking.into(folder);
      StringBuilder checksums = new StringBuilder();
      for (String name : IMAGES) {
        checksums.append(Md5.of(folder.resolve(name))).append("  ").append(name).append('\n');
      }
      AtomicFile.write(folder.resolve(CHECKSUMS), checksums.toString());
    } catch (IOException e) {
      removeIfNotMade(missing, e);
      throw e;
    }
  }

  private void removeIfNotMade(List<Path> files, IOException reason) {
    try {
      if (!isMade() && !files.isEmpty()) {
        for (Path file : files) {
          Files.deleteIfExists(file);
        }
        AtomicFile.removeIfEmpty(folder);
      }
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /**
   * Reads a file.
   *
   * @throws DamagedFileException if it is not as it was written
   */
  byte[] read(String name, long length) throws IOException {
    Path file = folder.resolve(name);
    if (Files.size(file) != length) {
      throw damaged(
          String.format("%s must have %,d bytes, but has %,d", file, length, Files.size(file)));
    }
    byte[] bytes = Files.readAllBytes(file);
    String expected = checksum(name);
    String found = Md5.of(bytes);
    if (!found.equals(expected)) {
      throw damaged(Md5.mismatch(file, found, expected));
    }
    return bytes;
  }

  private String checksum(String name) throws IOException {
    Path file = folder.resolve(CHECKSUMS);
    try {
      return Files.readString(file)
          .lines()
          .filter(line -> line.matches("[0-9a-f]{32}  " + name))
          .map(line -> line.substring(0, line.indexOf(' ')))
          .findFirst()
          .orElseThrow(() -> damaged(file + " must have the MD5 of " + name + ", but has not"));
    } catch (NoSuchFileException | CharacterCodingException e) {
      throw damaged(file + " must have the MD5 of " + name + ", but cannot be read");
    }
  }

  private DamagedFileException damaged(String what) {
    return new DamagedFileException(what + "; delete it, and it is made again", null);
  }
}
