package org.dl4jx.workbench.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.averaging.EvaluationWeights;
import org.dl4jx.updaters.NonFiniteGradientException;
import org.dl4jx.workbench.data.ImageData;
import org.dl4jx.workbench.data.ImageShape;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.experiment.RunResult.Point;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.RunLength;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Makes runs. Runs with the same seed start from the same weights and see the same batches in the
 * same order, so that they differ only in what is compared.
 */
public final class Trainer {
  private static final int EVALUATION_BATCH = 500;

  /** So many training images are enough for the statistics of batch normalization. */
  private static final int STATISTICS_EXAMPLES = 2_000;

  /** Enough for a curve. With all images, evaluation would take as long as training. */
  private static final int EXAMPLES_ON_THE_WAY = 2_000;

  /** The median is that of so many, the last ones. */
  private static final int MOST_TIMES = 1_000_000;

  /** The first iterations load and compile classes, a cost that only the first run would bear. */
  private static final int UNTIMED_ITERATIONS = 30;

  private final ImageShape shape;
  private final Images train;
  private final Images evaluation;
  private final Environment environment;
  private final BooleanSupplier stop;
  private final Consumer<Model> watcher;
  private final Set<NamedUpdater> warm = new HashSet<>();
  private final EvaluationWeights ofUpdaters = EvaluationWeights.ofUpdaters();
  private final Images statisticsImages;

  /**
   * A trainer.
   *
   * @param shape of the images
   * @param train the training images
   * @param evaluation the images on which accuracy is measured: all of them at the end of a run,
   *     the first 2,000 along the way
   * @param stop asked after every iteration whether to abandon the run
   * @param watcher gets the network of each run before it is trained, to add its listeners
   * @throws IOException if the program cannot read its own version
   */
  public Trainer(
      ImageShape shape,
      Images train,
      Images evaluation,
      BooleanSupplier stop,
      Consumer<Model> watcher)
      throws IOException {
    this.shape = shape;
    this.train = train;
    this.evaluation = evaluation;
    NativeThreads.useOneUnlessSet();
    this.environment = Environment.here();
    this.stop = stop;
    this.watcher = watcher;
    this.statisticsImages = train.first(Math.min(STATISTICS_EXAMPLES, train.count()));
  }

  /**
   * Makes a run.
   *
   * @param settings of the run
   * @param afterIteration called after every iteration
   * @return the run; empty if it was abandoned
   * @throws IOException if the configuration cannot be written
   */
  public Optional<Run> run(RunSettings settings, Runnable afterIteration) throws IOException {
    runUntimed(settings);
    if (stop.getAsBoolean()) {
      return Optional.empty();
    }
    MultiLayerNetwork network = network(settings);
    watcher.accept(network);
    JsonNode configuration = configuration(network);
    return train(settings, network, afterIteration)
        .map(
            result ->
                new Run(
                    settings,
                    result,
                    environment,
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                    configuration));
  }

  /**
   * The configuration of the network that a run trains.
   *
   * @param settings of the run
   * @return Deeplearning4j's JSON
   * @throws IOException if it cannot be written
   */
  public JsonNode configuration(RunSettings settings) throws IOException {
    return configuration(network(settings));
  }

  private static JsonNode configuration(MultiLayerNetwork network) throws IOException {
    return Json.tree(network.getLayerWiseConfigurations().toJson());
  }

  private void runUntimed(RunSettings settings) {
    if (warm.add(settings.candidate().updater())) {
      MultiLayerNetwork network = network(settings);
      Batches batches = new Batches(train, settings.setup().batchSize(), settings.seed());
      int iterations = 0;
      while (iterations < UNTIMED_ITERATIONS
          && !stop.getAsBoolean()
          && fit(network, batches.next())) {
        iterations++;
      }
    }
  }

  private Optional<RunResult> train(
      RunSettings settings, MultiLayerNetwork network, Runnable afterIteration) {
    Setup setup = settings.setup();
    RunLength length = setup.length();
    int iterations = length.iterations();
    IUpdater updater = settings.candidate().create(length);
    Batches batches = new Batches(train, settings.setup().batchSize(), settings.seed());
    LossCurve losses = new LossCurve(iterations);
    List<Point> accuracies = new ArrayList<>();
    String initial = sha256(network.params());
    long[] nanos = new long[Math.min(iterations, MOST_TIMES)];
    long allNanos = 0;
    Averages averages = Averages.of(setup, network, statisticsImages);
    Integer divergedAt = null;
    double epochLoss = 0;
    int done = 0;
    while (done < iterations && divergedAt == null) {
      int iteration = done++;
      DataSet batch = batches.next();
      double penalty = penalty(settings.candidate().updater(), network);
      long start = System.nanoTime();
      boolean converging = fit(network, batch);
      long took = System.nanoTime() - start;
      allNanos += took;
      nanos[iteration % MOST_TIMES] = took;
      afterIteration.run();
      if (!converging) {
        divergedAt = done;
      } else {
        double loss = network.score() - penalty;
        losses.add(done, loss);
        epochLoss = (iteration % length.iterationsPerEpoch() == 0 ? 0 : epochLoss) + loss;
        if (done % length.iterationsPerEpoch() == 0) {
          averages.epochEnd();
          network.incrementEpochCount();
        }
        if (share(setup, done) > share(setup, iteration)) {
          int examples = done == iterations ? evaluation.count() : examplesOnTheWay();
          double accuracy = ofUpdaters.at(network, n -> accuracy(n, examples));
          if (!Double.isNaN(accuracy)) {
            averages.measure(done, n -> accuracy(n, examples));
          }
          if (Double.isNaN(accuracy) || averages.isLost()) {
            divergedAt = done;
          } else {
            accuracies.add(new Point(done, accuracy));
          }
        }
      }
      if (stop.getAsBoolean() && done < iterations) {
        return Optional.empty();
      }
    }
    boolean diverged = divergedAt != null;
    double[] millis =
        Arrays.stream(nanos, 0, Math.min(done, MOST_TIMES)).mapToDouble(n -> n / 1e6).toArray();
    return Optional.of(
        new RunResult(
            divergedAt,
            done,
            diverged ? null : epochLoss / length.iterationsPerEpoch(),
            diverged ? null : accuracies.get(accuracies.size() - 1).value(),
            allNanos / 1e9,
            new Median().evaluate(millis),
            losses.points(),
            accuracies,
            losses.points().stream()
                .map(p -> new Point(p.iteration(), rate(updater, p.iteration() - 1, length)))
                .toList(),
            initial,
            diverged ? null : sha256(ofUpdaters.moveTo(network).params()),
            diverged ? List.of() : averages.results()));
  }

  private static long share(Setup setup, int iterations) {
    return (long) iterations * setup.evaluations() / setup.length().iterations();
  }

  private static double rate(IUpdater updater, int iteration, RunLength length) {
    return updater.hasLearningRate()
        ? updater.getLearningRate(iteration, length.epoch(iteration))
        : 1;
  }

  /** The part of the next iteration's score that is not the loss. */
  static double penalty(NamedUpdater updater, MultiLayerNetwork network) {
    return updater.penalizesWeights() ? network.calcRegularizationScore(true) : 0;
  }

  /** Makes one iteration; false if the loss or the gradient is no longer finite. */
  static boolean fit(MultiLayerNetwork network, DataSet batch) {
    try {
      network.fit(batch);
      return Double.isFinite(network.score());
    } catch (NonFiniteGradientException e) {
      return false;
    }
  }

  private int examplesOnTheWay() {
    return Math.min(EXAMPLES_ON_THE_WAY, evaluation.count());
  }

  /** NaN if the network's output is not finite. */
  private double accuracy(MultiLayerNetwork network, int examples) {
    Evaluation result = new Evaluation(ImageData.CLASSES);
    for (DataSet batch :
        (Iterable<DataSet>) evaluation.batches(examples, EVALUATION_BATCH)::iterator) {
      INDArray output = network.output(batch.getFeatures());
      if (!Double.isFinite(output.sumNumber().doubleValue())) {
        return Double.NaN;
      }
      result.eval(batch.getLabels(), output);
    }
    return result.accuracy();
  }

  /**
   * An untrained network.
   *
   * @param settings of the run
   * @return a new network
   */
  public MultiLayerNetwork network(RunSettings settings) {
    Candidate candidate = settings.candidate();
    NamedUpdater updater = candidate.updater();
    return updater.listen(
        settings
            .setup()
            .model()
            .network(
                shape,
                candidate.create(settings.setup().length()),
                settings.seed(),
                conf -> updater.attachDecay(conf, candidate.weightDecay())));
  }

  private static String sha256(INDArray parameters) {
    float[] values = parameters.dup().data().asFloat();
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
