package org.dl4jx.workbench.data;

import java.io.IOException;

/** Thrown when a folder that the user names lacks a file. */
public class MissingFileException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message says which file is missing, in words that follow "but"
   */
  public MissingFileException(String message) {
    super(message);
  }
}
