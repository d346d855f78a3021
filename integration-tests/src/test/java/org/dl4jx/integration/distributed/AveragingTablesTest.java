package org.dl4jx.integration.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jx.averaging.EvaluationWeights;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.SWATS;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.dl4jx.workbench.data.EmbeddedMnist;
import org.dl4jx.workbench.data.ImageData;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.data.Mnist;
import org.dl4jx.workbench.data.MnistSearch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Makes the tables of measurements in docs/distributed.md, on MNIST if DL4JX_DATA names it. It
 * takes minutes, so it is not part of verify.
 */
@Tag("averaging")
class AveragingTablesTest {
  private static final Path TABLES = Path.of("target", "averaging.md");

  private static final int BATCH_SIZE = 16;

  /** Of each worker. A multiple of every k. */
  private static final int ITERATIONS = Integer.getInteger("averaging.iterations", 100);

  private static final List<Integer> WORKERS = List.of(2, 10, 100);

  private static final List<Integer> EVERY = List.of(1, 5, 20, 100);

  private static final int SEED = 42;

  @TempDir static Path cache;

  private static Images train;
  private static DataSet test;
  private static String description;

  @BeforeAll
  static void readData() throws IOException {
    String folder = System.getenv("DL4JX_DATA");
    ImageData data =
        folder == null
            ? new EmbeddedMnist()
            : new Mnist(new MnistSearch(cache).in(Path.of(folder)));
    train = data.train();
    Images images = data.test();
    test = images.batches(images.count(), images.count()).findFirst().orElseThrow();
    description = folder == null ? data.description() : "MNIST";
    Files.createDirectories(TABLES.getParent());
    Files.deleteIfExists(TABLES);
  }

  private static MultiLayerNetwork network(IUpdater updater) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            DecoupledDecay.attach(
                new NeuralNetConfiguration.Builder()
                    .seed(SEED)
                    .updater(updater)
                    .weightInit(WeightInit.RELU)
                    .activation(Activation.RELU)
                    .list()
                    .layer(new DenseLayer.Builder().nIn(28 * 28).nOut(32).build())
                    .layer(
                        new OutputLayer.Builder(LossFunction.MCXENT)
                            .activation(Activation.SOFTMAX)
                            .nIn(32)
                            .nOut(10)
                            .build())
                    .build()));
    network.init();
    return network;
  }

  /** Deals batches in new orders, epoch after epoch. */
  private static final class Dealer {
    private int epoch;
    private int next;
    private int[] order = train.order(SEED, 0);

    List<DataSet> deal(int count) {
      List<DataSet> batches = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        if (next + BATCH_SIZE > order.length) {
          order = train.order(SEED, ++epoch);
          next = 0;
        }
        batches.add(train.batch(order, next, next + BATCH_SIZE));
        next += BATCH_SIZE;
      }
      return batches;
    }
  }

  /** What a run ends with. */
  private record Result(double loss, double accuracy) {
    static Result of(MultiLayerNetwork network) {
      return EvaluationWeights.ofUpdaters()
          .at(
              network,
              n ->
                  new Result(
                      n.score(test),
                      n.evaluate(new ExistingDataSetIterator(List.of(test))).accuracy()));
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.3f, %.1f %%", loss, 100 * accuracy);
    }
  }

  private static Result trained(NamedOptimizer optimizer, int workers, int every, int iterations) {
    MultiLayerNetwork network = network(optimizer.create(optimizer.usualLearningRate(), 0));
    AveragedWorkers averaged = new AveragedWorkers(network, workers, every);
    Dealer dealer = new Dealer();
    for (int i = 0; i < iterations; i++) {
      averaged.fit(dealer.deal(workers));
    }
    Result result = Result.of(network);
    System.out.printf(
        "%s, %d workers, k = %d, %d iterations: %s%n",
        optimizer.label(), workers, every, iterations, result);
    return result;
  }

  /** After as many iterations of each worker, so after the same time if rounds took none. */
  @ParameterizedTest
  @EnumSource(names = {"NESTEROVS_AVERAGED", "ADAMW", "LION"})
  void lossByWorkersAndK(NamedOptimizer optimizer) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s, test loss and accuracy after %d iterations of each worker, batch size %d, %s:%n"
            .formatted(optimizer.label(), ITERATIONS, BATCH_SIZE, description));
    lines.add("| workers | k = 1 | 5 | 20 | 100 | one worker, all batches |");
    lines.add("|---:|---:|---:|---:|---:|---:|");
    Result alone = trained(optimizer, 1, 1, ITERATIONS);
    lines.add("| 1 | | | | | %s |".formatted(alone));
    for (int workers : WORKERS) {
      List<Result> byK =
          EVERY.stream().map(k -> trained(optimizer, workers, k, ITERATIONS)).toList();
      Result all = trained(optimizer, 1, 1, ITERATIONS * workers);
      String cells = String.join(" | ", byK.stream().map(Result::toString).toList());
      lines.add("| %d | %s | %s |".formatted(workers, cells, all));
      // More data in the same time helps.
      assertThat(byK.get(0).loss()).isLessThan(alone.loss());
      assertThat(all.loss()).isLessThan(alone.loss());
    }
    write(lines);
  }

  /** The more workers there are, the sooner γ of one of them crosses its average. */
  @Test
  void whenSwatsSwitches() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("When SWATS switches, averaged every 5th of at most 1,000 iterations:%n".formatted());
    lines.add("| workers | tolerance | first switch after step | L |");
    lines.add("|---:|---:|---:|---:|");
    int alone = line(lines, 1, 1e-5);
    line(lines, 2, 1e-5);
    int ten = line(lines, 10, 1e-5);
    int tenCautious = line(lines, 10, 1e-6);
    int hundred = line(lines, 100, 1e-5);
    write(lines);

    assertThat(ten).isLessThan(alone).isLessThan(tenCautious);
    assertThat(hundred).isLessThan(ten);
  }

  /** Adds a line to the table; returns how many steps there were up to the first switch. */
  private static int line(List<String> lines, int workers, double tolerance) {
    SWATS swats = SWATS.builder().learningRate(1e-3).tolerance(tolerance).build();
    AveragedWorkers averaged = new AveragedWorkers(network(swats), workers, 5);
    Dealer dealer = new Dealer();
    List<Double> rates = List.of();
    int steps = 0;
    while (steps < 1_000 && rates.isEmpty()) {
      averaged.fit(dealer.deal(workers));
      steps++;
      rates =
          averaged.workers().stream()
              .flatMap(worker -> SWATS.learningRateOfSgd(worker).values().stream().limit(1))
              .toList();
    }
    String when = rates.isEmpty() ? "none in %,d".formatted(steps) : String.valueOf(steps);
    String first = rates.isEmpty() ? "" : "%.3f".formatted(rates.get(0));
    lines.add("| %d | %.0e | %s | %s |".formatted(workers, tolerance, when, first));
    return steps;
  }

  private static void write(List<String> lines) throws IOException {
    String before = Files.exists(TABLES) ? Files.readString(TABLES) : "";
    Files.writeString(TABLES, before + String.join(System.lineSeparator(), lines) + "\n\n");
  }
}
