package org.dl4jx.integration.ways;

import static org.dl4jx.integration.ways.Way.learns;
import static org.dl4jx.integration.ways.Way.unlearns;

import java.util.List;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BasePretrainNetwork;
import org.deeplearning4j.nn.conf.layers.variational.GaussianReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Layers that learn to reconstruct their input before the network trains. */
final class PretrainingWays {
  private PretrainingWays() {}

  static List<Way> all() {
    return List.of(
        unlearns("pretrain(iterator) of an AutoEncoder", run -> pretrained(run, autoEncoder())),
        unlearns(
            "pretrainLayer(i, INDArray) of an AutoEncoder", run -> byArrays(run, autoEncoder())),
        learns(
            "pretrain(iterator) of a VariationalAutoencoder",
            run -> pretrained(run, variational())),
        unlearns("pretrain(iterator) of a graph", PretrainingWays::pretrainedGraph),
        learns("pretraining, then fit", PretrainingWays::pretrainedThenFitted));
  }

  /** Its gradient is that of cross-entropy with a sigmoid, whatever loss it is given, negated. */
  private static AutoEncoder autoEncoder() {
    return new AutoEncoder.Builder()
        .nIn(Run.FEATURES)
        .nOut(Run.HIDDEN)
        .activation(Activation.SIGMOID)
        .corruptionLevel(0)
        .lossFunction(LossFunction.RECONSTRUCTION_CROSSENTROPY)
        .build();
  }

  /** Between 0 and 1, as that needs them. */
  private static List<DataSet> batches(Run run) {
    List<DataSet> batches = run.batches();
    batches.forEach(batch -> batch.getFeatures().addi(2).divi(4));
    return batches;
  }

  private static VariationalAutoencoder variational() {
    return new VariationalAutoencoder.Builder()
        .nIn(Run.FEATURES)
        .nOut(Run.HIDDEN)
        .encoderLayerSizes(6)
        .decoderLayerSizes(6)
        .reconstructionDistribution(new GaussianReconstructionDistribution())
        .build();
  }

  private static Trained pretrained(Run run, BasePretrainNetwork layer) throws Exception {
    return Trained.inPlace(
        network(run, layer),
        n -> reconstructionError(run, n.getLayer(0)),
        n -> n.pretrain(new ExistingDataSetIterator(batches(run)), run.epochs()));
  }

  private static Trained byArrays(Run run, BasePretrainNetwork layer) throws Exception {
    return Trained.inPlace(
        network(run, layer),
        n -> reconstructionError(run, n.getLayer(0)),
        n -> run.eachEpoch(batches(run), d -> n.pretrainLayer(0, d.getFeatures())));
  }

  private static Trained pretrainedThenFitted(Run run) throws Exception {
    return Trained.inPlace(
        network(run, autoEncoder()),
        run::score,
        n -> {
          n.pretrain(run.iterator(), 1);
          n.fit(run.iterator(), 4 * run.epochs());
        });
  }

  private static MultiLayerNetwork network(Run run, BasePretrainNetwork layer) {
    MultiLayerNetwork network =
        run.network(run.builder().list().layer(layer).layer(Run.output()).build());
    network.initGradientsView();
    return network;
  }

  private static Trained pretrainedGraph(Run run) throws Exception {
    ComputationGraph graph =
        run.graph(
            run.builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("code", autoEncoder(), "in")
                .addLayer("out", Run.output(), "code")
                .setOutputs("out")
                .build());
    graph.initGradientsView();
    return Trained.inPlace(
        graph,
        g -> reconstructionError(run, g.getLayer("code")),
        g -> {
          for (int epoch = 0; epoch < run.epochs(); epoch++) {
            g.pretrain(new ExistingDataSetIterator(batches(run)));
          }
        });
  }

  /** Squared, or what a variational one reports of itself. */
  private static double reconstructionError(Run run, Layer layer) {
    LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
    INDArray features = DataSet.merge(batches(run)).getFeatures();
    if (layer instanceof org.deeplearning4j.nn.layers.feedforward.autoencoder.AutoEncoder coder) {
      INDArray error = coder.decode(coder.encode(features, false, none), none).sub(features);
      return error.muli(error).meanNumber().doubleValue();
    }
    layer.setInput(features, none);
    layer.computeGradientAndScore(none);
    return layer.score();
  }
}
