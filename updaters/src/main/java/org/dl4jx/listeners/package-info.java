/** Listeners whose state is saved in the file of the model. */
package org.dl4jx.listeners;
