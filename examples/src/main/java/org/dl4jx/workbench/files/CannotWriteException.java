package org.dl4jx.workbench.files;

import java.io.IOException;
import java.nio.file.Path;

/** Thrown when a file cannot be written. What was there before is unchanged. */
public final class CannotWriteException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param target the file
   * @param cause why it cannot be written
   */
  public CannotWriteException(Path target, IOException cause) {
    super("cannot write " + target + ": " + FileErrors.reason(cause, target), cause);
  }
}
