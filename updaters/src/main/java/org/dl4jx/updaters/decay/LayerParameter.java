package org.dl4jx.updaters.decay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.samediff.AbstractSameDiffLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.dl4jx.updaters.engine.Matrices;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * A parameter array of a layer. A list of them has the order in which Deeplearning4j updates them.
 *
 * @param name its name
 * @param role what it is
 * @param reach which list of regularizations reaches it
 * @param updatedBy which updater of the layer updates it; NONE if neither does, as with statistics
 *     and centers
 * @param isPretrained whether only pretraining updates it, in blocks of its own
 * @param handed where in the layer it begins for updaters and regularizations
 * @param place where it really begins; this differs only in depthwise and separable convolutions,
 *     whose biases are first in memory but last in Deeplearning4j's table
 * @param length how many numbers it has; 0 if the sizes of the layer are not known yet
 * @param matrices the matrices of a hidden layer that it begins with, or {@link Matrices#NONE}
 */
record LayerParameter(
    String name,
    Role role,
    Reach reach,
    Reach updatedBy,
    boolean isPretrained,
    long handed,
    long place,
    long length,
    Matrices matrices) {

  /** What a parameter is. */
  enum Role {
    WEIGHT("weights"),
    GAIN("gain of a normalization"),
    BIAS("bias"),
    OTHER("not a weight");

    final String text;

    Role(String text) {
      this.text = text;
    }
  }

  /** Which of a layer's lists of regularizations, or of its updaters, reaches a parameter. */
  enum Reach {
    WEIGHTS,
    BIASES,
    NONE
  }

  /**
   * The parameters of a layer, or null if they cannot be known without its sizes.
   *
   * @param original the layer, which must be copied: some layers change when they are asked
   */
  static List<LayerParameter> of(Layer original) {
    Layer layer = original.clone();
    ParamInitializer initializer;
    List<String> names;
    try {
      initializer = layer.initializer();
      names = initializer.paramKeys(layer);
    } catch (RuntimeException e) {
      // Layers that depend on the shape of their input fail in various ways without it.
      return null;
    }
    List<LayerParameter> parameters = new ArrayList<>();
    if (!sizesAreKnown(layer)) {
      long place = isMisplaced(layer) ? 1 : 0;
      names.forEach(name -> parameters.add(of(layer, name, 0, place, null)));
      return parameters;
    }
    NeuralNetConfiguration conf = new NeuralNetConfiguration();
    conf.setLayer(layer);
    // Not numParams(layer), which forgets centers and what only pretraining updates.
    long count = initializer.numParams(conf);
    if (count == 0) {
      return parameters;
    }
    // Memory that nobody touches, only to see how Deeplearning4j divides it.
    MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces();
    try (INDArray all = Nd4j.createUninitialized(DataType.INT8, count)) {
      long handed = 0;
      for (Map.Entry<String, INDArray> entry : initializer.init(conf, all, false).entrySet()) {
        INDArray array = entry.getValue();
        parameters.add(of(layer, entry.getKey(), handed, array.offset(), array));
        handed += array.length();
      }
    } finally {
      outside.close();
    }
    return parameters;
  }

  private static boolean sizesAreKnown(Layer layer) {
    if (layer instanceof AbstractSameDiffLayer l) {
      return l.getLayerParams().getParamShapes().values().stream()
          .flatMapToLong(Arrays::stream)
          .allMatch(size -> size > 0);
    }
    if (layer instanceof PReLULayer l && l.getInputShape() == null) {
      return false;
    }
    return !(layer instanceof FeedForwardLayer l) || l.getNIn() > 0 && l.getNOut() > 0;
  }

  private static boolean isMisplaced(Layer layer) {
    return layer instanceof ConvolutionLayer l
        && l.hasBias()
        && (l instanceof DepthwiseConvolution2D || l instanceof SeparableConvolution2D);
  }

  private static LayerParameter of(
      Layer layer, String name, long handed, long place, INDArray array) {
    Role role = role(layer, name);
    return new LayerParameter(
        name,
        role,
        reach(layer, name),
        updatedBy(layer, name),
        layer.isPretrainParam(name),
        handed,
        place,
        array == null ? 0 : array.length(),
        array == null || role != Role.WEIGHT
            ? Matrices.NONE
            : HiddenMatrices.of(layer, name, array));
  }

  /** Deeplearning4j counts the gain of a layer normalization among the weights. */
  private static Role role(Layer layer, String name) {
    if (layer.initializer().isWeightParam(layer, name)) {
      boolean mayNormalize = layer instanceof DenseLayer || layer instanceof SimpleRnn;
      return mayNormalize && name.equals(DefaultParamInitializer.GAIN_KEY)
          ? Role.GAIN
          : Role.WEIGHT;
    }
    return layer.initializer().isBiasParam(layer, name) ? Role.BIAS : Role.OTHER;
  }

  private static Reach reach(Layer layer, String name) {
    if (!(layer instanceof BaseLayer base)) {
      return reach(role(layer, name));
    }
    BaseLayer probe = base.clone();
    probe.setRegularization(List.of(DecoupledWeightDecay.ALL));
    probe.setRegularizationBias(List.of(DecoupledWeightDecay.NONE));
    List<Regularization> reaching = probe.getRegularizationByParam(name);
    if (reaching == null) {
      return Reach.NONE;
    }
    return reaching.contains(DecoupledWeightDecay.ALL) ? Reach.WEIGHTS : Reach.BIASES;
  }

  private static Reach updatedBy(Layer layer, String name) {
    if (!(layer instanceof BaseLayer base)) {
      return reach(role(layer, name));
    }
    BaseLayer probe = base.clone();
    probe.setIUpdater(new NoOp());
    probe.setBiasUpdater(new NoOp());
    IUpdater updater = probe.getUpdaterByParam(name);
    if (updater == probe.getIUpdater()) {
      return Reach.WEIGHTS;
    }
    return updater == probe.getBiasUpdater() ? Reach.BIASES : Reach.NONE;
  }

  private static Reach reach(Role role) {
    return switch (role) {
      case WEIGHT, GAIN -> Reach.WEIGHTS;
      case BIAS -> Reach.BIASES;
      case OTHER -> Reach.NONE;
    };
  }

  /** The parameters of a vertex. */
  static List<LayerParameter> of(SameDiffVertex vertex) {
    SDLayerParams all = vertex.getVertexParams();
    List<LayerParameter> parameters = new ArrayList<>();
    long handed = 0;
    for (String name : all.getParameterKeys()) {
      long length = 1;
      for (long size : all.getParamShapes().get(name)) {
        length *= size;
      }
      Role role = all.isWeightParam(name) ? Role.WEIGHT : Role.BIAS;
      Reach reach = reach(role);
      Matrices matrices =
          role == Role.WEIGHT
              ? HiddenMatrices.of(
                  vertex, all.getParamShapes().get(name), vertex.paramReshapeOrder(name))
              : Matrices.NONE;
      parameters.add(
          new LayerParameter(name, role, reach, reach, false, handed, handed, length, matrices));
      handed += length;
    }
    return parameters;
  }

  /** The same parameter in an output layer, where no matrix is hidden. */
  LayerParameter ofOutput() {
    return new LayerParameter(
        name, role, reach, updatedBy, isPretrained, handed, place, length, Matrices.NONE);
  }

  /** Whether Deeplearning4j passes it together with numbers of another parameter. */
  boolean isMisplaced() {
    return handed != place;
  }
}
