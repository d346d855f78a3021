package org.dl4jx.workbench.data;

/** Images whose pixels are numbers from 0 to 1. */
final class GreyImage {
  private GreyImage() {}

  /** The nearest of 256 greys. */
  static byte[] bytes(float[] pixels) {
    byte[] bytes = new byte[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      bytes[i] = (byte) Math.round(255 * pixels[i]);
    }
    return bytes;
  }
}
