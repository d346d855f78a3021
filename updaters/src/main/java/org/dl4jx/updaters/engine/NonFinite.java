package org.dl4jx.updaters.engine;

import java.util.Arrays;

/**
 * Counts the elements of a gradient that have no finite square, at the speed of reading it. One a
 * thread.
 */
final class NonFinite {
  /** Floats that are looked at together: they and their sums fill half of a level-1 cache. */
  private static final int BLOCK = 2048;

  private static final float[] ZEROS = new float[BLOCK];

  private final float[] g = new float[BLOCK];
  private final float[] sums = new float[BLOCK];

  long count(FloatMemory gradient, long from, long to) {
    return squaresAreFinite(gradient, from, to) ? 0 : countOneByOne(gradient, from, to);
  }

  /**
   * A finite square times zero is zero, anything else times zero is NaN, and NaN stays in a sum.
   * There are as many sums as a block has elements, because the JIT compiler does not vectorize a
   * single one.
   */
  private boolean squaresAreFinite(FloatMemory gradient, long from, long to) {
    int used = (int) Math.min(BLOCK, to - from);
    Arrays.fill(sums, 0, used, 0);
    for (long at = from; at < to; at += BLOCK) {
      int length = (int) Math.min(BLOCK, to - at);
      gradient.read(at, g, length);
      for (int i = 0; i < length; i++) {
        sums[i] += g[i] * g[i] * 0;
      }
    }
    return Arrays.equals(sums, 0, used, ZEROS, 0, used);
  }

  private long countOneByOne(FloatMemory gradient, long from, long to) {
    long count = 0;
    for (long at = from; at < to; at += BLOCK) {
      int length = (int) Math.min(BLOCK, to - at);
      gradient.read(at, g, length);
      for (int i = 0; i < length; i++) {
        count += Float.isFinite(g[i] * g[i]) ? 0 : 1;
      }
    }
    return count;
  }
}
