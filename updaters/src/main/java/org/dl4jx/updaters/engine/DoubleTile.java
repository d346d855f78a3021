package org.dl4jx.updaters.engine;

/** What one thread works on, in DOUBLE. */
final class DoubleTile extends Tile<DoubleCells> {
  private final double[][] arrays;

  DoubleTile(int states, int room) {
    super(states, room, DoubleCells::new, Double.BYTES);
    arrays = state.stream().map(cells -> cells.values).toArray(double[][]::new);
  }

  @Override
  boolean apply(Fused fused, DoubleCells weights, double decay) {
    return fused.apply(gradient.values, arrays, weights.values, decay, gradient.length());
  }
}
