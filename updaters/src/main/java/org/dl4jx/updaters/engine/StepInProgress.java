package org.dl4jx.updaters.engine;

import java.lang.ref.WeakReference;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The step that an updater took last on this thread, for what Deeplearning4j applies after it to
 * the same memory. A regularization is handed an update without being told whose it is; here it
 * finds out whether the step was left out, and lets the updater know that it was there.
 */
public final class StepInProgress {
  private static final ThreadLocal<StepInProgress> LAST = new ThreadLocal<>();
  private static final StepInProgress NONE = new StepInProgress(null, 0);

  /** Weak, so that a thread does not keep the state of a network that nobody uses any more. */
  private final WeakReference<RuleUpdater> updater;

  private final long address;
  private long from;
  private long to;
  private boolean skipped;

  private StepInProgress(RuleUpdater updater, long address) {
    this.updater = new WeakReference<>(updater);
    this.address = address;
  }

  static void set(RuleUpdater updater, INDArray gradient, boolean skipped) {
    StepInProgress last = LAST.get();
    long address = gradient.data().pointer().address();
    if (last == null || last.updater.get() != updater || last.address != address) {
      last = new StepInProgress(updater, address);
      LAST.set(last);
    }
    last.from = gradient.offset();
    last.to = last.from + gradient.length();
    last.skipped = skipped;
  }

  /**
   * The step that made an update, if it was the last one on this thread.
   *
   * @param update all of the update or a view of a part of it
   * @return the step; if another updater made the update, one that nobody is told of
   */
  public static StepInProgress of(INDArray update) {
    StepInProgress last = LAST.get();
    boolean within =
        last != null
            && last.address == update.data().pointer().address()
            && update.offset() >= last.from
            && update.offset() < last.to;
    return within ? last : NONE;
  }

  /** Whether there was a step that made the update. */
  boolean isKnown() {
    return this != NONE;
  }

  /**
   * Whether the step was left out, so that nothing may be added to its update of zero.
   *
   * @return true if it was
   */
  public boolean isSkipped() {
    return skipped;
  }

  /** Tells the updater that the decay which it carries has arrived. */
  public void decayArrived() {
    RuleUpdater alive = updater.get();
    if (alive != null) {
      alive.decayArrived();
    }
  }

  /**
   * Applies a rule to an update and weights, as the updater applies its own to gradient and state.
   *
   * @param rule what is done
   * @param update all of the update or a view of a part of it
   * @param weights as many
   */
  public void apply(Rule rule, INDArray update, INDArray weights) {
    RuleUpdater alive = updater.get();
    if (alive != null) {
      alive.apply(rule, update, weights);
    } else {
      RuleUpdater.applyInOperations(rule, update, weights);
    }
  }
}
