package org.dl4jx.updaters.engine;

/**
 * What an updater does with a gradient that holds NaN, an infinity, or a number whose square
 * overflows its type: above 1.8e19 in size for {@code float}.
 */
public enum NonFinitePolicy {
  /**
   * Throws a {@link NonFiniteGradientException} before anything of the state is touched. The
   * default: training goes no further with numbers that mean nothing.
   */
  FAIL,
  /**
   * Leaves out the step: the update is zero, decoupled weight decay included, and the state stays
   * as it was. Each block of parameters with equal updaters decides for itself. An updater whose
   * steps build on each other takes the step with a gradient of zero instead, and says so.
   */
  SKIP,
  /** Does not look: NaN spreads through state and parameters as in Deeplearning4j's updaters. */
  PROPAGATE
}
