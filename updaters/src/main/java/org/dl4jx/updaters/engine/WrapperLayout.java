package org.dl4jx.updaters.engine;

import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The layout of the state of an {@link UpdaterWrapper} for one block of parameters in one array:
 * first an array of its own, as long as the block, then the state of the updater inside, and last
 * the {@link StepCount} of the wrapper. Like {@link StateLayout}, it has room for a count per
 * parameter array, and so may the state inside.
 *
 * @param wrapper the wrapper
 */
public record WrapperLayout(UpdaterWrapper wrapper) {

  /** How many numbers the state inside has for each parameter. */
  private long perParameter() {
    return wrapper.inner().stateSize(2) - wrapper.inner().stateSize(1);
  }

  /** How many numbers the state inside has for each parameter array. */
  private long perArray() {
    return wrapper.inner().stateSize(1) - perParameter();
  }

  /**
   * How many numbers the state of one parameter array has.
   *
   * @param parameters how many parameters it has
   * @return how many numbers
   */
  public long size(long parameters) {
    return parameters == 0
        ? 0
        : parameters + wrapper.inner().stateSize(parameters) + StepCount.NUMBERS;
  }

  /**
   * How many parameters a state has if they are one array.
   *
   * @param view the state, of rank 1
   * @return how many, or 0 if they are more than one array
   */
  public long parametersOfOneArray(INDArray view) {
    long parameters = (view.length() - perArray() - StepCount.NUMBERS) / (1 + perParameter());
    return size(parameters) == view.length() ? parameters : 0;
  }

  /**
   * The wrapper's own array.
   *
   * @param view the state, of rank 1
   * @param parameters how many parameters the block has
   * @return a view
   */
  public INDArray own(INDArray view, long parameters) {
    return StateLayout.array(view, 0, parameters);
  }

  /**
   * The state of the updater inside.
   *
   * @param view the state, of rank 1
   * @param parameters how many parameters the block has
   * @return a view, or null if the updater has no state
   * @throws IllegalStateException if the state is not one of so many parameters
   */
  public INDArray inside(INDArray view, long parameters) {
    long rest = view.length() - (1 + perParameter()) * parameters;
    long end = perArray() + StepCount.NUMBERS;
    if (rest < end || rest % end != 0) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "the state of %s must have %d numbers for each of %,d parameters and %d for each of"
                  + " their arrays, but had %,d in total. It belongs to another updater or network;"
                  + " use an updater and a state that were saved together",
              wrapper,
              1 + perParameter(),
              parameters,
              end,
              view.length()));
    }
    long length = perParameter() * parameters + rest / end * perArray();
    return length == 0 ? null : view.get(NDArrayIndex.interval(parameters, parameters + length));
  }

  /**
   * The count of the wrapper's steps.
   *
   * @param view the state, of rank 1, or an array with only the count
   * @return the count; setting it changes the state
   */
  public StepCount count(INDArray view) {
    return new StepCount(
        view.get(NDArrayIndex.interval(view.length() - StepCount.NUMBERS, view.length())),
        wrapper,
        wrapper.getClass().getSimpleName() + wrapper.inner().getClass().getSimpleName());
  }
}
