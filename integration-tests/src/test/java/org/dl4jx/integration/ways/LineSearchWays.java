package org.dl4jx.integration.ways;

import static org.dl4jx.integration.ways.Way.learns;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;

/** Solvers that search along a line, and call an updater several times per iteration. */
final class LineSearchWays {
  private LineSearchWays() {}

  static List<Way> all() {
    return Arrays.stream(OptimizationAlgorithm.values())
        .filter(solver -> solver != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT)
        .map(
            solver ->
                learns(
                    "optimizationAlgo(" + solver + ")",
                    run ->
                        Trained.inPlace(
                            run.network(run.builder().optimizationAlgo(solver)),
                            run::score,
                            n -> n.fit(run.iterator(), run.epochs()))))
        .toList();
  }
}
