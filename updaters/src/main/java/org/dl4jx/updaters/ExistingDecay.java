package org.dl4jx.updaters;

/**
 * What {@link DecoupledDecay} does where weights that are to decay have {@code l2} or
 * Deeplearning4j's {@code WeightDecay} already, and would decay twice.
 */
public enum ExistingDecay implements DecayOption {
  /** Refuses, as it does unless told otherwise. */
  REFUSE,
  /** Takes the other decay away. That of weights that do not decay here stays. */
  REPLACE
}
