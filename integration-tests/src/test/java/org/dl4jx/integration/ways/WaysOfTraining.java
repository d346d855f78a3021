package org.dl4jx.integration.ways;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.dl4jx.integration.Optimizers;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.Lookahead;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.nd4j.linalg.learning.config.IUpdater;

/** All ways and all updaters. */
final class WaysOfTraining {
  private static final double RATE = 1e-2;

  /** Its first steps are short. */
  private static final double RATE_OF_RADAM = 0.1;

  private WaysOfTraining() {}

  static List<Way> all() {
    return Stream.of(
            FitWays.all(),
            SettingsWays.all(),
            SequenceWays.all(),
            PretrainingWays.all(),
            TransferWays.all(),
            ZooWays.all(),
            CourseWays.all(),
            ParallelWays.all(),
            SameDiffWays.all(),
            LineSearchWays.all())
        .flatMap(List::stream)
        .toList();
  }

  /**
   * An updater of dl4jx.
   *
   * @param name of its class
   * @param rate its learning rate
   * @param create makes it, from a weight decay
   */
  record Updater(String name, double rate, DoubleFunction<IUpdater> create) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** One of each class, in the order of the catalog. */
  static List<Updater> updaters() {
    Map<String, Updater> updaters = new LinkedHashMap<>();
    Arrays.stream(NamedOptimizer.values()).forEach(o -> put(updaters, o));
    updaters.put(
        "Lookahead",
        new Updater("Lookahead", RATE, decay -> new Lookahead(new AdamWDecoupled(RATE, decay))));
    return List.copyOf(updaters.values());
  }

  private static void put(Map<String, Updater> updaters, NamedOptimizer optimizer) {
    double rate = optimizer == NamedOptimizer.RADAM ? RATE_OF_RADAM : Optimizers.rate(optimizer);
    String name = optimizer.create(rate, 0).getClass().getSimpleName();
    updaters.putIfAbsent(name, new Updater(name, rate, decay -> optimizer.create(rate, decay)));
  }
}
