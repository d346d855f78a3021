/** How decoupled weight decay works inside. Not for users. */
package org.dl4jx.updaters.decay;
