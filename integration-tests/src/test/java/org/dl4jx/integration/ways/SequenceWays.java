package org.dl4jx.integration.ways;

import static org.dl4jx.integration.ways.Way.learns;
import static org.dl4jx.integration.ways.Way.oneStep;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Recurrent networks, on sequences of which some steps are masked. */
final class SequenceWays {
  private SequenceWays() {}

  static List<Way> all() {
    return List.of(
        oneStep("LSTM with masks", recurrent(SequenceWays::lstm)),
        oneStep("SimpleRnn with masks", recurrent(SequenceWays::simple)),
        oneStep(
            "Bidirectional with masks",
            recurrent(() -> new Bidirectional(Bidirectional.Mode.ADD, lstm()))),
        oneStep("TimeDistributed", recurrent(() -> new TimeDistributed(Run.hidden()))),
        oneStep("LastTimeStep", SequenceWays::lastTimeStep),
        learns("truncated backpropagation through time", SequenceWays::truncated),
        learns("truncated backpropagation through time of a graph", SequenceWays::truncatedGraph));
  }

  private static LSTM lstm() {
    return new LSTM.Builder().nIn(Run.FEATURES).nOut(Run.HIDDEN).build();
  }

  private static SimpleRnn simple() {
    return new SimpleRnn.Builder().nIn(Run.FEATURES).nOut(Run.HIDDEN).build();
  }

  private static RnnOutputLayer output() {
    return new RnnOutputLayer.Builder(LossFunction.MCXENT)
        .activation(Activation.SOFTMAX)
        .nIn(Run.HIDDEN)
        .nOut(Run.CLASSES)
        .build();
  }

  private static Way.Training recurrent(Supplier<Layer> layer) {
    return run ->
        Trained.inPlace(
            run.network(
                run.builder()
                    .list()
                    .layer(layer.get())
                    .layer(output())
                    .setInputType(InputType.recurrent(Run.FEATURES))
                    .build()),
            n -> score(run, n),
            n -> run.eachEpoch(run.sequences(), n::fit));
  }

  private static double score(Run run, MultiLayerNetwork network) {
    return network.score(DataSet.merge(run.sequences()));
  }

  private static Trained lastTimeStep(Run run) throws Exception {
    UnaryOperator<DataSet> lastLabels =
        d -> {
          INDArray labels =
              d.getLabels().get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(0));
          return new DataSet(d.getFeatures(), labels.dup(), d.getFeaturesMaskArray(), null);
        };
    List<DataSet> batches = run.sequences().stream().map(lastLabels).toList();
    OutputLayer output = Run.output();
    return Trained.inPlace(
        run.network(run.builder().list().layer(new LastTimeStep(lstm())).layer(output).build()),
        n -> n.score(DataSet.merge(batches)),
        n -> run.eachEpoch(batches, n::fit));
  }

  private static Trained truncated(Run run) throws Exception {
    return Trained.inPlace(
        run.network(
            run.builder()
                .list()
                .layer(lstm())
                .layer(output())
                .backpropType(BackpropType.TruncatedBPTT)
                .tBPTTLength(Run.LENGTH / 2)
                .build()),
        n -> score(run, n),
        n -> run.eachEpoch(run.sequences(), n::fit));
  }

  private static Trained truncatedGraph(Run run) throws Exception {
    ComputationGraph graph =
        run.graph(
            run.builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("lstm", lstm(), "in")
                .addLayer("out", output(), "lstm")
                .setOutputs("out")
                .setInputTypes(InputType.recurrent(Run.FEATURES))
                .backpropType(BackpropType.TruncatedBPTT)
                .tBPTTForwardLength(Run.LENGTH / 2)
                .tBPTTBackwardLength(Run.LENGTH / 2)
                .build());
    return Trained.inPlace(
        graph,
        g -> g.score(DataSet.merge(run.sequences())),
        g -> run.eachEpoch(run.sequences(), g::fit));
  }
}
