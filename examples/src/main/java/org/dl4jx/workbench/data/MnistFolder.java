package org.dl4jx.workbench.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** A folder for unpacked MNIST files, which lets no file pass whose MD5 is not the known one. */
final class MnistFolder {
  private final Path folder;
  private final List<MnistFile> files;

  MnistFolder(Path folder, List<MnistFile> files) {
    this.folder = folder;
    this.files = files;
  }

  Path path() {
    return folder;
  }

  List<MnistFile> files() {
    return files;
  }

  boolean isComplete() {
    return files.stream().allMatch(this::contains);
  }

  private boolean contains(MnistFile file) {
    return Files.isRegularFile(folder.resolve(file.name()));
  }

  /**
   * Checks all files.
   *
   * @throws DamagedFileException if a file is not the expected one
   */
  void verify() throws IOException {
    for (MnistFile file : files) {
      Path path = folder.resolve(file.name());
      String found = Md5.of(path);
      if (!found.equals(file.md5())) {
        throw new DamagedFileException(Md5.mismatch(path, found, file.md5()) + "; delete it", null);
      }
    }
  }

  /** Whether the file is here and the expected one, so that it need not be unpacked again. */
  boolean isIntact(MnistFile file) throws IOException {
    return contains(file) && Md5.of(folder.resolve(file.name())).equals(file.md5());
  }

  /**
   * Puts a file here, if it unpacks to the expected one.
   *
   * @param gzipped the gzipped file
   * @param origin where it comes from, for the message of an error
   * @throws DamagedFileException if it cannot be unpacked, or unpacks to something else
   */
  void unpack(MnistFile file, InputStream gzipped, Object origin) throws IOException {
    AtomicFile.write(folder.resolve(file.name()), out -> unpack(file, gzipped, origin, out));
  }

  /**
   * Checks a gzipped file that need not be put here.
   *
   * @throws DamagedFileException if it cannot be unpacked, or unpacks to something else
   */
  static void verify(MnistFile file, InputStream gzipped, Object origin) throws IOException {
    unpack(file, gzipped, origin, OutputStream.nullOutputStream());
  }

  private static void unpack(MnistFile file, InputStream gzipped, Object origin, OutputStream out)
      throws IOException {
    MessageDigest digest = Md5.digest();
    try (InputStream in = new DigestInputStream(new GZIPInputStream(gzipped), digest)) {
      in.transferTo(out);
    } catch (EOFException | ZipException e) {
      throw new DamagedFileException(
          String.format(
              "%s must be gzipped %s with MD5 %s, but is damaged or truncated (%s)",
              origin, file.name(), file.md5(), e.getMessage()),
          e);
    }
    String found = Md5.hex(digest);
    if (!found.equals(file.md5())) {
      throw new DamagedFileException(Md5.mismatch(origin + ", unpacked,", found, file.md5()), null);
    }
  }
}
