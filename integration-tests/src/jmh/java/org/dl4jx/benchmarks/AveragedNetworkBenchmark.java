package org.dl4jx.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.apache.commons.math3.util.ResizableDoubleArray;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.averaging.ExponentialMovingAverage;
import org.nd4j.linalg.dataset.DataSet;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/** What an average adds to an iteration of a whole network; the medians are printed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class AveragedNetworkBenchmark {
  /** What is trained. */
  @Param private Network network;

  private final ResizableDoubleArray iterations = new ResizableDoubleArray();
  private final ResizableDoubleArray updates = new ResizableDoubleArray();
  private final ExponentialMovingAverage average = new ExponentialMovingAverage(0.999);
  private MultiLayerNetwork trained;
  private List<DataSet> batches;
  private int rounds;
  private boolean warm;

  /** Makes the network. */
  @Setup
  public void makeNetwork() throws IOException {
    batches = TrainingImages.batches();
    trained = network.create(Contest.labelled("adamw"), Contestant.OURS);
    average.follow(trained);
  }

  /** Notes whether what follows counts. */
  @Setup(Level.Iteration)
  public void startIteration(IterationParams iteration) {
    warm = iteration.getType() == IterationType.MEASUREMENT;
  }

  /** An iteration without the average, and then what the average does in it. */
  @Benchmark
  public void round() {
    DataSet batch = batches.get(rounds++ % batches.size());
    long start = System.nanoTime();
    trained.fit(batch);
    long fitted = System.nanoTime();
    average.iterationDone(trained, rounds, 0);
    long averaged = System.nanoTime();
    if (warm) {
      iterations.addElement((fitted - start) / 1e6);
      updates.addElement((averaged - fitted) / 1e6);
    }
  }

  /** Prints the medians. */
  @TearDown
  public void print() {
    double iteration = new Median().evaluate(iterations.getElements());
    double update = new Median().evaluate(updates.getElements());
    System.out.printf(
        Locale.ROOT,
        "%n%s, %,d parameters: an iteration %.2f ms, its average %.3f ms, %.1f %%%n",
        network.title(),
        trained.numParams(),
        iteration,
        update,
        100 * update / iteration);
  }
}
