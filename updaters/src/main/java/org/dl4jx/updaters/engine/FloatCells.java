package org.dl4jx.updaters.engine;

import java.util.Arrays;

/** Cells of type FLOAT. */
final class FloatCells extends TileCells<FloatCells> {
  private static final float[] ZEROS = new float[NonFinite.BYTES / Float.BYTES];

  final float[] values;

  FloatCells(int room) {
    values = new float[room];
  }

  @Override
  public FloatCells average(double beta, FloatCells x) {
    float b = (float) beta;
    float c = (float) (1 - beta);
    float[] to = values;
    float[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = b * to[i] + c * xs[i];
    }
    return this;
  }

  @Override
  public FloatCells approach(double a, FloatCells x) {
    float by = (float) a;
    float[] to = values;
    float[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] += by * (xs[i] - to[i]);
    }
    return this;
  }

  @Override
  public FloatCells averageSquare(double beta, FloatCells x) {
    float b = (float) beta;
    float c = (float) (1 - beta);
    float[] to = values;
    float[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = b * to[i] + c * (xs[i] * xs[i]);
    }
    return this;
  }

  @Override
  public FloatCells averageSquaredDifference(double beta, FloatCells x, FloatCells y, double a) {
    float b = (float) beta;
    float c = (float) (1 - beta);
    float plus = (float) a;
    float[] to = values;
    float[] xs = x.values;
    float[] ys = y.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      float d = xs[i] - ys[i];
      to[i] = b * to[i] + c * (d * d) + plus;
    }
    return this;
  }

  @Override
  public FloatCells addSquare(FloatCells x) {
    float[] to = values;
    float[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] += xs[i] * xs[i];
    }
    return this;
  }

  @Override
  public FloatCells addAbsolute(FloatCells x) {
    float[] to = values;
    float[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] += Math.abs(xs[i]);
    }
    return this;
  }

  @Override
  public FloatCells max(FloatCells x) {
    float[] to = values;
    float[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = Math.max(to[i], xs[i]);
    }
    return this;
  }

  @Override
  public FloatCells overRoot(double a, FloatCells x, double b, FloatCells v, Epsilon epsilon) {
    float size = (float) a;
    float scale = (float) b;
    float inside = (float) epsilon.inside();
    float outside = (float) epsilon.outside();
    float[] to = values;
    float[] xs = x.values;
    float[] vs = v.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = size * xs[i] / ((float) Math.sqrt(vs[i] * scale + inside) + outside);
    }
    return this;
  }

  @Override
  public FloatCells over(double a, FloatCells x, double b, FloatCells v, double c) {
    float size = (float) a;
    float scale = (float) b;
    float plus = (float) c;
    float[] to = values;
    float[] xs = x.values;
    float[] vs = v.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = size * xs[i] / (scale * vs[i] + plus);
    }
    return this;
  }

  @Override
  public FloatCells timesRoots(FloatCells u, double a, FloatCells v, double b) {
    float above = (float) a;
    float below = (float) b;
    float[] to = values;
    float[] us = u.values;
    float[] vs = v.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = to[i] * ((float) Math.sqrt(us[i] + above) / (float) Math.sqrt(vs[i] + below));
    }
    return this;
  }

  @Override
  public FloatCells damp(double a, FloatCells x, FloatCells v) {
    float size = (float) a;
    float[] to = values;
    float[] xs = x.values;
    float[] vs = v.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = size * xs[i] * (float) Math.exp(-vs[i]);
    }
    return this;
  }

  /** So great a multiple of any number but zero is beyond 1. The compiler vectorizes this form. */
  @Override
  public FloatCells sign(double a, FloatCells x) {
    float size = (float) a;
    float[] to = values;
    float[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = size * Math.max(-1f, Math.min(1f, xs[i] * 0x1p100f * 0x1p60f));
    }
    return this;
  }

  @Override
  public FloatCells inverseRoot(double a, FloatCells v, Epsilon epsilon) {
    float size = (float) a;
    float inside = (float) epsilon.inside();
    float outside = (float) epsilon.outside();
    float[] to = values;
    float[] vs = v.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = size / ((float) Math.sqrt(vs[i] + inside) + outside);
    }
    return this;
  }

  @Override
  public FloatCells clip(double lower, double upper) {
    float least = (float) lower;
    float greatest = (float) upper;
    float[] to = values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = Math.min(Math.max(to[i], least), greatest);
    }
    return this;
  }

  @Override
  public FloatCells times(FloatCells x) {
    float[] to = values;
    float[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] *= xs[i];
    }
    return this;
  }

  @Override
  public FloatCells add(double a, FloatCells x) {
    float factor = (float) a;
    float[] to = values;
    float[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] += factor * xs[i];
    }
    return this;
  }

  @Override
  public FloatCells set(double a, FloatCells x) {
    float factor = (float) a;
    float[] to = values;
    float[] xs = x.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = factor * xs[i];
    }
    return this;
  }

  @Override
  public FloatCells combine(double a, FloatCells x, double b, FloatCells y) {
    float first = (float) a;
    float second = (float) b;
    float[] to = values;
    float[] xs = x.values;
    float[] ys = y.values;
    int n = changing();
    for (int i = 0; i < n; i++) {
      to[i] = first * xs[i] + second * ys[i];
    }
    return this;
  }

  @Override
  public FloatCells fill(double a) {
    Arrays.fill(values, 0, changing(), (float) a);
    return this;
  }

  /** Four sums at once, because each has to wait for its previous addition. */
  @Override
  public double dot(FloatCells x) {
    float[] as = values;
    float[] xs = x.values;
    int n = length();
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i < n - 3; i += 4) {
      s0 += (double) as[i] * xs[i];
      s1 += (double) as[i + 1] * xs[i + 1];
      s2 += (double) as[i + 2] * xs[i + 2];
      s3 += (double) as[i + 3] * xs[i + 3];
    }
    for (; i < n; i++) {
      s0 += (double) as[i] * xs[i];
    }
    return s0 + s1 + (s2 + s3);
  }

  @Override
  FloatCells another() {
    return new FloatCells(values.length);
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
  void addZeroTimesSquares(FloatCells x) {
    float[] to = values;
    float[] xs = x.values;
    int n = x.length();
    for (int i = 0; i < n; i++) {
      to[i] += xs[i] * xs[i] * 0;
    }
  }

  @Override
  void leaveOut(int from, int to) {
    Arrays.fill(values, from, to, -0f);
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
      count += Float.isFinite(values[i] * values[i]) ? 0 : 1;
    }
    return count;
  }
}
