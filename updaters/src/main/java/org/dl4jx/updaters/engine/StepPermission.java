package org.dl4jx.updaters.engine;

import org.nd4j.linalg.learning.config.IUpdater;

/** Whether the updater of a block may take a step. */
public final class StepPermission {
  private static final String SOLVERS = "org.deeplearning4j.optimize.solvers.BaseOptimizer";

  private final IUpdater updater;

  /** Why steps are refused; null if they are taken. */
  private String refusal;

  /** A network keeps its solver, so the first step tells. */
  private boolean solverIsKnown;

  /**
   * Permits steps.
   *
   * @param updater the configuration, for messages
   */
  public StepPermission(IUpdater updater) {
    this.updater = updater;
  }

  /**
   * Refuses steps, or takes them again.
   *
   * @param reason the message of the exception that a step then throws; null to take steps
   * @return the reason so far
   */
  public String refuse(String reason) {
    String before = refusal;
    refusal = reason;
    return before;
  }

  /**
   * Checks the permission, before anything has moved.
   *
   * @throws IllegalStateException if steps are refused, or if a solver with a line search asks for
   *     them: it calls updaters several times per iteration, and takes their results for gradients
   */
  public void check() {
    if (refusal != null) {
      throw new IllegalStateException(refusal);
    }
    if (!solverIsKnown && isCalledByLineSearch()) {
      throw new IllegalStateException(
          updater
              + " cannot train with LBFGS, CONJUGATE_GRADIENT or LINE_GRADIENT_DESCENT: they call"
              + " updaters several times per iteration and take what they return for a gradient."
              + " Set optimizationAlgo(OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT), which is"
              + " the default");
    }
    solverIsKnown = true;
  }

  /** Stochastic gradient descent has an {@code optimize} of its own; the others inherit it. */
  private static boolean isCalledByLineSearch() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames.anyMatch(
                    frame ->
                        frame.getClassName().equals(SOLVERS)
                            && frame.getMethodName().equals("optimize")));
  }
}
