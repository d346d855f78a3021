package org.dl4jx.examples.data;

import java.io.IOException;

/** Thrown when MNIST is neither on this machine nor to be downloaded. */
public class MnistNotFoundException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message says what was tried
   */
  public MnistNotFoundException(String message) {
    super(message);
  }
}
