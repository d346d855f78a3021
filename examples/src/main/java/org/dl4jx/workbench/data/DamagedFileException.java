package org.dl4jx.workbench.data;

import java.io.IOException;

/** Thrown when a file does not have the expected content. */
public class DamagedFileException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message names the file, what it has and what was expected
   * @param cause the failure to read the file, or null
   */
  public DamagedFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
