package org.dl4jx.updaters.decay;

import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.layers.AbstractLSTM;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.samediff.AbstractSameDiffLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffOutputLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.dl4jx.updaters.engine.Matrices;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Which weights of a layer are matrices of hidden layers. Those of output layers, embeddings,
 * normalizations, and of layers that are not listed here are none. {@link Outputs} tells which
 * layers give the outputs although their class does not say so.
 */
final class HiddenMatrices {
  /** The gates of an LSTM. */
  private static final int GATES = 4;

  /** The queries of a {@link LearnedSelfAttentionLayer} are inputs, like an embedding. */
  private static final String LEARNED_QUERIES = "Q";

  private HiddenMatrices() {}

  /**
   * The matrices of some weights.
   *
   * @param layer the layer
   * @param name their name
   * @param weights the weights, as the layer has them
   */
  static Matrices of(Layer layer, String name, INDArray weights) {
    long[] shape = weights.shape();
    char order = weights.ordering();
    if (isLstm(layer)) {
      // Peephole weights are further columns, after those of the gates.
      return Matrices.of(GATES, shape[1] / GATES, shape[0]);
    } else if (layer instanceof Deconvolution3D) {
      return Matrices.of(shape, order, shape.length - 2);
    } else if (layer instanceof Deconvolution2D) {
      return Matrices.of(shape, order, 1);
    } else if (layer instanceof ConvolutionLayer) {
      return isByChannel(layer) ? Matrices.NONE : Matrices.of(shape, order, 0);
    } else if (layer instanceof AbstractSameDiffLayer) {
      boolean isHidden = !(layer instanceof SameDiffOutputLayer) && !name.equals(LEARNED_QUERIES);
      return isHidden ? ofSameDiff(isAttention(layer), shape, order) : Matrices.NONE;
    } else if (isDense(layer)) {
      return Matrices.of(shape, order, 1);
    }
    return Matrices.NONE;
  }

  /**
   * The matrices of some weights of a vertex.
   *
   * @param vertex the vertex
   * @param shape the shape of the weights
   * @param order how they are stored
   */
  static Matrices of(SameDiffVertex vertex, long[] shape, char order) {
    return ofSameDiff(vertex instanceof AttentionVertex, shape, order);
  }

  /** Each channel has kernels of its own. */
  private static boolean isByChannel(Layer layer) {
    return layer instanceof DepthwiseConvolution2D || layer instanceof SeparableConvolution2D;
  }

  /** Deeplearning4j has deprecated one of them but not removed it. */
  @SuppressWarnings("deprecation")
  private static boolean isLstm(Layer layer) {
    return layer instanceof AbstractLSTM || layer instanceof GravesBidirectionalLSTM;
  }

  private static boolean isDense(Layer layer) {
    return layer instanceof DenseLayer
        || layer instanceof SimpleRnn
        || layer instanceof AutoEncoder
        || layer instanceof VariationalAutoencoder;
  }

  private static boolean isAttention(Layer layer) {
    return layer instanceof SelfAttentionLayer
        || layer instanceof LearnedSelfAttentionLayer
        || layer instanceof RecurrentAttentionLayer;
  }

  /** Projections to the heads have the shape [heads, size of a head, inputs]. */
  private static Matrices ofSameDiff(boolean isAttention, long[] shape, char order) {
    if (shape.length == 2) {
      return Matrices.of(shape, order, 1);
    }
    return isAttention && shape.length == 3 && order == 'c' && shape[0] * shape[1] > 1
        ? Matrices.of(new long[] {shape[0] * shape[1], shape[2]}, order, 0)
        : Matrices.NONE;
  }
}
