package org.dl4jx.updaters.sophia;

import java.util.Locale;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * The loss of an output for labels that are drawn from the output itself: one class per row for
 * softmax, and each number on its own for sigmoid. The labels that it is given do not matter.
 */
final class SampledLabels implements ILossFunction {
  private static final long serialVersionUID = 1L;

  private final ILossFunction loss;
  private final boolean isOneClassPerRow;
  private transient SplittableRandom random;

  private SampledLabels(ILossFunction loss, boolean isOneClassPerRow) {
    this.loss = loss;
    this.isOneClassPerRow = isOneClassPerRow;
  }

  /**
   * Replaces the loss of an output layer.
   *
   * @param layer the layer
   * @param name the name of the output, for the message
   * @return the loss that it has from now on
   * @throws IllegalStateException if labels cannot be drawn from such an output
   */
  static SampledLabels putInto(Layer layer, String name) {
    Layer inside = layer instanceof FrozenLayerWithBackprop f ? f.getUnderlying() : layer;
    Class<?> type = inside.getClass();
    if (type == OutputLayer.class || type == RnnOutputLayer.class) {
      BaseOutputLayer output = (BaseOutputLayer) inside;
      SampledLabels sampled = of(output.getLossFn(), output, name);
      output.setLossFn(sampled);
      return sampled;
    } else if (inside instanceof LossLayer output && type == LossLayer.class) {
      SampledLabels sampled = of(output.getLossFn(), output, name);
      output.setLossFn(sampled);
      return sampled;
    } else if (inside instanceof RnnLossLayer output && type == RnnLossLayer.class) {
      SampledLabels sampled = of(output.getLossFn(), output, name);
      output.setLossFn(sampled);
      return sampled;
    } else if (inside instanceof CnnLossLayer output && type == CnnLossLayer.class) {
      SampledLabels sampled = of(output.getLossFn(), output, name);
      output.setLossFn(sampled);
      return sampled;
    }
    throw refusal(name, type.getSimpleName());
  }

  private static SampledLabels of(ILossFunction loss, FeedForwardLayer layer, String name) {
    IActivation activation = layer.getActivationFn();
    Class<?> type = loss.getClass();
    boolean isCategorical =
        type == LossMCXENT.class
            || type == LossNegativeLogLikelihood.class
            || type == LossSparseMCXENT.class;
    if (activation instanceof ActivationSoftmax
        && isCategorical
        && ((LossMCXENT) loss).getWeights() == null) {
      return new SampledLabels(new LossMCXENT(), true);
    }
    if (activation instanceof ActivationSigmoid
        && loss instanceof LossBinaryXENT binary
        && binary.getWeights() == null) {
      return new SampledLabels(loss, false);
    }
    throw refusal(
        name,
        String.format(
            Locale.ROOT, "%s with %s and %s", layer.getClass().getSimpleName(), activation, loss));
  }

  /**
   * The exception for an output that labels cannot be drawn from.
   *
   * @param name the name of the output
   * @param what what it is
   * @return the exception
   */
  static IllegalStateException refusal(String name, String what) {
    return new IllegalStateException(
        String.format(
            "SophiaHessian cannot draw labels from output \"%s\", which is %s. An output must be"
                + " OutputLayer, RnnOutputLayer, LossLayer, RnnLossLayer or CnnLossLayer, with"
                + " softmax and MCXENT, NEGATIVELOGLIKELIHOOD or SPARSE_MCXENT, or with sigmoid and"
                + " XENT, and without class weights. Use another updater",
            name, what));
  }

  /**
   * Sets where the next labels come from.
   *
   * @param random the source
   */
  void drawFrom(SplittableRandom random) {
    this.random = random;
  }

  /**
   * Draws labels.
   *
   * @param probabilities of the labels, of rank 2
   * @param isOneClassPerRow whether the numbers of a row are the probabilities of classes, one of
   *     which is drawn; if not, each number is 0 or 1 with its own probability
   * @param random the source of the draws
   * @return the labels, in the type and shape of the probabilities
   */
  static INDArray draw(INDArray probabilities, boolean isOneClassPerRow, SplittableRandom random) {
    double[][] p = probabilities.castTo(DataType.DOUBLE).toDoubleMatrix();
    for (double[] row : p) {
      if (isOneClassPerRow) {
        int drawn = drawClass(row, random.nextDouble());
        for (int i = 0; i < row.length; i++) {
          row[i] = i == drawn ? 1 : 0;
        }
      } else {
        for (int i = 0; i < row.length; i++) {
          row[i] = random.nextDouble() < row[i] ? 1 : 0;
        }
      }
    }
    return Nd4j.createFromArray(p).castTo(probabilities.dataType());
  }

  /** The last class with a positive probability takes what rounding leaves of the sum. */
  private static int drawClass(double[] probabilities, double u) {
    int drawn = 0;
    double sum = 0;
    for (int i = 0; i < probabilities.length && sum <= u; i++) {
      if (probabilities[i] > 0) {
        drawn = i;
      }
      sum += probabilities[i];
    }
    return drawn;
  }

  private INDArray draw(INDArray preOutput, IActivation activation) {
    return draw(activation.getActivation(preOutput.dup(), true), isOneClassPerRow, random);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
    return loss.computeGradient(draw(preOutput, activation), preOutput, activation, mask);
  }

  @Override
  public double computeScore(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
    return loss.computeScore(draw(preOutput, activation), preOutput, activation, mask, average);
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
    return loss.computeScoreArray(draw(preOutput, activation), preOutput, activation, mask);
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
    return loss.computeGradientAndScore(
        draw(preOutput, activation), preOutput, activation, mask, average);
  }

  @Override
  public String name() {
    return "SampledLabels(" + loss.name() + ")";
  }
}
