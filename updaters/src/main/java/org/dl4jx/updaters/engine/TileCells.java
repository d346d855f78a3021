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
    copyFrom(memory, from);
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

  /** Fills the cells from an array. */
  abstract void copyFrom(Memory memory, long from);

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
