/**
 * The experiments commonly used to explain optimizers: how updaters respond to simple gradients,
 * and how they move on surfaces of two parameters.
 */
package org.dl4jx.workbench.lab;
