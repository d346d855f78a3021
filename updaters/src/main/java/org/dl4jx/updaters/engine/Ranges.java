package org.dl4jx.updaters.engine;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveTask;

/** Splits {@code 0..n} into one range a thread and runs them on the common fork-join pool. */
final class Ranges {
  /** Fewer elements than this are not worth a second thread. */
  static final long WORTH_A_THREAD = 1 << 15;

  private Ranges() {}

  /** What is done with the elements {@code from} (included) to {@code to} (excluded). */
  interface Task {
    long run(long from, long to);
  }

  /**
   * Runs the task over {@code 0..n} and adds up what it returns.
   *
   * @param grain ranges start at multiples of this
   */
  static long sum(long n, int grain, Task task) {
    return sum(n, grain, task, ForkJoinPool.getCommonPoolParallelism() + 1);
  }

  static long sum(long n, int grain, Task task, int threads) {
    int ranges = (int) Math.max(1, Math.min(threads, n / WORTH_A_THREAD));
    if (ranges == 1) {
      return task.run(0, n);
    }
    long grains = (n + grain - 1) / grain;
    ForkJoinTask<?>[] forked = new ForkJoinTask<?>[ranges - 1];
    for (int i = 1; i < ranges; i++) {
      long from = grains * i / ranges * grain;
      long to = Math.min(n, grains * (i + 1) / ranges * grain);
      forked[i - 1] = new Range(task, from, to).fork();
    }
    long total = 0;
    try {
      total = task.run(0, grains / ranges * grain);
    } finally {
      // No thread may still be at work on memory that the caller could free.
      for (int i = forked.length - 1; i >= 0; i--) {
        forked[i].quietlyJoin();
      }
    }
    for (ForkJoinTask<?> range : forked) {
      total += (Long) range.join();
    }
    return total;
  }

  private static final class Range extends RecursiveTask<Long> {
    private static final long serialVersionUID = 1L;

    private final transient Task task;
    private final long from;
    private final long to;

    Range(Task task, long from, long to) {
      this.task = task;
      this.from = from;
      this.to = to;
    }

    @Override
    protected Long compute() {
      return task.run(from, to);
    }
  }
}
