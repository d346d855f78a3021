package org.dl4jx.examples.spark;

import java.io.Serializable;
import java.lang.reflect.Array;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;
import org.dl4jx.updaters.catalog.NamedOptimizer.Need;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.nd4j.linalg.dataset.DataSet;
import scala.Function1;

/**
 * Deeplearning4j's averaging of parameters and updater states, over the rounds of {@link
 * EpochBatches}. Deeplearning4j's own rounds are drawn at random, give workers unequal numbers of
 * batches, and read all of the data each time.
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

  private AveragingMaster(Builder builder, AveragingRounds rounds, Progress progress) {
    super(builder);
    this.rounds = rounds;
    this.progress = progress;
  }

  /**
   * A master.
   *
   * @param exportFolder folder for the batches of an epoch, which all machines see; null if they go
   *     to the workers directly
   */
  static AveragingMaster of(
      AveragingRounds rounds, NamedUpdater updater, String exportFolder, Progress progress) {
    Builder builder =
        new Builder(rounds.workers(), rounds.batchSize())
            .batchSizePerWorker(rounds.batchSize())
            .averagingFrequency(rounds.averagingFrequency())
            .saveUpdater(true)
            .repartionData(Repartition.Never)
            // Spark keeps what it has shuffled. Batches of floats would take more memory.
            .storageLevel(null)
            .exportDirectory(exportFolder)
            .rddTrainingApproach(
                exportFolder == null ? RDDTrainingApproach.Direct : RDDTrainingApproach.Export);
    if (updater.need() == Need.CURVATURE) {
      builder.trainingHooks(new CurvatureHook());
    }
    return new AveragingMaster(builder, rounds, progress);
  }

  /** The exported files in the partitions that their batches had. */
  @Override
  protected JavaRDD<String> exportIfRequired(JavaSparkContext spark, JavaRDD<DataSet> batches) {
    super.exportIfRequired(spark, batches);
    List<String> parts =
        spark.wholeTextFiles(lastRDDExportPath + "paths/").sortByKey().values().collect();
    return spark.parallelize(parts, parts.size()).flatMap(paths -> paths.lines().iterator());
  }

  /** Without this, it would make all batches to count them. */
  @Override
  protected <T, R extends JavaRDDLike<T, R>> long getTotalDataSetObjectCount(
      JavaRDDLike<T, R> data) {
    return rounds.iterationsPerEpoch() * rounds.workers();
  }

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
