package org.dl4jx.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.apache.commons.math3.util.ResizableDoubleArray;
import org.dl4jx.updaters.engine.RunningArray;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
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
 * One update of an average of weights, beside the same by ND4J operations, and beside copies of
 * three arrays. They take turns in a random order; the medians are printed.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AverageBenchmark {
  private static final String AVERAGE = "average";
  private static final String OPERATIONS = "by ND4J operations";
  private static final String COPIES = "three copies";
  private static final double SHARE = 0.001;

  /** The type of all numbers. */
  @Param({"FLOAT", "DOUBLE"})
  private NumberType type;

  /** The number of weights. */
  @Param({"10000", "1000000", "25000000"})
  private int parameters;

  private final Random random = new Random(1);
  private final Map<String, Runnable> contestants = new LinkedHashMap<>();
  private final Map<String, ResizableDoubleArray> samples = new LinkedHashMap<>();
  private INDArray average;
  private boolean warm;

  /** Makes the arrays. */
  @Setup
  public void makeArrays() {
    INDArray weights = Nd4j.rand(type.dataType(), parameters);
    average = Nd4j.rand(type.dataType(), parameters);
    RunningArray running = new RunningArray(average);
    INDArray other = average.dup();
    INDArray[] targets = {average.dup(), average.dup(), average.dup()};
    contestants.put(AVERAGE, () -> running.approach(SHARE, weights));
    contestants.put(OPERATIONS, () -> other.addi(weights.sub(other).muli(SHARE)));
    contestants.put(
        COPIES,
        () -> {
          for (INDArray target : targets) {
            target.assign(weights);
          }
        });
    contestants.keySet().forEach(name -> samples.put(name, new ResizableDoubleArray()));
  }

  /** Notes whether what follows counts. */
  @Setup(Level.Iteration)
  public void startIteration(IterationParams iteration) {
    warm = iteration.getType() == IterationType.MEASUREMENT;
  }

  /** One of each. */
  @Benchmark
  public void round() {
    List<String> order = new ArrayList<>(contestants.keySet());
    Collections.shuffle(order, random);
    for (String name : order) {
      long start = System.nanoTime();
      contestants.get(name).run();
      if (warm) {
        samples.get(name).addElement((System.nanoTime() - start) / 1e6);
      }
    }
  }

  /** Prints the medians, and how they compare with the copies. */
  @TearDown
  public void print() {
    if (!Double.isFinite(average.sumNumber().doubleValue())) {
      throw new IllegalStateException("the average is no longer finite");
    }
    double copies = new Median().evaluate(samples.get(COPIES).getElements());
    samples.forEach(
        (name, millis) -> {
          double median = new Median().evaluate(millis.getElements());
          System.out.printf(
              Locale.ROOT,
              "%n%s, %,d, %s: %.4f ms, %.2f of three copies",
              type,
              parameters,
              name,
              median,
              median / copies);
        });
    System.out.println();
  }
}
