package org.dl4jx.workbench.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes files completely or not at all, even if the writing is interrupted. */
public final class AtomicFile {
  private AtomicFile() {}

  /** The content of a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes everything.
     *
     * @param out where to
     * @throws IOException if that fails; then the file is not written
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes bytes to a file.
   *
   * @param target the file, replaced if it exists
   * @param content its content
   * @throws IOException if it cannot be written; then {@code target} is unchanged
   */
  public static void write(Path target, byte[] content) throws IOException {
    write(target, out -> out.write(content));
  }

  /**
   * Writes text to a file, in UTF-8.
   *
   * @param target the file, replaced if it exists
   * @param content its content
   * @throws IOException if it cannot be written; then {@code target} is unchanged
   */
  public static void write(Path target, String content) throws IOException {
    write(target, content.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes a temporary file next to the target and then moves it there. Creates missing folders.
   *
   * @param target the file, replaced if it exists
   * @param content its content
   * @throws IOException if it cannot be written; then {@code target} is unchanged
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
