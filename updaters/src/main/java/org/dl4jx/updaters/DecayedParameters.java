package org.dl4jx.updaters;

/** Which parameters {@link DecoupledDecay} decays. */
public enum DecayedParameters implements DecayOption {
  /**
   * Weights only, as is usual: what a layer counts as weights, without normalization gains. In
   * SameDiff, which does not tell weights from biases, arrays with at least two rows.
   */
  WEIGHTS,
  /** Biases as well; in SameDiff, every trained variable. Normalization parameters stay out. */
  WEIGHTS_AND_BIASES
}
