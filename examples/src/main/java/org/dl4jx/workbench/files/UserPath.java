package org.dl4jx.workbench.files;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.refusal;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** Paths as users write and read them. */
public final class UserPath {
  private static final String HOME = "user.home";

  /** What libraries take for the home of a user who has none. */
  private static String homeOfLibraries;

  private UserPath() {}

  /**
   * Reads a path.
   *
   * @param name what the path is, as the user writes it
   * @param text the path
   * @return the path
   * @throws IllegalArgumentException if it is empty or cannot be a path on this system
   */
  public static Path parse(String name, String text) {
    check(!text.isEmpty(), name, "empty", "a path, where . is the current folder");
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      String allowed =
          String.format(
              "a path in the characters of this system, %s (LC_ALL=C.UTF-8 allows all)",
              System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name()));
      throw new IllegalArgumentException(refusal(name, text, allowed), e);
    }
  }

  /**
   * Shows a path.
   *
   * @param path the path
   * @return the path, with {@code ~} for the home folder
   */
  public static String of(Path path) {
    Optional<Path> home = home();
    return home.isPresent() && path.startsWith(home.get())
        ? "~/" + home.get().relativize(path)
        : path.toString();
  }

  /**
   * Gives libraries a home for a user without one: Java's fonts and ND4J's native libraries are
   * unpacked there. It is in the folder for temporary files, and only the user can write to it.
   *
   * @throws IllegalStateException if that is impossible
   */
  public static void setHomeOfLibraries() {
    try {
      Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
      Path usual = temporary.resolve("dl4jx-" + System.getProperty("user.name").replace('?', '-'));
      Path own = Files.createTempDirectory(temporary, "dl4jx-");
      if (!Files.exists(usual, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(own, usual);
        own = usual;
      } else if (Files.isDirectory(usual, LinkOption.NOFOLLOW_LINKS)
          && Files.getOwner(usual).equals(Files.getOwner(own))) {
        Files.delete(own);
        own = usual;
      }
      homeOfLibraries = own.toString();
      System.setProperty(HOME, homeOfLibraries);
    } catch (IOException | InvalidPathException e) {
      throw new IllegalStateException(
          "this user has no home folder, and the folder for temporary files, "
              + System.getProperty("java.io.tmpdir")
              + ", cannot be used instead: "
              + e.getMessage(),
          e);
    }
  }

  /**
   * The user's home folder.
   *
   * @return the folder; empty for a user without one, for whom Java says {@code ?}
   */
  public static Optional<Path> home() {
    String home = System.getProperty(HOME, "");
    if (home.equals(homeOfLibraries)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(home)).filter(Path::isAbsolute);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
