package org.dl4jx.workbench.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.experiment.Json;
import org.dl4jx.workbench.experiment.Run;
import org.dl4jx.workbench.experiment.RunResult;
import org.dl4jx.workbench.experiment.RunResult.Point;
import org.dl4jx.workbench.experiment.Setup;
import org.dl4jx.workbench.files.AtomicFile;

/** The files of a comparison that programs read: tables in CSV, statistics in JSON. */
record ComparisonFiles(Comparison comparison, int requested) {

  private static final String RUNS = "results.csv";
  private static final String SUMMARY = "summary.csv";
  private static final String DIFFERENCES = "differences.csv";
  private static final String CURVES = "curves.csv";
  private static final String STATISTICS = "results.json";

  static final List<String> ALL = List.of(RUNS, SUMMARY, DIFFERENCES, CURVES, STATISTICS);

  void write(Path folder) throws IOException {
    ComparisonTables tables = new ComparisonTables(comparison);
    AtomicFile.write(folder.resolve(RUNS), runs().toCsv());
    AtomicFile.write(folder.resolve(SUMMARY), tables.results().toCsv());
    AtomicFile.write(folder.resolve(DIFFERENCES), tables.differences(Metric.ACCURACY).toCsv());
    AtomicFile.write(folder.resolve(CURVES), curves().toCsv());
    Json.write(folder.resolve(STATISTICS), statistics());
  }

  private Table runs() {
    CandidateTable table =
        new CandidateTable(
            0,
            "learning_rate",
            "weight_decay",
            "seed",
            "diverged_at",
            "training_loss",
            comparison.setup().evaluatedOn() + "_accuracy",
            "iterations",
            "seconds",
            "ms_per_iteration",
            "initial_sha256",
            "final_sha256",
            "finished");
    for (Run run : comparison.runs()) {
      Candidate candidate = run.settings().candidate();
      RunResult result = run.result();
      boolean isAveraged = candidate.updater().isAveraged();
      table.row(
          candidate,
          comparison.greatestRate(candidate),
          candidate.weightDecay(),
          run.settings().seed(),
          orEmpty(result.divergedAt()),
          orEmpty(result.trainingLoss()),
          orEmpty(result.accuracy()),
          result.iterations(),
          isAveraged ? "" : result.seconds(),
          isAveraged ? "" : result.millisecondsPerIteration(),
          result.initialSha256(),
          isAveraged ? "" : orEmpty(result.finalSha256()),
          run.finished());
    }
    return table.toTable();
  }

  private static Object orEmpty(Object value) {
    return value == null ? "" : value;
  }

  private Table curves() {
    CandidateTable table = new CandidateTable(2, "curve", "seed", "iteration", "value");
    for (Run run : comparison.runs()) {
      addCurve(table, run, "training_loss", run.result().losses());
      addCurve(
          table, run, comparison.setup().evaluatedOn() + "_accuracy", run.result().accuracies());
      addCurve(table, run, "learning_rate", run.result().learningRates());
    }
    return table.toTable();
  }

  private static void addCurve(CandidateTable table, Run run, String name, List<Point> points) {
    for (Point point : points) {
      table.row(
          run.settings().candidate(),
          name,
          run.settings().seed(),
          point.iteration(),
          point.value());
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Statistics(
      Setup setup,
      int runs,
      int of,
      List<CandidateStatistics> candidates,
      Map<String, List<Difference>> differences) {}

  private record CandidateStatistics(
      Candidate candidate,
      double greatestLearningRate,
      int runs,
      int diverged,
      Map<String, Sample> metrics,
      Sample milliseconds) {}

  private Statistics statistics() {
    List<CandidateStatistics> candidates =
        comparison.candidates().stream()
            .map(
                c ->
                    new CandidateStatistics(
                        c,
                        comparison.greatestRate(c),
                        comparison.runs(c).size(),
                        comparison.diverged(c),
                        byMetric(metric -> comparison.sample(c, metric)),
                        comparison.milliseconds(c)))
            .toList();
    return new Statistics(
        comparison.setup(),
        comparison.trainings().size(),
        requested,
        candidates,
        byMetric(comparison::differences));
  }

  private static <T> Map<String, T> byMetric(Function<Metric, T> value) {
    Map<String, T> values = new LinkedHashMap<>();
    for (Metric metric : Metric.values()) {
      values.put(metric.label(), value.apply(metric));
    }
    return values;
  }
}
