package org.dl4jx.updaters.engine;

/** What one thread works on, in FLOAT. */
final class FloatTile extends Tile<FloatCells> {
  private final float[][] arrays;

  FloatTile(int states, int room) {
    super(states, room, FloatCells::new, Float.BYTES);
    arrays = state.stream().map(cells -> cells.values).toArray(float[][]::new);
  }

  @Override
  boolean apply(Fused fused, FloatCells weights, double decay) {
    return fused.apply(gradient.values, arrays, weights.values, (float) decay, gradient.length());
  }
}
