package org.dl4jx.integration.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.averaging.EvaluationWeights;
import org.dl4jx.averaging.ExponentialMovingAverage;
import org.dl4jx.integration.Networks;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.Lookahead;
import org.dl4jx.updaters.SophiaG;
import org.dl4jx.updaters.SophiaHessian;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Small networks that are made, trained, evaluated, saved, restored, given other learning rates,
 * and dropped.
 */
public final class Trainings {
  private static final double RATE = 1e-3;

  private static final List<DataSet> BATCHES =
      IntStream.range(0, 8).mapToObj(i -> Networks.batch(DataType.FLOAT, i)).toList();

  private final File file;

  /** Saves to this file, again and again. */
  Trainings(File file) {
    this.file = file;
  }

  /** Every updater, once. */
  public static List<IUpdater> updaters() {
    return Stream.concat(
            Arrays.stream(NamedOptimizer.values()).map(o -> o.create(RATE, 0.01)),
            Stream.of(
                new Lookahead(new Adam(RATE)),
                new Lookahead(NamedOptimizer.ADAMW.create(RATE, 0.01))))
        .toList();
  }

  /** Trains with it in all ways that there are. */
  void all(IUpdater updater) throws IOException {
    network(updater.clone());
    graph(updater.clone());
    inParallel(updater.clone());
    if (!(updater instanceof SophiaG)) { // its listener is for networks
      sameDiff(updater.clone());
    }
  }

  private void network(IUpdater updater) throws IOException {
    ExponentialMovingAverage average = new ExponentialMovingAverage(0.9);
    MultiLayerNetwork network = newNetwork(updater);
    network.setListeners(listeners(updater, average));
    network.fit(batches());
    Evaluation evaluation = average.at(network, n -> n.evaluate(batches()));
    assertThat(evaluation.accuracy()).isFinite();
    save(network, average);

    MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);
    restored.setListeners(listeners(updater, ExponentialMovingAverage.restore(file)));
    restored.setLearningRate(RATE / 2);
    restored.fit(batches());
    setRates(restored.getLayers(), RATE / 4);
    DecoupledDecay.attach(restored);
    restored.fit(batches());
    double score = EvaluationWeights.ofUpdaters().at(restored, n -> n.score(BATCHES.get(0)));
    assertThat(score).isFinite();
  }

  private void graph(IUpdater updater) throws IOException {
    ExponentialMovingAverage average = new ExponentialMovingAverage(0.9);
    ComputationGraph graph =
        new ComputationGraph(
            DecoupledDecay.attach(Networks.graph(Networks.with(DataType.FLOAT, updater))));
    graph.init();
    graph.setListeners(listeners(updater, average));
    graph.fit(batches());
    Evaluation evaluation = average.at(graph, g -> g.evaluate(batches()));
    assertThat(evaluation.accuracy()).isFinite();
    save(graph, average);

    ComputationGraph restored = ModelSerializer.restoreComputationGraph(file, true);
    restored.setListeners(listeners(updater, ExponentialMovingAverage.restore(file)));
    restored.setLearningRate(RATE / 2);
    restored.fit(batches());
    setRates(restored.getLayers(), RATE / 4);
    DecoupledDecay.attach(restored);
    restored.fit(batches());
    double score = EvaluationWeights.ofUpdaters().at(restored, g -> g.score(BATCHES.get(0)));
    assertThat(score).isFinite();
  }

  private void save(Model network, ExponentialMovingAverage average) throws IOException {
    ModelSerializer.writeModel(network, file, true);
    average.addTo(file);
  }

  private static void setRates(Layer[] layers, double rate) {
    for (Layer layer : layers) {
      ((BaseLayer) layer.conf().getLayer()).getIUpdater().setLrAndSchedule(rate, null);
    }
  }

  private static void inParallel(IUpdater updater) {
    MultiLayerNetwork network = newNetwork(updater);
    ExponentialMovingAverage average = new ExponentialMovingAverage(0.9);
    average.follow(network);
    network.setListeners(listeners(updater, average));
    ParallelWrapper wrapper =
        new ParallelWrapper.Builder<>(network).workers(2).averagingFrequency(2).build();
    try {
      wrapper.fit(batches());
    } finally {
      wrapper.shutdown();
    }
    assertThat(network.score(BATCHES.get(0))).isFinite();
  }

  private void sameDiff(IUpdater updater) {
    SameDiff model = SameDiff.create();
    SDVariable in = model.placeHolder("in", DataType.FLOAT, -1, 4);
    SDVariable label = model.placeHolder("label", DataType.FLOAT, -1, 3);
    SDVariable w = model.var("w", Nd4j.linspace(-1, 1, 12, DataType.FLOAT).reshape(4, 3));
    SDVariable b = model.var("b", Nd4j.zeros(DataType.FLOAT, 3));
    model.loss.softmaxCrossEntropy("loss", label, in.mmul(w).add(b), null);
    model.setLossVariables("loss");
    model.setTrainingConfig(Networks.sameDiffTraining(updater));
    model.fit(batches(), 1);
    model.save(file, true);

    SameDiff restored = SameDiff.load(file, true);
    restored.fit(batches(), 1);
    assertThat(restored.getArrForVarName("w").sumNumber().doubleValue()).isFinite();
  }

  private static MultiLayerNetwork newNetwork(IUpdater updater) {
    return Networks.network(
        DecoupledDecay.attach(Networks.classifier(Networks.with(DataType.FLOAT, updater))));
  }

  private static TrainingListener[] listeners(IUpdater updater, TrainingListener average) {
    return updater instanceof SophiaG
        ? new TrainingListener[] {new SophiaHessian(), average}
        : new TrainingListener[] {average};
  }

  private static DataSetIterator batches() {
    return new ExistingDataSetIterator(BATCHES);
  }
}
