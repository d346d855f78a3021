package org.dl4jx.updaters.engine;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How many steps an updater has taken, among the numbers of its state, so that whatever saves,
 * copies, converts or averages the state does so with the count.
 *
 * <p>The digits are of base 256, since BFLOAT16 holds no greater whole numbers exactly; the last
 * may be greater.
 */
public final class StepCount {
  static final int DIGITS = 4;

  private static final int BITS = 8;

  private final INDArray digits;

  StepCount(INDArray digits) {
    this.digits = digits;
  }

  /** The numbers that hold the count. */
  INDArray digits() {
    return digits;
  }

  /**
   * How many steps were taken.
   *
   * @return the count
   */
  public long get() {
    double count = 0;
    for (int i = DIGITS - 1; i >= 0; i--) {
      // After an average of several states a digit need not be whole, but their sum is the mean.
      count = count * (1 << BITS) + digits.data().getDouble(i);
    }
    return Math.round(count);
  }

  /**
   * Sets how many steps were taken.
   *
   * @param steps the count
   */
  public void set(long steps) {
    long rest = steps;
    for (int i = 0; i < DIGITS; i++) {
      long digit = i < DIGITS - 1 ? rest & (1 << BITS) - 1 : rest;
      if (digits.data().getDouble(i) != digit) {
        digits.data().put(i, (double) digit);
      }
      rest >>= BITS;
    }
  }
}
