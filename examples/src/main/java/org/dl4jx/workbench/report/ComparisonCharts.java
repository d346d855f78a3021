package org.dl4jx.workbench.report;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.experiment.RunResult;
import org.dl4jx.workbench.experiment.RunResult.Point;
import org.dl4jx.workbench.notation.NamedUpdater;

/** The charts of a comparison. Those without data are left out. */
record ComparisonCharts(Comparison comparison) {

  /** The accuracies at the end of training, and their differences to the baseline. */
  List<Chart> finalAccuracy() {
    return Stream.of(accuracies(), differences()).filter(chart -> !chart.isEmpty()).toList();
  }

  private Chart accuracies() {
    Chart.Intervals chart =
        new Chart.Intervals(
            "accuracy",
            "Mean " + accuracy() + " with its 95 % interval",
            "Mean " + accuracy() + " of each updater and schedule, as in the table",
            accuracy());
    for (Candidate candidate : comparison.candidates()) {
      Sample sample = comparison.sample(candidate, Metric.ACCURACY);
      if (sample.count() > 0) {
        chart.add(candidate.label(), sample.mean(), sample.halfWidth());
      }
    }
    return chart;
  }

  private Chart differences() {
    Chart.Intervals chart =
        new Chart.Intervals(
                "differences",
                "Mean difference in accuracy from the baseline with its 95 % interval",
                "Differences in accuracy from the baseline, as in the table",
                "difference in accuracy")
            .withZeroLine();
    for (Difference d : comparison.differences(Metric.ACCURACY)) {
      if (d.pairs() > 0) {
        chart.add(d.candidate().label(), d.sample().mean(), d.sample().halfWidth());
      }
    }
    return chart;
  }

  /** Loss, accuracy and learning rate over the iterations, for one schedule after the other. */
  List<Chart> curves() {
    return comparison.schedules().stream()
        .flatMap(this::curves)
        .filter(chart -> !chart.isEmpty())
        .toList();
  }

  private Stream<Chart> curves(String schedule) {
    return Stream.of(
        curves("loss", "training loss", schedule, RunResult::losses, true),
        curves(
            comparison.setup().evaluatedOn() + "-accuracy",
            accuracy(),
            schedule,
            RunResult::accuracies,
            false),
        curves("rate", "learning rate", schedule, RunResult::learningRates, true));
  }

  private Chart curves(
      String name,
      String quantity,
      String schedule,
      Function<RunResult, List<Point>> curve,
      boolean logarithmic) {
    Chart.Lines chart =
        new Chart.Lines(
            name + "-" + (comparison.schedules().indexOf(schedule) + 1),
            capitalized(quantity) + " over iterations, " + schedule,
            capitalized(quantity)
                + " over iterations, one line per updater, with the schedule "
                + schedule,
            "iterations",
            quantity,
            false,
            logarithmic);
    Map<NamedUpdater, Integer> styles = NamedUpdater.styles(comparison.updaters());
    for (Candidate candidate : comparison.candidates(schedule)) {
      List<Point> mean = comparison.meanCurve(candidate, curve);
      if (!mean.isEmpty()) {
        chart.line(
            candidate.updater().label(),
            styles.get(candidate.updater()),
            mean.stream().mapToDouble(Point::iteration).toArray(),
            mean.stream().mapToDouble(Point::value).toArray());
      }
    }
    return chart;
  }

  private static String capitalized(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  /** The time per iteration. */
  Chart time() {
    Chart.Intervals chart =
        new Chart.Intervals(
            "time",
            "Median time per iteration, averaged over the seeds, with its 95 % interval",
            "Time per iteration of each updater and schedule",
            "milliseconds per iteration");
    for (Candidate candidate : comparison.trained()) {
      Sample sample = comparison.milliseconds(candidate);
      chart.add(candidate.label(), sample.mean(), sample.halfWidth());
    }
    return chart;
  }

  private String accuracy() {
    return comparison.setup().evaluatedOn() + " accuracy";
  }
}
