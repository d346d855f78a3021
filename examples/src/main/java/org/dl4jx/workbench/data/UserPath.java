package org.dl4jx.workbench.data;

import java.nio.file.Path;

/** How paths are shown. */
final class UserPath {
  private UserPath() {}

  /** With {@code ~} for the home folder. */
  static String of(Path path) {
    Path home = Path.of(System.getProperty("user.home"));
    return path.startsWith(home) ? "~/" + home.relativize(path) : path.toString();
  }
}
