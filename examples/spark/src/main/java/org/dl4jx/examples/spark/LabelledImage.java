package org.dl4jx.examples.spark;

import java.io.Serializable;
import java.util.List;
import org.dl4jx.workbench.data.ImageData;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An image of MNIST.
 *
 * @param pixels greys, row by row
 * @param label the digit
 */
record LabelledImage(byte[] pixels, byte label) implements Serializable {
  private static final float WHITE = 255;

  /** A batch with a row of greys from 0 to 1 for each image. */
  static DataSet batch(List<LabelledImage> images) {
    float[][] features = new float[images.size()][];
    INDArray oneHot = Nd4j.zeros(images.size(), ImageData.CLASSES);
    for (int i = 0; i < features.length; i++) {
      LabelledImage image = images.get(i);
      features[i] = image.greys();
      oneHot.putScalar(i, image.label, 1);
    }
    return new DataSet(Nd4j.create(features), oneHot);
  }

  private float[] greys() {
    float[] greys = new float[pixels.length];
    for (int i = 0; i < greys.length; i++) {
      greys[i] = (pixels[i] & 0xff) / WHITE;
    }
    return greys;
  }
}
