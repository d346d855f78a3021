package org.dl4jx.workbench.experiment;

import java.io.IOException;

/** Thrown when a folder of runs cannot be used as asked. */
public final class RunStoreException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Why the folder cannot be used. */
  public enum Reason {
    /** There are runs, but none were expected. */
    HAS_RUNS,
    /** There are runs that were made in another way than those that are asked for. */
    OTHER_SETTINGS,
    /** A run cannot be added. The others are still there. */
    CANNOT_WRITE
  }

  private final Reason reason;

  RunStoreException(Reason reason, String message) {
    this(reason, message, null);
  }

  RunStoreException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /**
   * Why the folder cannot be used, which decides what can be done about it.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
