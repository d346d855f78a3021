package org.dl4jx.updaters.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The state of an updater for one block of a network's parameters.
 *
 * @param updater the updater, of dl4jx or another
 * @param from the index of the first parameter of the block
 * @param to the index after the last one
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
      if (block.getGradientUpdater() instanceof BlockUpdater own) {
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
   * How many steps an updater of dl4jx has taken.
   *
   * @return the count; setting it changes the state
   */
  public StepCount steps() {
    if (updater instanceof UpdaterWrapper wrapper) {
      return new WrapperLayout(wrapper).count(view);
    }
    return StateLayout.count(view, (UpdaterConfiguration) updater);
  }

  /**
   * A state array of an updater of dl4jx. A wrapper has one of its own.
   *
   * @param name its name; ignored for a wrapper
   * @return a view of it
   */
  public INDArray array(String name) {
    if (updater instanceof UpdaterWrapper) {
      return array(0, from, to);
    }
    return array(((UpdaterConfiguration) updater).stateNames().indexOf(name), from, to);
  }

  /**
   * Changes one of the numbers that an updater of dl4jx remembers for the whole block.
   *
   * @param name its name, one of those in {@link UpdaterConfiguration#scalarNames()}
   * @param value the number to remember
   */
  public void remember(String name, double value) {
    scalars().set(((UpdaterConfiguration) updater).scalarNames().indexOf(name), value);
  }

  /** The part of a state array that belongs to some of the network's parameters. */
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
   * Copies the state of the same parameters from blocks with the same kind of updater.
   *
   * @param before the states of blocks, which may be divided differently
   */
  public void takeFrom(List<BlockState> before) {
    if (updater instanceof UpdaterWrapper) {
      takeFromWrappers(before.stream().filter(this::isAround).toList());
      return;
    }
    long taken = 0;
    long fewest = Long.MAX_VALUE;
    long most = 0;
    for (BlockState other : before) {
      long first = Math.max(from, other.from);
      long last = Math.min(to, other.to);
      if (first < last && isOfKind(other)) {
        for (int i = 0; i < arrays(); i++) {
          array(i, first, last).assign(other.array(i, first, last));
        }
        taken += last - first;
        if (updater instanceof UpdaterConfiguration) {
          fewest = Math.min(fewest, other.steps().get());
          most = Math.max(most, other.steps().get());
        }
      }
    }
    if (taken > 0 && most > 0 && updater instanceof UpdaterConfiguration own) {
      long merged = own.mergedSteps(taken < to - from ? 0 : fewest, most);
      BlockState oldest = oldest(before);
      before.stream()
          .filter(this::isOfKind)
          .forEach(other -> rescale(other, merged, oldest.scalars()));
      takeScalars(oldest, merged);
      steps().set(merged);
    }
  }

  /** The block that has taken the most steps, of those whose state it takes. */
  private BlockState oldest(List<BlockState> before) {
    return before.stream()
        .filter(other -> Math.max(from, other.from) < Math.min(to, other.to) && isOfKind(other))
        .max(Comparator.comparingLong(other -> other.steps().get()))
        .orElseThrow();
  }

  /** Takes the scalars of a block, rescaled like its arrays. */
  private void takeScalars(BlockState other, long merged) {
    UpdaterConfiguration own = (UpdaterConfiguration) updater;
    List<String> names = own.scalarNames();
    long steps = other.steps().get();
    for (int i = 0; i < names.size(); i++) {
      double factor =
          steps == merged ? 1 : own.rescaling(names.get(i), steps, merged, other.scalars());
      scalars().set(i, factor * other.scalars().get(i));
    }
  }

  private Scalars scalars() {
    return StateLayout.of((UpdaterConfiguration) updater).scalars(view);
  }

  /**
   * A number that an updater of dl4jx remembers for the whole block.
   *
   * @param name its name
   * @return the number; 0 before the first step
   */
  public double scalar(String name) {
    return scalars().get(((UpdaterConfiguration) updater).scalarNames().indexOf(name));
  }

  /**
   * Takes a wrapper off.
   *
   * @return the state of the updater inside, or this if the updater is not a wrapper
   */
  public BlockState unwrapped() {
    return updater instanceof UpdaterWrapper ? inside() : this;
  }

  /**
   * Whether a parameter array belongs to the block.
   *
   * @param array an array of the network's parameters
   * @param all all parameters of the network
   * @return true if it does
   */
  public boolean contains(INDArray array, INDArray all) {
    long bytes = Memory.addressOf(array) - Memory.addressOf(all);
    long index = bytes / all.dataType().width();
    return index >= from && index < to;
  }

  private void takeFromWrappers(List<BlockState> before) {
    long most = 0;
    for (BlockState other : before) {
      long first = Math.max(from, other.from);
      long last = Math.min(to, other.to);
      array(0, first, last).assign(other.array(0, first, last));
      most = Math.max(most, other.steps().get());
    }
    BlockState inside = inside();
    if (inside.view != null) {
      inside.takeFrom(before.stream().map(BlockState::inside).toList());
    }
    if (most > 0) {
      steps().set(most);
    }
  }

  private BlockState inside() {
    UpdaterWrapper wrapper = (UpdaterWrapper) updater;
    return new BlockState(
        wrapper.inner(), from, to, new WrapperLayout(wrapper).inside(view, to - from));
  }

  /** Whether it has parameters in common with another one, and the same kinds of updaters. */
  private boolean isAround(BlockState other) {
    return Math.max(from, other.from) < Math.min(to, other.to)
        && updater.getClass() == other.updater.getClass()
        && UpdaterWrapper.unwrap(updater).getClass()
            == UpdaterWrapper.unwrap(other.updater).getClass();
  }

  /** Rescales what was copied from a block so it means the same after another number of steps. */
  private void rescale(BlockState other, long merged, Scalars remembered) {
    long first = Math.max(from, other.from);
    long last = Math.min(to, other.to);
    long steps = other.steps().get();
    if (first >= last || steps == merged || steps == 0) {
      return;
    }
    UpdaterConfiguration own = (UpdaterConfiguration) updater;
    Map<String, INDArray> arrays = new LinkedHashMap<>();
    for (int i = 0; i < arrays(); i++) {
      arrays.put(own.stateNames().get(i), array(i, first, last));
    }
    own.rescale(arrays, steps, merged, remembered);
  }

  private boolean isOfKind(BlockState other) {
    return updater.getClass() == other.updater.getClass() && arrays() == other.arrays();
  }
}
