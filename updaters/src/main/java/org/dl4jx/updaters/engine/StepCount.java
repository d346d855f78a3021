package org.dl4jx.updaters.engine;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * How many steps an updater has taken. The count is part of the state, so whatever saves, copies,
 * converts or averages the state does the same with the count. Next to it is a mark for the kind of
 * updater, because another kind may have a state of the same length.
 *
 * <p>The count has digits of base 256, because BFLOAT16 represents no greater whole numbers
 * exactly. The last digit may be greater. Before the first step, all numbers are 0.
 */
public final class StepCount {
  private static final int DIGITS = 4;

  private static final int BITS = 8;

  /** Primes, none of which looks like a mean of another, even rounded to HALF. */
  private static final int[] MARKS = {
    17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
    113, 127
  };

  /** Chosen so that the optimizers of dl4jx have different marks. */
  private static final int SPREAD = 438;

  /** The number of states in the largest mean whose mark is still recognized. */
  private static final int MOST_STATES = 16;

  /** The rounding of a mean in HALF, which has 11 bits, times the number of states. */
  private static final double ROUNDING = 0x1p-7;

  /**
   * How far rounding takes the mark of equal states from itself in their mean. {@code
   * ParallelWrapper} divides each state before it adds them up, which is inexact from 6 states on.
   * Marks differ by 2 or more.
   */
  private static final double ROUNDING_OF_MARK = 0.5;

  /**
   * The same for a digit: in FLOAT, 0.0034 for 1,000 states. Up to 64 states that are not equal
   * have larger fractions in their mean.
   */
  private static final double ROUNDING_OF_DIGIT = 0x1p-7;

  /** How many numbers the digits and the mark take. */
  public static final int NUMBERS = DIGITS + 1;

  private final INDArray numbers;
  private final IUpdater updater;
  private final int mark;

  StepCount(INDArray numbers, UpdaterConfiguration updater) {
    this(numbers, updater, updater.getClass().getSimpleName() + updater.stateNames());
  }

  StepCount(INDArray numbers, IUpdater updater, String kind) {
    this.numbers = numbers;
    this.updater = updater;
    this.mark = MARKS[Math.floorMod(kind.hashCode() * SPREAD, MARKS.length)];
  }

  /**
   * The numbers that hold the count.
   *
   * @return a view of the state
   */
  public INDArray numbers() {
    return numbers;
  }

  /**
   * How many steps were taken.
   *
   * @return the count
   * @throws IllegalStateException if the state is that of another kind of updater
   */
  public long get() {
    boolean areEqual = true;
    double count = 0;
    double ofWhole = 0;
    for (int i = DIGITS - 1; i >= 0; i--) {
      double digit = number(i);
      areEqual &= Math.abs(digit - Math.rint(digit)) < ROUNDING_OF_DIGIT;
      // In an average of several states, digits need not be whole, but their sum is the mean.
      count = count * (1 << BITS) + digit;
      ofWhole = ofWhole * (1 << BITS) + Math.rint(digit);
    }
    double found = number(DIGITS);
    if (count == 0 ? found != 0 : Math.abs(found - mark) >= ROUNDING_OF_MARK && !isMean(found)) {
      throw new IllegalStateException(
          String.format(
              "the state of %s was made by another updater or is damaged: use an updater and a state"
                  + " that were saved together, or start without that state",
              updater));
    }
    // Else the rounding of a high digit would be more than a step.
    return Math.round(areEqual ? ofWhole : count);
  }

  /** Whether it is a mean of this mark and of zeros, from states that have not taken a step. */
  private boolean isMean(double found) {
    for (int states = 2; states <= MOST_STATES; states++) {
      double marked = states * found / mark;
      double whole = Math.rint(marked);
      if (whole >= 1 && whole < states && Math.abs(marked - whole) < ROUNDING) {
        return true;
      }
    }
    return false;
  }

  /**
   * Sets how many steps were taken.
   *
   * @param steps the count
   */
  public void set(long steps) {
    long rest = steps;
    for (int i = 0; i < DIGITS; i++) {
      put(i, i < DIGITS - 1 ? rest & (1 << BITS) - 1 : rest);
      rest >>= BITS;
    }
    put(DIGITS, steps == 0 ? 0 : mark);
  }

  private double number(int index) {
    return numbers.data().getDouble(index);
  }

  private void put(int index, double number) {
    if (number(index) != number) {
      numbers.data().put(index, number);
    }
  }
}
