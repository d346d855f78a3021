package org.dl4jx.workbench.report;

import static org.dl4jx.workbench.report.Numbers.number;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.experiment.Run;
import org.dl4jx.workbench.experiment.Setup;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.report.Difference.Verdict;

/** The tables of a comparison that people read. */
record ComparisonTables(Comparison comparison) {

  /** One row per candidate, with mean and standard deviation over the seeds. */
  Table results() {
    CandidateTable table =
        new CandidateTable(
            0,
            "learning rate",
            "weight decay",
            "training loss",
            comparison.setup().evaluatedOn() + " accuracy",
            "runs",
            "ms/iteration");
    for (Candidate candidate : comparison.candidates()) {
      table.row(
          candidate,
          CandidateTable.learningRate(candidate, comparison.greatestRate(candidate)),
          CandidateTable.weightDecay(candidate),
          meanAndDeviation(candidate, Metric.TRAINING_LOSS),
          meanAndDeviation(candidate, Metric.ACCURACY),
          runs(candidate),
          candidate.updater().isAveraged()
              ? "-"
              : number("%.2f", comparison.milliseconds(candidate).mean()));
    }
    return table.toTable();
  }

  private String meanAndDeviation(Candidate candidate, Metric metric) {
    Sample sample = comparison.sample(candidate, metric);
    if (sample.count() == 0) {
      return metric == Metric.TRAINING_LOSS && candidate.updater().isAveraged() ? "-" : "diverged";
    }
    String mean = number("%.4f", sample.mean());
    return (sample.count() == 1 ? mean : mean + " ± " + number("%.4f", sample.deviation()))
        + (comparison.diverged(candidate) > 0 ? " (of the others)" : "");
  }

  private String runs(Candidate candidate) {
    int all = comparison.runs(candidate).size();
    int diverged = comparison.diverged(candidate);
    long atChance = comparison.atChance(candidate);
    return (diverged == 0 ? String.valueOf(all) : diverged + " of " + all + " diverged")
        + (atChance == 0 ? "" : ", " + atChance + " at chance");
  }

  /** One row per updater and one column per schedule. */
  Table accuracies() {
    List<String> schedules = comparison.schedules();
    Table table =
        new Table(
            1, Stream.concat(Stream.of("updater"), schedules.stream()).toArray(String[]::new));
    Map<Candidate, Verdict> verdicts =
        comparison.differences(Metric.ACCURACY).stream()
            .collect(Collectors.toMap(Difference::candidate, Difference::verdict));
    for (NamedUpdater updater : comparison.updaters()) {
      Map<String, String> cells =
          comparison.candidates().stream()
              .filter(candidate -> candidate.updater().equals(updater))
              .collect(
                  Collectors.toMap(
                      candidate -> candidate.schedule().toString(),
                      candidate ->
                          meanAndDeviation(candidate, Metric.ACCURACY)
                              + mark(verdicts.get(candidate))));
      if (!cells.isEmpty()) {
        table.row(
            Stream.concat(
                    Stream.of(updater.label()),
                    schedules.stream().map(schedule -> cells.getOrDefault(schedule, "-")))
                .toArray());
      }
    }
    return table;
  }

  private static String mark(Verdict verdict) {
    if (verdict == Verdict.BETTER) {
      return " +";
    }
    return verdict == Verdict.WORSE ? " -" : "";
  }

  /** One row per candidate that has a baseline, with the differences paired by seed. */
  Table differences(Metric metric) {
    return differences(comparison.differences(metric));
  }

  /** One row per candidate and average, with the differences from the same runs without it. */
  Table averages() {
    return differences(comparison.atAverages());
  }

  private static Table differences(List<Difference> differences) {
    CandidateTable table =
        new CandidateTable(
            2,
            "compared with",
            "verdict",
            "mean difference",
            "95 % interval",
            "wins-ties-losses",
            "p (Holm)");
    for (Difference d : differences) {
      table.row(
          d.candidate(),
          d.baseline().label(),
          d.verdict(),
          number("%+.4f", d.sample().mean()),
          d.pairs() < 2
              ? "-"
              : number("%+.4f", d.sample().low()) + " to " + number("%+.4f", d.sample().high()),
          d.wins() + "-" + d.ties() + "-" + d.losses(),
          p(d.adjustedP()));
    }
    return table.toTable();
  }

  private static String p(double p) {
    return p < 0.001 ? "<0.001" : number("%.3f", p);
  }

  /** One row per property of software, machine and data, with all values if the runs differ. */
  Table environment() {
    Map<String, Set<String>> values = new LinkedHashMap<>();
    for (Run run : comparison.runs()) {
      Stream.of(run.environment().versions(), run.environment().machine())
          .flatMap(map -> map.entrySet().stream())
          .forEach(
              entry ->
                  values
                      .computeIfAbsent(entry.getKey(), key -> new TreeSet<>())
                      .add(entry.getValue()));
    }
    Table table = new Table(2, "property", "value");
    values.forEach((key, all) -> table.row(key, String.join(" / ", all)));
    Setup setup = comparison.setup();
    return table
        .row("MD5 of the training images", setup.trainMd5())
        .row("MD5 of the " + setup.evaluatedOn() + " images", setup.evaluationMd5())
        .row("warm-up share", setup.warmup());
  }
}
