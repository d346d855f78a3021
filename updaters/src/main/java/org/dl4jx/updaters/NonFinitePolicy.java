package org.dl4jx.updaters;

/**
 * What an updater does with a gradient that holds NaN, an infinity, or a number whose square
 * overflows its type: above 1.8e19 in size for {@code float}.
 */
public enum NonFinitePolicy {
  /**
   * Throws a {@link NonFiniteGradientException}. The default: training goes no further with numbers
   * that mean nothing. The state of the block of parameters with these gradients is untouched, and
   * no parameter of a {@code MultiLayerNetwork} or {@code ComputationGraph} has moved. Where a
   * network has several blocks (several updaters, or batch normalization between the layers), the
   * state of earlier ones has moved on, and SameDiff has stepped earlier variables; to train on
   * exactly, restore what was saved before.
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
