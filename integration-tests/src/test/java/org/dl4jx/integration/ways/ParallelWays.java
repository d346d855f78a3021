package org.dl4jx.integration.ways;

import static org.dl4jx.integration.ways.Way.learns;
import static org.dl4jx.integration.ways.Way.sameAsFit;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.solvers.accumulation.EncodedGradientsAccumulator;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.residual.ResidualClippingPostProcessor;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.AdaptiveThresholdAlgorithm;
import org.deeplearning4j.parallelism.EarlyStoppingParallelTrainer;
import org.deeplearning4j.parallelism.ParallelInference;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.parallelism.inference.InferenceMode;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** Several threads, each with a copy of the network. */
final class ParallelWays {
  private static final int WORKERS = 2;

  private ParallelWays() {}

  static List<Way> all() {
    return List.of(
        learns("ParallelWrapper, averaging", wrapper(b -> b.averagingFrequency(1))),
        learns("ParallelWrapper, averaging every third", wrapper(b -> b.averagingFrequency(3))),
        learns(
            "ParallelWrapper, averageUpdaters(false)",
            wrapper(b -> b.averagingFrequency(1).averageUpdaters(false))),
        learns(
            "ParallelWrapper, SHARED_GRADIENTS",
            wrapper(
                b ->
                    b.trainingMode(ParallelWrapper.TrainingMode.SHARED_GRADIENTS)
                        .thresholdAlgorithm(new AdaptiveThresholdAlgorithm(1e-3)))),
        learns(
            "ParallelWrapper, CUSTOM",
            wrapper(
                b ->
                    b.trainingMode(ParallelWrapper.TrainingMode.CUSTOM)
                        .gradientsAccumulator(
                            new EncodedGradientsAccumulator(
                                WORKERS,
                                new AdaptiveThresholdAlgorithm(1e-3),
                                new ResidualClippingPostProcessor(5, 5),
                                false)))),
        learns("ParallelWrapper of a graph", ParallelWays::graph),
        learns("EarlyStoppingParallelTrainer", ParallelWays::stoppedEarly),
        sameAsFit("ParallelInference", ParallelWays::inference));
  }

  private static Way.Training wrapper(UnaryOperator<ParallelWrapper.Builder<?>> settings) {
    return run -> Trained.inPlace(run.network(), run::score, n -> fit(run, n, settings));
  }

  private static Trained graph(Run run) throws Exception {
    return Trained.inPlace(run.graph(), run::score, g -> fit(run, g, b -> b.averagingFrequency(1)));
  }

  private static void fit(
      Run run, Model model, UnaryOperator<ParallelWrapper.Builder<?>> settings) {
    ParallelWrapper wrapper =
        settings
            .apply(new ParallelWrapper.Builder<>(model).workers(WORKERS).prefetchBuffer(0))
            .build();
    try {
      wrapper.fit(batches(run));
    } finally {
      wrapper.shutdown();
    }
  }

  /** Of all epochs, twice, because each worker gets half of them. */
  private static DataSetIterator batches(Run run) {
    return new ExistingDataSetIterator(
        Stream.generate(run::batches).limit(2L * run.epochs()).flatMap(List::stream).toList());
  }

  private static Trained stoppedEarly(Run run) throws Exception {
    EarlyStoppingConfiguration<MultiLayerNetwork> conf =
        new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
            .epochTerminationConditions(new MaxEpochsTerminationCondition(1))
            .scoreCalculator(new DataSetLossCalculator(run.iterator(), true))
            .modelSaver(new InMemoryModelSaver<>())
            .build();
    return Trained.inPlace(
        run.network(),
        run::score,
        n -> new EarlyStoppingParallelTrainer<>(conf, n, batches(run), null, 2, 0, 1).fit());
  }

  /** Trained in the usual way; then two threads serve it, and say what the network says. */
  private static Trained inference(Run run) throws Exception {
    return Trained.inPlace(
        run.network(),
        run::score,
        n -> {
          n.fit(run.iterator(), run.epochs());
          ParallelInference inference =
              new ParallelInference.Builder(n)
                  .inferenceMode(InferenceMode.SEQUENTIAL)
                  .workers(WORKERS)
                  .build();
          try {
            var features = run.all().getFeatures();
            if (!inference.output(features).equalsWithEps(n.output(features), 0)) {
              throw new AssertionError("ParallelInference differs from the network");
            }
          } finally {
            inference.shutdown();
          }
        });
  }
}
