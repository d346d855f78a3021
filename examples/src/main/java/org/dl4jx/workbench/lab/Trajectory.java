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
 * The path of an optimizer on a surface.
 *
 * @param path θ at the start and after each step, as long as it is finite
 * @param positions where each gradient was evaluated
 * @param values the value of the surface at θ after each evaluation, without noise
 * @param diverged whether it was stopped because it went out of bounds
 * @param probes whether gradients are taken at other points than θ
 */
record Trajectory(
    Optimizer optimizer,
    Surface surface,
    double learningRate,
    List<Point> path,
    List<Point> positions,
    List<Double> values,
    boolean diverged,
    boolean probes) {

  /** For the noise, which is the same for all optimizers. */
  static final long SEED = 42;

  /** So far outside the window of every surface that no path comes back. */
  private static final double BOUND = 1e6;

  /** The share of the height at the start below which a path has arrived. */
  private static final double ARRIVED = 1e-4;

  /** The share of the evaluations over which the final height is averaged. */
  private static final double TAIL = 0.1;

  static Trajectory of(Optimizer optimizer, Surface surface, double learningRate, int evaluations) {
    return of(optimizer, surface, surface.start(), learningRate, evaluations, SEED);
  }

  static Trajectory of(
      Optimizer optimizer,
      Surface surface,
      Point start,
      double learningRate,
      int evaluations,
      long seed) {
    Run run = new Run(optimizer.at(learningRate), start.x(), start.y());
    Random noise = new Random(seed);
    List<Point> path = new ArrayList<>(List.of(start));
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
    return new Trajectory(
        optimizer, surface, learningRate, path, positions, values, diverged, run.probes());
  }

  Point start() {
    return path.get(0);
  }

  Point end() {
    return path.get(path.size() - 1);
  }

  /** The average height of the last tenth above the lowest point; infinite if it diverged. */
  double finalHeight() {
    if (diverged) {
      return Double.POSITIVE_INFINITY;
    }
    int from = values.size() - Math.max(1, (int) (TAIL * values.size()));
    return values.stream().skip(from).mapToDouble(v -> v).average().orElseThrow()
        - surface.lowest();
  }

  /** The height below which a path has arrived. */
  double arrivedBelow() {
    return ARRIVED * (surface.value(start().x(), start().y()) - surface.lowest());
  }

  /** The heights above the lowest point, after each evaluation. */
  double[] heights() {
    return values.stream().mapToDouble(value -> value - surface.lowest()).toArray();
  }

  /** The number of evaluations after which it had arrived for good; -1 if it had not. */
  int arrivedAfter() {
    double limit = surface.lowest() + arrivedBelow();
    int after = values.size();
    while (after > 0 && values.get(after - 1) <= limit) {
      after--;
    }
    return diverged || after == values.size() ? -1 : after + 1;
  }

  /** The cells of a table: name, learning rate, end, final height, arrival. */
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

  /** Without an exponent or trailing zeros. */
  static String plain(double rate) {
    return BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString();
  }

  private String name() {
    return optimizer.name();
  }
}
