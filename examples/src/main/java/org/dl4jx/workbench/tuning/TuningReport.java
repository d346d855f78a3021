package org.dl4jx.workbench.tuning;

import static org.dl4jx.workbench.report.Table.number;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dl4jx.workbench.data.AtomicFile;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.experiment.Json;
import org.dl4jx.workbench.experiment.Setup;
import org.dl4jx.workbench.report.Chart;
import org.dl4jx.workbench.report.Curve;
import org.dl4jx.workbench.report.Page;
import org.dl4jx.workbench.report.Report;
import org.dl4jx.workbench.report.Table;

/**
 * What a choice of learning rates came to.
 *
 * @param setup what all trials have in common
 * @param seeds of every trial
 * @param budget number of trials an updater and schedule
 * @param trials of each updater and schedule, by what the search began with
 */
public record TuningReport(
    Setup setup, List<Long> seeds, int budget, Map<Candidate, List<Trial>> trials) {

  /**
   * Whether every updater has had all its trials.
   *
   * @return false if the report is partial
   */
  public boolean isComplete() {
    return trials.values().stream().allMatch(list -> list.size() == budget);
  }

  /**
   * The best of each updater and schedule.
   *
   * @return a row each
   */
  public Table choices() {
    Table table =
        new Table(
            2,
            "updater",
            "schedule",
            "learning rate",
            "weight decay",
            "validation accuracy",
            "trials",
            "note");
    for (List<Trial> list : trials.values()) {
      if (!list.isEmpty()) {
        Trial best = Search.best(list);
        table.row(
            best.candidate().updater().label(),
            best.candidate().schedule(),
            best.candidate().learningRate(),
            decay(best.candidate()),
            number("%.4f", best.accuracy()),
            list.size(),
            note(list, best));
      }
    }
    return table;
  }

  private static String note(List<Trial> list, Trial best) {
    if (best.isDiverged()) {
      return "all diverged";
    }
    return Search.isAtEdge(list) ? "rate at the edge of what was tried" : "";
  }

  private static String decay(Candidate candidate) {
    return candidate.updater().decaysWeights() ? String.valueOf(candidate.weightDecay()) : "-";
  }

  private Table all() {
    Table table =
        new Table(
            2,
            "updater",
            "schedule",
            "learning_rate",
            "weight_decay",
            "validation_accuracy",
            "training_loss",
            "chosen");
    for (List<Trial> list : trials.values()) {
      for (Trial trial : list) {
        table.row(
            trial.candidate().updater().label(),
            trial.candidate().schedule(),
            trial.candidate().learningRate(),
            trial.candidate().weightDecay(),
            trial.isDiverged() ? "diverged" : trial.accuracy(),
            trial.isDiverged() ? "diverged" : trial.trainingLoss(),
            trial == Search.best(list));
      }
    }
    return table;
  }

  /**
   * Writes the report and, if it is complete, the choice.
   *
   * @param folder where to
   * @throws IOException if a file cannot be written
   */
  public void write(Path folder) throws IOException {
    Report report =
        new Report(
            folder, String.format("Learning rates on %s with %s", setup.data(), setup.model()));
    fill(report);
    report.write();
    AtomicFile.write(folder.resolve("tuning.csv"), all().toCsv());
    if (isComplete()) {
      List<Candidate> chosen =
          trials.values().stream()
              .map(Search::best)
              .filter(best -> !best.isDiverged())
              .map(Trial::candidate)
              .toList();
      Json.write(folder.resolve(TunedRates.FILE), new TunedRates(setup, seeds, budget, chosen));
    }
  }

  private void fill(Page page) throws IOException {
    if (!isComplete()) {
      page.notice(
          String.format(
              "PARTIAL: %d of %d trials",
              trials.values().stream().mapToInt(List::size).sum(), trials.size() * budget));
    }
    page.paragraph(
        String.format(
            Locale.ROOT,
            "%s, %,d training images, %s, batch size %d, seeds %s. The best"
                + " is the one with the greatest mean accuracy on %,d validation images, which are"
                + " training images that no trial was trained on; of equal ones, that with the least"
                + " training loss. The test images were not looked at.",
            setup.model(),
            setup.trainExamples(),
            setup.length(),
            setup.batchSize(),
            TunedRates.listed(seeds),
            setup.evaluationExamples()));
    page.paragraph(
        String.format(
            "Each updater and schedule had %d trials by the same rules: seven learning rates in"
                + " steps of √10 around the usual one; up to two more beyond an edge with the best;"
                + " with the rest, other decays at the best rate for updaters that decay, and finer"
                + " steps of the rate for the others. So the rates of updaters that decay stay on a"
                + " grid of √10, those of the others become finer; no decay is tried as 0.",
            budget));
    page.section("Choices");
    page.table(choices());
    page.section("Trials");
    List<String> schedules =
        trials.keySet().stream().map(c -> c.schedule().toString()).distinct().toList();
    for (String schedule : schedules) {
      page.chart(chart(schedule, "tuning-" + (schedules.indexOf(schedule) + 1)));
    }
    page.paragraph("Every trial stands in tuning.csv.");
  }

  private Chart chart(String schedule, String name) {
    Chart.Lines chart =
        new Chart.Lines(
            name,
            "Validation accuracy by learning rate, " + schedule,
            "Validation accuracy by learning rate, a line an updater, the best of each marked",
            "learning rate",
            "validation accuracy",
            true,
            false);
    trials.forEach(
        (first, list) -> {
          List<Trial> line =
              list.stream()
                  .filter(t -> !t.isDiverged())
                  .filter(t -> t.candidate().weightDecay() == first.weightDecay())
                  .sorted(Comparator.comparingDouble(t -> t.candidate().learningRate()))
                  .toList();
          if (first.schedule().toString().equals(schedule) && !line.isEmpty()) {
            Trial best = Search.best(list);
            int style = first.updater().number();
            chart.line(
                first.updater().label(),
                style,
                line.stream().mapToDouble(t -> t.candidate().learningRate()).toArray(),
                line.stream().mapToDouble(Trial::accuracy).toArray());
            chart.point(
                "best: " + Curve.number(best.candidate().learningRate()),
                style,
                best.candidate().learningRate(),
                best.accuracy());
          }
        });
    return chart;
  }
}
