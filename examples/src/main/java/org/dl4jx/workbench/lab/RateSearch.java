package org.dl4jx.workbench.lab;

import static java.util.Comparator.comparingDouble;

import java.util.Comparator;
import java.util.List;
import org.dl4jx.workbench.lab.Surface.Point;

/**
 * Picks the best of a few learning rates, the same ones for every optimizer and surface, so that
 * none is shown at a rate that suits only another. The best has the lowest final height; among
 * those that arrive, it is the first to arrive.
 */
final class RateSearch {
  static final List<Double> RATES = List.of(1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0);

  private static final Comparator<Trajectory> BETTER =
      comparingDouble((Trajectory t) -> Math.max(t.finalHeight(), t.arrivedBelow()))
          .thenComparing(t -> t.arrivedAfter() < 0 ? Integer.MAX_VALUE : t.arrivedAfter())
          .thenComparing(Trajectory::learningRate);

  private RateSearch() {}

  static Trajectory best(Optimizer optimizer, Surface surface, int evaluations) {
    return best(optimizer, surface, surface.start(), evaluations);
  }

  static Trajectory best(Optimizer optimizer, Surface surface, Point start, int evaluations) {
    return RATES.stream()
        .map(rate -> Trajectory.of(optimizer, surface, start, rate, evaluations, Trajectory.SEED))
        .min(BETTER)
        .orElseThrow();
  }
}
