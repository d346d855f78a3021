package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks and data that the tests share. */
final class Networks {
  private Networks() {}

  static NeuralNetConfiguration.Builder with(IUpdater updater) {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .dataType(DataType.FLOAT)
        .activation(Activation.TANH)
        .updater(updater);
  }

  static OutputLayer.Builder output() {
    return new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX);
  }

  static MultiLayerConfiguration mlp(IUpdater updater) {
    return with(updater)
        .list()
        .layer(new DenseLayer.Builder().name("hidden").nIn(4).nOut(5).build())
        .layer(output().name("out").nIn(5).nOut(3).build())
        .build();
  }

  static ComputationGraphConfiguration graph(IUpdater updater) {
    return with(updater)
        .graphBuilder()
        .addInputs("in")
        .addLayer("dense", new DenseLayer.Builder().nIn(4).nOut(5).build(), "in")
        .addVertex("scale", new ScaleVertex(0.5), "dense")
        .addLayer("out", output().nIn(5).nOut(3).build(), "scale")
        .setOutputs("out")
        .build();
  }

  static SameDiff sameDiff(TrainingConfig config) {
    SameDiff sd = SameDiff.create();
    SDVariable in = sd.placeHolder("in", DataType.FLOAT, -1, 4);
    SDVariable label = sd.placeHolder("label", DataType.FLOAT, -1, 3);
    SDVariable w =
        sd.var(
            "w",
            Nd4j.rand(Nd4j.getRandomFactory().getNewRandomInstance(5), 4L, 3L)
                .castTo(DataType.FLOAT));
    SDVariable row = sd.var("row", Nd4j.valueArrayOf(new long[] {1, 3}, 0.5f));
    SDVariable vector = sd.var("vector", Nd4j.valueArrayOf(new long[] {3}, 0.5f));
    SDVariable out = in.mmul(w).add(row).add(vector);
    sd.loss.softmaxCrossEntropy("loss", label, out, null);
    sd.setLossVariables("loss");
    sd.setTrainingConfig(config);
    return sd;
  }

  static TrainingConfig training(IUpdater updater) {
    return new TrainingConfig.Builder()
        .updater(updater)
        .dataSetFeatureMapping("in")
        .dataSetLabelMapping("label")
        .build();
  }

  static IUpdater updaterOf(MultiLayerConfiguration conf) {
    return ((BaseLayer) conf.getConf(0).getLayer()).getIUpdater();
  }

  static MultiLayerConfiguration throughJson(MultiLayerConfiguration conf) {
    return MultiLayerConfiguration.fromJson(conf.toJson());
  }

  static MultiLayerConfiguration throughYaml(MultiLayerConfiguration conf) {
    return MultiLayerConfiguration.fromYaml(conf.toYaml());
  }

  /** Eight examples with four features and three classes, the same in every call. */
  static DataSet data() {
    Random random = Nd4j.getRandomFactory().getNewRandomInstance(3);
    INDArray features = Nd4j.rand(random, 8L, 4L);
    INDArray labels = Nd4j.zeros(8, 3);
    for (int i = 0; i < 8; i++) {
      labels.putScalar(i, i % 3, 1);
    }
    return new DataSet(features, labels);
  }

  /** Sets parameters to different values between 0.5 and 1.5, so that any change is visible. */
  static void spread(Model model) {
    INDArray parameters = model.params();
    parameters.assign(
        Nd4j.rand(Nd4j.getRandomFactory().getNewRandomInstance(11), parameters.shape()));
    parameters.addi(0.5);
  }

  static void stepWithoutGradient(ComputationGraph graph) {
    if (graph.getFlattenedGradients() == null) {
      graph.initGradientsView();
    }
    INDArray update = graph.getFlattenedGradients().assign(0);
    graph
        .getUpdater(true)
        .update(new DefaultGradient(update), 0, 0, 1, LayerWorkspaceMgr.noWorkspaces());
    graph.params().subi(update.reshape(update.length()));
  }

  static void stepWithoutGradient(MultiLayerNetwork network) {
    if (network.getFlattenedGradients() == null) {
      network.initGradientsView();
    }
    INDArray update = network.getFlattenedGradients().assign(0);
    network
        .getUpdater()
        .update(network, new DefaultGradient(update), 0, 0, 1, LayerWorkspaceMgr.noWorkspaces());
    network.params().subi(update.reshape(update.length()));
  }

  static Map<String, INDArray> copyOf(Model model) {
    Map<String, INDArray> copy = new TreeMap<>();
    model.paramTable().forEach((name, array) -> copy.put(name, array.dup()));
    return copy;
  }

  /** Fails unless a saved network with its decay attached goes on to the same bits. */
  static void assertGoesOnAfterSaving(IUpdater updater, File folder) throws IOException {
    MultiLayerNetwork network = new MultiLayerNetwork(DecoupledDecay.attach(mlp(updater)));
    network.init();
    fitNineTimes(network);
    File file = new File(folder, "model.zip");
    ModelSerializer.writeModel(network, file, true);
    MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);

    fitNineTimes(network);
    fitNineTimes(restored);

    assertThat(restored.params()).isEqualTo(network.params());
  }

  private static void fitNineTimes(MultiLayerNetwork network) {
    for (int i = 0; i < 9; i++) {
      network.fit(data());
    }
  }
}
