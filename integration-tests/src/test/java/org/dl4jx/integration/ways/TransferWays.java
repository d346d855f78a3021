package org.dl4jx.integration.ways;

import static org.dl4jx.integration.ways.Way.learns;
import static org.dl4jx.integration.ways.Way.oneStep;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.transferlearning.TransferLearningHelper;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jx.updaters.DecoupledDecay;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** Networks made of trained ones, and layers that do not train. */
final class TransferWays {
  private TransferWays() {}

  static List<Way> all() {
    return List.of(
        oneStep("a saved network of Deeplearning4j", TransferWays::loaded),
        oneStep("FineTuneConfiguration", TransferWays::fineTuned),
        oneStep("setFeatureExtractor, nOutReplace", TransferWays::newOutput),
        oneStep("removeOutputLayer, addLayer", TransferWays::newLayer),
        oneStep("TransferLearning.GraphBuilder", TransferWays::newOutputOfGraph),
        oneStep("FrozenLayer", run -> frozen(run, false)),
        oneStep("FrozenLayerWithBackprop", run -> frozen(run, true)),
        learns("TransferLearningHelper", TransferWays::featurized),
        learns("TransferLearningHelper of a graph", TransferWays::featurizedForGraph));
  }

  /** Trained by Deeplearning4j; three layers. */
  private static MultiLayerNetwork trained(Run run) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            run.builder()
                .updater(new Sgd(0.01))
                .list()
                .layer(Run.hidden())
                .layer(new DenseLayer.Builder().nIn(Run.HIDDEN).nOut(Run.HIDDEN).build())
                .layer(Run.output())
                .build());
    network.init();
    network.fit(run.all());
    return network;
  }

  private static ComputationGraph trainedGraph(Run run) {
    ComputationGraph graph =
        new ComputationGraph(
            run.builder()
                .updater(new Sgd(0.01))
                .graphBuilder()
                .addInputs("in")
                .addLayer("hidden", Run.hidden(), "in")
                .addLayer(
                    "second",
                    new DenseLayer.Builder().nIn(Run.HIDDEN).nOut(Run.HIDDEN).build(),
                    "hidden")
                .addLayer("out", Run.output(), "second")
                .setOutputs("out")
                .build());
    graph.init();
    graph.fit(run.all());
    return graph;
  }

  private static FineTuneConfiguration fineTuning(Run run) {
    return new FineTuneConfiguration.Builder().updater(run.updater()).seed(7).build();
  }

  private static Trained fitted(Run run, MultiLayerNetwork network) throws Exception {
    return Trained.inPlace(
        run.attached(network), run::score, n -> n.fit(run.iterator(), run.epochs()));
  }

  private static Trained fitted(Run run, ComputationGraph graph) throws Exception {
    return Trained.inPlace(
        run.attached(graph), run::score, g -> g.fit(run.iterator(), run.epochs()));
  }

  private static Trained loaded(Run run) throws Exception {
    MultiLayerNetwork network = CourseWays.throughAFile(run, trained(run));
    return fitted(
        run, new TransferLearning.Builder(network).fineTuneConfiguration(fineTuning(run)).build());
  }

  private static Trained fineTuned(Run run) throws Exception {
    return fitted(
        run,
        new TransferLearning.Builder(trained(run)).fineTuneConfiguration(fineTuning(run)).build());
  }

  private static Trained newOutput(Run run) throws Exception {
    return fitted(
        run,
        new TransferLearning.Builder(trained(run))
            .fineTuneConfiguration(fineTuning(run))
            .setFeatureExtractor(0)
            .nOutReplace(2, Run.CLASSES, WeightInit.XAVIER)
            .build());
  }

  private static Trained newLayer(Run run) throws Exception {
    return fitted(
        run,
        new TransferLearning.Builder(trained(run))
            .fineTuneConfiguration(fineTuning(run))
            .setFeatureExtractor(0)
            .removeOutputLayer()
            .addLayer(Run.output())
            .build());
  }

  /** The builder makes graphs of type FLOAT. */
  private static Trained newOutputOfGraph(Run run) throws Exception {
    return fitted(
        run,
        new TransferLearning.GraphBuilder(trainedGraph(run))
            .fineTuneConfiguration(fineTuning(run))
            .setFeatureExtractor("hidden")
            .removeVertexAndConnections("out")
            .addLayer("new", Run.output(), "second")
            .setOutputs("new")
            .build()
            .convertDataType(run.type()));
  }

  private static Trained frozen(Run run, boolean backprop) throws Exception {
    DenseLayer hidden = Run.hidden();
    return Trained.inPlace(
        run.network(
            run.builder()
                .list()
                .layer(
                    backprop
                        ? new FrozenLayerWithBackprop(hidden)
                        : new FrozenLayer.Builder().layer(hidden).build())
                .layer(Run.output())
                .build()),
        run::score,
        n -> n.fit(run.iterator(), run.epochs()));
  }

  /** The helper makes a network of the layers above the frozen ones, with their configurations. */
  private static Trained featurized(Run run) throws Exception {
    MultiLayerNetwork whole =
        new TransferLearning.Builder(trained(run))
            .fineTuneConfiguration(fineTuning(run))
            .setFeatureExtractor(0)
            .build();
    if (run.isOurs()) {
      DecoupledDecay.attach(whole);
    }
    TransferLearningHelper helper = new TransferLearningHelper(whole);
    run.ready(helper.unfrozenMLN());
    return Trained.inPlace(
        whole,
        run::score,
        n -> run.eachEpoch(run.batches(), d -> helper.fitFeaturized(helper.featurize(d))));
  }

  private static Trained featurizedForGraph(Run run) throws Exception {
    ComputationGraph whole =
        new TransferLearning.GraphBuilder(trainedGraph(run))
            .fineTuneConfiguration(fineTuning(run))
            .setFeatureExtractor("hidden")
            .build();
    if (run.isOurs()) {
      DecoupledDecay.attach(whole);
    }
    TransferLearningHelper helper = new TransferLearningHelper(whole);
    run.ready(helper.unfrozenGraph());
    return Trained.inPlace(
        whole,
        run::score,
        g ->
            run.eachEpoch(
                run.batches(),
                d -> helper.fitFeaturized(helper.featurize((MultiDataSet) d.toMultiDataSet()))));
  }
}
