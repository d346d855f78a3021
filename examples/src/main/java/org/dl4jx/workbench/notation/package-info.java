/** How updaters and schedules are named on the command line and in files. */
package org.dl4jx.workbench.notation;
