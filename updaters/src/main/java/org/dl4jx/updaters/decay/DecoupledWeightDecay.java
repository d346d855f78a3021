package org.dl4jx.updaters.decay;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;

import java.io.Serializable;
import java.util.List;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.engine.ShownWeights;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Decoupled weight decay as a layer holds it: shows the weights, before a step, to the updater,
 * which decays them by its own λ in that step. Under an updater that carries no decay it does
 * nothing. It changes no gradient, and adds nothing to the score.
 *
 * <p>{@code DecoupledDecay} makes it and puts it where it belongs. Every array of a block of
 * parameters is to be shown, also those that do not decay: so an updater notices if one is missing.
 *
 * <p>Loshchilov and Hutter, <a href="https://arxiv.org/abs/1711.05101">Decoupled Weight Decay
 * Regularization</a> (2019), algorithm 2, line 12.
 *
 * @param decays whether the arrays that are shown decay
 * @param matricesOnly whether vectors do not: scalars, arrays of rank 1, and rows of shape [1, n],
 *     which in SameDiff are biases and gains
 * @param arrays if the arrays of a layer differ, which numbers decay of each, in the order in which
 *     Deeplearning4j hands them over; otherwise empty
 * @param leftOut the lengths of arrays that do not decay, where arrays are handed over in any
 *     order, as in SameDiff
 */
public record DecoupledWeightDecay(
    @Given boolean decays,
    @Given boolean matricesOnly,
    @Given List<Range> arrays,
    @Given List<Long> leftOut)
    implements Regularization {

  /** For arrays that decay. */
  static final DecoupledWeightDecay ALL = new DecoupledWeightDecay(true, false, List.of());

  /** For arrays that do not decay. */
  static final DecoupledWeightDecay NONE = new DecoupledWeightDecay(false, false, List.of());

  /**
   * A decay of the arrays that it is handed.
   *
   * @param decays whether they decay
   * @param matricesOnly whether vectors do not
   * @param arrays which numbers decay of each, if the arrays differ
   * @param leftOut the lengths of those that do not decay
   * @throws IllegalArgumentException if a list is null
   */
  public DecoupledWeightDecay {
    arrays = List.copyOf(given("arrays", arrays));
    leftOut = List.copyOf(given("leftOut", leftOut));
  }

  /**
   * A decay of the arrays of a layer.
   *
   * @param decays whether they decay
   * @param matricesOnly whether vectors do not
   * @param arrays which numbers decay of each, if the arrays differ
   * @throws IllegalArgumentException if {@code arrays} is null
   */
  public DecoupledWeightDecay(boolean decays, boolean matricesOnly, List<Range> arrays) {
    this(decays, matricesOnly, arrays, List.of());
  }

  /**
   * Which numbers of an array decay.
   *
   * @param length how many it has
   * @param from the first that decays
   * @param to the end of those that decay; {@code from} if none does
   */
  public record Range(@Given long length, @Given long from, @Given long to)
      implements Serializable {

    /**
     * Some numbers of an array.
     *
     * @param length how many it has
     * @param from the first
     * @param to their end
     * @throws IllegalArgumentException if they are not within the array
     */
    public Range {
      check(0 <= from && from <= to, "from", from, "in [0, to]");
      check(to <= length, "to", to, "in [from, length]");
    }
  }

  /** Before the updater, which takes what is shown. */
  @Override
  public ApplyStep applyStep() {
    return ApplyStep.BEFORE_UPDATER;
  }

  /**
   * Shows weights to the updater; the gradient stays as it is.
   *
   * @throws IllegalStateException if the weights are none of the arrays that were attached to
   */
  @Override
  public void apply(INDArray weights, INDArray gradient, double lr, int iteration, int epoch) {
    long from = 0;
    long to = 0;
    boolean isLeftOut = matricesOnly && isVector(weights) || leftOut.contains(weights.length());
    if (decays && !isLeftOut) {
      to = weights.length();
      if (!arrays.isEmpty()) {
        Range range = range(weights, gradient);
        from = range.from;
        to = range.to;
      }
    }
    ShownWeights.show(this, weights, gradient, from, to, iteration, epoch);
  }

  /** Which numbers decay of an array, by its place among those that are handed over. */
  Range rangeOf(int index, long length) {
    return arrays.isEmpty() ? new Range(length, 0, decays ? length : 0) : arrays.get(index);
  }

  /**
   * Deeplearning4j names no array, so they are told apart by their order: of several layers that
   * share this decay, one shows all of its arrays before the next.
   */
  private Range range(INDArray weights, INDArray gradient) {
    Range next = arrays.get(ShownWeights.shownBefore(this, gradient) % arrays.size());
    if (next.length != weights.length()) {
      throw new IllegalStateException(
          String.format(
              "an array of %d weights must be one of those that the decay was attached to, %s: the"
                  + " layer was changed since. Call DecoupledDecay.attach(network) again",
              weights.length(), arrays));
    }
    return next;
  }

  static boolean isVector(INDArray array) {
    return array.rank() < 2 || array.rank() == 2 && array.size(0) == 1;
  }

  /**
   * Decoupled decay is no part of the loss.
   *
   * @return 0
   */
  @Override
  public double score(INDArray weights, int iteration, int epoch) {
    return 0;
  }

  @Override
  public DecoupledWeightDecay clone() {
    return this;
  }
}
