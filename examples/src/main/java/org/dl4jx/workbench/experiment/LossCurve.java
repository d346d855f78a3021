package org.dl4jx.workbench.experiment;

import java.util.ArrayList;
import java.util.List;
import org.dl4jx.workbench.experiment.RunResult.Point;

/** The losses of a run, averaged over pieces of it, so that a long run fits on a chart. */
final class LossCurve {
  private static final int MOST_PIECES = 200;

  private final int iterations;
  private final int pieces;
  private final List<Point> points = new ArrayList<>();
  private double sum;
  private int count;

  LossCurve(int iterations) {
    this.iterations = iterations;
    this.pieces = points(iterations);
  }

  /** How many points the curve of so many iterations has. */
  static int points(int iterations) {
    return Math.min(MOST_PIECES, iterations);
  }

  /** Adds the loss of the next iteration; the first one is 1. */
  void add(int iteration, double loss) {
    sum += loss;
    count++;
    if (piece(iteration) > piece(iteration - 1)) {
      points.add(new Point(iteration, sum / count));
      sum = 0;
      count = 0;
    }
  }

  private long piece(int iteration) {
    return (long) iteration * pieces / iterations;
  }

  List<Point> points() {
    return List.copyOf(points);
  }
}
