package org.dl4jx.workbench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.dl4jx.workbench.files.AtomicFile;
import org.dl4jx.workbench.files.CannotWriteException;
import org.dl4jx.workbench.files.FileErrors;
import org.dl4jx.workbench.files.FolderLock;
import org.dl4jx.workbench.report.Chart;

/**
 * The folder of {@code --output} while a command works for it. Whatever would keep the command from
 * writing to it at the end is found out at the start.
 */
final class OutputFolder implements AutoCloseable {
  private static final String REMEDY = "; move it away, or choose another folder for --output";

  private final FolderLock lock;

  private OutputFolder(FolderLock lock) {
    this.lock = lock;
  }

  /**
   * Creates the folder. Removes what killed processes have left half-written in it, unless a living
   * one writes to it. Draws a chart for a trial, since some Javas cannot.
   *
   * @param files names of the files that will be written
   * @param folders names of the folders that will be written to
   * @throws IOException if the folder is not writable or has something else by such a name
   */
  static OutputFolder open(Path folder, List<String> files, List<String> folders)
      throws IOException {
    check(folder, files, folders);
    FolderLock lock = FolderLock.in(folder);
    try {
      lock.ifFree(
          () -> {
            AtomicFile.removeTemporary(folder);
            for (String name : folders) {
              AtomicFile.removeTemporary(folder.resolve(name));
            }
          });
      lock.inTurn(
          () -> {
            checkWritable(folder);
            for (String name : folders) {
              Path inner = folder.resolve(name);
              if (Files.isDirectory(inner)) {
                checkWritable(inner);
                checkContent(inner);
              }
            }
          });
      Chart.prepare();
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
    return new OutputFolder(lock);
  }

  /** Checks a folder for pictures, which need no lock: whoever comes last has written them. */
  static void check(Path folder, List<String> files) throws IOException {
    check(folder, files, List.of());
    checkWritable(folder);
    Chart.prepare();
  }

  private static void check(Path folder, List<String> files, List<String> folders)
      throws IOException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw cannotWrite(folder, e, "choose another");
    }
    for (String name : files) {
      checkIsFile(folder.resolve(name));
    }
    checkIsFile(folder.resolve(FolderLock.FILE));
    for (String name : folders) {
      Path inner = folder.resolve(name);
      if (Files.exists(inner, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(inner)) {
        throw new IOException("cannot write to " + inner + ": it is not a folder" + REMEDY);
      }
    }
  }

  private static void checkWritable(Path folder) throws IOException {
    try {
      AtomicFile.checkWritable(folder);
    } catch (CannotWriteException e) {
      throw cannotWrite(folder, (IOException) e.getCause(), "make room or choose another");
    }
  }

  private static IOException cannotWrite(Path folder, IOException cause, String advice) {
    return new IOException(
        String.format(
            "cannot write to the folder of --output, %s: %s; %s",
            folder, FileErrors.reason(cause, folder), advice),
        cause);
  }

  private static void checkIsFile(Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file)) {
      throw new IOException("cannot write " + file + ": it is not a file" + REMEDY);
    }
  }

  /** There are only files in the inner folders. */
  private static void checkContent(Path inner) throws IOException {
    try (DirectoryStream<Path> content = Files.newDirectoryStream(inner)) {
      for (Path file : content) {
        checkIsFile(file);
      }
    }
  }

  /** Keeps other processes out until this is closed. */
  void takeAlone() throws IOException {
    lock.takeAlone();
  }

  /** Keeps other processes out that do not agree, until this is closed. */
  void share(FolderLock.Agreement agreement) throws IOException {
    lock.share(agreement);
  }

  /** Writes to the folder while no other process does so that shares it. */
  void write(FolderLock.Work work) throws IOException {
    lock.inTurn(work);
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
