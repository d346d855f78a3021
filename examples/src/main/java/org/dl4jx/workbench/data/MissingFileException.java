package org.dl4jx.workbench.data;

import java.io.IOException;

/** Thrown when a folder named by the user lacks a file. */
public class MissingFileException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message names the file, in words that can follow "but"
   */
  public MissingFileException(String message) {
    super(message);
  }
}
