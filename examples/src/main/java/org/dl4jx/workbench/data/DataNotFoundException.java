package org.dl4jx.workbench.data;

import java.io.IOException;

/** Thrown when a data set is not on this machine and cannot be downloaded. */
public class DataNotFoundException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message tells what was tried
   */
  public DataNotFoundException(String message) {
    super(message);
  }
}
