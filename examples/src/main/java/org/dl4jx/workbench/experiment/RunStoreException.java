package org.dl4jx.workbench.experiment;

import java.io.IOException;

/** Thrown when a folder of runs cannot be used. */
public final class RunStoreException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Why the folder cannot be used. */
  public enum Reason {
    /** It has runs already. */
    HAS_RUNS,
    /** Its runs were made with other settings than the requested ones. */
    OTHER_SETTINGS
  }

  private final Reason reason;

  /**
   * Creates the exception.
   *
   * @param reason why the folder cannot be used
   * @param message names it
   */
  public RunStoreException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /**
   * Why the folder cannot be used.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
