package org.dl4jx.updaters.engine;

/**
 * Counts the numbers of a gradient whose squares are not finite, as fast as it can be read. Each
 * thread has its own.
 *
 * @param <C> the type of the cells
 */
final class NonFinite<C extends TileCells<C>> {
  /** How much is checked at once: with the sums, it fills half of a level-1 cache. */
  static final int BYTES = 8192;

  private final C block;

  /** One sum per cell of a block, because the JIT compiler does not vectorize a single sum. */
  private final C sums;

  private final int room;

  /** A guard that checks {@code room} cells at once. */
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
