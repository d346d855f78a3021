/** The command line: trainers that compare updaters and schedules on real data. */
package org.dl4jx.workbench;
