package org.dl4jx.workbench.data;

/**
 * The size of an image.
 *
 * @param channels 1 for grey, 3 for red, green and blue
 * @param height in pixels
 * @param width in pixels
 */
public record ImageShape(int channels, int height, int width) {
  /**
   * The number of values per image.
   *
   * @return channels times height times width
   */
  public int length() {
    return channels * height * width;
  }
}
