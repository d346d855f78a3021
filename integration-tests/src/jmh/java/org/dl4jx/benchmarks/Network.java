package org.dl4jx.benchmarks;

import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.NonFinitePolicy;
import org.dl4jx.workbench.data.ImageData;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The networks that are trained. */
public enum Network {
  SMALL_MLP("MLP 784-512-256-10") {
    @Override
    List<Layer> layers() {
      return List.of(dense(512), dense(256), output());
    }
  },
  LARGE_MLP("MLP 784-4096-4096-10") {
    @Override
    List<Layer> layers() {
      return List.of(dense(4096), dense(4096), output());
    }
  },
  LENET("LeNet") {
    @Override
    List<Layer> layers() {
      return List.of(convolution(20), pooling(), convolution(50), pooling(), dense(500), output());
    }
  };

  /** Of MNIST's images. */
  private static final int SIDE = 28;

  private final String title;

  Network(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  abstract List<Layer> layers();

  private static DenseLayer dense(int width) {
    return new DenseLayer.Builder().nOut(width).build();
  }

  private static ConvolutionLayer convolution(int channels) {
    return new ConvolutionLayer.Builder(5, 5).nOut(channels).build();
  }

  private static SubsamplingLayer pooling() {
    return new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build();
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .nOut(ImageData.CLASSES)
        .activation(Activation.SOFTMAX)
        .build();
  }

  /** A new network with the updater of a contestant, its decay included. */
  MultiLayerNetwork create(Contest contest, Contestant contestant) {
    IUpdater updater =
        switch (contestant) {
          case BUILT_IN -> contest.builtIn();
          case OURS -> contest.ours(NonFinitePolicy.FAIL);
          case SGD -> new Sgd(0.01);
          default -> throw new IllegalArgumentException(contestant + " trains no network");
        };
    List<Layer> layers = layers();
    if (contest == Contest.DECAY && contestant == Contestant.BUILT_IN) {
      layers.forEach(Network::decay);
    }
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder()
            .seed(42)
            .updater(updater)
            .weightInit(WeightInit.RELU)
            .activation(Activation.RELU)
            .list();
    layers.forEach(list::layer);
    MultiLayerConfiguration configuration =
        list.setInputType(InputType.convolutionalFlat(SIDE, SIDE, 1)).build();
    MultiLayerNetwork network = new MultiLayerNetwork(DecoupledDecay.attach(configuration));
    network.init();
    return network;
  }

  /** On each layer, since the builder of the whole network would decay twice. */
  private static void decay(Layer layer) {
    if (layer instanceof BaseLayer weighted) {
      weighted.setRegularization(List.of(new WeightDecay(Contest.WEIGHT_DECAY, true)));
    }
  }
}
