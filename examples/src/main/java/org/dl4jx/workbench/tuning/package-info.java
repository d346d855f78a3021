/** Chooses learning rates and weight decays, with the same number of trials for each updater. */
package org.dl4jx.workbench.tuning;
