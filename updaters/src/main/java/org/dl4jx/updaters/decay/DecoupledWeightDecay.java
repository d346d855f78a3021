package org.dl4jx.updaters.decay;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.notNegative;

import java.util.List;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.engine.Cells;
import org.dl4jx.updaters.engine.Rule;
import org.dl4jx.updaters.engine.StepInProgress;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Decoupled weight decay as a layer applies it, after its updater: {@code update ← update +
 * learningRate · weightDecay · weight}. Unlike Deeplearning4j's {@code WeightDecay} it is no
 * penalty: it adds nothing to the score, and it costs no norm of the weights in every iteration.
 *
 * <p>{@code DecoupledDecay} makes it and puts it where it belongs, together with the updater that
 * it belongs to.
 *
 * <p>Loshchilov and Hutter, <a href="https://arxiv.org/abs/1711.05101">Decoupled Weight Decay
 * Regularization</a> (2019), algorithm 2, line 12.
 *
 * @param weightDecay λ, at least 0
 * @param gainLength length of the layer's normalization gain, which Deeplearning4j counts among the
 *     weights but which is not to decay; 0 if there is none
 * @param matricesOnly whether to leave vectors alone: scalars, arrays of rank 1, and rows of shape
 *     [1, n], which in SameDiff are biases and gains
 */
public record DecoupledWeightDecay(
    @Given double weightDecay, @Given long gainLength, @Given boolean matricesOnly)
    implements Regularization {

  /**
   * A decay of what it is applied to, with exceptions.
   *
   * @param weightDecay λ
   * @param gainLength length of the gain, at least 0
   * @param matricesOnly whether to leave vectors alone
   * @throws IllegalArgumentException if one is outside its range
   */
  public DecoupledWeightDecay {
    notNegative("weightDecay", weightDecay);
    check(gainLength >= 0, "gainLength", gainLength, "a number >= 0");
  }

  /** Decays everything it is applied to. */
  DecoupledWeightDecay(double weightDecay) {
    this(weightDecay, 0, false);
  }

  @Override
  public ApplyStep applyStep() {
    return ApplyStep.POST_UPDATER;
  }

  @Override
  public void apply(INDArray weights, INDArray update, double lr, int iteration, int epoch) {
    StepInProgress step = StepInProgress.of(update);
    step.decayArrived();
    boolean exempt = weights.length() == gainLength || matricesOnly && isVector(weights);
    if (!exempt && !step.isSkipped()) {
      step.apply(new Decay(lr * weightDecay), update, weights);
    }
  }

  /** With the weights in place of a state array. */
  private record Decay(double rate) implements Rule {
    @Override
    public <C extends Cells<C>> void apply(C update, List<C> weights) {
      update.add(rate, weights.get(0)); // update ← update + η λ θ
    }
  }

  private static boolean isVector(INDArray array) {
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
