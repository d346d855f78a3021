package org.dl4jx.integration.ways;

import static org.dl4jx.integration.ways.Way.learns;
import static org.dl4jx.integration.ways.Way.oneStep;
import static org.dl4jx.integration.ways.Way.sameAsFit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingModelSaver;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.saver.LocalFileGraphSaver;
import org.deeplearning4j.earlystopping.saver.LocalFileModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingGraphTrainer;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.schedules.CosineSchedule;
import org.dl4jx.updaters.DecoupledDecay;
import org.nd4j.linalg.schedule.ScheduleType;

/** What happens to a network in the middle of its training: other rates, copies, files, a stop. */
final class CourseWays {
  private CourseWays() {}

  static List<Way> all() {
    return List.of(
        oneStep("setLearningRate(rate)", newRate((run, n) -> n.setLearningRate(run.rate()))),
        learns(
            "setLearningRate(layer, rate)",
            inHalves((run, n) -> n.setLearningRate(0, n.getLearningRate(0) / 2))),
        oneStep("a new rate in the updater of a layer", newRate(CourseWays::inTheUpdaters)),
        oneStep(
            "setLearningRate(schedule)",
            newRate(
                (run, n) ->
                    n.setLearningRate(
                        new CosineSchedule(ScheduleType.ITERATION, run.rate(), 1_000_000, 0)))),
        sameAsFit("clone()", continuing((run, n) -> n.clone())),
        sameAsFit("ModelSerializer", continuing(CourseWays::throughAFile)),
        sameAsFit("convertDataType", continuing((run, n) -> n.convertDataType(run.type()))),
        sameAsFit("toComputationGraph()", CourseWays::convertedToGraph),
        sameAsFit("CheckpointListener", CourseWays::fromACheckpoint),
        sameAsFit(
            "EarlyStoppingTrainer, InMemoryModelSaver",
            run -> stoppedEarly(run, new InMemoryModelSaver<>())),
        sameAsFit(
            "EarlyStoppingTrainer, LocalFileModelSaver",
            run ->
                withFolder(
                    folder -> stoppedEarly(run, new LocalFileModelSaver(folder.toString())))),
        sameAsFit(
            "EarlyStoppingGraphTrainer",
            run ->
                withFolder(
                    folder -> graphStoppedEarly(run, new LocalFileGraphSaver(folder.toString())))));
  }

  private interface Change {
    void apply(Run run, MultiLayerNetwork network) throws IOException;
  }

  private interface Copy {
    MultiLayerNetwork of(Run run, MultiLayerNetwork network) throws Exception;
  }

  private interface InFolder {
    Trained train(Path folder) throws Exception;
  }

  /** Begins at twice the rate, so that the decay of the first step is that of the new one. */
  private static Way.Training newRate(Change change) {
    return run ->
        Trained.inPlace(
            run.network(),
            run::score,
            n -> {
              n.setLearningRate(2 * run.rate());
              change.apply(run, n);
              n.fit(run.iterator(), run.epochs());
            });
  }

  private static void inTheUpdaters(Run run, MultiLayerNetwork network) {
    for (Layer layer : network.getLayers()) {
      for (String parameter : layer.paramTable().keySet()) {
        layer.conf().getLayer().getUpdaterByParam(parameter).setLrAndSchedule(run.rate(), null);
      }
    }
    if (run.isOurs()) {
      DecoupledDecay.attach(network);
    }
  }

  private static Way.Training inHalves(Change change) {
    return continuing(
        (run, network) -> {
          change.apply(run, network);
          return network;
        });
  }

  /** Trains half of the epochs, copies, and trains the copy for the rest. */
  private static Way.Training continuing(Copy copy) {
    return run ->
        Trained.by(
            run.network(),
            run::score,
            n -> {
              int half = run.epochs() / 2;
              if (half > 0) {
                n.fit(run.iterator(), half);
              }
              MultiLayerNetwork next = withListeners(n, copy.of(run, n));
              next.fit(run.iterator(), run.epochs() - half);
              return next;
            });
  }

  /** Files and copies hold no listeners. */
  private static <M extends Model> M withListeners(MultiLayerNetwork from, M to) {
    to.setListeners(List.copyOf(from.getListeners()).toArray(new TrainingListener[0]));
    return to;
  }

  static MultiLayerNetwork throughAFile(Run run, MultiLayerNetwork network) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, file, true);
    return ModelSerializer.restoreMultiLayerNetwork(
        new ByteArrayInputStream(file.toByteArray()), true);
  }

  private static Trained convertedToGraph(Run run) throws Exception {
    MultiLayerNetwork network = run.network();
    double[] start = Trained.numbers(network.params());
    double before = run.score(network);
    network.fit(run.iterator(), run.epochs() - 1);
    ComputationGraph graph = withListeners(network, network.toComputationGraph());
    Trained rest = Trained.inPlace(graph, run::score, g -> g.fit(run.iterator(), 1));
    return new Trained(start, rest.end(), rest.decays(), before, rest.scoreAfter());
  }

  private static Trained fromACheckpoint(Run run) throws Exception {
    return withFolder(
        folder ->
            Trained.by(
                run.network(),
                run::score,
                n -> {
                  n.addListeners(
                      new CheckpointListener.Builder(folder.toString())
                          .keepLast(1)
                          .saveEveryNIterations(1)
                          .build());
                  n.fit(run.iterator());
                  MultiLayerNetwork restored =
                      CheckpointListener.loadLastCheckpointMLN(folder.toFile());
                  if (run.epochs() > 1) {
                    run.ready(restored).fit(run.iterator(), run.epochs() - 1);
                  }
                  return restored;
                }));
  }

  /** Stops after the last epoch, and keeps its model. */
  private static <M extends Model> EarlyStoppingConfiguration<M> lastOf(
      Run run, EarlyStoppingModelSaver<M> saver) {
    return new EarlyStoppingConfiguration.Builder<M>()
        .epochTerminationConditions(new MaxEpochsTerminationCondition(run.epochs()))
        .scoreCalculator(new DataSetLossCalculator(run.iterator(), true))
        .saveLastModel(true)
        .modelSaver(saver)
        .build();
  }

  private static Trained stoppedEarly(Run run, EarlyStoppingModelSaver<MultiLayerNetwork> saver)
      throws Exception {
    EarlyStoppingConfiguration<MultiLayerNetwork> conf = lastOf(run, saver);
    return Trained.by(
        run.network(),
        run::score,
        n -> {
          new EarlyStoppingTrainer(conf, n, run.iterator()).fit();
          return saver.getLatestModel();
        });
  }

  private static Trained graphStoppedEarly(Run run, EarlyStoppingModelSaver<ComputationGraph> saver)
      throws Exception {
    EarlyStoppingConfiguration<ComputationGraph> conf = lastOf(run, saver);
    return Trained.by(
        run.graph(),
        run::score,
        g -> {
          new EarlyStoppingGraphTrainer(conf, g, run.iterator()).fit();
          return saver.getLatestModel();
        });
  }

  private static Trained withFolder(InFolder training) throws Exception {
    Path folder = Files.createTempDirectory("ways");
    try {
      return training.train(folder);
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
  }
}
