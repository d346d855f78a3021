package org.dl4jx.workbench.experiment;

import org.dl4jx.workbench.data.Images;
import org.nd4j.linalg.dataset.DataSet;

/** The batches of a run, epoch after epoch, in an order that the seed decides. */
final class Batches {
  private final Images images;
  private final int batchSize;
  private final long seed;
  private int epoch;
  private int[] order;
  private int from;

  Batches(Images images, int batchSize, long seed) {
    this.images = images;
    this.batchSize = batchSize;
    this.seed = seed;
    this.order = images.order(seed, epoch);
  }

  DataSet next() {
    if (from == order.length) {
      order = images.order(seed, ++epoch);
      from = 0;
    }
    int to = Math.min(order.length, from + batchSize);
    DataSet batch = images.batch(order, from, to);
    from = to;
    return batch;
  }
}
