/** The list of all optimizers, for programs that let users choose one by name. */
package org.dl4jx.updaters.catalog;
