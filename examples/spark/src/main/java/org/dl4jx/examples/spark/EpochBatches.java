package org.dl4jx.examples.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.util.MathArrays;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.dl4jx.workbench.experiment.NativeThreads;
import org.nd4j.linalg.dataset.DataSet;
import scala.Tuple2;

/** Deals out the images of an epoch, in an order that depends on the seed and the epoch alone. */
final class EpochBatches {
  private EpochBatches() {}

  /**
   * The batches of an epoch, in one partition for each worker in each round.
   *
   * @param images images by their number, from 0
   */
  static JavaRDD<DataSet> of(
      JavaSparkContext spark,
      JavaPairRDD<Integer, LabelledImage> images,
      AveragingRounds rounds,
      long seed,
      int epoch) {
    Broadcast<int[]> places = spark.broadcast(order(rounds.examples(), seed, epoch));
    int used = rounds.used();
    int batchSize = rounds.batchSize();
    return images
        .mapToPair(image -> new Tuple2<>(places.value()[image._1()], image._2()))
        .filter(image -> image._1() < used)
        .repartitionAndSortWithinPartitions(new ByRoundAndWorker(rounds))
        .values()
        .mapPartitions(part -> new Batches(part, batchSize));
  }

  /** The place of each image in the epoch. */
  static int[] order(int examples, long seed, int epoch) {
    int[] order = MathArrays.natural(examples);
    MathArrays.shuffle(order, new Well19937c(new int[] {(int) (seed >>> 32), (int) seed, epoch}));
    return order;
  }

  private static final class ByRoundAndWorker extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final AveragingRounds rounds;

    ByRoundAndWorker(AveragingRounds rounds) {
      this.rounds = rounds;
    }

    @Override
    public int numPartitions() {
      return rounds.partitions();
    }

    @Override
    public int getPartition(Object place) {
      return rounds.partition((Integer) place);
    }
  }

  /** Makes batches one by one: a byte per pixel stays in memory, where a float takes four. */
  private static final class Batches implements Iterator<DataSet> {
    private final Iterator<LabelledImage> images;
    private final int batchSize;

    Batches(Iterator<LabelledImage> images, int batchSize) {
      // Spark runs a task per core, so more threads in each would be in each other's way.
      NativeThreads.useOneUnlessSet();
      this.images = images;
      this.batchSize = batchSize;
    }

    @Override
    public boolean hasNext() {
      return images.hasNext();
    }

    @Override
    public DataSet next() {
      List<LabelledImage> batch = new ArrayList<>(batchSize);
      while (images.hasNext() && batch.size() < batchSize) {
        batch.add(images.next());
      }
      return LabelledImage.batch(batch);
    }
  }

  /** Batches in any order, for evaluation. */
  static JavaRDD<DataSet> forEvaluation(JavaPairRDD<Integer, LabelledImage> images) {
    return images.values().mapPartitions(part -> new Batches(part, 500));
  }
}
