package org.dl4jx.examples.spark;

import static org.dl4jx.schedules.checks.Argument.check;

import java.io.Serializable;

/**
 * How an epoch is dealt out. In a round, each worker trains the same number of batches, and then
 * the workers are averaged. Batches are whole, so the last examples of an epoch are left out if
 * they are too few for one batch per worker.
 *
 * @param examples number of training examples
 * @param batchSize examples per batch
 * @param workers number of workers
 * @param averagingFrequency batches per worker and round; the last round of an epoch may have fewer
 */
record AveragingRounds(int examples, int batchSize, int workers, int averagingFrequency)
    implements Serializable {

  AveragingRounds {
    positive("--batch-size", batchSize);
    positive("--workers", workers);
    positive("--averaging-frequency", averagingFrequency);
    check(
        (long) batchSize * workers <= examples,
        "--batch-size",
        batchSize,
        String.format(
            "at most %d, for %d workers to share %d images",
            examples / workers, workers, examples));
  }

  private static void positive(String name, int value) {
    check(value >= 1, name, value, "a number >= 1");
  }

  /** Batches that each worker trains in an epoch. */
  int iterationsPerEpoch() {
    return examples / (batchSize * workers);
  }

  int perEpoch() {
    return (iterationsPerEpoch() - 1) / averagingFrequency + 1;
  }

  /** Batches that each worker trains in a round. */
  int batches(int round) {
    return Math.min(averagingFrequency, iterationsPerEpoch() - round * averagingFrequency);
  }

  /** One partition for each worker in each round. */
  int partitions() {
    return perEpoch() * workers;
  }

  /** Examples that are trained in an epoch. */
  int used() {
    return iterationsPerEpoch() * batchSize * workers;
  }

  /** The partition of the example at a place in the order of an epoch. */
  int partition(int place) {
    int round = place / (averagingFrequency * batchSize * workers);
    int placeInRound = place - round * averagingFrequency * batchSize * workers;
    return round * workers + placeInRound / (batches(round) * batchSize);
  }
}
