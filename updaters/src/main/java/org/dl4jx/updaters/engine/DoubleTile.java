package org.dl4jx.updaters.engine;

/** What one thread works on in DOUBLE. */
final class DoubleTile extends Tile<DoubleCells> {
  DoubleTile(int states, int room) {
    super(states, room, DoubleCells::new, Double.BYTES);
  }

  /** A loop would wait for the divider of the processor as the formula does. */
  @Override
  boolean apply(Fused fused) {
    return false;
  }
}
