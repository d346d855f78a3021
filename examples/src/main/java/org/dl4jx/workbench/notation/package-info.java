/** The names of updaters and schedules on the command line and in files. */
package org.dl4jx.workbench.notation;
