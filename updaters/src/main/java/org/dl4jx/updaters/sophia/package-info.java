/** How gradients for labels that a network draws itself are computed. Not for users. */
package org.dl4jx.updaters.sophia;
