package org.dl4jx.updaters.engine;

import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The layout of an updater's state for one block of parameters in one array: first the state
 * arrays, each as long as the block, then its {@link Scalars}, and last the {@link StepCount}.
 * Deeplearning4j adds up the room that each parameter array asks for, so a block of several arrays
 * has room for as many scalars and counts. The last ones are used.
 *
 * @param arrays how many state arrays there are
 * @param scalars how many scalars there are
 */
record StateLayout(int arrays, int scalars) {

  /** The layout of an updater's state. */
  static StateLayout of(UpdaterConfiguration updater) {
    return new StateLayout(updater.stateNames().size(), updater.scalarNames().size());
  }

  /** How many numbers the state of an array with so many parameters has. */
  long size(long parameters) {
    return parameters == 0 ? 0 : arrays * parameters + end();
  }

  /** How many numbers come after the state arrays of one parameter array. */
  int end() {
    return Scalars.room(scalars) + StepCount.NUMBERS;
  }

  /** Whether a view can be the state of so many parameters. */
  boolean fits(INDArray view, long parameters) {
    long rest = view.length() - arrays * parameters;
    return rest >= end() && rest % end() == 0;
  }

  /** One of the state arrays, for so many parameters. */
  static INDArray array(INDArray view, int index, long parameters) {
    return view.get(NDArrayIndex.interval(index * parameters, (index + 1) * parameters));
  }

  /** The scalars. */
  Scalars scalars(INDArray view) {
    long to = view.length() - StepCount.NUMBERS;
    return scalars == 0
        ? new Scalars(null)
        : new Scalars(view.get(NDArrayIndex.interval(to - Scalars.room(scalars), to)));
  }

  /** The count of the steps. */
  static StepCount count(INDArray view, UpdaterConfiguration updater) {
    return new StepCount(
        view.get(NDArrayIndex.interval(view.length() - StepCount.NUMBERS, view.length())), updater);
  }

  /** Why the state does not fit. */
  String refusal(UpdaterConfiguration updater, long parameters, long numbers) {
    return String.format(
        Locale.ROOT,
        "the state of %s must have %d numbers for each of %,d parameters and %d for each of their"
            + " arrays, but had %,d in total. It belongs to another updater or network; use an"
            + " updater and a state that were saved together",
        updater,
        arrays,
        parameters,
        end(),
        numbers);
  }
}
