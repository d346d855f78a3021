/**
 * Experiments: runs that differ in updater, schedule and seed and in nothing else, what came out of
 * each, and where it is kept. A run is a function of its settings, so that it does not matter when,
 * or in which order, runs are made.
 */
package org.dl4jx.workbench.experiment;
