package org.dl4jx.examples.spark;

import java.io.Serializable;
import java.lang.reflect.Array;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;
import scala.Function1;

/**
 * Deeplearning4j's averaging of parameters, over rounds that are known beforehand. By itself, it
 * deals out batches at random, unequally, and reads all of the data in every round.
 */
final class AveragingMaster extends ParameterAveragingTrainingMaster {
  /** Told when a round has ended. */
  interface Progress {
    void roundDone(int round, int of, double score);
  }

  /** Chooses the partitions of a round. A lambda would take all of the master to the workers. */
  private record OfRound(int round, int workers)
      implements Function1<Object, Object>, Serializable {
    @Override
    public Object apply(Object partition) {
      return (int) partition / workers == round;
    }
  }

  private final AveragingRounds rounds;
  private final Progress progress;

  AveragingMaster(Builder builder, AveragingRounds rounds, Progress progress) {
    super(builder);
    this.rounds = rounds;
    this.progress = progress;
  }

  /** The partitions of {@link EpochBatches}, round by round. */
  @Override
  protected <T> JavaRDD<T>[] getSplitRDDs(JavaRDD<T> data, int objects, int examplesPerObject) {
    @SuppressWarnings("unchecked")
    JavaRDD<T>[] splits = (JavaRDD<T>[]) Array.newInstance(JavaRDD.class, rounds.perEpoch());
    for (int i = 0; i < splits.length; i++) {
      splits[i] =
          PartitionPruningRDD.create(data.rdd(), new OfRound(i, rounds.workers())).toJavaRDD();
    }
    return splits;
  }

  @Override
  protected void processResults(
      SparkDl4jMultiLayer network,
      SparkComputationGraph graph,
      JavaRDD<ParameterAveragingTrainingResult> results,
      int round,
      int of) {
    MultiLayerConfiguration conf = network.getNetwork().getLayerWiseConfigurations();
    int before = conf.getIterationCount();
    super.processResults(network, graph, results, round, of);
    // It adds the averaging frequency, even if the round was shorter.
    conf.setIterationCount(before + rounds.batches(round - 1));
    progress.roundDone(round, of, network.getScore());
  }
}
