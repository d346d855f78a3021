/** The inside of training at points of a look-ahead; not for users. */
package org.dl4jx.updaters.lookahead;
