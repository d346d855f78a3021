/**
 * The images that the examples train on: MNIST, found, unpacked and checked here and read by
 * Deeplearning4j's own iterator, or digits that the program draws.
 */
package org.dl4jx.examples.data;
