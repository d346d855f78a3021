/** What Adam and its relatives share, and their fused steps. Not for users. */
package org.dl4jx.updaters.adam;
