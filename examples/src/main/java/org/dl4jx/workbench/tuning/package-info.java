/** Learning rates and decays, chosen for each updater from the same number of trials. */
package org.dl4jx.workbench.tuning;
