package org.dl4jx.updaters;

/**
 * An option of {@link DecoupledDecay#attach attach}: {@link DecayedParameters} or {@link
 * ExistingDecay}.
 *
 * <pre>{@code
 * DecoupledDecay.attach(network, DecayedParameters.WEIGHTS_AND_BIASES, ExistingDecay.REPLACE);
 * }</pre>
 */
public sealed interface DecayOption permits DecayedParameters, ExistingDecay {}
