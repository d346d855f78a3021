package org.dl4jx.workbench.report;

import static org.dl4jx.workbench.report.Numbers.number;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dl4jx.workbench.experiment.RangeTest;
import org.dl4jx.workbench.files.AtomicFile;
import org.dl4jx.workbench.notation.NamedUpdater;

/**
 * The report of learning-rate range tests.
 *
 * @param title of the page
 * @param curves what the test of each updater has shown
 */
public record RangeTestReport(String title, Map<NamedUpdater, RangeTest.Curve> curves) {
  private static final String POINTS = "lr-find.csv";

  /** The names of its files, beside the chart. */
  public static final List<String> FILES = List.of(Report.HTML, Report.MARKDOWN, POINTS);

  /** How to read the suggestions. */
  public static final String EXPLANATION =
      """
      The learning rate rises exponentially over the iterations; the curve shows the smoothed \
      loss. "Steepest" is the rate at which the loss falls fastest; "a tenth of the minimum" is a \
      tenth of the rate with the lowest loss. Both are rates to start from, not the best ones: the \
      command tune finds those.""";

  /**
   * The suggested learning rates.
   *
   * @return one row per updater
   */
  public Table suggestions() {
    Table table =
        new Table(1, "updater", "steepest", "a tenth of the minimum", "iterations", "least loss");
    curves.forEach(
        (updater, curve) ->
            table.row(
                updater.label(),
                number("%.2g", curve.steepest()),
                number("%.2g", curve.tenthOfMinimum()),
                curve.points().size(),
                curve.points().isEmpty()
                    ? "-"
                    : number("%.4f", curve.points().get(curve.minimum()).smoothed())));
    return table;
  }

  /**
   * Writes the report, and the curves as {@code lr-find.csv}.
   *
   * @param folder where to
   * @throws IOException if a file cannot be written
   */
  public void write(Path folder) throws IOException {
    Report report = new Report(folder, title);
    report.paragraph(EXPLANATION).table(suggestions());
    Chart chart = chart();
    if (!chart.isEmpty()) {
      report.chart(chart);
    }
    report.write();
    AtomicFile.write(folder.resolve(POINTS), points().toCsv());
  }

  private Table points() {
    Table table = new Table(1, "updater", "learning_rate", "loss", "smoothed_loss");
    curves.forEach(
        (updater, curve) ->
            curve
                .points()
                .forEach(
                    p -> table.row(updater.label(), p.learningRate(), p.loss(), p.smoothed())));
    return table;
  }

  private Chart chart() {
    Chart.Lines chart =
        new Chart.Lines(
            "lr-find",
            "Smoothed training loss by learning rate",
            "Smoothed training loss by learning rate, one line per updater",
            "learning rate",
            "smoothed training loss",
            true,
            false);
    Map<NamedUpdater, Integer> styles = NamedUpdater.styles(curves.keySet());
    curves.forEach(
        (updater, curve) -> {
          if (!curve.points().isEmpty()) {
            chart.line(
                updater.label(),
                styles.get(updater),
                curve.points().stream().mapToDouble(RangeTest.Point::learningRate).toArray(),
                curve.points().stream().mapToDouble(RangeTest.Point::smoothed).toArray());
          }
        });
    return chart;
  }
}
