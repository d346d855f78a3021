package org.dl4jx.workbench.lab;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** A line through points. */
record Polyline(double[] x, double[] y) {

  /** Joins lines into one, with NaN between them, which leaves gaps. */
  static Polyline joined(List<Polyline> lines) {
    int length = lines.stream().mapToInt(line -> line.x.length + 1).sum();
    double[] x = new double[length];
    double[] y = new double[length];
    Arrays.fill(x, Double.NaN);
    Arrays.fill(y, Double.NaN);
    int at = 0;
    for (Polyline line : lines) {
      System.arraycopy(line.x, 0, x, at, line.x.length);
      System.arraycopy(line.y, 0, y, at, line.y.length);
      at += line.x.length + 1;
    }
    return new Polyline(x, y);
  }

  /**
   * This line with only as many points as it takes to stay within the tolerances of it (Ramer,
   * Douglas and Peucker). More would not be visible, and an SVG grows with every point.
   */
  Polyline thinned(double toleranceX, double toleranceY) {
    BitSet kept = new BitSet(x.length);
    int from = 0;
    for (int i = 0; i <= x.length; i++) {
      if (i == x.length || Double.isNaN(x[i])) {
        kept.set(Math.max(from, i - 1));
        kept.set(from);
        keepWithin(kept, from, i - 1, toleranceX, toleranceY);
        kept.set(i);
        from = i + 1;
      }
    }
    kept.clear(x.length, x.length + 2);
    return new Polyline(
        kept.stream().mapToDouble(i -> x[i]).toArray(),
        kept.stream().mapToDouble(i -> y[i]).toArray());
  }

  private void keepWithin(BitSet kept, int from, int to, double toleranceX, double toleranceY) {
    int farthest = -1;
    double distance = 1;
    for (int i = from + 1; i < to; i++) {
      double d = distance(i, from, to, toleranceX, toleranceY);
      if (d > distance) {
        farthest = i;
        distance = d;
      }
    }
    if (farthest >= 0) {
      kept.set(farthest);
      keepWithin(kept, from, farthest, toleranceX, toleranceY);
      keepWithin(kept, farthest, to, toleranceX, toleranceY);
    }
  }

  /** The distance of a point from the segment between two others, in units of the tolerances. */
  private double distance(int i, int from, int to, double toleranceX, double toleranceY) {
    double dx = (x[to] - x[from]) / toleranceX;
    double dy = (y[to] - y[from]) / toleranceY;
    double px = (x[i] - x[from]) / toleranceX;
    double py = (y[i] - y[from]) / toleranceY;
    double squared = dx * dx + dy * dy;
    double share = squared == 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / squared));
    return Math.hypot(px - share * dx, py - share * dy);
  }
}
