/** Checks of arguments and of what JSON and YAML give, shared by the modules of dl4jx. */
package org.dl4jx.schedules.checks;
