package org.dl4jx.workbench.data;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The shapes of the digits, as strokes of a pen in a box 100 wide and high, y pointing down. */
final class Glyphs {
  /** By digit, then by shape. A stroke that starts with {@code ~} is smooth through its points. */
  private static final String[][][] STROKES = {
    {
      {"~ 50,8 73,20 80,50 73,80 50,92 27,80 20,50 27,20 50,8"},
      {"~ 52,8 66,18 70,50 64,82 48,92 34,82 30,50 36,18 52,8"}
    },
    {{"50,8 50,92"}, {"30,30 52,8 52,92", "30,92 74,92"}},
    {
      {"~ 24,28 34,12 54,8 72,20 70,40 48,66 24,90", "24,90 78,90"},
      {"~ 24,24 46,8 68,22 64,48 42,78 26,88 24,78 40,78 56,88 78,88"}
    },
    {
      {"~ 24,18 48,8 70,20 66,38 44,47", "~ 44,47 72,56 76,76 54,92 24,82"},
      {"26,10 72,10 46,42", "~ 46,42 68,48 76,70 54,92 24,82"}
    },
    {{"64,92 64,8 20,64 80,64"}, {"30,10 24,52 76,52", "66,22 62,92"}},
    {
      {"72,10 32,10 28,46", "~ 28,46 52,38 74,52 72,78 48,92 24,82"},
      {"76,12 38,12", "~ 38,12 32,40 56,46 70,62 58,86 26,90"}
    },
    {
      {"~ 66,10 42,22 26,52 30,82 50,92 72,78 70,58 50,48 28,62"},
      {"~ 58,8 36,44 28,74 44,92 64,84 66,66 50,58 30,70"}
    },
    {{"22,10 76,10 42,92"}, {"22,22 24,10 76,10 46,92", "34,52 70,52"}},
    {
      {"~ 50,8 70,20 68,38 50,47 32,38 30,20 50,8", "~ 50,47 74,60 74,80 50,92 26,80 26,60 50,47"},
      {"~ 68,18 48,8 30,22 40,42 64,58 72,78 50,92 28,78 38,58 62,40 68,18"}
    },
    {
      {"~ 70,34 52,50 32,42 30,20 50,8 68,18 72,40 66,70 46,92"},
      {"~ 68,18 48,8 30,22 34,42 52,46 68,30", "70,10 66,92"}
    }
  };

  private static final int PIECES_PER_CURVE = 4;

  private Glyphs() {}

  /** The strokes of one of the shapes of a digit, each a line of points {@code {x, y}}. */
  static List<double[][]> random(int digit, Random random) {
    String[][] shapes = STROKES[digit];
    return Stream.of(shapes[random.nextInt(shapes.length)])
        .map(stroke -> line(stroke, random))
        .toList();
  }

  private static double[][] line(String stroke, Random random) {
    boolean smooth = stroke.startsWith("~");
    double[][] points =
        Stream.of((smooth ? stroke.substring(2) : stroke).split(" "))
            .map(point -> point.split(","))
            .map(xy -> new double[] {wobble(xy[0], random), wobble(xy[1], random)})
            .toArray(double[][]::new);
    return smooth ? curve(points) : points;
  }

  private static double wobble(String coordinate, Random random) {
    return Double.parseDouble(coordinate) + 3 * random.nextGaussian();
  }

  /** The Catmull-Rom spline through the points, as short straight pieces. */
  private static double[][] curve(double[][] points) {
    int last = points.length - 1;
    double[][] line = new double[last * PIECES_PER_CURVE + 1][2];
    for (int i = 0; i < line.length; i++) {
      int from = Math.min(i / PIECES_PER_CURVE, last - 1);
      double t = (double) (i - from * PIECES_PER_CURVE) / PIECES_PER_CURVE;
      for (int axis = 0; axis < 2; axis++) {
        double p0 = points[Math.max(from - 1, 0)][axis];
        double p1 = points[from][axis];
        double p2 = points[from + 1][axis];
        double p3 = points[Math.min(from + 2, last)][axis];
        line[i][axis] =
            p1
                + t
                    * ((p2 - p0)
                        + t * ((2 * p0 - 5 * p1 + 4 * p2 - p3) + t * (3 * (p1 - p2) + p3 - p0)))
                    / 2;
      }
    }
    return line;
  }
}
