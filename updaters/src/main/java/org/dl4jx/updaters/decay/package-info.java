/** The inside of decoupled weight decay; not for users. */
package org.dl4jx.updaters.decay;
