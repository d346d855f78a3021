/** The list of all optimizers, for programs that offer a choice of them by name. */
package org.dl4jx.updaters.catalog;
