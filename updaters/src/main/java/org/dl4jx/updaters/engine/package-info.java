/**
 * What all updaters share, written once: configuration and serialization, state arrays, the choice
 * between ND4J operations and the fused path on the CPU, its tiles and threads, and the guard
 * against non-finite gradients. For the authors of updaters; of its types users name only {@link
 * org.dl4jx.updaters.engine.NonFinitePolicy} and {@link
 * org.dl4jx.updaters.engine.NonFiniteGradientException}.
 *
 * <p>An updater is an {@link org.dl4jx.updaters.engine.UpdaterConfiguration} and a {@link
 * org.dl4jx.updaters.engine.Rule}.
 */
package org.dl4jx.updaters.engine;
