/** Checks of arguments, shared by the modules of dl4jx. */
package org.dl4jx.schedules.checks;
