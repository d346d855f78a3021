package org.dl4jx.updaters.engine;

import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;

/** Lets tests in other packages make the choices of the engine. */
public final class Engine {
  private Engine() {}

  /** The rule for one step of an updater that has taken every earlier iteration in this epoch. */
  public static Rule rule(UpdaterConfiguration updater, int iteration, int epoch) {
    return rule(updater, DataType.DOUBLE, iteration, epoch);
  }

  /** The same, with scalars that are kept in some type. */
  public static Rule rule(UpdaterConfiguration updater, DataType type, int iteration, int epoch) {
    int count = scalars(updater);
    Scalars scalars = new Scalars(Nd4j.zeros(type, Math.max(1, Scalars.room(count))));
    Rule rule = null;
    for (int i = count == 0 ? iteration : 0; i <= iteration; i++) {
      rule = updater.rule(new Step(i + 1L, i, epoch), scalars);
      double[] remembered = rule.remembered();
      for (int j = 0; j < remembered.length; j++) {
        scalars.set(j, remembered[j]);
      }
    }
    return rule;
  }

  /** How many state arrays an updater has. */
  public static int arrays(UpdaterConfiguration updater) {
    return updater.stateNames().size();
  }

  /** How many scalars an updater has. */
  public static int scalars(UpdaterConfiguration updater) {
    return updater.scalarNames().size();
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
