package org.dl4jx.updaters.engine;

import java.lang.ref.Reference;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Euclidean norms in double precision. Each piece of an array has a sum of its own, and the sums
 * are added up in the order of the pieces, so a norm does not depend on the number of threads.
 */
public final class Norm {
  /** Numbers that are read at once. It divides {@link #PIECE}. */
  private static final int CHUNK = 1024;

  /** Numbers that have a sum of their own. It divides {@link Memory#SEGMENT}. */
  static final int PIECE = 1 << 15;

  /** Numbers that are worth waking a thread for: about 100 microseconds of work. */
  static final long FOR_A_THREAD = 1 << 18;

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
    return of(array, TiledStep.threads());
  }

  /** The norm of an array, on a limited number of threads. */
  static double of(INDArray array, int threads) {
    boolean isInReach = Backend.current() == Backend.CPU && TiledStep.isAlike(array, array);
    if (!isInReach) {
      return array.castTo(DataType.DOUBLE).norm2Number().doubleValue();
    }
    try {
      return Math.sqrt(sumOfSquares(array, threads));
    } finally {
      Reference.reachabilityFence(array);
    }
  }

  private static double sumOfSquares(INDArray array, int threads) {
    Memory memory = new Memory(array, Memory.SEGMENT);
    Ranges ranges = new Ranges(array.length(), PIECE, FOR_A_THREAD, threads);
    boolean isFloat = array.dataType() == DataType.FLOAT;
    float[][] floats = new float[ranges.threads()][isFloat ? CHUNK : 0];
    double[][] doubles = new double[ranges.threads()][CHUNK];
    double[] parts = new double[ranges.pieces()];
    ranges.sum(
        (thread, from, to) -> {
          for (long at = from; at < to; at += PIECE) {
            long end = Math.min(to, at + PIECE);
            parts[ranges.pieceOf(at)] =
                sumOfSquares(memory, isFloat, at, end, floats[thread], doubles[thread]);
          }
          return 0;
        });
    return Sums.total(parts, 1)[0];
  }

  private static double sumOfSquares(
      Memory memory, boolean isFloat, long from, long to, float[] floats, double[] doubles) {
    double[] sums = new double[SUMS];
    for (long at = from; at < to; at += CHUNK) {
      int count = (int) Math.min(CHUNK, to - at);
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
