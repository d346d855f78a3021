package org.dl4jx.updaters.engine;

import java.util.Arrays;

/**
 * Sums over all parameters of a block, in double precision. A rule adds the part of its cells. The
 * engine keeps the parts of fixed pieces of the block apart and adds them up in the order of the
 * pieces, so the sums do not depend on the number of threads.
 */
public final class Sums {
  private double[] parts;
  private int first;

  /** Sums over a block in a single piece. */
  Sums(int count) {
    this.parts = new double[count];
  }

  /**
   * Adds to one of the sums.
   *
   * @param index which one, from 0 to below {@link Rule#sums()}
   * @param part what to add
   */
  public void add(int index, double part) {
    parts[first + index] += part;
  }

  /** Goes on at another place, where the sums of a piece begin. */
  void into(double[] parts, int first) {
    this.parts = parts;
    this.first = first;
  }

  /** The sums over a block in a single piece. */
  double[] total() {
    return parts;
  }

  /** Adds up the parts of all pieces, each of which has so many sums. */
  static double[] total(double[] parts, int count) {
    double[] total = Arrays.copyOf(parts, count);
    for (int i = count; i < parts.length; i++) {
      total[i % count] += parts[i];
    }
    return total;
  }
}
