package org.dl4jx.workbench.data;

import java.nio.file.Path;

/** Shows paths to the user. */
final class UserPath {
  private UserPath() {}

  /** The path, with {@code ~} for the home folder. */
  static String of(Path path) {
    Path home = Path.of(System.getProperty("user.home"));
    return path.startsWith(home) ? "~/" + home.relativize(path) : path.toString();
  }
}
