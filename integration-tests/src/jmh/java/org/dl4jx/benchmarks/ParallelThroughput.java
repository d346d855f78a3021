package org.dl4jx.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.stat.StatUtils;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Two workers of ParallelWrapper, which average after every fifth iteration. In a round, each side
 * trains its network on the same batches; the sides take turns in being first.
 */
final class ParallelThroughput {
  private static final int WORKERS = 2;
  private static final int FREQUENCY = 5;
  private static final List<Contestant> SIDES = List.of(Contestant.BUILT_IN, Contestant.OURS);

  private ParallelThroughput() {}

  /** Prints batches per second, and the median of the ratios of the rounds. */
  static void print(Collection<Contest> contests, int rounds) {
    MarkdownTable table =
        new MarkdownTable(
            1,
            List.of("updater", "Deeplearning4j, batches/s", "dl4jx, batches/s", "times as fast"));
    List<DataSet> batches = batches();
    for (Contest contest : contests) {
      Map<Contestant, double[]> seconds = measure(contest, batches, rounds);
      double[] theirs = seconds.get(Contestant.BUILT_IN);
      double[] ours = seconds.get(Contestant.OURS);
      double[] ratios = new double[rounds];
      for (int i = 0; i < rounds; i++) {
        ratios[i] = theirs[i] / ours[i];
      }
      table.add(
          List.of(
              contest.title(),
              rate(theirs, batches),
              rate(ours, batches),
              String.format(Locale.ROOT, "%.2f", StatUtils.percentile(ratios, 50))));
    }
    System.out.println(table);
  }

  private static String rate(double[] seconds, List<DataSet> batches) {
    return String.format(Locale.ROOT, "%.0f", batches.size() / StatUtils.percentile(seconds, 50));
  }

  private static List<DataSet> batches() {
    try {
      return TrainingImages.batches();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<Contestant, double[]> measure(
      Contest contest, List<DataSet> batches, int rounds) {
    Map<Contestant, MultiLayerNetwork> networks = new EnumMap<>(Contestant.class);
    Map<Contestant, double[]> seconds = new EnumMap<>(Contestant.class);
    for (Contestant side : SIDES) {
      networks.put(side, Network.SMALL_MLP.create(contest, side));
      seconds.put(side, new double[rounds]);
    }
    // The first round warms up.
    for (int round = -1; round < rounds; round++) {
      List<Contestant> order = new ArrayList<>(SIDES);
      if (round % 2 == 0) {
        Collections.reverse(order);
      }
      for (Contestant side : order) {
        double time = train(networks.get(side), batches);
        if (round >= 0) {
          seconds.get(side)[round] = time;
        }
      }
    }
    return seconds;
  }

  private static double train(MultiLayerNetwork network, List<DataSet> batches) {
    ParallelWrapper wrapper =
        new ParallelWrapper.Builder<>(network)
            .workers(WORKERS)
            .averagingFrequency(FREQUENCY)
            .prefetchBuffer(0)
            .build();
    long start = System.nanoTime();
    wrapper.fit(new ExistingDataSetIterator(batches));
    double seconds = (System.nanoTime() - start) / 1e9;
    wrapper.shutdown();
    return seconds;
  }
}
