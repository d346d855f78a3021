package org.dl4jx.workbench.data;

/**
 * Turns bytes into numbers: divides them by 255, then standardizes them by the mean and standard
 * deviation of their channel.
 *
 * @param mean one per channel
 * @param deviation one per channel
 */
record Scaling(float[] mean, float[] deviation) {
  /** Greys from 0 to 1. */
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
