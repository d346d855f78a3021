/**
 * Benchmarks: updaters of dl4jx beside those of Deeplearning4j, as single steps and in networks.
 * JMH starts the processes; each takes its samples in rounds, in which all contestants have their
 * turn, and leaves its medians for the report.
 */
package org.dl4jx.benchmarks;
