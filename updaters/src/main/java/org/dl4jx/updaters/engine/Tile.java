package org.dl4jx.updaters.engine;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * What one thread works on, on the heap: a piece of the gradient and the same piece of every state
 * array.
 *
 * @param <C> the type of the cells
 */
abstract class Tile<C extends TileCells<C>> {
  final C gradient;
  final List<C> state;
  final Sums sums = new Sums(0);
  private final int room;
  private final IntFunction<C> cells;
  private final int bytes;
  private NonFinite<C> guard;
  private C weights;
  private C zeros;

  Tile(int states, int room, IntFunction<C> cells, int bytes) {
    this.gradient = cells.apply(room);
    this.state = Stream.generate(() -> cells.apply(room)).limit(states).toList();
    this.room = room;
    this.cells = cells;
    this.bytes = bytes;
  }

  /** Takes a fused step, and returns whether there is one for this type. */
  abstract boolean apply(Fused fused, C weights, double decay);

  /** The same piece of the weights. */
  final C weights() {
    if (weights == null) {
      weights = cells.apply(room);
    }
    return weights;
  }

  /** Used in place of weights that do not decay. */
  final C zeros() {
    if (zeros == null) {
      zeros = cells.apply(room);
    }
    return zeros;
  }

  /** The guard of this thread. */
  final NonFinite<C> guard() {
    if (guard == null) {
      int room = NonFinite.BYTES / bytes;
      guard = new NonFinite<>(cells.apply(room), room);
    }
    return guard;
  }
}
