package org.dl4jx.workbench.models;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jx.workbench.data.ImageData;
import org.dl4jx.workbench.data.ImageShape;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The networks that the command line knows by name. Their input is one row of numbers per image.
 */
public enum NamedModel {
  /** Two hidden layers. */
  MLP("256-128, ReLU") {
    @Override
    List<Layer> hiddenLayers() {
      return List.of(dense(256), dense(128));
    }
  },
  /** The layers of LeNet-5 (LeCun et al. 1998), with today's ReLU and max pooling. */
  LENET("convolutions 5x5 of 6 and 16 with pooling, 120-84, ReLU") {
    @Override
    List<Layer> hiddenLayers() {
      return List.of(
          new ConvolutionLayer.Builder(5, 5).nOut(6).build(),
          pooling(),
          new ConvolutionLayer.Builder(5, 5).nOut(16).build(),
          pooling(),
          dense(120),
          dense(84));
    }
  },
  /** Three convolutions with batch normalization. */
  CNN("convolutions 3x3 of 16, 32 and 64 with stride 2 and batch normalization, 128, ReLU") {
    @Override
    List<Layer> hiddenLayers() {
      return Stream.of(block(16), block(32), block(64), Stream.of(dense(128)))
          .flatMap(layers -> layers)
          .toList();
    }

    /** Strides instead of pooling (Springenberg et al. 2015) take a quarter of the time. */
    private static Stream<Layer> block(int channels) {
      return Stream.of(
          convolution(channels), new BatchNormalization(), new ActivationLayer(Activation.RELU));
    }

    /** Without a bias, since the normalization after it has one. */
    private static Layer convolution(int channels) {
      return new ConvolutionLayer.Builder(3, 3)
          .stride(2, 2)
          .padding(1, 1)
          .nOut(channels)
          .hasBias(false)
          .activation(Activation.IDENTITY)
          .build();
    }
  };

  private final String description;

  NamedModel(String description) {
    this.description = description;
  }

  abstract List<Layer> hiddenLayers();

  private static Layer dense(int units) {
    return new DenseLayer.Builder().nOut(units).build();
  }

  private static Layer pooling() {
    return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
        .kernelSize(2, 2)
        .stride(2, 2)
        .build();
  }

  /**
   * The layers in words.
   *
   * @return a phrase for the help
   */
  public String description() {
    return description;
  }

  private MultiLayerConfiguration configuration(ImageShape shape, IUpdater updater, long seed) {
    ListBuilder list =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .updater(updater)
            .weightInit(WeightInit.RELU)
            .activation(Activation.RELU)
            .list();
    hiddenLayers().forEach(list::layer);
    return list.layer(
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(ImageData.CLASSES)
                .activation(Activation.SOFTMAX)
                .build())
        .setInputType(InputType.convolutionalFlat(shape.height(), shape.width(), shape.channels()))
        .build();
  }

  /**
   * An untrained network. Its weights depend on the seed alone, not on the updater.
   *
   * @param shape of the images
   * @param updater of all layers
   * @param seed decides the initial weights
   * @param decay adds the updater's weight decay to the configuration
   * @return a new network
   */
  public MultiLayerNetwork network(
      ImageShape shape, IUpdater updater, long seed, UnaryOperator<MultiLayerConfiguration> decay) {
    MultiLayerNetwork initial = new MultiLayerNetwork(configuration(shape, new NoOp(), seed));
    initial.init();
    MultiLayerNetwork network =
        new MultiLayerNetwork(decay.apply(configuration(shape, updater, seed)));
    network.init(initial.params(), false);
    return network;
  }

  /** The name on the command line. */
  @Override
  @JsonValue
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
