package org.dl4jx.updaters.engine;

/**
 * A piece of an array on the heap, where the JIT compiler vectorizes loops over it.
 *
 * @param <C> these cells themselves
 */
abstract class TileCells<C extends TileCells<C>> implements Cells<C> {
  private int length;
  private boolean changed;
  private C spare;

  /** How many cells are in use. */
  final int length() {
    return length;
  }

  /** Whether a formula has changed the cells since they were read. */
  final boolean isChanged() {
    return changed;
  }

  /** Notes that the cells are about to change, and returns how many are in use. */
  final int changing() {
    changed = true;
    return length;
  }

  final void read(Memory memory, long from, int count) {
    length = count;
    changed = false;
    copyFrom(memory, from, 0, count);
  }

  /** Puts some cells in use, to be filled piece by piece. */
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

  /** New cells with the same room. */
  abstract C another();

  /**
   * Copies {@code count} numbers of an array, starting at {@code from}, to the cells at {@code at}.
   */
  abstract void copyFrom(Memory memory, long from, int at, int count);

  /**
   * Sets some cells to -0. A positive multiple of -0 is -0 too, and adding that changes nothing,
   * not even the sign of a zero.
   */
  abstract void leaveOut(int from, int to);

  /** Writes the cells to an array. */
  abstract void copyTo(Memory memory, long from);

  /**
   * Adds zero times the squares of x. A finite square times zero is zero. Anything else times zero
   * is NaN, and NaN stays in a sum.
   */
  abstract void addZeroTimesSquares(C x);

  /** Sets the first cells to zero. */
  abstract void zero(int count);

  /** Whether all of the first cells are zero, so none is NaN. */
  abstract boolean areZero(int count);

  /** How many cells have a square that is not finite. */
  abstract long countNonFiniteSquares();
}
