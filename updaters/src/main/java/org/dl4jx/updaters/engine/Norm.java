package org.dl4jx.updaters.engine;

import java.lang.ref.Reference;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Euclidean norms in double precision, on a single thread, so that they are the same on every
 * machine.
 */
public final class Norm {
  /** Numbers that are read at once. It divides {@link Memory#SEGMENT}. */
  private static final int PIECE = 1024;

  /** Independent sums, so that an addition need not wait for the one before. */
  private static final int SUMS = 4;

  private Norm() {}

  /**
   * The norm of an array.
   *
   * @param array the array, of any type
   * @return the square root of the sum of its squares
   */
  public static double of(INDArray array) {
    boolean isInReach = Backend.current() == Backend.CPU && TiledStep.isAlike(array, array);
    if (!isInReach) {
      return array.castTo(DataType.DOUBLE).norm2Number().doubleValue();
    }
    try {
      return Math.sqrt(sumOfSquares(array));
    } finally {
      Reference.reachabilityFence(array);
    }
  }

  private static double sumOfSquares(INDArray array) {
    Memory memory = new Memory(array, Memory.SEGMENT);
    boolean isFloat = array.dataType() == DataType.FLOAT;
    float[] floats = new float[isFloat ? PIECE : 0];
    double[] doubles = new double[PIECE];
    double[] sums = new double[SUMS];
    for (long at = 0; at < array.length(); at += PIECE) {
      int count = (int) Math.min(PIECE, array.length() - at);
      if (isFloat) {
        memory.read(at, floats, 0, count);
        for (int i = 0; i < count; i++) {
          doubles[i] = floats[i];
        }
      } else {
        memory.read(at, doubles, 0, count);
      }
      add(doubles, count, sums);
    }
    return sums[0] + sums[1] + (sums[2] + sums[3]);
  }

  private static void add(double[] x, int count, double[] sums) {
    double a = sums[0];
    double b = sums[1];
    double c = sums[2];
    double d = sums[3];
    int i = 0;
    for (; i + SUMS <= count; i += SUMS) {
      a += x[i] * x[i];
      b += x[i + 1] * x[i + 1];
      c += x[i + 2] * x[i + 2];
      d += x[i + 3] * x[i + 3];
    }
    for (; i < count; i++) {
      a += x[i] * x[i];
    }
    sums[0] = a;
    sums[1] = b;
    sums[2] = c;
    sums[3] = d;
  }
}
