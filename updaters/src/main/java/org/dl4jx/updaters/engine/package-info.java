/**
 * What all updaters share, written once. Not for users.
 *
 * <p>An updater consists of an {@link org.dl4jx.updaters.engine.UpdaterConfiguration} with its
 * hyperparameters and a {@link org.dl4jx.updaters.engine.Rule} with the mathematics of one step, in
 * terms of {@link org.dl4jx.updaters.engine.Cells}. Everything else is here: state arrays, types,
 * tiles and threads on the CPU, ND4J operations on other backends, the guard against non-finite
 * gradients, the weights that regularizations show before a step, and the step count.
 */
package org.dl4jx.updaters.engine;
