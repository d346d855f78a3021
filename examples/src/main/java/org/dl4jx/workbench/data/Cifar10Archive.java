package org.dl4jx.workbench.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.dl4jx.workbench.files.AtomicFile;

/**
 * CIFAR-10 as its authors publish it for C programs: a gzipped archive of files in the layout that
 * {@link Cifar10} reads, five for training and one for testing.
 *
 * @param address where to download it
 * @param md5 its MD5, in lower-case hexadecimal digits
 */
public record Cifar10Archive(URI address, String md5) {
  static final String NAME = "cifar-10-binary.tar.gz";

  /** The authors' own copy, with the MD5 that they publish. */
  static final Cifar10Archive PUBLIC =
      new Cifar10Archive(
          URI.create("https://www.cs.toronto.edu/~kriz/" + NAME),
          "c32a1d4ab5d03f1284b67883e8d87530");

  private static final String FOLDER = "cifar-10-batches-bin/";
  private static final List<String> TRAIN =
      IntStream.rangeClosed(1, 5).mapToObj(i -> FOLDER + "data_batch_" + i + ".bin").toList();
  private static final List<String> TEST = List.of(FOLDER + "test_batch.bin");

  /**
   * Downloads the archive, unless that has been done.
   *
   * @param target where to save it
   * @throws IOException if it cannot be downloaded or has another MD5
   */
  void download(Path target) throws IOException {
    if (Files.isRegularFile(target) && Md5.of(target).equals(md5)) {
      return;
    }
    MessageDigest digest = Md5.digest();
    AtomicFile.write(
        target,
        out ->
            Download.from(
                address,
                in -> {
                  new DigestInputStream(in, digest).transferTo(out);
                  check(address, Md5.hex(digest));
                }));
  }

  /**
   * Checks that a file is the archive.
   *
   * @throws DamagedFileException if it is not
   */
  void verify(Path file) throws IOException {
    check(file, Md5.of(file));
  }

  private void check(Object origin, String found) throws IOException {
    if (!found.equals(md5)) {
      throw new DamagedFileException(Md5.mismatch(origin, found, md5), null);
    }
  }

  /**
   * Unpacks the images into one file for training and one for testing.
   *
   * @param file the archive
   * @param target folder for the two files
   * @throws DamagedFileException if the archive lacks a file
   */
  void unpack(Path file, Path target) throws IOException {
    Map<String, byte[]> parts = new HashMap<>();
    try (InputStream in = Files.newInputStream(file);
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(in))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (TRAIN.contains(entry.getName()) || TEST.contains(entry.getName())) {
          parts.put(entry.getName(), tar.readAllBytes());
        }
      }
    }
    write(file, parts, TRAIN, target.resolve(Cifar10Cache.TRAIN_FILE));
    write(file, parts, TEST, target.resolve(Cifar10Cache.TEST_FILE));
  }

  private static void write(Path file, Map<String, byte[]> parts, List<String> names, Path target)
      throws IOException {
    for (String name : names) {
      if (!parts.containsKey(name)) {
        throw new DamagedFileException(file + " has no " + name, null);
      }
    }
    AtomicFile.write(
        target,
        out -> {
          for (String name : names) {
            out.write(parts.get(name));
          }
        });
  }
}
