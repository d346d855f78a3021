package org.dl4jx.updaters.engine;

/**
 * Counts the numbers of a gradient that have no finite square, at the speed of reading it. One for
 * each thread.
 *
 * @param <C> the type of the cells
 */
final class NonFinite<C extends TileCells<C>> {
  /** What is looked at together: with the sums, it fills half of a level-1 cache. */
  static final int BYTES = 8192;

  private final C block;

  /**
   * As many sums as a block has cells, because the JIT compiler does not vectorize a single one.
   */
  private final C sums;

  private final int room;

  /** A guard that looks at so many cells together. */
  NonFinite(C block, int room) {
    this.block = block;
    this.sums = block.another();
    this.room = room;
  }

  long count(Memory gradient, long from, long to) {
    return squaresAreFinite(gradient, from, to) ? 0 : countOneByOne(gradient, from, to);
  }

  private boolean squaresAreFinite(Memory gradient, long from, long to) {
    int used = (int) Math.min(room, to - from);
    sums.zero(used);
    for (long at = from; at < to; at += room) {
      block.read(gradient, at, (int) Math.min(room, to - at));
      sums.addZeroTimesSquares(block);
    }
    return sums.areZero(used);
  }

  private long countOneByOne(Memory gradient, long from, long to) {
    long count = 0;
    for (long at = from; at < to; at += room) {
      block.read(gradient, at, (int) Math.min(room, to - at));
      count += block.countNonFiniteSquares();
    }
    return count;
  }
}
