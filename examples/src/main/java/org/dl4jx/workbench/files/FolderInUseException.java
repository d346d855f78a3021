package org.dl4jx.workbench.files;

import java.io.IOException;

/** Thrown when another process works in a folder, in a way that does not go together. */
public final class FolderInUseException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message names the folder
   */
  public FolderInUseException(String message) {
    super(message);
  }
}
