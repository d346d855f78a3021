package org.dl4jx.updaters.decay;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;

import java.io.Serializable;
import java.util.List;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.engine.Matrices;
import org.dl4jx.updaters.engine.ShownWeights;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Decoupled weight decay as a part of a layer. Before a step, it shows the weights to the updater,
 * which decays them by its own λ in that step. If the updater has no decay, it does nothing. It
 * does not change the gradient or add to the score.
 *
 * <p>{@code DecoupledDecay} creates it and puts it in place. Every array in a block of parameters
 * is shown, even if it does not decay, so that the updater notices if one is missing.
 *
 * <p>Loshchilov and Hutter, <a href="https://arxiv.org/abs/1711.05101">Decoupled Weight Decay
 * Regularization</a> (2019), algorithm 2, line 12.
 *
 * @param decays whether the arrays decay
 * @param matricesOnly whether to leave out vectors: scalars, arrays of rank 1, and rows of shape
 *     [1, n], which are biases and gains in SameDiff
 * @param arrays which numbers of each array decay, in the order in which Deeplearning4j passes the
 *     arrays; empty if the arrays of a layer do not differ
 * @param leftOut the lengths of arrays that do not decay; for SameDiff, which passes arrays in any
 *     order
 * @param areMatrices whether arrays with at least two rows and two columns are matrices, whose last
 *     axis has the outputs; for SameDiff, if the updater needs to know
 */
public record DecoupledWeightDecay(
    @Given boolean decays,
    @Given boolean matricesOnly,
    @Given List<Range> arrays,
    @Given List<Long> leftOut,
    @JsonProperty("areMatrices") @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean areMatrices)
    implements Regularization {

  /** For arrays that decay. */
  static final DecoupledWeightDecay ALL = new DecoupledWeightDecay(true, false, List.of());

  /** For arrays that do not decay. */
  static final DecoupledWeightDecay NONE = new DecoupledWeightDecay(false, false, List.of());

  /**
   * A decay of the arrays that it gets.
   *
   * @param decays whether they decay
   * @param matricesOnly whether to leave out vectors
   * @param arrays which numbers of each array decay, if the arrays differ
   * @param leftOut the lengths of arrays that do not decay
   * @param areMatrices whether arrays with at least two rows and two columns are matrices
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
   * @param matricesOnly whether to leave out vectors
   * @param arrays which numbers of each array decay, if the arrays differ
   * @throws IllegalArgumentException if {@code arrays} is null
   */
  public DecoupledWeightDecay(boolean decays, boolean matricesOnly, List<Range> arrays) {
    this(decays, matricesOnly, arrays, List.of(), false);
  }

  /**
   * Which numbers of an array decay, and which matrices it contains.
   *
   * @param length how many numbers it has
   * @param from the index of the first that decays
   * @param to the index after the last that decays; {@code from} if none does
   * @param matrices the matrices that it begins with; null unless its updater needs to know
   */
  public record Range(
      @Given long length,
      @Given long from,
      @Given long to,
      @JsonProperty("matrices") @JsonInclude(JsonInclude.Include.NON_NULL) Matrices matrices)
      implements Serializable {

    /**
     * A range of an array.
     *
     * @param length how many numbers the array has
     * @param from the index of the first number
     * @param to the index after the last number
     * @param matrices the matrices that the array begins with, or null
     * @throws IllegalArgumentException if the range or the matrices are not within the array
     */
    public Range {
      check(0 <= from && from <= to, "from", from, "in [0, to]");
      check(to <= length, "to", to, "in [from, length]");
      check(
          matrices == null || matrices.numbers() <= length,
          "matrices",
          matrices,
          "of at most " + length + " numbers");
    }

    /**
     * A range of an array whose updater need not know its matrices.
     *
     * @param length how many numbers the array has
     * @param from the index of the first number
     * @param to the index after the last number
     * @throws IllegalArgumentException if the range is not within the array
     */
    public Range(long length, long from, long to) {
      this(length, from, to, null);
    }
  }

  /** Before the updater, which takes what was shown. */
  @Override
  public ApplyStep applyStep() {
    return ApplyStep.BEFORE_UPDATER;
  }

  /**
   * Shows weights to the updater. The gradient stays as it is.
   *
   * @throws IllegalStateException if the decay was not attached to an array of this length
   */
  @Override
  public void apply(INDArray weights, INDArray gradient, double lr, int iteration, int epoch) {
    long from = 0;
    long to = 0;
    Matrices matrices = areMatrices ? Matrices.of(weights) : null;
    boolean isLeftOut = matricesOnly && isVector(weights) || leftOut.contains(weights.length());
    if (decays && !isLeftOut) {
      to = weights.length();
      if (!arrays.isEmpty()) {
        Range range = range(weights, gradient);
        from = range.from;
        to = range.to;
        matrices = range.matrices;
      }
    }
    ShownWeights.show(this, weights, gradient, from, to, matrices, iteration, epoch);
  }

  /** Which numbers of an array decay, by its place among the arrays of the layer. */
  Range rangeOf(int index, long length) {
    return arrays.isEmpty() ? new Range(length, 0, decays ? length : 0) : arrays.get(index);
  }

  /**
   * Deeplearning4j does not name the arrays, so only their order tells them apart. If several
   * layers share this decay, each shows all of its arrays before the next one does.
   */
  private Range range(INDArray weights, INDArray gradient) {
    Range next = arrays.get(ShownWeights.shownBefore(this, gradient) % arrays.size());
    if (next.length != weights.length()) {
      throw new IllegalStateException(
          String.format(
              "an array of %d weights is not one of those that the decay was attached to, %s: the layer"
                  + " has changed since. Call DecoupledDecay.attach(network) again",
              weights.length(), arrays));
    }
    return next;
  }

  static boolean isVector(INDArray array) {
    return array.rank() < 2 || array.rank() == 2 && array.size(0) == 1;
  }

  /**
   * Decoupled decay is not part of the loss.
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
