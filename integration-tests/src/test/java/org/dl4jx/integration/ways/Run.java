package org.dl4jx.integration.ways;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.updaters.DecayOption;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.SophiaG;
import org.dl4jx.updaters.SophiaHessian;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.dl4jx.updaters.engine.UpdaterWrapper;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * What a small model is trained with.
 *
 * @param updater the updater under test, or one of Deeplearning4j
 * @param type of the parameters
 * @param batchesPerEpoch how many mini-batches there are
 * @param epochs how often each is trained on
 */
record Run(IUpdater updater, DataType type, int batchesPerEpoch, int epochs) {
  static final int FEATURES = 4;
  static final int HIDDEN = 8;
  static final int CLASSES = 3;
  static final int BATCH = 16;

  /** Time steps of a sequence. */
  static final int LENGTH = 6;

  NeuralNetConfiguration.Builder builder() {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .dataType(type)
        .activation(Activation.TANH)
        .updater(updater);
  }

  static DenseLayer hidden() {
    return new DenseLayer.Builder().name("hidden").nIn(FEATURES).nOut(HIDDEN).build();
  }

  static OutputLayer output() {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .name("out")
        .activation(Activation.SOFTMAX)
        .nIn(HIDDEN)
        .nOut(CLASSES)
        .build();
  }

  MultiLayerNetwork network(NeuralNetConfiguration.Builder builder) {
    return network(builder.list().layer(hidden()).layer(output()).build());
  }

  MultiLayerNetwork network() {
    return network(builder());
  }

  /** A new network, attached and ready to train. */
  MultiLayerNetwork network(MultiLayerConfiguration conf) {
    MultiLayerNetwork network = new MultiLayerNetwork(attach(conf));
    network.init();
    return ready(network);
  }

  ComputationGraph graph() {
    return graph(
        builder()
            .graphBuilder()
            .addInputs("in")
            .addLayer("hidden", hidden(), "in")
            .addLayer("out", output(), "hidden")
            .setOutputs("out")
            .build());
  }

  ComputationGraph graph(ComputationGraphConfiguration conf) {
    if (isOurs()) {
      DecoupledDecay.attach(conf);
    }
    ComputationGraph graph = new ComputationGraph(conf);
    graph.init();
    return ready(graph);
  }

  MultiLayerConfiguration attach(MultiLayerConfiguration conf) {
    return isOurs() ? DecoupledDecay.attach(conf) : conf;
  }

  double rate() {
    return updater.getLearningRate(0, 0);
  }

  boolean isOurs() {
    return updater instanceof UpdaterConfiguration || updater instanceof UpdaterWrapper;
  }

  /** Attached to the updater, if it is one of ours, and ready to train. */
  MultiLayerNetwork attached(MultiLayerNetwork network, DecayOption... options) {
    return ready(isOurs() ? DecoupledDecay.attach(network, options) : network);
  }

  ComputationGraph attached(ComputationGraph graph, DecayOption... options) {
    return ready(isOurs() ? DecoupledDecay.attach(graph, options) : graph);
  }

  /** With the listener that SophiaG needs, and random numbers that start anew. */
  <M extends Model> M ready(M model) {
    Nd4j.getRandom().setSeed(7);
    if (updater instanceof SophiaG) {
      model.addListeners(new SophiaHessian());
    }
    return model;
  }

  /** Points whose class depends on two of their features. */
  List<DataSet> batches() {
    List<DataSet> batches = new ArrayList<>();
    for (int number = 0; number < batchesPerEpoch; number++) {
      Random random = new Random(number);
      double[][] features = new double[BATCH][];
      double[][] labels = new double[BATCH][CLASSES];
      for (int i = 0; i < BATCH; i++) {
        features[i] = random.doubles(FEATURES, -2, 2).toArray();
        labels[i][features[i][0] > 0.5 ? 2 : features[i][1] > 0 ? 1 : 0] = 1;
      }
      batches.add(new DataSet(array(features), array(labels)));
    }
    return batches;
  }

  DataSetIterator iterator() {
    return new ExistingDataSetIterator(batches());
  }

  DataSet all() {
    return DataSet.merge(batches());
  }

  /** The points as sequences that repeat them with noise; the last steps of some are masked. */
  List<DataSet> sequences() {
    return batches().stream().map(this::sequences).toList();
  }

  private DataSet sequences(DataSet points) {
    Random random = new Random(3);
    INDArray features = Nd4j.create(type, BATCH, FEATURES, LENGTH);
    INDArray labels = Nd4j.create(type, BATCH, CLASSES, LENGTH);
    INDArray mask = Nd4j.ones(type, BATCH, LENGTH);
    for (int i = 0; i < BATCH; i++) {
      for (int t = 0; t < LENGTH; t++) {
        for (int j = 0; j < FEATURES; j++) {
          double noise = 0.1 * random.nextGaussian();
          features.putScalar(i, j, t, points.getFeatures().getDouble(i, j) + noise);
        }
        for (int j = 0; j < CLASSES; j++) {
          labels.putScalar(i, j, t, points.getLabels().getDouble(i, j));
        }
        if (i % 3 == 0 && t >= LENGTH - 2) {
          mask.putScalar(i, t, 0);
        }
      }
    }
    return new DataSet(features, labels, mask, mask.dup());
  }

  private INDArray array(double[][] numbers) {
    return Nd4j.createFromArray(numbers).castTo(type);
  }

  double score(MultiLayerNetwork network) {
    return network.score(all());
  }

  double score(ComputationGraph graph) {
    return graph.score(all());
  }

  /** Trains on every batch, as often as there are epochs. */
  <T> void eachEpoch(List<T> batches, Trained.FitInPlace<T> fit) throws Exception {
    for (int epoch = 0; epoch < epochs; epoch++) {
      for (T batch : batches) {
        fit.train(batch);
      }
    }
  }
}
