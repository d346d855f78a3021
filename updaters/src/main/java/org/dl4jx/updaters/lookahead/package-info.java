/** How training at points of a look-ahead works inside. Not for users. */
package org.dl4jx.updaters.lookahead;
