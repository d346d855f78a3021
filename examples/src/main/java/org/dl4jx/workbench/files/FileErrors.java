package org.dl4jx.workbench.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What exceptions of the file system mean. Their own messages are often just a path. */
public final class FileErrors {
  private static final Map<Class<? extends FileSystemException>, String> REASONS =
      Map.of(
          AccessDeniedException.class, "permission denied",
          DirectoryNotEmptyException.class, "is a folder that is not empty",
          FileAlreadyExistsException.class, "something else is there",
          FileSystemLoopException.class, "is a loop of links",
          NoSuchFileException.class, "does not exist",
          NotDirectoryException.class, "is not a folder");

  private FileErrors() {}

  /**
   * Why a file cannot be read or written.
   *
   * @param e the failure
   * @param file the file, which the phrase does not repeat
   * @return a phrase such as "no space left on device", or "permission denied (/data)" if the
   *     failure is that of another file
   */
  public static String reason(IOException e, Path file) {
    if (!(e instanceof FileSystemException failure)) {
      return e.getMessage() == null ? e.toString() : decapitalized(e.getMessage());
    }
    String known = REASONS.getOrDefault(failure.getClass(), failure.getReason());
    String reason = known == null ? failure.getClass().getSimpleName() : decapitalized(known);
    return failure.getFile() == null || isAbout(failure.getFile(), file)
        ? reason
        : reason + " (" + failure.getFile() + ")";
  }

  /** Whether a failure is that of a file, or of one in it or of its temporary file. */
  private static boolean isAbout(String failing, Path file) {
    return List.of(file.toString(), file.toAbsolutePath().toString()).stream()
        .anyMatch(
            name ->
                failing.equals(name)
                    || failing.startsWith(name + ".")
                    || failing.startsWith(name + file.getFileSystem().getSeparator()));
  }

  /**
   * What went wrong with which file.
   *
   * @param e the failure
   * @return a sentence such as "cannot use /data: permission denied"
   */
  public static String sentence(FileSystemException e) {
    return e.getFile() == null
        ? e.toString()
        : "cannot use " + e.getFile() + ": " + reason(e, Path.of(e.getFile()));
  }

  /** Messages of the operating system start with a capital: "No space left on device". */
  private static String decapitalized(String message) {
    boolean sentence = message.matches("\\p{Lu}\\p{Ll}.*");
    return sentence
        ? message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1)
        : message;
  }
}
