/** The list of all optimizers. */
package org.dl4jx.updaters.catalog;
