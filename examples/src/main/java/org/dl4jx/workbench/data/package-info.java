/**
 * The images to train on: MNIST and CIFAR-10, which are found, unpacked and checked here, and a
 * part of MNIST that comes with the program. All are held in memory as {@link
 * org.dl4jx.workbench.data.Images}, so that subsets, validation sets and orders are made in the
 * same way.
 */
package org.dl4jx.workbench.data;
