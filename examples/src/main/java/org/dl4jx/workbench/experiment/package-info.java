/**
 * Experiments: runs that differ only in updater, schedule and seed, their results, and where they
 * are stored. The result of a run depends on its settings alone, so that runs can be made at any
 * time and in any order.
 */
package org.dl4jx.workbench.experiment;
