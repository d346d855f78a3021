package org.dl4jx.updaters.engine;

import java.util.Arrays;

/** Cells of type DOUBLE. */
final class DoubleCells extends TileCells<DoubleCells> {
  private static final double[] ZEROS = new double[NonFinite.BYTES / Double.BYTES];

  final double[] values;

  DoubleCells(int room) {
    values = new double[room];
  }

  @Override
  public DoubleCells average(double beta, DoubleCells x) {
    double c = 1 - beta;
    double[] to = values;
    double[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = beta * to[i] + c * xs[i];
    }
    return this;
  }

  @Override
  public DoubleCells approach(double a, DoubleCells x) {
    double[] to = values;
    double[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] += a * (xs[i] - to[i]);
    }
    return this;
  }

  @Override
  public DoubleCells averageSquare(double beta, DoubleCells x) {
    double c = 1 - beta;
    double[] to = values;
    double[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = beta * to[i] + c * (xs[i] * xs[i]);
    }
    return this;
  }

  @Override
  public DoubleCells averageSquaredDifference(double beta, DoubleCells x, DoubleCells y, double a) {
    double b = beta;
    double c = 1 - beta;
    double plus = a;
    double[] to = values;
    double[] xs = x.values;
    double[] ys = y.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      double d = xs[i] - ys[i];
      to[i] = b * to[i] + c * (d * d) + plus;
    }
    return this;
  }

  @Override
  public DoubleCells addSquare(DoubleCells x) {
    double[] to = values;
    double[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] += xs[i] * xs[i];
    }
    return this;
  }

  @Override
  public DoubleCells addAbsolute(DoubleCells x) {
    double[] to = values;
    double[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] += Math.abs(xs[i]);
    }
    return this;
  }

  @Override
  public DoubleCells max(DoubleCells x) {
    double[] to = values;
    double[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = Math.max(to[i], xs[i]);
    }
    return this;
  }

  @Override
  public DoubleCells overRoot(double a, DoubleCells x, double b, DoubleCells v, Epsilon epsilon) {
    double inside = epsilon.inside();
    double outside = epsilon.outside();
    double[] to = values;
    double[] xs = x.values;
    double[] vs = v.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = a * xs[i] / (Math.sqrt(vs[i] * b + inside) + outside);
    }
    return this;
  }

  @Override
  public DoubleCells over(double a, DoubleCells x, double b, DoubleCells v, double c) {
    double size = a;
    double scale = b;
    double plus = c;
    double[] to = values;
    double[] xs = x.values;
    double[] vs = v.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = size * xs[i] / (scale * vs[i] + plus);
    }
    return this;
  }

  @Override
  public DoubleCells timesRoots(DoubleCells u, double a, DoubleCells v, double b) {
    double above = a;
    double below = b;
    double[] to = values;
    double[] us = u.values;
    double[] vs = v.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = to[i] * (Math.sqrt(us[i] + above) / Math.sqrt(vs[i] + below));
    }
    return this;
  }

  @Override
  public DoubleCells damp(double a, DoubleCells x, DoubleCells v) {
    double size = a;
    double[] to = values;
    double[] xs = x.values;
    double[] vs = v.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = size * xs[i] * Math.exp(-vs[i]);
    }
    return this;
  }

  /** So great a multiple of any number but zero is beyond 1. The compiler vectorizes this form. */
  @Override
  public DoubleCells sign(double a, DoubleCells x) {
    double size = a;
    double[] to = values;
    double[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = size * Math.max(-1.0, Math.min(1.0, xs[i] * 0x1p1000 * 0x1p100));
    }
    return this;
  }

  @Override
  public DoubleCells inverseRoot(double a, DoubleCells v, Epsilon epsilon) {
    double inside = epsilon.inside();
    double outside = epsilon.outside();
    double[] to = values;
    double[] vs = v.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = a / (Math.sqrt(vs[i] + inside) + outside);
    }
    return this;
  }

  @Override
  public DoubleCells clip(double lower, double upper) {
    double[] to = values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = Math.min(Math.max(to[i], lower), upper);
    }
    return this;
  }

  @Override
  public DoubleCells times(DoubleCells x) {
    double[] to = values;
    double[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] *= xs[i];
    }
    return this;
  }

  @Override
  public DoubleCells add(double a, DoubleCells x) {
    double[] to = values;
    double[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] += a * xs[i];
    }
    return this;
  }

  @Override
  public DoubleCells set(double a, DoubleCells x) {
    double[] to = values;
    double[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = a * xs[i];
    }
    return this;
  }

  @Override
  public DoubleCells combine(double a, DoubleCells x, double b, DoubleCells y) {
    double[] to = values;
    double[] xs = x.values;
    double[] ys = y.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = a * xs[i] + b * ys[i];
    }
    return this;
  }

  @Override
  public DoubleCells fill(double a) {
    Arrays.fill(values, 0, changing(), a);
    return this;
  }

  /** Four sums at once, because each has to wait for its previous addition. */
  @Override
  public double dot(DoubleCells x) {
    double[] as = values;
    double[] xs = x.values;
    int n = length();
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i < n - 3; i += 4) {
      s0 += as[i] * xs[i];
      s1 += as[i + 1] * xs[i + 1];
      s2 += as[i + 2] * xs[i + 2];
      s3 += as[i + 3] * xs[i + 3];
    }
    for (; i < n; i++) {
      s0 += as[i] * xs[i];
    }
    return s0 + s1 + (s2 + s3);
  }

  @Override
  DoubleCells another() {
    return new DoubleCells(values.length);
  }

  @Override
  void copyFrom(Memory memory, long from, int at, int count) {
    memory.read(from, values, at, count);
  }

  @Override
  void copyTo(Memory memory, long from) {
    memory.write(from, values, length());
  }

  @Override
  void addZeroTimesSquares(DoubleCells x) {
    double[] to = values;
    double[] xs = x.values;
    int n = x.length();
    for (int i = 0; i < n; i++) {
      to[i] += xs[i] * xs[i] * 0;
    }
  }

  @Override
  void leaveOut(int from, int to) {
    Arrays.fill(values, from, to, -0.0);
  }

  @Override
  void zero(int count) {
    Arrays.fill(values, 0, count, 0);
  }

  @Override
  boolean areZero(int count) {
    return Arrays.equals(values, 0, count, ZEROS, 0, count);
  }

  @Override
  long countNonFiniteSquares() {
    long count = 0;
    for (int i = 0; i < length(); i++) {
      count += Double.isFinite(values[i] * values[i]) ? 0 : 1;
    }
    return count;
  }
}
