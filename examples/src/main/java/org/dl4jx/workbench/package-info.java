/** The command line, which compares updaters and schedules on real data. */
package org.dl4jx.workbench;
