/**
 * What all updaters share, written once; not for users. An updater is an {@link
 * org.dl4jx.updaters.engine.UpdaterConfiguration}, which holds its hyperparameters, and a {@link
 * org.dl4jx.updaters.engine.Rule}, its mathematics in one step, written over {@link
 * org.dl4jx.updaters.engine.Cells}. Everything else is here: state arrays, types, tiles and threads
 * on the CPU, operations of ND4J on other backends, the guard against non-finite gradients, the
 * weights that regularizations show before a step, and the count of the steps.
 */
package org.dl4jx.updaters.engine;
