package org.dl4jx.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.benchmarks.Measurement.Quantity;
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

/**
 * Whole networks. In a round, each contestant trains its network for one iteration on the same
 * batch, in a new random order.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class NetworkBenchmark {
  private static final List<Contestant> CONTESTANTS =
      List.of(Contestant.BUILT_IN, Contestant.OURS, Contestant.SGD);

  /** What is set against each other. */
  @Param("adamw")
  private String contest;

  /** What is trained. */
  @Param private Network network;

  private final Samples samples = new Samples();
  private final Random random = new Random(1);
  private final List<Contestant> order = new ArrayList<>(CONTESTANTS);
  private final Map<Contestant, MultiLayerNetwork> networks = new EnumMap<>(Contestant.class);
  private final Map<Contestant, TimedUpdater> updaters = new EnumMap<>(Contestant.class);
  private String subject;
  private List<DataSet> batches;
  private int rounds;
  private boolean warm;

  /** Makes everybody's network. */
  @Setup
  public void makeNetworks() throws IOException {
    Contest sides = Contest.labelled(contest);
    subject = network.title() + " on MNIST";
    batches = TrainingImages.batches();
    for (Contestant contestant : CONTESTANTS) {
      MultiLayerNetwork trained = network.create(sides, contestant);
      TimedUpdater updater = new TimedUpdater(trained.getUpdater());
      trained.setUpdater(updater);
      networks.put(contestant, trained);
      updaters.put(contestant, updater);
    }
  }

  /** Notes whether what follows counts. */
  @Setup(Level.Iteration)
  public void startIteration(IterationParams iteration) {
    warm = iteration.getType() == IterationType.MEASUREMENT;
  }

  /** An iteration of every network. */
  @Benchmark
  public void round() {
    DataSet batch = batches.get(rounds++ % batches.size());
    Collections.shuffle(order, random);
    for (Contestant contestant : order) {
      long start = System.nanoTime();
      networks.get(contestant).fit(batch);
      long nanos = System.nanoTime() - start;
      if (warm) {
        samples.add(Quantity.ITERATION, contestant, nanos);
        samples.add(Quantity.UPDATER, contestant, updaters.get(contestant).nanos());
      }
    }
  }

  /** Checks that everybody trained, and hands out the medians. */
  @TearDown
  public void save() throws IOException {
    for (MultiLayerNetwork trained : networks.values()) {
      if (!Double.isFinite(trained.score())) {
        throw new IllegalStateException("diverged: the loss is " + trained.score());
      }
    }
    long parameters = networks.get(Contestant.OURS).numParams();
    samples.save(
        subject, Contest.labelled(contest), NumberType.FLOAT, Threads.available(), parameters);
  }
}
