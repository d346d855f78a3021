package org.dl4jx.integration.distributed;

import org.nd4j.linalg.learning.config.IUpdater;

/**
 * How long a round of Spark's parameter averaging takes beside training, by a simple model: every
 * machine sends and receives at the same rate, the broadcast takes as long as one copy, since its
 * blocks travel between the workers, and additions are free.
 *
 * @param bytes what a worker sends: parameters and state
 * @param bandwidth of each machine, in bytes per second
 * @param overhead seconds for whatever does not depend on the size: starting a job, stragglers
 * @param depth of {@code treeAggregate}; 2 is the default of {@code
 *     ParameterAveragingTrainingMaster}
 */
record RoundCost(double bytes, double bandwidth, double overhead, int depth) {

  /**
   * What a worker sends in a round, and receives.
   *
   * @param updater the updater of all layers
   * @param lengths of the parameter arrays
   * @param width bytes per number
   */
  static long bytes(IUpdater updater, long[] lengths, int width) {
    long numbers = 0;
    for (long length : lengths) {
      numbers += length + updater.stateSize(length);
    }
    return numbers * width;
  }

  /** How many sums the driver adds up. */
  int sumsAtDriver(int workers) {
    return reduce(workers)[0];
  }

  /** How many arrays follow one another from the slowest worker to the driver's result. */
  int copiesOnTheWayUp(int workers) {
    return reduce(workers)[1];
  }

  /** As in {@code RDD.treeAggregate} of Spark. */
  private int[] reduce(int workers) {
    int scale = Math.max((int) Math.ceil(Math.pow(workers, 1.0 / depth)), 2);
    int sums = workers;
    int copies = 0;
    while (sums > scale + Math.ceil((double) sums / scale)) {
      int fewer = sums / scale;
      copies += (sums + fewer - 1) / fewer;
      sums = fewer;
    }
    return new int[] {sums, copies + sums};
  }

  /** All bytes that go over the network: every worker's down, and every sum up. */
  double traffic(int workers) {
    int scale = Math.max((int) Math.ceil(Math.pow(workers, 1.0 / depth)), 2);
    long sent = workers;
    int sums = workers;
    while (sums > scale + Math.ceil((double) sums / scale)) {
      sums /= scale;
      sent += sums;
    }
    return bytes * (workers + sent);
  }

  /** How long a round takes beside training. */
  double seconds(int workers) {
    return overhead + bytes / bandwidth * (1 + copiesOnTheWayUp(workers));
  }

  /**
   * The smallest k with which rounds take at most a share of all time.
   *
   * @param step seconds for an iteration
   * @param share in (0, 1)
   */
  long every(int workers, double step, double share) {
    return workers == 1 ? 1 : (long) Math.ceil(seconds(workers) / step * (1 - share) / share);
  }
}
