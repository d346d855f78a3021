package org.dl4jx.updaters.engine;

/**
 * Whether the updater that ran last on this thread left out its step.
 *
 * <p>Deeplearning4j applies decoupled weight decay after the updater, on the same thread and
 * through an object that knows nothing of it; a step that is left out must not decay either.
 */
public final class SkippedStep {
  private static final ThreadLocal<Boolean> SKIPPED = ThreadLocal.withInitial(() -> false);

  private SkippedStep() {}

  /**
   * Whether the last step on this thread was left out.
   *
   * @return true if it was
   */
  public static boolean isCurrent() {
    return SKIPPED.get();
  }

  static void set(boolean skipped) {
    SKIPPED.set(skipped);
  }
}
