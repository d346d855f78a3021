package org.dl4jx.workbench.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.dl4jx.workbench.notation.RunLength;
import org.dl4jx.workbench.notation.ScheduleNotation;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * A schedule's values over a run, in iterations or epochs.
 *
 * @param notation the schedule
 * @param values one per step, and the one after the last step
 */
public record Curve(ScheduleNotation notation, double[] values) {
  private static final double WARMUP = 0.1;
  private static final int WIDTH = 60;
  private static final int HEIGHT = 10;

  /**
   * The curve of a schedule.
   *
   * @param notation the schedule
   * @param steps iterations or epochs, whichever the schedule counts
   * @return its values
   */
  public static Curve of(ScheduleNotation notation, int steps) {
    // With one iteration per epoch, the number of steps is the same in both units.
    ISchedule schedule =
        notation.schedule(new RunLength(1, steps, WARMUP), ScheduleNotation.ANY_RATE);
    return new Curve(
        notation,
        IntStream.rangeClosed(0, steps).mapToDouble(i -> schedule.valueAt(i, i)).toArray());
  }

  String unit() {
    return notation.by().name().toLowerCase(Locale.ROOT);
  }

  int steps() {
    return values.length - 1;
  }

  double first() {
    return values[0];
  }

  /**
   * The greatest value.
   *
   * @return the value
   */
  public double greatest() {
    return values[greatestStep()];
  }

  int greatestStep() {
    return IntStream.range(0, values.length)
        .reduce(0, (best, i) -> values[i] > values[best] ? i : best);
  }

  double last() {
    return values[steps()];
  }

  /**
   * The curve drawn with characters, with its greatest and least values on the left.
   *
   * @param logarithmic whether the vertical axis is logarithmic
   * @return lines of text
   */
  public String toText(boolean logarithmic) {
    double[] heights = Arrays.stream(values).map(v -> logarithmic ? Math.log10(v) : v).toArray();
    double top = Arrays.stream(heights).filter(Double::isFinite).max().orElse(0);
    double bottom = Arrays.stream(heights).filter(Double::isFinite).min().orElse(0);
    char[][] grid = new char[HEIGHT][WIDTH];
    for (char[] row : grid) {
      Arrays.fill(row, ' ');
    }
    for (int column = 0; column < WIDTH; column++) {
      // All steps up to the next column's, so that a steep curve has no gaps.
      int from = (int) ((long) column * steps() / (WIDTH - 1));
      int to = (int) Math.max(from, (column + 1L) * steps() / (WIDTH - 1) - 1);
      for (int step = from; step <= Math.min(to, steps()); step++) {
        if (Double.isFinite(heights[step])) {
          double share = top > bottom ? (top - heights[step]) / (top - bottom) : 0;
          grid[(int) Math.round(share * (HEIGHT - 1))][column] = '*';
        }
      }
    }
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < HEIGHT; row++) {
      String label = "";
      if (row == 0 || row == HEIGHT - 1) {
        double height = row == 0 ? top : bottom;
        label = Numbers.brief(logarithmic ? Math.pow(10, height) : height);
      }
      text.append(String.format("%10s |%s%n", label, new String(grid[row]).stripTrailing()));
    }
    String end = steps() + " " + unit() + "s";
    text.append(String.format("%10s +%s%n", "", "-".repeat(WIDTH)));
    text.append(String.format("%12s%-" + (WIDTH - end.length()) + "s%s%n", "", "0", end));
    return text.toString();
  }

  /**
   * Its first, greatest and last value.
   *
   * @return a line of text
   */
  public String summary() {
    return String.format(
        "first %s, greatest %s at %s %d, last %s",
        Numbers.brief(first()),
        Numbers.brief(greatest()),
        unit(),
        greatestStep(),
        Numbers.brief(last()));
  }
}
