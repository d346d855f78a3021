package org.dl4jx.updaters;

/**
 * Which parameters {@link DecoupledDecay} decays; by default {@link #WEIGHTS}.
 *
 * <pre>{@code
 * DecoupledDecay.attach(network, DecayedParameters.WEIGHTS_AND_BIASES);
 * System.out.println(DecoupledDecay.describe(network));
 * // prints:
 * // layer   parameter  weightDecay
 * // layer0  W          0.01
 * // layer0  b          0.01
 * // layer1  W          0.01
 * // layer1  b          0.01
 * }</pre>
 */
public enum DecayedParameters implements DecayOption {
  /**
   * Weights only, as usual: what a layer counts as weights, except the gains of normalizations. In
   * SameDiff, which does not distinguish weights from biases: arrays with at least two rows.
   */
  WEIGHTS,
  /** Biases too; in SameDiff, every trained variable. Never the parameters of normalizations. */
  WEIGHTS_AND_BIASES
}
