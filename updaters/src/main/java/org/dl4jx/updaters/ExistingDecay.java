package org.dl4jx.updaters;

/**
 * What {@link DecoupledDecay} does where weights that are to decay have {@code l2} or
 * Deeplearning4j's {@code WeightDecay} already, and would decay twice.
 */
public enum ExistingDecay implements DecayOption {
  /** Refuses, as it does unless told otherwise. */
  REFUSE,
  /**
   * Takes the other decay away, from all weights of a layer (or all its biases) if any of them
   * decay here, since Deeplearning4j has one list of regularizations for them. Other layers keep
   * theirs.
   */
  REPLACE
}
