package org.dl4jx.updaters.engine;

import java.lang.ref.Reference;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
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
      return Math.sqrt(
          array.dataType() == DataType.FLOAT
              ? sumOfSquares(array, threads, FloatCells::new)
              : sumOfSquares(array, threads, DoubleCells::new));
    } finally {
      Reference.reachabilityFence(array);
    }
  }

  private static <C extends TileCells<C>> double sumOfSquares(
      INDArray array, int threads, IntFunction<C> cells) {
    Memory memory = new Memory(array, Memory.SEGMENT);
    Ranges ranges = new Ranges(array.length(), PIECE, FOR_A_THREAD, threads);
    List<C> ofThreads =
        IntStream.range(0, ranges.threads()).mapToObj(i -> cells.apply(CHUNK)).toList();
    double[] parts = new double[ranges.pieces()];
    ranges.sum(
        (thread, from, to) -> {
          C chunk = ofThreads.get(thread);
          for (long at = from; at < to; at += CHUNK) {
            chunk.read(memory, at, (int) Math.min(CHUNK, to - at));
            parts[ranges.pieceOf(at)] += chunk.dot(chunk);
          }
          return 0;
        });
    return Sums.total(parts, 1)[0];
  }
}
