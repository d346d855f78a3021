package org.dl4jx.workbench.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps a folder for one process, or for several that agree on what they do there. The operating
 * system releases the lock when the process ends, however it ends.
 *
 * <p>The lock file holds what its holders have agreed on. Far beyond that text, one byte is locked
 * for short moments by whoever reads or writes it or takes or gives back the folder, and the next
 * byte by every holder all the time. The last holder deletes the file.
 */
public final class FolderLock implements AutoCloseable {
  /** The name of the lock file. */
  public static final String FILE = "dl4jx.lock";

  private static final long MOMENT = Long.MAX_VALUE - 2;
  private static final long HOLD = Long.MAX_VALUE - 1;

  /** Where the file system does not tell files apart, the lock file stays. */
  private static final String UNKNOWN = "unknown";

  private final Path file;
  private final FileChannel channel;
  private FileLock held;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** What several holders of a folder agree on. */
  @FunctionalInterface
  public interface Agreement {
    /**
     * Joins the holders of a folder.
     *
     * @param terms what the others have agreed on; empty if there are none
     * @return what all agree on from now on
     * @throws FolderInUseException if that is impossible
     * @throws IOException if the terms cannot be read
     */
    String join(String terms) throws IOException;
  }

  /**
   * Takes a folder for this process alone.
   *
   * @param folder the folder
   * @return the lock, to be closed at the end
   * @throws FolderInUseException if another process has it
   * @throws IOException if the folder cannot be locked
   */
  public static FolderLock alone(Path folder) throws IOException {
    return take(folder, null);
  }

  /**
   * Takes a folder together with all that agree.
   *
   * @param folder the folder
   * @param agreement joins the others
   * @return the lock, to be closed at the end
   * @throws FolderInUseException if another process has the folder alone, or does not agree
   * @throws IOException if the folder cannot be locked
   */
  public static FolderLock shared(Path folder, Agreement agreement) throws IOException {
    return take(folder, agreement);
  }

  private static FolderLock take(Path folder, Agreement agreement) throws IOException {
    Path file = folder.resolve(FILE);
    while (true) {
      FolderLock lock = new FolderLock(file, open(file));
      try {
        if (lock.hold(agreement)) {
          return lock;
        }
        lock.channel.close();
      } catch (IOException e) {
        lock.giveUp(e);
        throw e;
      }
    }
  }

  private static FileChannel open(Path file) throws CannotWriteException {
    try {
      return FileChannel.open(
          file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new CannotWriteException(file, e);
    }
  }

  /** False if the last holder has deleted the file since it was opened. */
  private boolean hold(Agreement agreement) throws IOException {
    Object opened = identity();
    AtomicBoolean deleted = new AtomicBoolean();
    inTurn(
        () -> {
          deleted.set(opened == null || !opened.equals(identity()));
          if (!deleted.get() && agreement == null) {
            held = tryHold(false);
          } else if (!deleted.get()) {
            join(agreement);
          }
        });
    if (!deleted.get() && held == null) {
      throw new FolderInUseException("another process is writing to " + file.getParent());
    }
    return !deleted.get();
  }

  private void join(Agreement agreement) throws IOException {
    FileLock alone = tryHold(false);
    if (alone != null) {
      alone.release();
    }
    held = tryHold(true);
    if (held != null) {
      write(agreement.join(alone != null ? "" : read()));
    }
  }

  /** What only one process does at a time. */
  @FunctionalInterface
  public interface Work {
    /**
     * Does the work.
     *
     * @throws IOException if that fails
     */
    void run() throws IOException;
  }

  /**
   * Does something while no other holder does so, and while none comes or goes.
   *
   * @param work what to do
   * @throws IOException if the work fails
   */
  public void inTurn(Work work) throws IOException {
    FileLock moment = moment();
    try {
      work.run();
    } finally {
      moment.release();
    }
  }

  /** Whoever does not get the folder may have made the file. */
  private void giveUp(IOException reason) {
    try {
      close();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /** Gives the folder back, and deletes the lock file after the last holder. */
  @Override
  public void close() throws IOException {
    try (channel) {
      inTurn(
          () -> {
            if (held != null) {
              held.release();
            }
            if (tryHold(false) != null && !UNKNOWN.equals(identity())) {
              Files.deleteIfExists(file);
            }
          });
    }
  }

  private FileLock moment() throws IOException {
    try {
      return channel.lock(MOMENT, 1, false);
    } catch (IOException e) {
      throw new IOException(
          String.format(
              "cannot lock %s: %s; use a folder on another file system",
              file, FileErrors.reason(e, file)),
          e);
    }
  }

  /** Null if another process holds the folder, or this process by another lock. */
  private FileLock tryHold(boolean shared) throws IOException {
    try {
      return channel.tryLock(HOLD, 1, shared);
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private String read() throws IOException {
    byte[] text = new byte[Math.toIntExact(channel.size())];
    channel.read(ByteBuffer.wrap(text), 0);
    return new String(text, StandardCharsets.UTF_8);
  }

  private void write(String terms) throws IOException {
    try {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(terms.getBytes(StandardCharsets.UTF_8)), 0);
    } catch (IOException e) {
      throw new CannotWriteException(file, e);
    }
  }

  /** Null if the file does not exist. */
  private Object identity() throws IOException {
    try {
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return key == null ? UNKNOWN : key;
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
