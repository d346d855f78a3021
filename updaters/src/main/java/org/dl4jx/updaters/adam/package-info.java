/** What Adam and its relatives share, and their fused steps; not for users. */
package org.dl4jx.updaters.adam;
