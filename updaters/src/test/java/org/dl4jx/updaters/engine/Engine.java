package org.dl4jx.updaters.engine;

import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;

/** Lets tests in other packages make the choices of the engine. */
public final class Engine {
  private Engine() {}

  /** The rule for one step of an updater that has taken every earlier iteration. */
  public static Rule rule(UpdaterConfiguration updater, int iteration, int epoch) {
    return updater.rule(new Step(iteration + 1L, iteration, epoch));
  }

  /** How many state arrays an updater has. */
  public static int arrays(UpdaterConfiguration updater) {
    return updater.stateNames().size();
  }

  /** All hyperparameters of an updater by name. */
  public static Map<String, Object> parameters(UpdaterConfiguration updater) {
    return updater.parameters();
  }

  /** An updater that takes steps by ND4J operations, as on a GPU. */
  public static GradientUpdater<?> onAnotherBackend(UpdaterConfiguration updater, INDArray view) {
    RuleUpdater steps = new RuleUpdater(updater, Backend.OTHER);
    steps.setFlatState(view, true);
    return steps;
  }

  /** The formula of a rule alone, without its fused forms. */
  public record Formula(Rule rule) implements Rule {
    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      rule.apply(g, state);
    }
  }

  /** Steps in tiles over some state arrays. */
  public static final class Tiles {
    private final TiledStep<?> step;

    /** With the threads and buffers that the engine chooses. */
    public Tiles(INDArray... state) {
      this.step = TiledStep.over(state);
    }

    /** With a limit on the threads and on the numbers in a buffer. */
    public Tiles(int threads, int buffer, INDArray... state) {
      this.step = TiledStep.over(threads, buffer, state);
    }

    /** Turns the gradient into the update. */
    public void apply(Rule rule, INDArray gradient) {
      step.apply(rule, gradient);
    }

    long countNonFinite(INDArray gradient) {
      return step.countNonFinite(gradient);
    }
  }
}
