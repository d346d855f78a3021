package org.dl4jx.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Steps of one contestant and nothing else, for JMH's gc profiler, which counts what all threads
 * allocate. The gradient is not restored, since that allocates too: every step works on the update
 * of the one before.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AllocationBenchmark {
  /** What is set against each other. */
  @Param("adamw")
  private String contest;

  /** Who takes the steps. */
  @Param({"BUILT_IN", "OURS"})
  private Contestant contestant;

  /** The length of the block. */
  @Param("1000000")
  private int parameters;

  private IntConsumer step;
  private int iteration;

  /** Makes the block. */
  @Setup
  public void makeBlock() {
    step = new Block(parameters, NumberType.FLOAT).step(Contest.labelled(contest), contestant);
  }

  /** A step. */
  @Benchmark
  public void step() {
    step.accept(iteration++);
  }
}
