package org.dl4jx.updaters.engine;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The state of an updater for one block of a network's parameters.
 *
 * @param updater the updater, of this pack or another
 * @param from the first parameter of the block
 * @param to their end
 * @param view all of the state, of rank 1
 */
public record BlockState(IUpdater updater, long from, long to, INDArray view) {

  /**
   * The states of a network's updaters.
   *
   * @param updaters the updaters of the network
   * @return a state for each block that has one
   */
  public static List<BlockState> of(BaseMultiLayerUpdater<?> updaters) {
    List<BlockState> states = new ArrayList<>();
    for (UpdaterBlock block : updaters.getUpdaterBlocks()) {
      INDArray view = block.getUpdaterView();
      if (block.getGradientUpdater() instanceof RuleUpdater own) {
        own.knowLength(block.getParamOffsetEnd() - block.getParamOffsetStart());
      }
      if (view != null) {
        states.add(
            new BlockState(
                block.getGradientUpdater().getConfig(),
                block.getParamOffsetStart(),
                block.getParamOffsetEnd(),
                view.reshape(view.length())));
      }
    }
    return states;
  }

  /**
   * How many steps were taken, by an updater of this pack.
   *
   * @return the count, which writes through
   */
  public StepCount steps() {
    return StateLayout.count(view);
  }

  /**
   * A state array of an updater of this pack.
   *
   * @param name its name
   * @return a view of it
   */
  public INDArray array(String name) {
    return array(((UpdaterConfiguration) updater).stateNames().indexOf(name), from, to);
  }

  /** What a state array holds for some of the network's parameters. */
  private INDArray array(int index, long first, long last) {
    return StateLayout.array(view, index, to - from)
        .get(NDArrayIndex.interval(first - from, last - from));
  }

  private int arrays() {
    return updater instanceof UpdaterConfiguration own
        ? own.stateNames().size()
        : (int) (view.length() / (to - from));
  }

  /**
   * Takes over the state of those parameters that both blocks have, if it is of the same kind.
   *
   * @param before the state of a block that may have been cut differently
   */
  public void takeFrom(BlockState before) {
    long first = Math.max(from, before.from);
    long last = Math.min(to, before.to);
    boolean sameKind =
        updater.getClass() == before.updater.getClass() && arrays() == before.arrays();
    if (first >= last || !sameKind) {
      return;
    }
    for (int i = 0; i < arrays(); i++) {
      array(i, first, last).assign(before.array(i, first, last));
    }
    if (updater instanceof UpdaterConfiguration) {
      // The greatest, so that no step of any parameter is greater than its moments allow.
      steps().set(Math.max(steps().get(), before.steps().get()));
    }
  }
}
