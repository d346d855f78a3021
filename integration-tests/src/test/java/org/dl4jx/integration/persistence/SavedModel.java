package org.dl4jx.integration.persistence;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.updaters.DecoupledDecay;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A small model that is given its gradients. So what it becomes is decided by the updater alone,
 * not by how a machine multiplies matrices.
 */
interface SavedModel {
  int INPUTS = 3;
  int OUTPUTS = 2;

  /** The kinds of models that Deeplearning4j saves. */
  enum Kind {
    NETWORK,
    GRAPH,
    SAME_DIFF;

    SavedModel create(IUpdater updater, DataType type) {
      return switch (this) {
        case NETWORK -> new Network(network(updater, type));
        case GRAPH -> new Graph(graph(updater, type));
        case SAME_DIFF -> new Variables(variables(updater, type));
      };
    }

    SavedModel load(File file) throws IOException {
      return switch (this) {
        case NETWORK -> new Network(MultiLayerNetwork.load(file, true));
        case GRAPH -> new Graph(ComputationGraph.load(file, true));
        case SAME_DIFF -> new Variables(SameDiff.load(file, true));
      };
    }

    private static NeuralNetConfiguration.Builder builder(IUpdater updater, DataType type) {
      return new NeuralNetConfiguration.Builder().seed(7).dataType(type).updater(updater);
    }

    private static DenseLayer hidden() {
      return new DenseLayer.Builder().nIn(INPUTS).nOut(OUTPUTS).build();
    }

    private static OutputLayer output() {
      return new OutputLayer.Builder(LossFunction.MSE).nIn(OUTPUTS).nOut(OUTPUTS).build();
    }

    private static MultiLayerNetwork network(IUpdater updater, DataType type) {
      MultiLayerNetwork network =
          new MultiLayerNetwork(
              DecoupledDecay.attach(
                  builder(updater, type).list().layer(hidden()).layer(output()).build()));
      network.init();
      return network;
    }

    private static ComputationGraph graph(IUpdater updater, DataType type) {
      ComputationGraph graph =
          new ComputationGraph(
              DecoupledDecay.attach(
                  builder(updater, type)
                      .graphBuilder()
                      .addInputs("in")
                      .addLayer("hidden", hidden(), "in")
                      .addLayer("out", output(), "hidden")
                      .setOutputs("out")
                      .build()));
      graph.init();
      return graph;
    }

    /** The gradients of this loss are what it is given. */
    private static SameDiff variables(IUpdater updater, DataType type) {
      SameDiff sd = SameDiff.create();
      SDVariable ofW = sd.placeHolder("gradient of w", type, INPUTS, OUTPUTS);
      SDVariable ofB = sd.placeHolder("gradient of b", type, 1, OUTPUTS);
      SDVariable w = sd.var("w", Nd4j.linspace(-1, 1, 6, type).reshape(INPUTS, OUTPUTS));
      SDVariable b = sd.var("b", Nd4j.linspace(-1, 1, 2, type).reshape(1, OUTPUTS));
      w.mul(ofW).sum().add("loss", b.mul(ofB).sum());
      sd.setLossVariables("loss");
      sd.setTrainingConfig(
          DecoupledDecay.attach(
              new TrainingConfig.Builder()
                  .updater(updater)
                  .dataSetFeatureMapping("gradient of w", "gradient of b")
                  .markLabelsUnused()
                  .build()));
      return sd;
    }
  }

  /** Takes a step with the gradients of a step. */
  void step(int t);

  /** All parameters. */
  double[] parameters();

  void save(File file) throws IOException;

  /** Gradients that every type represents. */
  static INDArray gradient(DataType type, int t, long... shape) {
    INDArray gradient = Nd4j.create(type, shape);
    for (int i = 0; i < gradient.length(); i++) {
      gradient.putScalar(i, ((7 * i + 3 * t) % 11 - 5) / 8.0);
    }
    return gradient;
  }

  /** A network. */
  record Network(MultiLayerNetwork network) implements SavedModel {
    @Override
    public void step(int t) {
      DataType type = network.params().dataType();
      network.setInput(Nd4j.ones(type, 1, INPUTS));
      network.setLabels(Nd4j.ones(type, 1, OUTPUTS));
      network.computeGradientAndScore();
      Gradient gradient = network.gradient();
      INDArray flat = gradient.gradient();
      flat.assign(gradient(type, t, flat.shape()));
      network.getUpdater().update(network, gradient, t, 0, 1, LayerWorkspaceMgr.noWorkspaces());
      network.params().subi(flat.reshape(network.params().shape()));
      network.setIterationCount(t + 1);
    }

    @Override
    public double[] parameters() {
      return network.params().castTo(DataType.DOUBLE).toDoubleVector();
    }

    @Override
    public void save(File file) throws IOException {
      ModelSerializer.writeModel(network, file, true);
    }
  }

  /** A graph. */
  record Graph(ComputationGraph graph) implements SavedModel {
    @Override
    public void step(int t) {
      DataType type = graph.params().dataType();
      graph.setInput(0, Nd4j.ones(type, 1, INPUTS));
      graph.setLabel(0, Nd4j.ones(type, 1, OUTPUTS));
      graph.computeGradientAndScore();
      Gradient gradient = graph.gradient();
      INDArray flat = gradient.gradient();
      flat.assign(gradient(type, t, flat.shape()));
      graph.getUpdater().update(gradient, t, 0, 1, LayerWorkspaceMgr.noWorkspaces());
      graph.params().subi(flat.reshape(graph.params().shape()));
      graph.getConfiguration().setIterationCount(t + 1);
    }

    @Override
    public double[] parameters() {
      return graph.params().castTo(DataType.DOUBLE).toDoubleVector();
    }

    @Override
    public void save(File file) throws IOException {
      ModelSerializer.writeModel(graph, file, true);
    }
  }

  /** Variables of SameDiff. */
  record Variables(SameDiff sd) implements SavedModel {
    @Override
    public void step(int t) {
      DataType type = sd.getVariable("w").dataType();
      sd.fit(
          new MultiDataSet(
              new INDArray[] {
                gradient(type, t, INPUTS, OUTPUTS), gradient(type, t + 1, 1, OUTPUTS)
              },
              null));
    }

    @Override
    public double[] parameters() {
      return Stream.of("w", "b")
          .map(sd::getArrForVarName)
          .flatMapToDouble(
              array ->
                  Arrays.stream(
                      array.castTo(DataType.DOUBLE).reshape(array.length()).toDoubleVector()))
          .toArray();
    }

    @Override
    public void save(File file) {
      sd.save(file, true);
    }
  }
}
