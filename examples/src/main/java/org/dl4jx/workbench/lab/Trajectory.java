package org.dl4jx.workbench.lab;

import static org.dl4jx.workbench.report.Numbers.number;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.dl4jx.updaters.NonFiniteGradientException;
import org.dl4jx.workbench.lab.Surface.Point;

/**
 * The way of an optimizer on a surface.
 *
 * @param path θ at the start and after each of its steps; only what is finite
 * @param positions where a gradient was taken, one an evaluation
 * @param values the surface's value, without noise, at θ after each evaluation
 * @param diverged whether it was stopped because it left every bound
 */
record Trajectory(
    Optimizer optimizer,
    Surface surface,
    double learningRate,
    List<Point> path,
    List<Point> positions,
    List<Double> values,
    boolean diverged) {

  /** Of the noise that all optimizers meet. */
  static final long SEED = 42;

  /** So far from every surface's window that nothing comes back. */
  private static final double BOUND = 1e6;

  /** What is left of the height of the start counts as arrived. */
  private static final double ARRIVED = 1e-4;

  /** The share of the evaluations, at the end, over which values are averaged. */
  private static final double TAIL = 0.1;

  static Trajectory of(Optimizer optimizer, Surface surface, double learningRate, int evaluations) {
    return of(optimizer, surface, learningRate, evaluations, SEED);
  }

  static Trajectory of(
      Optimizer optimizer, Surface surface, double learningRate, int evaluations, long seed) {
    Run run = new Run(optimizer.at(learningRate), surface.start().x(), surface.start().y());
    Random noise = new Random(seed);
    List<Point> path = new ArrayList<>(List.of(surface.start()));
    List<Point> positions = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    boolean diverged = false;
    while (!diverged && run.iterations() < evaluations) {
      double[] at = run.position();
      double[] gradient = surface.gradient(at[0], at[1]);
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] += surface.noise() * noise.nextGaussian();
      }
      positions.add(new Point(at[0], at[1]));
      try {
        run.step(gradient);
      } catch (NonFiniteGradientException e) {
        diverged = true;
        continue;
      }
      double[] theta = run.theta();
      diverged = !(Math.hypot(theta[0], theta[1]) < BOUND);
      if (!diverged) {
        values.add(surface.value(theta[0], theta[1]));
        if (run.moved()) {
          path.add(new Point(theta[0], theta[1]));
        }
      }
    }
    return new Trajectory(optimizer, surface, learningRate, path, positions, values, diverged);
  }

  Point end() {
    return path.get(path.size() - 1);
  }

  /** Whether gradients were taken elsewhere than at θ. */
  boolean probes() {
    return optimizer.family() == Family.AVERAGED;
  }

  /** How far above the lowest point the last tenth was on average; infinite if it diverged. */
  double finalHeight() {
    if (diverged) {
      return Double.POSITIVE_INFINITY;
    }
    int from = values.size() - Math.max(1, (int) (TAIL * values.size()));
    return values.stream().skip(from).mapToDouble(v -> v).average().orElseThrow()
        - surface.lowest();
  }

  /** What a final height must be below to count as arrived. */
  static double arrivedBelow(Surface surface) {
    return ARRIVED * (surface.value(surface.start().x(), surface.start().y()) - surface.lowest());
  }

  /** After how many evaluations it had arrived for good; -1 if it had not. */
  int arrivedAfter() {
    double limit = surface.lowest() + arrivedBelow(surface);
    int after = values.size();
    while (after > 0 && values.get(after - 1) <= limit) {
      after--;
    }
    return diverged || after == values.size() ? -1 : after + 1;
  }

  /** As a row of a table: name, learning rate, end, final height, arrival. */
  Object[] cells() {
    String arrived = arrivedAfter() < 0 ? "-" : String.valueOf(arrivedAfter());
    return diverged
        ? new Object[] {name(), rate(), "diverged", "-", "-"}
        : new Object[] {name(), rate(), place(), number("%.2g", finalHeight()), arrived};
  }

  String summary() {
    String how =
        diverged
            ? "diverged after " + positions.size() + " gradients"
            : "ends at " + place() + ", height " + number("%.2g", finalHeight());
    return String.format("%-20s learning rate %-6s %s", name(), rate(), how);
  }

  private String place() {
    return String.format(Locale.ROOT, "(%.4f, %.4f)", end().x(), end().y())
        .replaceAll("-(0\\.0+\\b)", "$1");
  }

  String rate() {
    return plain(learningRate);
  }

  /** Without an exponent, and without a point where none is needed. */
  static String plain(double rate) {
    return BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString();
  }

  private String name() {
    return optimizer.name();
  }
}
