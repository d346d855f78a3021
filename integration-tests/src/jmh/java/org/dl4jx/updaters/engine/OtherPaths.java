package org.dl4jx.updaters.engine;

import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * Steps as the engine takes them elsewhere, or would take them with less. It is in the engine's
 * package because only there a path can be chosen.
 */
public final class OtherPaths {
  private OtherPaths() {}

  /**
   * An updater that works in ND4J operations, as on another backend.
   *
   * @param configuration the updater
   * @param stateView one row for all state arrays
   * @return the updater with this state
   */
  public static GradientUpdater<?> operations(
      UpdaterConfiguration configuration, INDArray stateView) {
    RuleUpdater updater = new RuleUpdater(configuration, Backend.OTHER);
    updater.setFlatState(stateView, true);
    return updater;
  }

  /**
   * Steps in tiles by the formula alone, without a loop that was fused by hand, and without the
   * guard.
   *
   * @param configuration the updater
   * @param gradient the gradient
   * @param stateView one row for all state arrays
   * @return takes the step of an iteration of the first epoch
   */
  public static IntConsumer formula(
      UpdaterConfiguration configuration, INDArray gradient, INDArray stateView) {
    Map<String, INDArray> named = operations(configuration, stateView).getState();
    INDArray[] state = configuration.stateNames().stream().map(named::get).toArray(INDArray[]::new);
    TiledStep<?> tiled = TiledStep.over(state);
    return iteration -> {
      Rule rule = configuration.rule(new Step(iteration + 1L, iteration, 0));
      tiled.apply(new Unfused(rule), gradient);
    };
  }

  private record Unfused(Rule rule) implements Rule {
    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      rule.apply(g, state);
    }
  }
}
