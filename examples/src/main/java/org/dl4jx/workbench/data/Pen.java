package org.dl4jx.workbench.data;

import java.util.List;
import java.util.Random;

/**
 * A hand with a pen that draws a glyph in its own way. The grey of a pixel follows from its
 * distance to the strokes, in plain arithmetic: a graphics library may draw differently in its next
 * version, and fonts differ between machines.
 */
final class Pen {
  private static final double GLYPH_SIZE = 100;

  private final int side;
  private final Random random;
  private final double[][] placing;
  private final double radius;
  private final double ink;
  private final double noise;

  Pen(int side, Random random) {
    this.side = side;
    this.random = random;
    double angle = Math.toRadians(10) * random.nextGaussian();
    double slant = 0.15 * random.nextGaussian();
    double width = side / GLYPH_SIZE * between(0.55, 0.85);
    double height = side / GLYPH_SIZE * between(0.65, 0.9);
    // StrictMath, because Math.sin may differ between machines in its last bit.
    double sin = StrictMath.sin(angle);
    double cos = StrictMath.cos(angle);
    this.placing =
        new double[][] {
          {cos * width, cos * slant * width - sin * height, side / 2.0 + between(-2.5, 2.5)},
          {sin * width, sin * slant * width + cos * height, side / 2.0 + between(-2.5, 2.5)}
        };
    this.radius = between(0.7, 1.7);
    this.ink = between(0.7, 1);
    this.noise = between(0, 0.15);
  }

  private double between(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  /** The image, row by row, from 0 (paper) to 1 (ink). */
  float[] draw(List<double[][]> strokes) {
    List<double[][]> placed = strokes.stream().map(this::place).toList();
    float[] image = new float[side * side];
    for (int i = 0; i < image.length; i++) {
      double distance = distance(i % side + 0.5, i / side + 0.5, placed);
      double grey = ink * clip(radius + 0.5 - distance) + noise * random.nextGaussian();
      image[i] = (float) clip(grey);
    }
    return image;
  }

  private double[][] place(double[][] stroke) {
    double[][] placed = new double[stroke.length][2];
    for (int i = 0; i < stroke.length; i++) {
      double x = stroke[i][0] - GLYPH_SIZE / 2;
      double y = stroke[i][1] - GLYPH_SIZE / 2;
      for (int axis = 0; axis < 2; axis++) {
        placed[i][axis] = placing[axis][0] * x + placing[axis][1] * y + placing[axis][2];
      }
    }
    return placed;
  }

  private static double distance(double x, double y, List<double[][]> strokes) {
    double nearest = Double.POSITIVE_INFINITY;
    for (double[][] stroke : strokes) {
      for (int i = 1; i < stroke.length; i++) {
        nearest = Math.min(nearest, squaredDistance(x, y, stroke[i - 1], stroke[i]));
      }
    }
    return Math.sqrt(nearest);
  }

  private static double squaredDistance(double x, double y, double[] a, double[] b) {
    double dx = b[0] - a[0];
    double dy = b[1] - a[1];
    double length = dx * dx + dy * dy;
    double along = length == 0 ? 0 : clip(((x - a[0]) * dx + (y - a[1]) * dy) / length);
    double ex = a[0] + along * dx - x;
    double ey = a[1] + along * dy - y;
    return ex * ex + ey * ey;
  }

  private static double clip(double value) {
    return Math.max(0, Math.min(1, value));
  }
}
