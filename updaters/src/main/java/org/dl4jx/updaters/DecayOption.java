package org.dl4jx.updaters;

/** How {@link DecoupledDecay} attaches: {@link DecayedParameters} or {@link ExistingDecay}. */
public sealed interface DecayOption permits DecayedParameters, ExistingDecay {}
