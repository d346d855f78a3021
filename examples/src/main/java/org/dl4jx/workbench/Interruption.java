package org.dl4jx.workbench;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The user's request to stop, by Ctrl-C or by ending the process. From then on, {@link
 * #isRequested} is true, and the process does not end before this is closed, so that finished runs
 * can be reported.
 */
final class Interruption implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::waitForClose, "dl4jx-interruption");
  private volatile boolean requested;

  private final PrintWriter err;

  Interruption(PrintWriter err) {
    this.err = err;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  boolean isRequested() {
    return requested;
  }

  private void waitForClose() {
    requested = true;
    err.println();
    err.println("dl4jx: stopping after this iteration to report the finished runs");
    err.flush();
    try {
      closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is already ending, and the hook is running.
    }
  }
}
