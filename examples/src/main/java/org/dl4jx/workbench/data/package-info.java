/**
 * The images that the examples train on: MNIST and CIFAR-10, found, unpacked and checked here, and
 * digits that the program draws. All are held in memory as {@link org.dl4jx.workbench.data.Images},
 * so that subsets, validation sets and orders are made the same way for each.
 */
package org.dl4jx.workbench.data;
