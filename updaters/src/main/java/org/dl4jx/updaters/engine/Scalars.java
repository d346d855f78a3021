package org.dl4jx.updaters.engine;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Numbers that an updater remembers for a whole block of parameters, beside its arrays: a sum, a
 * greatest value, a phase. They are part of the state, so whatever saves, copies, converts or
 * averages the state does the same with them. Before the first step, all are 0.
 *
 * <p>Each is the sum of three numbers of the state's type, so FLOAT keeps all digits of a double,
 * and a mean of states has the mean of the number.
 */
public final class Scalars {
  private static final int PARTS = 3;

  private final INDArray numbers;

  Scalars(INDArray numbers) {
    this.numbers = numbers;
  }

  /** How much room so many scalars take. */
  static int room(int scalars) {
    return scalars * PARTS;
  }

  /** The numbers that hold them; null if there are none. */
  INDArray numbers() {
    return numbers;
  }

  /**
   * One of them.
   *
   * @param index its place in {@link UpdaterConfiguration#scalarNames()}
   * @return the number
   */
  public double get(int index) {
    double sum = 0;
    for (int i = PARTS - 1; i >= 0; i--) {
      sum += numbers.data().getDouble((long) index * PARTS + i);
    }
    return sum;
  }

  void set(int index, double value) {
    double rest = value;
    for (int i = 0; i < PARTS; i++) {
      long at = (long) index * PARTS + i;
      numbers.data().put(at, rest);
      rest -= numbers.data().getDouble(at);
    }
  }
}
