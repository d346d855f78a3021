package org.dl4jx.averaging;

import java.util.List;
import java.util.function.LongToDoubleFunction;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * An updater that keeps the parameters elsewhere while it trains than where they are to be
 * evaluated. Parameters with other updaters stay where they are.
 */
public interface TrainsElsewhere extends IUpdater, EvaluationWeights {

  /**
   * Where the parameters are to be evaluated.
   *
   * @return how to get there
   */
  Destination destination();

  @Override
  default EvaluationPoint pointOf(Model model) {
    return EvaluationPoint.ofUpdaters(model, getClass());
  }

  /**
   * How to get from the parameters to where they are to be evaluated: {@code parameters + factor ·
   * array}.
   *
   * @param point its name, in messages
   * @param call the method that moves the parameters there, in messages
   * @param arrays the names of state arrays: the one to add, then others that {@code arrival}
   *     changes
   * @param factor the factor, from the number of steps that the updater has taken
   * @param arrival changes these arrays so that training goes on from there
   */
  record Destination(
      String point,
      String call,
      List<String> arrays,
      LongToDoubleFunction factor,
      Arrival arrival) {

    /**
     * A destination whose array is zero on arrival.
     *
     * @param point its name, in messages
     * @param call the method that moves the parameters there, in messages
     * @param array the name of the state array to add
     * @param factor the factor
     */
    public Destination(String point, String call, String array, double factor) {
      this(point, call, List.of(array), steps -> factor, arrays -> arrays.get(0).assign(0));
    }
  }

  /** Changes the state when the parameters have arrived. */
  interface Arrival {
    /**
     * Changes the state.
     *
     * @param arrays the arrays of {@link Destination#arrays}
     */
    void change(List<INDArray> arrays);
  }
}
