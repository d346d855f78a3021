/**
 * The experiments by which optimizers are usually explained: how updaters answer simple gradients,
 * and how they move on surfaces of two parameters.
 */
package org.dl4jx.workbench.lab;
