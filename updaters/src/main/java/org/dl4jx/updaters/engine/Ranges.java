package org.dl4jx.updaters.engine;

import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Splits {@code 0..n} into one range for each thread, and these into pieces. The caller and threads
 * of the common fork-join pool take the pieces of their own range first, which keeps each in one
 * part of the memory, and then those that others have left. So a thread that wakes up late, or has
 * its core taken away, holds nobody up. May be used again and again, by one caller at a time, and
 * then allocates nothing.
 */
final class Ranges {
  /** How often to look whether another thread is done before sleeping: some 20 microseconds. */
  private static final int SPINS = 1 << 10;

  private final long n;
  private final int piece;
  private final int pieces;
  private final AtomicIntegerArray next;
  private final Helper[] helpers;
  private Task task;

  /**
   * The elements {@code 0..n} for some threads.
   *
   * @param piece elements in a piece, unless it is the last
   * @param worthAThread fewer elements than this for each thread are done before a second one wakes
   *     up
   * @param threads how many threads at most, the caller among them
   */
  Ranges(long n, int piece, long worthAThread, int threads) {
    this.n = n;
    this.piece = piece;
    this.pieces = Math.toIntExact((n + piece - 1) / piece);
    int ranges = (int) Math.max(1, Math.min(threads, n / worthAThread));
    this.next = new AtomicIntegerArray(ranges);
    this.helpers = new Helper[ranges - 1];
  }

  /** What is done with the elements {@code from} (included) to {@code to} (excluded). */
  interface Task {
    /**
     * Does it.
     *
     * @param thread which thread does it, from 0 to below {@link #threads()}. Tasks keep what
     *     belongs to a thread by this number: the common pool empties the thread-local variables of
     *     its threads.
     */
    long run(int thread, long from, long to);
  }

  /** How many threads there are at most, the caller among them. */
  int threads() {
    return next.length();
  }

  /** Runs the task over all elements and adds up what it returns. */
  long sum(Task task) {
    if (helpers.length == 0) {
      return task.run(0, 0, n);
    }
    this.task = task;
    for (int i = 0; i < next.length(); i++) {
      next.set(i, firstPiece(i));
    }
    long total = 0;
    try {
      for (int i = 0; i < helpers.length; i++) {
        if (helpers[i] == null || !helpers[i].reopen()) {
          helpers[i] = new Helper(i + 1);
        }
        helpers[i].fork();
      }
      total = takePieces(0);
    } finally {
      // No thread may still be at work on memory that the caller could free.
      for (int i = helpers.length - 1; i >= 0; i--) {
        if (helpers[i] != null) {
          helpers[i].dismiss();
        }
      }
    }
    for (Helper helper : helpers) {
      total += helper.result();
    }
    return total;
  }

  private int firstPiece(int range) {
    return (int) ((long) pieces * range / next.length());
  }

  private long takePieces(int own) {
    long total = 0;
    for (int i = 0; i < next.length(); i++) {
      int range = (own + i) % next.length();
      int end = firstPiece(range + 1);
      for (int p = next.getAndIncrement(range); p < end; p = next.getAndIncrement(range)) {
        long from = (long) p * piece;
        total += task.run(own, from, Math.min(n, from + piece));
      }
    }
    return total;
  }

  /**
   * Takes pieces in a thread of the pool, unless it comes too late. The caller does not join it:
   * then a caller that is itself a thread of the pool could take up other work meanwhile, even
   * another network's step, and what was joined may still be waking up those who joined when it is
   * used again.
   */
  private final class Helper extends RecursiveAction {
    private static final long serialVersionUID = 1L;

    private static final int OPEN = 0;
    private static final int AT_WORK = 1;
    private static final int CLOSED = 2;

    private final int own;
    private final transient AtomicInteger state = new AtomicInteger(OPEN);
    private transient volatile Thread waiting;
    private boolean unforked;
    private long total;
    private Throwable failure;

    Helper(int own) {
      this.own = own;
    }

    /** False if the pool has not done with it, so that it cannot be used again. */
    boolean reopen() {
      if (!unforked && !isDone()) {
        return false;
      }
      reinitialize();
      unforked = false;
      total = 0;
      failure = null;
      state.set(OPEN);
      return true;
    }

    @Override
    protected void compute() {
      if (state.compareAndSet(OPEN, AT_WORK)) {
        try {
          total = takePieces(own);
        } catch (RuntimeException | Error e) {
          failure = e;
        }
        state.set(CLOSED);
        LockSupport.unpark(waiting);
      }
    }

    /** Waits if this is at work; if it has not begun, it never will. */
    void dismiss() {
      if (state.compareAndSet(OPEN, CLOSED)) {
        unforked = tryUnfork();
        return;
      }
      for (int i = 0; i < SPINS && state.get() != CLOSED; i++) {
        Thread.onSpinWait();
      }
      waiting = Thread.currentThread();
      while (state.get() != CLOSED) {
        LockSupport.park(this);
      }
      waiting = null;
    }

    long result() {
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure instanceof RuntimeException exception) {
        throw exception;
      }
      return total;
    }
  }
}
