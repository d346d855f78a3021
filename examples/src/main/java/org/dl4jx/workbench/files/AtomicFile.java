package org.dl4jx.workbench.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Writes files completely or not at all, even if the writing is interrupted. The content goes to a
 * temporary file beside the target, which takes its place at the end. A killed process leaves that
 * behind, for the next one to remove.
 */
public final class AtomicFile {
  private static final Pattern TEMPORARY = Pattern.compile(".+\\.[0-9a-f-]{36}\\.part");

  private AtomicFile() {}

  /** The content of a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes everything.
     *
     * @param out where to; throws {@link CannotWriteException} if that fails
     * @throws IOException if the content cannot be had; then the file is not written
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes bytes to a file.
   *
   * @param target the file, replaced if it exists
   * @param content its content
   * @throws CannotWriteException if it cannot be written; then {@code target} is unchanged
   * @throws IOException never otherwise
   */
  public static void write(Path target, byte[] content) throws IOException {
    write(target, out -> out.write(content));
  }

  /**
   * Writes text to a file, in UTF-8.
   *
   * @param target the file, replaced if it exists
   * @param content its content
   * @throws CannotWriteException if it cannot be written; then {@code target} is unchanged
   * @throws IOException never otherwise
   */
  public static void write(Path target, String content) throws IOException {
    write(target, content.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes a file. Creates missing folders, and removes them again if the file cannot be written.
   *
   * @param target the file, replaced if it exists
   * @param content its content
   * @throws CannotWriteException if it cannot be written; then {@code target} is unchanged
   * @throws IOException if the content cannot be had; then {@code target} is unchanged as well
   */
  public static void write(Path target, Content content) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    Path part = folder.resolve(target.getFileName() + "." + UUID.randomUUID() + ".part");
    Deque<Path> missing = missing(folder);
    boolean done = false;
    try (FileChannel channel = create(part, target)) {
      Guarded out = new Guarded(channel, target);
      content.writeTo(out);
      out.finish(part);
      done = true;
    } finally {
      if (!done) {
        removeTraces(part, missing);
      }
    }
  }

  /** The folders that have to be created, the innermost first. */
  private static Deque<Path> missing(Path folder) {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path path = folder;
        path != null && Files.notExists(path, LinkOption.NOFOLLOW_LINKS);
        path = path.getParent()) {
      missing.add(path);
    }
    return missing;
  }

  private static void removeTraces(Path part, Deque<Path> folders) {
    try {
      Files.deleteIfExists(part);
      for (Path folder : folders) {
        removeIfEmpty(folder);
      }
    } catch (IOException e) {
      // What kept the file from being written says more.
    }
  }

  /**
   * Removes a folder if there is nothing in it.
   *
   * @param folder the folder; it may be missing
   * @throws IOException if it cannot be removed
   */
  public static void removeIfEmpty(Path folder) throws IOException {
    try {
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(folder);
      }
    } catch (DirectoryNotEmptyException e) {
      // It stays.
    }
  }

  private static FileChannel create(Path part, Path target) throws CannotWriteException {
    try {
      Files.createDirectories(part.getParent());
      return FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new CannotWriteException(target, e);
    }
  }

  /** A stream whose failures name the target. */
  private static final class Guarded extends OutputStream {
    private final FileChannel channel;
    private final OutputStream out;
    private final Path target;

    Guarded(FileChannel channel, Path target) {
      this.channel = channel;
      this.out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      this.target = target;
    }

    @Override
    public void write(int b) throws IOException {
      try {
        out.write(b);
      } catch (IOException e) {
        throw new CannotWriteException(target, e);
      }
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        out.write(bytes, from, length);
      } catch (IOException e) {
        throw new CannotWriteException(target, e);
      }
    }

    /** Some file systems report a full disk no sooner than here. */
    void finish(Path part) throws IOException {
      try {
        out.flush();
        channel.force(true);
        Files.move(
            part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw new CannotWriteException(target, e);
      }
    }
  }

  /**
   * Checks that files can be written to a folder, by writing one and removing it.
   *
   * @param folder the folder
   * @throws CannotWriteException if that fails
   */
  public static void checkWritable(Path folder) throws CannotWriteException {
    Path file = folder.resolve("dl4jx." + UUID.randomUUID() + ".part");
    try {
      write(file, new byte[1 << 16]);
      Files.delete(file);
    } catch (CannotWriteException e) {
      throw e;
    } catch (IOException e) {
      throw new CannotWriteException(file, e);
    }
  }

  /**
   * Removes the temporary files in a folder.
   *
   * @param folder the folder, which no other process writes to; it may be missing
   * @throws IOException if they cannot be removed
   */
  public static void removeTemporary(Path folder) throws IOException {
    removeTemporary(folder, Instant.MAX);
  }

  /**
   * Removes the temporary files in a folder that nobody has written to for some time.
   *
   * @param folder the folder; it may be missing
   * @param quiet for how long
   * @throws IOException if they cannot be removed
   */
  public static void removeTemporary(Path folder, Duration quiet) throws IOException {
    removeTemporary(folder, Instant.now().minus(quiet));
  }

  private static void removeTemporary(Path folder, Instant before) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            folder, file -> TEMPORARY.matcher(file.getFileName().toString()).matches())) {
      for (Path file : files) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
