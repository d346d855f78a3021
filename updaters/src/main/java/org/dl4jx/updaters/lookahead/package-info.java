/** How training away from the point to evaluate works inside. Not for users. */
package org.dl4jx.updaters.lookahead;
