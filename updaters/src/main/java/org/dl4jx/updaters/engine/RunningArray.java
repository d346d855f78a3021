package org.dl4jx.updaters.engine;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An array that follows others of the same length, such as an average of weights. */
public final class RunningArray {
  private final INDArray array;
  private final TiledStep<?> tiled;

  /**
   * Makes an array follow others.
   *
   * @param array an array of rank 1 and type FLOAT or DOUBLE; changed in place
   */
  public RunningArray(INDArray array) {
    this(array, Backend.current());
  }

  RunningArray(INDArray array, Backend backend) {
    this.array = array;
    this.tiled = backend == Backend.CPU ? TiledStep.over(array) : null;
  }

  /**
   * Goes a part of the way to another array: {@code array ← array + share (other - array)}, in one
   * pass over both. Where they are equal, nothing changes.
   *
   * @param share how far to go
   * @param other an array of the same length, of any type
   */
  public void approach(double share, INDArray other) {
    INDArray flat = other.reshape(other.length()).castTo(array.dataType());
    Approach rule = new Approach(share);
    if (tiled != null && tiled.accepts(flat)) {
      tiled.apply(rule, flat);
    } else {
      rule.apply(new ArrayCells(flat), List.of(new ArrayCells(array)));
    }
  }

  private record Approach(double share) implements Rule {

    @Override
    public <C extends Cells<C>> void apply(C x, List<C> state) {
      state.get(0).approach(share, x);
    }
  }
}
