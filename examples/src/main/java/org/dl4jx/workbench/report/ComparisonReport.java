package org.dl4jx.workbench.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.dl4jx.workbench.experiment.Run;

/** The report of a comparison: its sections and their order. */
public final class ComparisonReport {
  /** The names of its files, beside the charts. */
  public static final List<String> FILES =
      Stream.concat(Stream.of(Report.HTML, Report.MARKDOWN), ComparisonFiles.ALL.stream()).toList();

  private final Comparison comparison;
  private final int requested;
  private final ComparisonTables tables;
  private final ComparisonText text;

  /**
   * A report. It depends only on the arguments.
   *
   * @param runs the finished runs, at least one
   * @param requested how many runs there will be in the end
   * @param baseline what the others are compared with
   * @param learningRates sentences that tell where the learning rates come from
   */
  public ComparisonReport(
      Collection<Run> runs, int requested, Baseline baseline, String learningRates) {
    this.comparison = new Comparison(runs, baseline);
    this.requested = requested;
    this.tables = new ComparisonTables(comparison);
    this.text = new ComparisonText(comparison, learningRates);
  }

  /**
   * The number of candidates.
   *
   * @return how many were trained; the table of results has more rows if there are averages
   */
  public int candidates() {
    return comparison.trained().size();
  }

  /**
   * Mean and standard deviation over the seeds.
   *
   * @return one row per candidate
   */
  public Table results() {
    return tables.results();
  }

  /**
   * The differences in accuracy from the baseline, paired by seed.
   *
   * @return one row per candidate that has a baseline
   */
  public Table differences() {
    return tables.differences(Metric.ACCURACY);
  }

  /**
   * The differences in accuracy between averages and the weights of the same runs.
   *
   * @return one row per candidate and average
   */
  public Table averages() {
    return tables.averages();
  }

  /**
   * Writes the report and its data.
   *
   * @param folder where to
   * @throws IOException if a file cannot be written
   */
  public void write(Path folder) throws IOException {
    Report report = new Report(folder, text.title());
    fill(report);
    report.write();
    new ComparisonFiles(comparison, requested).write(folder);
  }

  private void fill(Page page) throws IOException {
    ComparisonCharts charts = new ComparisonCharts(comparison);
    int done = comparison.trainings().size();
    if (done < requested) {
      page.notice(ExperimentText.partial(done, requested, "runs"));
    }
    page.paragraph(text.setup()).paragraph(text.learningRates());
    page.section("Results").paragraph(text.results()).table(results());
    if (comparison.schedules().size() > 1) {
      page.section("Accuracy at a glance").paragraph(text.accuracies()).table(tables.accuracies());
    }
    if (!comparison.setup().averages().isEmpty()) {
      page.section("Averages of weights").paragraph(text.averages()).table(averages());
    }
    for (Metric metric : Metric.values()) {
      page.section("Difference in " + metric.label());
      if (metric == Metric.ACCURACY) {
        page.paragraph(text.differences()).paragraph(text.limits());
      }
      if (done == candidates()) {
        page.paragraph(text.oneRunEach());
      }
      page.table(tables.differences(metric));
    }
    page.section("Final accuracy");
    addAll(charts.finalAccuracy(), page);
    page.section("During training").paragraph(text.curves());
    addAll(charts.curves(), page);
    page.section("Time").paragraph(text.time()).chart(charts.time());
    page.section("Environment").table(tables.environment()).paragraph(text.environment());
  }

  private static void addAll(List<Chart> charts, Page page) throws IOException {
    for (Chart chart : charts) {
      page.chart(chart);
    }
  }
}
