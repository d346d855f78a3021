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
import org.dl4jx.workbench.files.AtomicFile;

/** A folder of unpacked MNIST files that accepts only files with the expected MD5. */
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
   * @throws DamagedFileException if a file has another MD5
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

  /** Whether the folder has the right file, so that it does not have to be unpacked again. */
  boolean isIntact(MnistFile file) throws IOException {
    return contains(file) && Md5.of(folder.resolve(file.name())).equals(file.md5());
  }

  /**
   * Unpacks a file into the folder if it is the right one.
   *
   * @param gzipped the gzipped file
   * @param origin where it comes from, for error messages
   * @throws DamagedFileException if it cannot be unpacked or has another MD5
   */
  void unpack(MnistFile file, InputStream gzipped, Object origin) throws IOException {
    AtomicFile.write(folder.resolve(file.name()), out -> unpack(file, gzipped, origin, out));
  }

  /**
   * Checks a gzipped file without unpacking it into the folder.
   *
   * @throws DamagedFileException if it cannot be unpacked or has another MD5
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
              origin, file.name(), file.md5(), e.getMessage() == null ? "empty" : e.getMessage()),
          e);
    }
    String found = Md5.hex(digest);
    if (!found.equals(file.md5())) {
      throw new DamagedFileException(Md5.mismatch(origin + ", unpacked,", found, file.md5()), null);
    }
  }
}
