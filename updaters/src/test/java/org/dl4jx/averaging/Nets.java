package org.dl4jx.averaging;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.updaters.engine.Models;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks and data. */
final class Nets {
  private Nets() {}

  static NeuralNetConfiguration.Builder with(IUpdater updater, DataType type) {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .dataType(type)
        .activation(Activation.TANH)
        .updater(updater);
  }

  static OutputLayer output(int in) {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .activation(Activation.SOFTMAX)
        .nIn(in)
        .nOut(3)
        .build();
  }

  static MultiLayerNetwork network(IUpdater updater, DataType type) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            with(updater, type)
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
                .layer(output(5))
                .build());
    network.init();
    return network;
  }

  static MultiLayerNetwork network(IUpdater updater) {
    return network(updater, DataType.FLOAT);
  }

  static ComputationGraph graph(IUpdater updater, DataType type) {
    ComputationGraph graph =
        new ComputationGraph(
            with(updater, type)
                .graphBuilder()
                .addInputs("in")
                .addLayer("dense", new DenseLayer.Builder().nIn(4).nOut(5).build(), "in")
                .addLayer("out", output(5), "dense")
                .setOutputs("out")
                .build());
    graph.init();
    return graph;
  }

  /**
   * Eight examples with four features and three classes, other ones for other seeds. ND4J's seed 0
   * is the time.
   */
  static DataSet data(long seed, DataType type) {
    Random random = Nd4j.getRandomFactory().getNewRandomInstance(seed + 1);
    INDArray labels = Nd4j.zeros(type, 8, 3);
    for (int i = 0; i < 8; i++) {
      labels.putScalar(i, i % 3, 1);
    }
    return new DataSet(Nd4j.rand(random, 8L, 4L).castTo(type), labels);
  }

  static SingletonDataSetIterator iterator(DataSet data) {
    return new SingletonDataSetIterator(data);
  }

  /** Trains on one batch after another, of seeds that count from the iteration. */
  static void train(Model model, int iterations) {
    DataType type = model.params().dataType();
    for (int i = 0; i < iterations; i++) {
      if (model instanceof MultiLayerNetwork network) {
        network.fit(data(network.getIterationCount(), type));
      } else if (model instanceof ComputationGraph graph) {
        graph.fit(data(graph.getIterationCount(), type));
      }
    }
  }

  static double[] parameters(Model model) {
    return numbers(model.params());
  }

  static double[] state(Model model) {
    INDArray view = Models.updaters(model).getStateViewArray();
    return view == null ? new double[0] : numbers(view);
  }

  static double[] numbers(INDArray array) {
    return array.dup().reshape(array.length()).castTo(DataType.DOUBLE).toDoubleVector();
  }
}
