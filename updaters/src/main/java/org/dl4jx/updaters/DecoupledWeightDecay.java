package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.notNegative;

import java.util.Objects;
import org.dl4jx.updaters.engine.Rule;
import org.dl4jx.updaters.engine.StepInProgress;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Decoupled weight decay as a layer applies it, after its updater: {@code update ← update +
 * learningRate · weightDecay · weight}. Unlike Deeplearning4j's {@code WeightDecay} it is no
 * penalty: it adds nothing to the score, and it costs no norm of the weights in every iteration.
 *
 * <p>{@link DecoupledDecay} makes it and puts it where it belongs, together with the updater that
 * it belongs to.
 *
 * <p>Loshchilov and Hutter, <a href="https://arxiv.org/abs/1711.05101">Decoupled Weight Decay
 * Regularization</a> (2019), algorithm 2, line 12.
 */
public final class DecoupledWeightDecay implements Regularization {
  private static final long serialVersionUID = 1L;

  private final double weightDecay;
  private final long gainLength;
  private final boolean matricesOnly;

  /** Decays everything it is applied to. */
  DecoupledWeightDecay(double weightDecay) {
    this(weightDecay, 0, false);
  }

  /**
   * Decays what it is applied to, with exceptions.
   *
   * @param weightDecay λ
   * @param gainLength length of the layer's normalization gain, which Deeplearning4j counts among
   *     the weights but which is not to decay; 0 if there is none
   * @param matricesOnly whether to leave vectors alone: scalars, arrays of rank 1, and rows of
   *     shape [1, n], which in SameDiff are biases and gains
   */
  DecoupledWeightDecay(
      @JsonProperty("weightDecay") double weightDecay,
      @JsonProperty("gainLength") long gainLength,
      @JsonProperty("matricesOnly") boolean matricesOnly) {
    this.weightDecay = notNegative("weightDecay", weightDecay);
    this.gainLength = gainLength;
    this.matricesOnly = matricesOnly;
  }

  /**
   * The coefficient λ.
   *
   * @return the coefficient, at least 0
   */
  public double getWeightDecay() {
    return weightDecay;
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

  /** {@code update ← update + rate · weight}, with the weights in place of a state array. */
  private record Decay(double rate) implements Rule {
    @Override
    public void apply(INDArray update, INDArray[] weights) {
      Nd4j.exec(new Axpy(weights[0], update, update, rate));
    }

    @Override
    public void apply(float[] update, float[][] weights, int length) {
      float[] w = weights[0];
      float r = (float) rate;
      for (int i = 0; i < length; i++) {
        update[i] += r * w[i];
      }
    }

    @Override
    public boolean changes(int array) {
      return false;
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

  @Override
  public boolean equals(Object other) {
    return other instanceof DecoupledWeightDecay that
        && weightDecay == that.weightDecay
        && gainLength == that.gainLength
        && matricesOnly == that.matricesOnly;
  }

  @Override
  public int hashCode() {
    return Objects.hash(weightDecay, gainLength, matricesOnly);
  }

  @Override
  public String toString() {
    return "DecoupledWeightDecay(" + weightDecay + ")";
  }
}
