package org.dl4jx.updaters.engine;

/**
 * Cells in the heap, where the JIT compiler vectorizes the loops over them: a piece of an array.
 *
 * @param <C> these cells themselves
 */
abstract class TileCells<C extends TileCells<C>> implements Cells<C> {
  private int length;
  private boolean changed;
  private C spare;

  /** How many cells hold something. */
  final int length() {
    return length;
  }

  /** Whether a formula has changed them since they were read. */
  final boolean isChanged() {
    return changed;
  }

  /** Notes that the cells are about to change, and returns how many there are. */
  final int changing() {
    changed = true;
    return length;
  }

  final void read(Memory memory, long from, int count) {
    length = count;
    changed = false;
    copyFrom(memory, from, 0, count);
  }

  /** Makes so many cells hold something, which is then written piece by piece. */
  final void begin(int count) {
    length = count;
    changed = false;
  }

  @Override
  public final C spare() {
    if (spare == null) {
      spare = another();
    }
    ((TileCells<C>) spare).length = length;
    return spare;
  }

  /** Cells with the room of these. */
  abstract C another();

  /** Fills so many cells, from one on, with what an array holds from one place on. */
  abstract void copyFrom(Memory memory, long from, int at, int count);

  /**
   * Makes some cells -0: a positive multiple of it is -0 too, and adding that changes no number at
   * all, not even the sign of a zero.
   */
  abstract void leaveOut(int from, int to);

  /** Writes the cells to an array. */
  abstract void copyTo(Memory memory, long from);

  /**
   * Adds zero times the squares of x. A finite square times zero is zero, anything else times zero
   * is NaN, and NaN stays in a sum.
   */
  abstract void addZeroTimesSquares(C x);

  /** Makes the first cells zero. */
  abstract void zero(int count);

  /** Whether all of the first cells are zero, so that none is NaN. */
  abstract boolean areZero(int count);

  /** How many have no finite square. */
  abstract long countNonFiniteSquares();
}
