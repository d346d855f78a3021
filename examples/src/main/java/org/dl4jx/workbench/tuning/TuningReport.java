package org.dl4jx.workbench.tuning;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.experiment.Json;
import org.dl4jx.workbench.experiment.Setup;
import org.dl4jx.workbench.files.AtomicFile;
import org.dl4jx.workbench.report.Chart;
import org.dl4jx.workbench.report.ExperimentText;
import org.dl4jx.workbench.report.Page;
import org.dl4jx.workbench.report.Report;
import org.dl4jx.workbench.report.Table;

/**
 * The report of a choice of learning rates: which sections and files it has.
 *
 * @param setup what all trials have in common
 * @param seeds of every trial
 * @param budget number of trials per updater and schedule
 * @param trials of each updater and schedule, by the candidate that the search started with
 */
public record TuningReport(
    Setup setup, List<Long> seeds, int budget, Map<Candidate, List<Trial>> trials) {

  private static final String TRIALS = "tuning.csv";

  /** The names of its files, beside the charts. */
  public static final List<String> FILES =
      List.of(Report.HTML, Report.MARKDOWN, TRIALS, TunedRates.FILE);

  /**
   * Whether every updater has had all its trials.
   *
   * @return false if the report is partial
   */
  public boolean isComplete() {
    return trials.values().stream().allMatch(list -> list.size() == budget);
  }

  /**
   * The best trial of each updater and schedule.
   *
   * @return one row per updater and schedule
   */
  public Table choices() {
    return tables().choices();
  }

  private TuningTables tables() {
    return new TuningTables(trials.values(), setup.length());
  }

  /**
   * Writes the report and, if it is complete, the choice.
   *
   * @param folder where to
   * @throws IOException if a file cannot be written
   */
  public void write(Path folder) throws IOException {
    Report report = new Report(folder, TuningText.title(setup));
    fill(report);
    report.write();
    AtomicFile.write(folder.resolve(TRIALS), tables().all().toCsv());
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
      int done = trials.values().stream().mapToInt(List::size).sum();
      page.notice(ExperimentText.partial(done, trials.size() * budget, "trials"));
    }
    page.paragraph(TuningText.setup(setup, seeds)).paragraph(TuningText.search(budget));
    page.section("Choices").table(choices());
    page.section("Trials");
    for (Chart chart : new TuningCharts(trials, setup.length()).all()) {
      page.chart(chart);
    }
    page.paragraph(TuningText.files());
  }
}
