package org.dl4jx.workbench.data;

/**
 * How a byte becomes a number: divided by 255, and then standardized by the mean and the deviation
 * of its channel.
 *
 * @param mean one a channel
 * @param deviation one a channel
 */
record Scaling(float[] mean, float[] deviation) {
  /** Grey from 0 to 1. */
  static final Scaling GREY = new Scaling(new float[] {0}, new float[] {1});

  float[] scale(byte[] pixels) {
    float[] scaled = new float[pixels.length];
    int channelLength = pixels.length / mean.length;
    for (int i = 0; i < pixels.length; i++) {
      int channel = i / channelLength;
      scaled[i] = ((pixels[i] & 0xff) / 255f - mean[channel]) / deviation[channel];
    }
    return scaled;
  }
}
