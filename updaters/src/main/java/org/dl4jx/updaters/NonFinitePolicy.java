package org.dl4jx.updaters;

/**
 * What an updater does with a gradient that contains NaN, an infinity, or a number whose square
 * overflows its type (for {@code float}, beyond ±1.8e19).
 *
 * <pre>{@code
 * AdamWDecoupled updater = AdamWDecoupled.builder()
 *     .learningRate(1e-3)
 *     .nonFiniteGradients(NonFinitePolicy.SKIP)
 *     .build();
 * }</pre>
 */
public enum NonFinitePolicy {
  /**
   * Throws a {@link NonFiniteGradientException}. This is the default: training does not continue
   * with meaningless numbers. The state of the parameters with these gradients is unchanged, and no
   * parameter of a {@code MultiLayerNetwork} or {@code ComputationGraph} has moved.
   *
   * <p>But if a network has several blocks of parameters (several updaters, or batch normalization
   * between layers), the state of earlier blocks has changed. In SameDiff, earlier variables have
   * taken the step. To go back to exactly the state before the step, restore a saved model.
   */
  FAIL,
  /**
   * Skips the step: the update is zero, without weight decay, and the state stays as it was. Each
   * block of parameters with equal updaters decides for itself. An updater whose steps build on
   * each other takes the step with a gradient of zero instead, and its documentation says so.
   */
  SKIP,
  /** Does not check: NaN spreads through state and parameters, as in Deeplearning4j's updaters. */
  PROPAGATE
}
