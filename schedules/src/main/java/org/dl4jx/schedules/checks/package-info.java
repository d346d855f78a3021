/** Checks of arguments, and of values read from JSON and YAML, shared by the modules of dl4jx. */
package org.dl4jx.schedules.checks;
