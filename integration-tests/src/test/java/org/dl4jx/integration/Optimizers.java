package org.dl4jx.integration;

import java.util.Arrays;
import java.util.stream.Stream;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.dl4jx.updaters.engine.UpdaterConfiguration;

/**
 * Every optimizer of dl4jx that needs no listener, at learning rates for small networks and few
 * steps.
 */
public final class Optimizers {
  /** In some hundred steps, less does not get far; and in BFLOAT16 it is rounded away. */
  private static final double LEAST_RATE = 1e-2;

  /** The steps of Adagrad shrink, so in so few steps it needs longer ones. */
  private static final double RATE_OF_ADAGRAD = 0.1;

  /** Weights that start at 0 grow by this fraction in each step. */
  private static final double RATE_OF_LAMB = 3e-2;

  /** Twenty times that of AdamW, for what is not a matrix. */
  private static final double RATE_OF_MUON = 0.2;

  private Optimizers() {}

  public static Stream<UpdaterConfiguration> all(double weightDecay) {
    return Arrays.stream(NamedOptimizer.values())
        .filter(o -> o.need() != NamedOptimizer.Need.CURVATURE)
        .map(o -> o.create(rate(o), weightDecay));
  }

  /**
   * A learning rate that suits small networks and few steps.
   *
   * @param optimizer the optimizer
   * @return the rate
   */
  public static double rate(NamedOptimizer optimizer) {
    return switch (optimizer) {
      case ADAGRAD -> RATE_OF_ADAGRAD;
      case LAMB -> RATE_OF_LAMB;
      case MUON -> RATE_OF_MUON;
      default -> Math.max(LEAST_RATE, optimizer.usualLearningRate());
    };
  }
}
