package org.dl4jx.workbench.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The data in the folder that the environment variable DL4JX_DATA names. */
public final class RealData {
  /** The name of the variable. */
  public static final String VARIABLE = "DL4JX_DATA";

  private RealData() {}

  /**
   * The folder with some data. Where CI sets the variable, data that are missing are an error, so
   * that no test is skipped by mistake.
   *
   * @param name of a file or folder in it
   * @return the folder; empty if the variable is not set, or, outside CI, if there is no such file
   */
  public static Optional<Path> with(String name) {
    String variable = System.getenv(VARIABLE);
    if (variable == null || variable.isEmpty()) {
      return Optional.empty();
    }
    boolean inCi = "true".equals(System.getenv("CI"));
    return Optional.of(Path.of(variable)).filter(f -> inCi || Files.exists(f.resolve(name)));
  }
}
