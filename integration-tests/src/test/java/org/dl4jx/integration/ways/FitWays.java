package org.dl4jx.integration.ways;

import static org.dl4jx.integration.ways.Way.oneStep;
import static org.dl4jx.integration.ways.Way.sameAsFit;

import java.util.List;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.AsyncDataSetIterator;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** All forms of {@code fit}, of networks and graphs, and gradients that come from elsewhere. */
final class FitWays {
  private FitWays() {}

  static List<Way> all() {
    return List.of(
        oneStep(
            "MultiLayerNetwork.fit(DataSet)",
            run ->
                Trained.inPlace(
                    run.network(), run::score, n -> run.eachEpoch(run.batches(), n::fit))),
        network(
            "fit(DataSetIterator)",
            (run, n) -> {
              for (int epoch = 0; epoch < run.epochs(); epoch++) {
                n.fit(run.iterator());
              }
            }),
        network("fit(DataSetIterator, epochs)", (run, n) -> n.fit(run.iterator(), run.epochs())),
        network(
            "fit(AsyncDataSetIterator)",
            (run, n) -> n.fit(new AsyncDataSetIterator(run.iterator()), run.epochs())),
        network(
            "fit(INDArray, INDArray)",
            (run, n) -> run.eachEpoch(run.batches(), d -> n.fit(d.getFeatures(), d.getLabels()))),
        network(
            "fit(INDArray, INDArray, masks)",
            (run, n) ->
                run.eachEpoch(
                    run.batches(),
                    d ->
                        n.fit(
                            d.getFeatures(),
                            d.getLabels(),
                            null,
                            Nd4j.ones(run.type(), Run.BATCH, 1)))),
        network(
            "fit(INDArray, int[])",
            (run, n) ->
                run.eachEpoch(
                    run.batches(),
                    d -> n.fit(d.getFeatures(), d.getLabels().argMax(1).toIntVector()))),
        network(
            "fit(MultiDataSet)",
            (run, n) -> run.eachEpoch(run.batches(), d -> n.fit(d.toMultiDataSet()))),
        network("fit(MultiDataSetIterator, epochs)", (run, n) -> n.fit(multi(run), run.epochs())),
        graph("ComputationGraph.fit(DataSet)", (run, g) -> run.eachEpoch(run.batches(), g::fit)),
        graph(
            "ComputationGraph.fit(DataSetIterator, epochs)",
            (run, g) -> g.fit(run.iterator(), run.epochs())),
        graph(
            "ComputationGraph.fit(MultiDataSet)",
            (run, g) -> run.eachEpoch(run.batches(), d -> g.fit(d.toMultiDataSet()))),
        graph(
            "ComputationGraph.fit(MultiDataSetIterator, epochs)",
            (run, g) -> g.fit(multi(run), run.epochs())),
        graph(
            "ComputationGraph.fit(INDArray[], INDArray[])",
            (run, g) ->
                run.eachEpoch(
                    run.batches(),
                    d -> g.fit(new INDArray[] {d.getFeatures()}, new INDArray[] {d.getLabels()}))),
        oneStep("two inputs and two outputs", FitWays::twoInputsAndTwoOutputs),
        oneStep("external errors of a network", FitWays::externalErrorsOfANetwork),
        oneStep("external errors of a graph", FitWays::externalErrorsOfAGraph));
  }

  private interface Fit<M> {
    void train(Run run, M model) throws Exception;
  }

  private static Way network(String name, Fit<MultiLayerNetwork> fit) {
    return sameAsFit(
        name, run -> Trained.inPlace(run.network(), run::score, n -> fit.train(run, n)));
  }

  private static Way graph(String name, Fit<ComputationGraph> fit) {
    return sameAsFit(name, run -> Trained.inPlace(run.graph(), run::score, g -> fit.train(run, g)));
  }

  static MultiDataSetIterator multi(Run run) {
    return new MultiDataSetIteratorAdapter(run.iterator());
  }

  /** The features are split between two inputs; both outputs learn the classes. */
  private static Trained twoInputsAndTwoOutputs(Run run) throws Exception {
    ComputationGraph graph =
        run.graph(
            run.builder()
                .graphBuilder()
                .addInputs("left", "right")
                .addLayer("a", new DenseLayer.Builder().nIn(2).nOut(Run.HIDDEN).build(), "left")
                .addLayer("b", new DenseLayer.Builder().nIn(2).nOut(Run.HIDDEN).build(), "right")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
                .addVertex("both", new MergeVertex(), "a", "b")
                .addLayer(
                    "wide",
                    new DenseLayer.Builder().nIn(2 * Run.HIDDEN).nOut(Run.HIDDEN).build(),
                    "both")
                .addLayer("out1", Run.output(), "sum")
                .addLayer("out2", Run.output(), "wide")
                .setOutputs("out1", "out2")
                .build());
    return Trained.inPlace(
        graph,
        g -> g.score(twice(run.all())),
        g -> run.eachEpoch(run.batches(), d -> g.fit(twice(d))));
  }

  private static MultiDataSet twice(DataSet data) {
    INDArray features = data.getFeatures();
    INDArray left = features.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2)).dup();
    INDArray right = features.get(NDArrayIndex.all(), NDArrayIndex.interval(2, 4)).dup();
    return new MultiDataSet(
        new INDArray[] {left, right}, new INDArray[] {data.getLabels(), data.getLabels().dup()});
  }

  private static Trained externalErrorsOfANetwork(Run run) throws Exception {
    MultiLayerNetwork network =
        run.network(
            run.builder()
                .list()
                .layer(Run.hidden())
                .layer(
                    new DenseLayer.Builder()
                        .nIn(Run.HIDDEN)
                        .nOut(Run.CLASSES)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
    return Trained.inPlace(
        network,
        n -> squaredError(n.output(run.all().getFeatures()), run.all()),
        n ->
            run.eachEpoch(
                run.batches(),
                d -> {
                  n.setInput(d.getFeatures());
                  INDArray output = n.feedForward(true, false).get(2);
                  Gradient gradient =
                      n.backpropGradient(
                              output.sub(d.getLabels()), LayerWorkspaceMgr.noWorkspaces())
                          .getFirst();
                  n.getUpdater()
                      .update(
                          n,
                          gradient,
                          n.getIterationCount(),
                          0,
                          Run.BATCH,
                          LayerWorkspaceMgr.noWorkspaces());
                  n.params().subi(gradient.gradient());
                  n.setIterationCount(n.getIterationCount() + 1);
                }));
  }

  private static Trained externalErrorsOfAGraph(Run run) throws Exception {
    ComputationGraph graph =
        run.graph(
            run.builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("hidden", Run.hidden(), "in")
                .addLayer(
                    "last",
                    new DenseLayer.Builder()
                        .nIn(Run.HIDDEN)
                        .nOut(Run.CLASSES)
                        .activation(Activation.IDENTITY)
                        .build(),
                    "hidden")
                .setOutputs("last")
                .build());
    return Trained.inPlace(
        graph,
        g -> squaredError(g.outputSingle(run.all().getFeatures()), run.all()),
        g ->
            run.eachEpoch(
                run.batches(),
                d -> {
                  INDArray output =
                      g.feedForward(new INDArray[] {d.getFeatures()}, true, false).get("last");
                  Gradient gradient = g.backpropGradient(output.sub(d.getLabels()));
                  int iteration = g.getConfiguration().getIterationCount();
                  g.getUpdater()
                      .update(gradient, iteration, 0, Run.BATCH, LayerWorkspaceMgr.noWorkspaces());
                  g.params().subi(gradient.gradient());
                  g.getConfiguration().setIterationCount(iteration + 1);
                }));
  }

  private static double squaredError(INDArray output, DataSet data) {
    INDArray error = output.sub(data.getLabels());
    return error.muli(error).meanNumber().doubleValue();
  }
}
