package org.dl4jx.workbench.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a folder for one process, or for several that agree on what they do there. The operating
 * system releases the lock when the process ends, however it ends.
 *
 * <p>The lock file holds what its holders have agreed on. Far beyond that text, one byte is locked
 * for short moments by whoever takes the folder or needs it undisturbed, and the next byte by every
 * holder all the time. The file stays when the lock is gone, since another process may be waiting
 * for it.
 */
public final class FolderLock implements AutoCloseable {
  /** The name of the lock file. */
  public static final String FILE = ".dl4jx.lock";

  private static final long MOMENT = Long.MAX_VALUE - 2;
  private static final long HOLD = Long.MAX_VALUE - 1;
  private static final int PATIENCE_SECONDS = 60;
  private static final int MILLIS_BETWEEN_TRIES = 20;

  private final Path file;
  private final FileChannel channel;
  private FileLock held;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Prepares to take a folder.
   *
   * @param folder the folder
   * @return the lock, which holds nothing yet
   * @throws CannotWriteException if the folder cannot have a lock file
   */
  public static FolderLock in(Path folder) throws CannotWriteException {
    Path file = folder.resolve(FILE);
    try {
      return new FolderLock(
          file,
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw new CannotWriteException(file, e);
    }
  }

  /** What is done in a folder while no other process takes it. */
  @FunctionalInterface
  public interface Work {
    /**
     * Does the work.
     *
     * @throws IOException if that fails
     */
    void run() throws IOException;
  }

  /** What several holders of a folder agree on. */
  @FunctionalInterface
  public interface Agreement {
    /**
     * Joins the holders of a folder.
     *
     * @param terms what the others have agreed on; null if there are no others
     * @return what all agree on from now on
     * @throws FolderInUseException if that is impossible
     * @throws IOException if the terms cannot be read
     */
    String join(String terms) throws IOException;
  }

  /**
   * Does something while no other process takes the folder or does the like.
   *
   * @param work what to do
   * @throws FolderInUseException if another process does so for a minute
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

  /**
   * Does something in turn if nobody holds the folder.
   *
   * @param work what to do
   * @throws IOException if that fails
   */
  public void ifFree(Work work) throws IOException {
    inTurn(
        () -> {
          FileLock alone = tryHold(false);
          if (alone != null) {
            alone.release();
            work.run();
          }
        });
  }

  /**
   * Takes the folder for this process alone.
   *
   * @throws FolderInUseException if another process has it
   * @throws IOException if the folder cannot be locked
   */
  public void takeAlone() throws IOException {
    inTurn(() -> held = tryHold(false));
    checkHeld();
  }

  /**
   * Takes the folder together with all that agree.
   *
   * @param agreement joins the others
   * @throws FolderInUseException if another process has the folder alone, or does not agree
   * @throws IOException if the folder cannot be locked
   */
  public void share(Agreement agreement) throws IOException {
    inTurn(
        () -> {
          FileLock alone = tryHold(false);
          if (alone != null) {
            alone.release();
          }
          held = tryHold(true);
          if (held != null) {
            write(agreement.join(alone != null ? null : read()));
          }
        });
    checkHeld();
  }

  private void checkHeld() throws FolderInUseException {
    if (held == null) {
      throw new FolderInUseException("another process is writing to " + file.getParent());
    }
  }

  /** Gives the folder back. */
  @Override
  public void close() throws IOException {
    channel.close();
  }

  private FileLock moment() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try {
      FileLock moment = tryLock(MOMENT, false);
      while (moment == null && System.nanoTime() < deadline) {
        Thread.sleep(MILLIS_BETWEEN_TRIES);
        moment = tryLock(MOMENT, false);
      }
      if (moment != null) {
        return moment;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new IOException(
          String.format(
              "cannot lock %s: %s; use a folder on another file system",
              file, FileErrors.reason(e, file)),
          e);
    }
    throw new FolderInUseException(
        String.format(
            "another process has kept %s busy for %d seconds", file.getParent(), PATIENCE_SECONDS));
  }

  /** Null if another process holds the folder, or this process by another lock. */
  private FileLock tryHold(boolean shared) throws IOException {
    return tryLock(HOLD, shared);
  }

  private FileLock tryLock(long position, boolean shared) throws IOException {
    try {
      return channel.tryLock(position, 1, shared);
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
    byte[] text = terms.getBytes(StandardCharsets.UTF_8);
    try {
      channel.write(ByteBuffer.wrap(text), 0);
      channel.truncate(text.length);
    } catch (IOException e) {
      throw new CannotWriteException(file, e);
    }
  }
}
