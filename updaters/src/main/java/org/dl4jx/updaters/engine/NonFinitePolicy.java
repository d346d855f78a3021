package org.dl4jx.updaters.engine;

/** What an updater does with a gradient that holds NaN or an infinity. */
public enum NonFinitePolicy {
  /**
   * Throws a {@link NonFiniteGradientException} before anything of the state is touched. The
   * default: training goes no further with numbers that mean nothing.
   */
  FAIL,
  /**
   * Leaves out the step: the update is zero, decoupled weight decay included, and the state stays
   * as it was. Each block of parameters with equal updaters decides for itself.
   */
  SKIP,
  /** Does not look: NaN spreads through state and parameters as in Deeplearning4j's updaters. */
  PROPAGATE
}
