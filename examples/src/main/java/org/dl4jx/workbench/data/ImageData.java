package org.dl4jx.workbench.data;

import java.io.IOException;

/** A data set of images in {@link #CLASSES} classes. */
public interface ImageData {
  /** Number of classes. */
  int CLASSES = 10;

  /**
   * The name of the data set on the command line and in files.
   *
   * @return a name such as {@code mnist}
   */
  String name();

  /**
   * Tells the user where the images come from.
   *
   * @return a phrase such as {@code "MNIST in /data/mnist"}
   */
  String description();

  /**
   * The size of an image.
   *
   * @return channels, height and width
   */
  ImageShape shape();

  /**
   * The number of training images.
   *
   * @return the number
   */
  int trainExamples();

  /**
   * The number of test images.
   *
   * @return the number
   */
  int testExamples();

  /**
   * The number of epochs to train for unless the user asks for another.
   *
   * @return a number that gives a learning-rate schedule some thousands of iterations
   */
  int usualEpochs();

  /**
   * Reads all training images.
   *
   * @return the images, in the order of the files
   * @throws IOException if the images cannot be read
   */
  Images train() throws IOException;

  /**
   * Reads all test images.
   *
   * @return the images, in the order of the files
   * @throws IOException if the images cannot be read
   */
  Images test() throws IOException;
}
