package org.dl4jx.workbench.report;

import static org.dl4jx.workbench.report.Table.number;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dl4jx.workbench.data.AtomicFile;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.experiment.Json;
import org.dl4jx.workbench.experiment.Run;
import org.dl4jx.workbench.experiment.RunResult;
import org.dl4jx.workbench.experiment.RunResult.Point;
import org.dl4jx.workbench.experiment.Setup;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.report.Difference.Verdict;

/** The report of a comparison, which is a function of its finished runs. */
public final class ComparisonReport {
  /** Chance is 0.1; three standard deviations of a share of 1,000 images are 0.03. */
  private static final double NOT_LEARNED = 0.13;

  private final Comparison comparison;
  private final Setup setup;
  private final int asked;
  private final int done;
  private final String rates;

  /**
   * A report.
   *
   * @param runs the finished runs, at least one
   * @param asked how many runs there shall be
   * @param baseline what the others are compared with
   * @param rates sentences that tell where the learning rates come from
   */
  public ComparisonReport(Collection<Run> runs, int asked, Baseline baseline, String rates) {
    this.comparison = new Comparison(runs, baseline);
    this.setup = runs.iterator().next().settings().setup();
    this.asked = asked;
    this.done = runs.size();
    this.rates = rates;
  }

  /**
   * The number of candidates.
   *
   * @return how many rows the table of results has
   */
  public int candidates() {
    return comparison.candidates().size();
  }

  /**
   * Mean and standard deviation over the seeds.
   *
   * @return a row a candidate
   */
  public Table results() {
    Table table =
        new Table(
            2,
            "updater",
            "schedule",
            "learning rate",
            "weight decay",
            "training loss",
            evaluated() + " accuracy",
            "runs",
            "ms/iteration");
    for (Candidate candidate : comparison.candidates()) {
      table.row(
          candidate.updater().label(),
          candidate.schedule(),
          Curve.number(candidate.learningRate()),
          candidate.updater().decaysWeights() ? candidate.weightDecay() : "-",
          meanAndDeviation(candidate, Metric.TRAINING_LOSS),
          meanAndDeviation(candidate, Metric.ACCURACY),
          runs(candidate),
          number("%.2f", comparison.milliseconds(candidate).mean()));
    }
    return table;
  }

  private String evaluated() {
    return setup.evaluatedOn();
  }

  private String meanAndDeviation(Candidate candidate, Metric metric) {
    Sample sample = comparison.sample(candidate, metric);
    if (sample.count() == 0) {
      return "diverged";
    }
    String mean = number("%.4f", sample.mean());
    return (sample.count() == 1 ? mean : mean + " ± " + number("%.4f", sample.deviation()))
        + (comparison.diverged(candidate) > 0 ? " (of the others)" : "");
  }

  /**
   * Accuracies at a glance.
   *
   * @return a row an updater, a column a schedule
   */
  public Table accuracies() {
    List<String> schedules = comparison.schedules();
    Table table =
        new Table(
            1, Stream.concat(Stream.of("updater"), schedules.stream()).toArray(String[]::new));
    Map<Candidate, Verdict> verdicts =
        comparison.differences(Metric.ACCURACY).stream()
            .collect(Collectors.toMap(Difference::candidate, Difference::verdict));
    for (NamedUpdater updater : NamedUpdater.values()) {
      Map<String, String> cells =
          comparison.candidates().stream()
              .filter(candidate -> candidate.updater() == updater)
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

  private String runs(Candidate candidate) {
    int all = comparison.runs(candidate).size();
    int diverged = comparison.diverged(candidate);
    long atChance =
        comparison.finished(candidate).stream()
            .filter(run -> run.result().accuracy() <= NOT_LEARNED)
            .count();
    return (diverged == 0 ? String.valueOf(all) : diverged + " of " + all + " diverged")
        + (atChance == 0 ? "" : ", " + atChance + " at chance");
  }

  /**
   * The differences to the baseline that pairs of runs with one seed have.
   *
   * @return a row a candidate that has a baseline, by accuracy
   */
  public Table differences() {
    return differences(Metric.ACCURACY);
  }

  private Table differences(Metric metric) {
    Table table =
        new Table(
            4,
            "updater",
            "schedule",
            "compared with",
            "verdict",
            "mean difference",
            "95 % interval",
            "wins-ties-losses",
            "p (Holm)");
    for (Difference d : comparison.differences(metric)) {
      table.row(
          d.candidate().updater().label(),
          d.candidate().schedule(),
          d.baseline().label(),
          d.verdict(),
          number("%+.4f", d.sample().mean()),
          d.pairs() < 2
              ? "-"
              : number("%+.4f", d.sample().low()) + " to " + number("%+.4f", d.sample().high()),
          d.wins() + "-" + d.ties() + "-" + d.losses(),
          p(d.adjustedP()));
    }
    return table;
  }

  private static String p(double p) {
    return p < 0.001 ? "<0.001" : number("%.3f", p);
  }

  /**
   * Writes the report and its data.
   *
   * @param folder where to
   * @throws IOException if a file cannot be written
   */
  public void write(Path folder) throws IOException {
    Report report =
        new Report(folder, String.format("Updaters on %s with %s", setup.data(), setup.model()));
    fill(report);
    report.write();
    AtomicFile.write(folder.resolve("results.csv"), runsTable().toCsv());
    AtomicFile.write(folder.resolve("summary.csv"), results().toCsv());
    AtomicFile.write(folder.resolve("differences.csv"), differences().toCsv());
    AtomicFile.write(folder.resolve("curves.csv"), curvesTable().toCsv());
    Json.write(folder.resolve("results.json"), json());
  }

  private void fill(Page page) throws IOException {
    if (done < asked) {
      page.notice(String.format("PARTIAL: %d of %d runs", done, asked));
    }
    page.paragraph(
        String.format(
            Locale.ROOT,
            "%s, %,d training images, %s, batch size %d, seeds %s. Within a"
                + " seed all start from the same weights and see the same batches in the same"
                + " order. Accuracy is that on %,d %s images after the last iteration, not the best"
                + " on the way.",
            setup.model() + " (" + setup.model().description() + ")",
            setup.trainExamples(),
            setup.length(),
            setup.batchSize(),
            comparison.seeds(),
            setup.evaluationExamples(),
            evaluated()));
    page.paragraph(rates);
    page.section("Results");
    page.paragraph(
        "Mean ± standard deviation (n - 1) over seeds. Training loss is the mean over"
            + " the last epoch, without penalties for weights. A run that diverged has neither loss nor"
            + " accuracy; the numbers beside it are those of the other runs. All have the same number"
            + " of iterations, so of gradients; nesterovs-averaged and nesterovs-quarters make one step"
            + " of three. Their accuracy is that of their parameters, their training loss that at the"
            + " probe points; Deeplearning4j's Nesterovs has its parameters at the look-ahead point for"
            + " both. A run \"at chance\" has learned nothing, but counts like any other.");
    page.table(results());
    if (comparison.schedules().size() > 1) {
      page.section("Accuracy at a glance");
      page.paragraph(
          "The same accuracies, a column a schedule. + is better and - is worse than the baseline, as"
              + " judged below.");
      page.table(accuracies());
    }
    for (Metric metric : Metric.values()) {
      page.section("Difference in " + metric.label());
      if (metric == Metric.ACCURACY) {
        page.paragraph(
            "Each candidate minus its baseline, paired by seed: mean, interval of"
                + " Student's t for 95 %, and the number of seeds with a better, equal and worse"
                + " result. The intervals are not adjusted for the number of comparisons; the p-values"
                + " are, by Holm's method, over this table, and \"better\" or \"worse\" stands only"
                + " where p is below 0.05, which no interval with zero in it allows.");
        page.paragraph(
            "What varies between the runs of a candidate are initial weights and the order of images:"
                + " nothing is said of other images, or of another choice of learning rates. Differences"
                + " are taken to be normally distributed. With few seeds only great differences can be"
                + " shown, so that \"no difference shown\" is no proof that there is none.");
      }
      if (done == comparison.candidates().size()) {
        page.paragraph("One run each: no interval, and no conclusion.");
      }
      page.table(differences(metric));
    }
    charts(page);
    page.section("Made with");
    page.table(environment());
    page.paragraph(
        "Learning rates, configurations in Deeplearning4j's JSON, curves and checksums"
            + " of every run are in the folder runs, a file each.");
  }

  private void charts(Page page) throws IOException {
    page.section("Accuracy at the end");
    Chart.Intervals accuracy =
        new Chart.Intervals(
            "accuracy",
            "Mean " + evaluated() + " accuracy with its 95 % interval",
            "Mean " + evaluated() + " accuracy of each updater and schedule, as in the table",
            evaluated() + " accuracy");
    for (Candidate candidate : comparison.candidates()) {
      Sample sample = comparison.sample(candidate, Metric.ACCURACY);
      if (sample.count() > 0) {
        accuracy.add(candidate.label(), sample.mean(), sample.halfWidth());
      }
    }
    add(page, accuracy);
    Chart.Intervals differences =
        new Chart.Intervals(
                "differences",
                "Mean difference in accuracy to the baseline with its 95 % interval",
                "Differences in accuracy to the baseline, as in the table",
                "difference in accuracy")
            .withZeroLine();
    for (Difference d : comparison.differences(Metric.ACCURACY)) {
      if (d.pairs() > 0) {
        differences.add(d.candidate().label(), d.sample().mean(), d.sample().halfWidth());
      }
    }
    add(page, differences);
    page.section("On the way");
    page.paragraph("Means over the seeds that did not diverge.");
    for (String schedule : comparison.schedules()) {
      page.chart(curves("loss", "training loss", schedule, RunResult::losses, true));
      page.chart(
          curves(
              evaluated() + "-accuracy",
              evaluated() + " accuracy",
              schedule,
              RunResult::accuracies,
              false));
      page.chart(curves("rate", "learning rate", schedule, RunResult::learningRates, true));
    }
    page.section("Time");
    page.paragraph(
        "Median time of an iteration, without reading and evaluating. It is no"
            + " benchmark: other programs on the machine share in it.");
    Chart.Intervals time =
        new Chart.Intervals(
            "time",
            "Mean over seeds of the median time per iteration with its 95 % interval",
            "Time per iteration of each updater and schedule",
            "milliseconds per iteration");
    for (Candidate candidate : comparison.candidates()) {
      Sample sample = comparison.milliseconds(candidate);
      time.add(candidate.label(), sample.mean(), sample.halfWidth());
    }
    add(page, time);
  }

  private static void add(Page page, Chart.Intervals chart) throws IOException {
    if (!chart.isEmpty()) {
      page.chart(chart);
    }
  }

  private Chart curves(
      String name,
      String what,
      String schedule,
      Function<RunResult, List<Point>> curve,
      boolean logarithmic) {
    Chart.Lines chart =
        new Chart.Lines(
            name + "-" + (comparison.schedules().indexOf(schedule) + 1),
            what + " over iterations, " + schedule,
            what + " over iterations, a line an updater, with the schedule " + schedule,
            "iterations",
            what,
            false,
            logarithmic);
    for (Candidate candidate : comparison.candidates(schedule)) {
      List<Point> mean =
          mean(
              comparison.finished(candidate).stream()
                  .map(run -> curve.apply(run.result()))
                  .toList());
      if (!mean.isEmpty()) {
        chart.line(
            candidate.updater().label(),
            candidate.updater().number(),
            mean.stream().mapToDouble(Point::iteration).toArray(),
            mean.stream().mapToDouble(Point::value).toArray());
      }
    }
    return chart;
  }

  /** All curves have the same places, since the runs have the same length. */
  private static List<Point> mean(List<List<Point>> curves) {
    return curves.stream()
        .flatMap(List::stream)
        .collect(
            Collectors.groupingBy(
                Point::iteration, LinkedHashMap::new, Collectors.averagingDouble(Point::value)))
        .entrySet()
        .stream()
        .map(entry -> new Point(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** What differs between runs has all its values. */
  private Table environment() {
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
    Table table = new Table(2, "what", "value");
    values.forEach((key, all) -> table.row(key, String.join(" / ", all)));
    return table
        .row("MD5 of training images", setup.trainMd5())
        .row("MD5 of " + evaluated() + " images", setup.evaluationMd5())
        .row("share of warm-up", setup.warmup());
  }

  private Table runsTable() {
    Table table =
        new Table(
            2,
            "updater",
            "schedule",
            "learning_rate",
            "weight_decay",
            "seed",
            "diverged_at",
            "training_loss",
            evaluated() + "_accuracy",
            "iterations",
            "seconds",
            "ms_per_iteration",
            "initial_sha256",
            "final_sha256",
            "finished");
    for (Run run : comparison.runs()) {
      Candidate candidate = run.settings().candidate();
      RunResult result = run.result();
      table.row(
          candidate.updater().label(),
          candidate.schedule(),
          candidate.learningRate(),
          candidate.weightDecay(),
          run.settings().seed(),
          orNothing(result.divergedAt()),
          orNothing(result.trainingLoss()),
          orNothing(result.accuracy()),
          result.iterations(),
          result.seconds(),
          result.millisecondsPerIteration(),
          result.initialSha256(),
          orNothing(result.finalSha256()),
          run.finished());
    }
    return table;
  }

  private static Object orNothing(Object value) {
    return value == null ? "" : value;
  }

  private Table curvesTable() {
    Table table = new Table(4, "updater", "schedule", "curve", "seed", "iteration", "value");
    for (Run run : comparison.runs()) {
      curve(table, run, "training_loss", run.result().losses());
      curve(table, run, evaluated() + "_accuracy", run.result().accuracies());
      curve(table, run, "learning_rate", run.result().learningRates());
    }
    return table;
  }

  private static void curve(Table table, Run run, String name, List<Point> points) {
    Candidate candidate = run.settings().candidate();
    for (Point point : points) {
      table.row(
          candidate.updater().label(),
          candidate.schedule(),
          name,
          run.settings().seed(),
          point.iteration(),
          point.value());
    }
  }

  /** The statistics, for programs. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Document(
      Setup setup,
      int runs,
      int of,
      List<Entry> candidates,
      Map<String, List<Difference>> differences) {}

  /** The statistics of a candidate. */
  private record Entry(
      Candidate candidate,
      int runs,
      int diverged,
      Map<String, Sample> metrics,
      Sample milliseconds) {}

  private Document json() {
    List<Entry> entries =
        comparison.candidates().stream()
            .map(
                c ->
                    new Entry(
                        c,
                        comparison.runs(c).size(),
                        comparison.diverged(c),
                        byMetric(metric -> comparison.sample(c, metric)),
                        comparison.milliseconds(c)))
            .toList();
    return new Document(setup, done, asked, entries, byMetric(comparison::differences));
  }

  private static <T> Map<String, T> byMetric(Function<Metric, T> value) {
    Map<String, T> values = new LinkedHashMap<>();
    for (Metric metric : Metric.values()) {
      values.put(metric.label(), value.apply(metric));
    }
    return values;
  }
}
