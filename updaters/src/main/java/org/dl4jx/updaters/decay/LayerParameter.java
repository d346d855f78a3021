package org.dl4jx.updaters.decay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * A parameter array of a layer, in the order in which Deeplearning4j updates them.
 *
 * @param name its name
 * @param role what it is
 * @param reach the list of regularizations that reaches it
 * @param handed where it begins, in the layer, for updaters and regularizations
 * @param place where it begins in truth; elsewhere only in depthwise and separable convolutions,
 *     whose biases lie first in memory and last in Deeplearning4j's table
 * @param length how many numbers it has; 0 if the layer's sizes are not known yet
 * @param isUpdated whether the layer's updater is for it; Deeplearning4j gives statistics and
 *     centers another
 * @param isForPretraining whether it is trained in layerwise pretraining only, in a block of its
 *     own
 */
record LayerParameter(
    String name,
    Role role,
    Reach reach,
    long handed,
    long place,
    long length,
    boolean isUpdated,
    boolean isForPretraining) {

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

  /** Which of a layer's lists of regularizations reaches a parameter. */
  enum Reach {
    WEIGHTS,
    BIASES,
    NONE
  }

  /** The parameters of a layer. */
  static List<LayerParameter> of(Layer layer) {
    NeuralNetConfiguration conf = new NeuralNetConfiguration();
    conf.setLayer(layer.clone());
    return numParams(conf) > 0 ? divided(layer, conf) : named(layer);
  }

  /** 0 if the sizes of the layer are not known yet, at which some layers throw. */
  private static long numParams(NeuralNetConfiguration conf) {
    try {
      return conf.getLayer().initializer().numParams(conf);
    } catch (RuntimeException sizesUnknown) {
      return 0;
    }
  }

  private static List<LayerParameter> named(Layer layer) {
    return layer.initializer().paramKeys(layer).stream()
        .map(name -> of(layer, name, 0, 0, 0))
        .toList();
  }

  /** As Deeplearning4j divides memory among them, which nobody touches here. */
  private static List<LayerParameter> divided(Layer layer, NeuralNetConfiguration conf) {
    List<LayerParameter> parameters = new ArrayList<>();
    MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces();
    try (INDArray all = Nd4j.createUninitialized(DataType.INT8, numParams(conf))) {
      long handed = 0;
      for (Map.Entry<String, INDArray> entry :
          layer.initializer().init(conf, all, false).entrySet()) {
        INDArray array = entry.getValue();
        parameters.add(of(layer, entry.getKey(), handed, array.offset(), array.length()));
        handed += array.length();
      }
    } finally {
      outside.close();
    }
    return parameters;
  }

  private static LayerParameter of(Layer layer, String name, long handed, long place, long length) {
    boolean isUpdated = !(layer.getUpdaterByParam(name) instanceof NoOp);
    return new LayerParameter(
        name,
        role(layer, name),
        reach(layer, name),
        handed,
        place,
        length,
        isUpdated,
        layer.isPretrainParam(name));
  }

  /** Deeplearning4j counts the gain of layer normalization among the weights. */
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
      parameters.add(
          new LayerParameter(name, role, reach(role), handed, handed, length, true, false));
      handed += length;
    }
    return parameters;
  }

  /** Whether Deeplearning4j hands it over with numbers of another parameter. */
  boolean isMisplaced() {
    return handed != place;
  }
}
