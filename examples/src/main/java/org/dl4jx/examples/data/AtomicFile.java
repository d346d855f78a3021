package org.dl4jx.examples.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Files that are there whole or not at all, whatever interrupts their writing. */
public final class AtomicFile {
  private AtomicFile() {}

  /** What goes into a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes everything.
     *
     * @param out where to
     * @throws IOException if that fails; then there will be no file
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file beside its place and then moves it there. Folders that are missing are made.
   *
   * @param target the file, replaced if it exists
   * @param content what goes into it
   * @throws IOException if the content cannot be made or written; then {@code target} is as it was
   */
  public static void write(Path target, Content content) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path part = folder.resolve(target.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE_NEW)) {
        content.writeTo(out);
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
