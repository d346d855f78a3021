package org.dl4jx.benchmarks;

import java.util.Random;
import java.util.function.IntConsumer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.NonFinitePolicy;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.dl4jx.updaters.engine.OtherPaths;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.Regularization.ApplyStep;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * A block of parameters as Deeplearning4j hands it to an updater: views of rank 1 into longer
 * arrays.
 */
final class Block {
  /** A view of a network's array seldom starts where the array does. */
  private static final int OFFSET = 16;

  /**
   * About the size of gradients in training, and far from numbers that processors are slow with.
   */
  private static final float LEAST_GRADIENT = 0.005f;

  private static final float GREATEST_GRADIENT = 0.015f;

  private final DataType type;
  private final INDArray gradientBefore;
  private final INDArray gradient;
  private final INDArray weights;
  private final INDArray target;

  Block(int parameters, NumberType type) {
    this.type = type.dataType();
    gradientBefore = view(parameters);
    gradient = view(parameters);
    weights = view(parameters);
    target = view(parameters);
    gradientBefore.assign(Nd4j.createFromArray(gradients(parameters)));
    weights.assign(gradientBefore);
    restoreGradient();
  }

  private static float[] gradients(int count) {
    Random random = new Random(42);
    float[] gradients = new float[count];
    for (int i = 0; i < count; i++) {
      float size = LEAST_GRADIENT + (GREATEST_GRADIENT - LEAST_GRADIENT) * random.nextFloat();
      gradients[i] = random.nextBoolean() ? size : -size;
    }
    return gradients;
  }

  private INDArray view(long length) {
    return Nd4j.create(type, OFFSET + length).get(NDArrayIndex.interval(OFFSET, OFFSET + length));
  }

  /** Puts back the gradient, which a step turned into its update. */
  void restoreGradient() {
    gradient.assign(gradientBefore);
  }

  /** Fails if the last step made NaN or an infinity, since then nothing was measured. */
  void checkFinite() {
    double sum = gradient.norm1Number().doubleValue();
    if (!Double.isFinite(sum)) {
      throw new IllegalStateException("the update is no longer finite: its norm is " + sum);
    }
  }

  /** What a contestant does in an iteration, with state of its own. */
  IntConsumer step(Contest contest, Contestant contestant) {
    return switch (contestant) {
      case BUILT_IN -> step(contest, contest.builtIn());
      case OURS -> step(contest, contest.ours(NonFinitePolicy.FAIL));
      case UNGUARDED -> step(contest, contest.ours(NonFinitePolicy.PROPAGATE));
      case UNDECAYED -> {
        IUpdater undecayed = Contest.of(NamedOptimizer.ADAMW).ours(NonFinitePolicy.FAIL);
        yield step(undecayed.instantiate(stateOf(undecayed), true));
      }
      case OPERATIONS -> {
        UpdaterConfiguration ours = (UpdaterConfiguration) contest.ours(NonFinitePolicy.PROPAGATE);
        yield step(OtherPaths.operations(ours, stateOf(ours)));
      }
      case FORMULA -> {
        UpdaterConfiguration ours = (UpdaterConfiguration) contest.ours(NonFinitePolicy.PROPAGATE);
        yield OtherPaths.formula(ours, gradient, stateOf(ours));
      }
      case SUBTRACT -> iteration -> target.subi(gradient);
      case COPY -> iteration -> target.assign(gradient);
      case SGD -> throw new IllegalArgumentException("takes part in networks only");
    };
  }

  /** Null if it has none, as Deeplearning4j passes it. */
  private INDArray stateOf(IUpdater updater) {
    long size = updater.stateSize(gradient.length());
    return size == 0 ? null : view(size);
  }

  private IntConsumer step(GradientUpdater<?> updater) {
    return iteration -> updater.applyUpdater(gradient, iteration, 0);
  }

  private IntConsumer step(Contest contest, IUpdater configured) {
    boolean ours = configured instanceof UpdaterConfiguration;
    if (contest != Contest.DECAY && !(ours && contest.showsWeights())) {
      return step(configured.instantiate(stateOf(configured), true));
    }
    BaseLayer layer = decayedLayer(configured);
    IUpdater attached = layer.getIUpdater();
    GradientUpdater<?> updater = attached.instantiate(stateOf(attached), true);
    Regularization decay = layer.getRegularization().get(0);
    boolean isBefore = decay.applyStep() == ApplyStep.BEFORE_UPDATER;
    return iteration -> {
      double learningRate = attached.getLearningRate(iteration, 0);
      if (isBefore) {
        decay.apply(weights, gradient, learningRate, iteration, 0);
      }
      updater.applyUpdater(gradient, iteration, 0);
      if (!isBefore) {
        decay.apply(weights, gradient, learningRate, iteration, 0);
      }
    };
  }

  /** A layer with the updater and the decay that a user would give to it. */
  private static BaseLayer decayedLayer(IUpdater updater) {
    DenseLayer.Builder layer = new DenseLayer.Builder().nIn(2).nOut(2);
    boolean ours = updater instanceof UpdaterConfiguration;
    if (!ours) {
      layer.weightDecay(Contest.WEIGHT_DECAY, true);
    }
    MultiLayerConfiguration configuration =
        DecoupledDecay.attach(
            new NeuralNetConfiguration.Builder()
                .updater(updater)
                .list()
                .layer(layer.build())
                .layer(new OutputLayer.Builder().nIn(2).nOut(2).build())
                .build());
    BaseLayer decayed = (BaseLayer) configuration.getConf(0).getLayer();
    boolean single = decayed.getRegularization().size() == 1;
    if (!single || decayed.getRegularization().get(0) instanceof WeightDecay == ours) {
      throw new IllegalStateException("not the decay that was asked for: " + decayed);
    }
    return decayed;
  }
}
