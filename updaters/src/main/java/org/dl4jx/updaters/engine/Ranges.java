package org.dl4jx.updaters.engine;

import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Splits {@code 0..n} into one range per thread, and each range into pieces. The caller and threads
 * of the common fork-join pool first take the pieces of their own range, which keeps each thread in
 * one part of the memory. Then they take the pieces that others have left. So a thread that wakes
 * up late or loses its core does not hold up the others. It can be reused, by one caller at a time,
 * and then allocates nothing.
 */
final class Ranges {
  /** How often to check whether another thread is done before sleeping: about 20 microseconds. */
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
   * @param piece how many elements a piece has, unless it is the last
   * @param worthAThread how many elements per thread are worth waking one up; fewer are done before
   *     it has woken up
   * @param threads how many threads at most, including the caller
   */
  Ranges(long n, int piece, long worthAThread, int threads) {
    this.n = n;
    this.piece = piece;
    this.pieces = Math.toIntExact((n + piece - 1) / piece);
    int ranges = (int) Math.max(1, Math.min(threads, n / worthAThread));
    this.next = new AtomicIntegerArray(ranges);
    this.helpers = new Helper[ranges - 1];
  }

  /** What to do with the elements {@code from} (included) to {@code to} (excluded). */
  interface Task {
    /**
     * Works on some elements.
     *
     * @param thread which thread works, from 0 to below {@link #threads()}. Tasks use this number
     *     to keep what belongs to a thread, because the common pool clears the thread-local
     *     variables of its threads.
     */
    long run(int thread, long from, long to);
  }

  /** How many threads there are at most, including the caller. */
  int threads() {
    return next.length();
  }

  /** How many pieces there are. */
  int pieces() {
    return pieces;
  }

  /** Which piece an element belongs to. */
  int pieceOf(long element) {
    return (int) (element / piece);
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
      // No thread may still be working on memory that the caller could free.
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
   * Takes pieces in a thread of the pool, unless it comes too late. The caller does not join it,
   * for two reasons. While it joins, a caller that is itself a thread of the pool could take up
   * other work, even the step of another network. And a task that was joined may still be waking up
   * its joiners when it is used again.
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

    /** False if the pool has not finished with it yet, so it cannot be reused. */
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

    /** Waits if it is working; if it has not started, it never will. */
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
