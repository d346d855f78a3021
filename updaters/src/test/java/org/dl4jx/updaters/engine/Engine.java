package org.dl4jx.updaters.engine;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.dl4jx.updaters.decay.OutOfReach;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;

/** Lets tests in other packages make the choices of the engine. */
public final class Engine {
  private Engine() {}

  /**
   * The rule for one step of an updater that has taken every earlier iteration in this epoch, with
   * sums of zero.
   */
  public static Rule rule(UpdaterConfiguration updater, int iteration, int epoch) {
    Scalars scalars = newScalars(updater, DataType.DOUBLE);
    Rule rule = null;
    for (int i = scalars(updater) == 0 ? iteration : 0; i <= iteration; i++) {
      rule = updater.rule(new Step(i + 1L, i, epoch), scalars);
      remember(scalars, rule.remembered(new double[rule.sums()]));
    }
    return rule;
  }

  private static Scalars newScalars(UpdaterConfiguration updater, DataType type) {
    return new Scalars(Nd4j.zeros(type, Math.max(1, Scalars.room(scalars(updater)))));
  }

  private static void remember(Scalars scalars, double[] remembered) {
    for (int i = 0; i < remembered.length; i++) {
      scalars.set(i, remembered[i]);
    }
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
    RuleUpdater steps = new RuleUpdater(unshown(updater, view), Backend.OTHER);
    steps.setFlatState(view, true);
    return steps;
  }

  /** An updater of a single array that takes steps without seeing its weights. */
  public static GradientUpdater<?> withoutWeights(
      UpdaterConfiguration updater, INDArray view, boolean initialize) {
    return unshown(updater, view).instantiate(view, initialize);
  }

  private static UpdaterConfiguration unshown(UpdaterConfiguration updater, INDArray view) {
    StateLayout layout = StateLayout.of(updater);
    return OutOfReach.of(updater, (view.length() - layout.end()) / layout.arrays());
  }

  /** The formula of a rule alone, without its fused forms. */
  public static Rule formula(Rule rule) {
    return rule instanceof ArrayRule second ? new ArrayFormula(second) : new Formula(rule);
  }

  private record Formula(Rule rule) implements Rule {
    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      rule.apply(g, state);
    }

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state, Sums sums) {
      rule.apply(g, state, sums);
    }

    @Override
    public int sums() {
      return rule.sums();
    }
  }

  private record ArrayFormula(ArrayRule rule) implements ArrayRule {
    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      rule.apply(g, state);
    }

    @Override
    public void finish(ParameterArray array) {
      rule.finish(array);
    }

    @Override
    public boolean decaysFirst() {
      return rule.decaysFirst();
    }

    @Override
    public Others others() {
      Others others = rule.others();
      return others == null ? null : new Others(formula(others.rule()), others.decay());
    }
  }

  /** The steps of an updater in tiles, from iteration 0 on. */
  public static final class Steps {
    private final UpdaterConfiguration updater;
    private final Tiles tiles;
    private final Scalars scalars;
    private int taken;

    /** With scalars that are kept in some type. */
    public Steps(UpdaterConfiguration updater, DataType type, Tiles tiles) {
      this.updater = updater;
      this.tiles = tiles;
      this.scalars = newScalars(updater, type);
    }

    /** Turns the gradient into the update. */
    public void take(INDArray gradient) {
      take(rule -> rule, gradient);
    }

    /** Turns the gradient into the update by some form of the rule. */
    public void take(UnaryOperator<Rule> form, INDArray gradient) {
      Rule rule = updater.rule(new Step(taken + 1L, taken, 0), scalars);
      remember(scalars, rule.remembered(tiles.apply(form.apply(rule), gradient)));
      taken++;
    }
  }

  /** Steps in tiles over some state arrays. */
  public static final class Tiles {
    private final TiledStep<?> step;
    private final INDArray[] state;

    /** With the threads and buffers that the engine chooses. */
    public Tiles(INDArray... state) {
      this.state = state;
      this.step = TiledStep.over(state);
    }

    /** With a limit on the threads and on the numbers in a buffer. */
    public Tiles(int threads, int buffer, INDArray... state) {
      this.state = state;
      this.step = TiledStep.over(threads, buffer, state);
    }

    /** Turns the gradient into the update, and returns the sums. */
    public double[] apply(Rule rule, INDArray gradient) {
      if (!(rule instanceof ArrayRule arrayRule)) {
        return step.apply(rule, gradient);
      }
      RuleUpdater.Block block = new RuleUpdater.Block(gradient, state, step);
      BlockWeights none = new BlockWeights(List.of(), gradient, gradient, step.segment());
      new ArraySteps().apply(arrayRule, 0, block, none);
      return new double[0];
    }

    long countNonFinite(INDArray gradient) {
      return step.countNonFinite(gradient);
    }
  }
}
