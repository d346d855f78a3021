package org.dl4jx.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.dl4jx.benchmarks.Measurement.Quantity;
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
 * Steps of updaters over one block of parameters. JMH provides fresh processes, warm-up and
 * iterations; its own score is the time of a whole round and says nothing. In a round, every
 * contestant takes its turn on the same gradient, in a new random order, so that whatever slows the
 * machine down slows all of them down.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class StepBenchmark {
  /** What is set against each other. */
  @Param("adamw")
  private String contest;

  /** The type of all numbers. */
  @Param({"FLOAT", "DOUBLE"})
  private NumberType type;

  /** The length of the block. */
  @Param("1000000")
  private int parameters;

  /** The number of threads. */
  @Param("1")
  private int threads;

  private final Samples samples = new Samples();
  private final Random random = new Random(1);
  private final Map<Contestant, IntConsumer> steps = new EnumMap<>(Contestant.class);
  private List<Contestant> order;
  private Block block;
  private int cycle;
  private int iteration;
  private boolean warm;

  /** Makes the block and everybody's state. */
  @Setup
  public void makeBlock() {
    Threads.limitNd4j(threads);
    Contest sides = Contest.labelled(contest);
    block = new Block(parameters, type);
    sides.contestants().forEach(c -> steps.put(c, block.step(sides, c)));
    order = new ArrayList<>(steps.keySet());
    cycle = sides.cycle();
  }

  /** Notes whether what follows counts. */
  @Setup(Level.Iteration)
  public void startIteration(IterationParams iteration) {
    warm = iteration.getType() == IterationType.MEASUREMENT;
  }

  /** A step of every contestant. */
  @Benchmark
  public void round() {
    Collections.shuffle(order, random);
    for (Contestant contestant : order) {
      double nanos = (double) nanosOfCycle(steps.get(contestant)) / cycle;
      if (warm) {
        samples.add(Quantity.STEP, contestant, nanos);
      }
    }
    iteration += cycle;
  }

  private long nanosOfCycle(IntConsumer step) {
    long nanos = 0;
    for (int i = 0; i < cycle; i++) {
      block.restoreGradient();
      long start = System.nanoTime();
      step.accept(iteration + i);
      nanos += System.nanoTime() - start;
    }
    return nanos;
  }

  /** Checks that numbers stayed numbers, and hands out the medians. */
  @TearDown
  public void save() throws IOException {
    for (IntConsumer step : steps.values()) {
      block.restoreGradient();
      step.accept(iteration);
      block.checkFinite();
    }
    samples.save(Measurement.BLOCK, Contest.labelled(contest), type, threads, parameters);
  }
}
