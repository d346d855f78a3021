package org.dl4jx.workbench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.experiment.Environment;
import org.dl4jx.workbench.experiment.Run;
import org.dl4jx.workbench.experiment.RunResult;
import org.dl4jx.workbench.experiment.RunSettings;
import org.dl4jx.workbench.experiment.Setup;
import org.dl4jx.workbench.models.NamedModel;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.ScheduleNotation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  private static final Setup SETUP =
      new Setup("mnist", 10, "a", "test", 10, "b", NamedModel.MLP, 1, 1, 1, 0.1);
  private static final Baseline ADAM = new Baseline(NamedUpdater.ADAM, null);

  @TempDir private Path folder;
  private final List<Run> runs = new ArrayList<>();

  private static Candidate candidate(NamedUpdater updater, String schedule) {
    return new Candidate(updater, ScheduleNotation.parse(schedule), 0.1, 0);
  }

  /** Runs with seeds 0, 1, ...; NaN is one that diverged. */
  private void add(NamedUpdater updater, String schedule, double... accuracies) {
    for (int seed = 0; seed < accuracies.length; seed++) {
      boolean diverged = Double.isNaN(accuracies[seed]);
      RunResult result =
          new RunResult(
              diverged ? 3 : null,
              10,
              diverged ? null : 1 - accuracies[seed],
              diverged ? null : accuracies[seed],
              1,
              1,
              List.of(),
              List.of(),
              List.of(),
              "c",
              "d");
      runs.add(
          new Run(
              new RunSettings(SETUP, candidate(updater, schedule), seed),
              result,
              new Environment(Map.of(), Map.of()),
              "",
              null));
    }
  }

  private List<Difference> differences(Baseline baseline) {
    return new Comparison(runs, baseline).differences(Metric.ACCURACY);
  }

  @Test
  void differencesArePairedBySeed() {
    add(NamedUpdater.ADAM, "constant", 0.10, 0.50, 0.90);
    add(NamedUpdater.SGD, "constant", 0.12, 0.52, 0.93);

    Difference difference = differences(ADAM).get(0);

    // The seeds differ by 0.4, the pairs by 0.01: only pairing shows it.
    assertThat(difference.sample().mean()).isCloseTo(0.07 / 3, within(1e-12));
    assertThat(difference.sample().deviation()).isLessThan(0.01);
    assertThat(difference.verdict()).isEqualTo(Difference.Verdict.BETTER);
    assertThat(difference.wins()).isEqualTo(3);
  }

  @Test
  void aGlanceShowsWhatIsBetterAndWhatIsMissing() {
    add(NamedUpdater.ADAM, "constant", 0.10, 0.50, 0.90);
    add(NamedUpdater.SGD, "constant", 0.12, 0.52, 0.93);
    add(NamedUpdater.ADAM, "cosine", 0.25, 0.25);
    add(NamedUpdater.NESTEROVS, "cosine", 0.125, Double.NaN);

    assertThat(new ComparisonTables(new Comparison(runs, ADAM)).accuracies().toCsv())
        .isEqualTo(
            """
            updater,constant,cosine
            adam,0.5000 ± 0.4000,0.2500 ± 0.0000
            nesterovs,-,0.1250 (of the others)
            sgd,0.5233 ± 0.4050 +,-
            """);
  }

  @Test
  void lessLossIsBetter() {
    add(NamedUpdater.ADAM, "constant", 0.10, 0.50, 0.90);
    add(NamedUpdater.SGD, "constant", 0.12, 0.52, 0.93);

    Difference difference = new Comparison(runs, ADAM).differences(Metric.TRAINING_LOSS).get(0);

    assertThat(difference.sample().mean()).isNegative();
    assertThat(difference.verdict()).isEqualTo(Difference.Verdict.BETTER);
    assertThat(difference.wins()).isEqualTo(3);
  }

  @Test
  void noneIsCalledBetterWhereTheIntervalHoldsZero() {
    add(NamedUpdater.ADAM, "constant", 0.5, 0.5, 0.5);
    add(NamedUpdater.SGD, "constant", 0.6, 0.9, 0.49);

    Difference difference = differences(ADAM).get(0);

    assertThat(difference.sample().low()).isNegative();
    assertThat(difference.sample().high()).isPositive();
    assertThat(difference.verdict()).isEqualTo(Difference.Verdict.NOT_SHOWN);
    assertThat(List.of(difference.wins(), difference.ties(), difference.losses()))
        .containsExactly(2, 0, 1);
  }

  /**
   * Holm: the least of three p-values times 3, the next times 2, the last times 1, and none below
   * the one before.
   */
  @Test
  void pValuesAreAdjustedForTheNumberOfComparisons() {
    add(NamedUpdater.ADAM, "constant", 0.5, 0.5, 0.5, 0.5);
    add(NamedUpdater.SGD, "constant", 0.6, 0.61, 0.62, 0.63);
    add(NamedUpdater.NESTEROVS, "constant", 0.515, 0.53, 0.55, 0.565);
    add(NamedUpdater.of(NamedOptimizer.ADAMW), "constant", 0.4, 0.6, 0.5, 0.7);

    List<Difference> differences = differences(ADAM);

    Map<NamedUpdater, Integer> factors = Map.of(NamedUpdater.SGD, 3, NamedUpdater.NESTEROVS, 2);
    assertThat(differences)
        .allSatisfy(
            d -> {
              int factor = factors.getOrDefault(d.candidate().updater(), 1);
              assertThat(d.adjustedP()).isCloseTo(factor * d.sample().p(), within(1e-15));
            });
    Difference nesterovs =
        differences.stream()
            .filter(d -> d.candidate().updater() == NamedUpdater.NESTEROVS)
            .findFirst()
            .orElseThrow();
    // Alone it would be called better.
    assertThat(nesterovs.sample().p()).isLessThan(0.05);
    assertThat(nesterovs.adjustedP()).isGreaterThan(0.05);
    assertThat(nesterovs.verdict()).isEqualTo(Difference.Verdict.NOT_SHOWN);
  }

  @Test
  void aRunThatDivergedForbidsAVerdictAndIsCounted() {
    add(NamedUpdater.ADAM, "constant", 0.5, 0.5, 0.5, 0.5);
    add(NamedUpdater.SGD, "constant", 0.6, 0.61, 0.6, Double.NaN);

    Difference difference = differences(ADAM).get(0);
    String table = new ComparisonReport(runs, 8, ADAM, "").results().toMarkdown();

    assertThat(difference.unpaired()).isEqualTo(1);
    assertThat(difference.verdict()).isEqualTo(Difference.Verdict.DIVERGED);
    assertThat(table).contains("1 of 4 diverged", "(of the others)");
  }

  @Test
  void onePairIsNotJudged() {
    add(NamedUpdater.ADAM, "constant", 0.5);
    add(NamedUpdater.SGD, "constant", 0.9);

    assertThat(differences(ADAM).get(0).verdict()).isEqualTo(Difference.Verdict.ONE_PAIR);
  }

  @Test
  void pairsThatDifferAlikeAreNotJudged() {
    add(NamedUpdater.ADAM, "constant", 0.5, 0.5);
    add(NamedUpdater.SGD, "constant", 0.75, 0.75);

    assertThat(differences(ADAM).get(0).verdict()).isEqualTo(Difference.Verdict.ALL_EQUAL);
  }

  /**
   * Eleven images of 10,000 each, whose differences as numbers are not the same to the last bit.
   */
  @Test
  void pairsThatDifferAlikeButForRoundingAreNotJudged() {
    add(NamedUpdater.ADAM, "constant", 0.9755, 0.9823);
    add(NamedUpdater.SGD, "constant", 0.9766, 0.9834);

    assertThat(differences(ADAM).get(0).sample().deviation()).isPositive();
    assertThat(differences(ADAM).get(0).verdict()).isEqualTo(Difference.Verdict.ALL_EQUAL);
  }

  @Test
  void aRunThatLearnedNothingIsCounted() {
    add(NamedUpdater.ADAM, "constant", 0.5, 0.1);

    assertThat(new ComparisonReport(runs, 2, ADAM, "").results().toMarkdown())
        .contains("2, 1 at chance");
  }

  @Test
  void theBaselineOfACandidateHasItsSchedule() {
    for (NamedUpdater updater : List.of(NamedUpdater.ADAM, NamedUpdater.SGD)) {
      add(updater, "constant", 0.5, 0.5);
      add(updater, "one-cycle", 0.5, 0.5);
    }

    assertThat(differences(ADAM))
        .extracting(d -> d.candidate().label() + " with " + d.baseline().label())
        .containsExactly(
            "sgd, constant with adam, constant", "sgd, one-cycle with adam, one-cycle");
    assertThat(differences(new Baseline(NamedUpdater.ADAM, ScheduleNotation.parse("constant"))))
        .extracting(d -> d.candidate().label() + " with " + d.baseline().label())
        .containsExactly(
            "sgd, constant with adam, constant",
            "adam, one-cycle with adam, constant",
            "sgd, one-cycle with adam, constant");
  }

  @Test
  void aScheduleThatTheBaselineWasNotTrainedWithIsNotCompared() {
    add(NamedUpdater.ADAM, "constant", 0.5, 0.6);
    add(NamedUpdater.SGD, "cosine", 0.7, 0.6);

    assertThat(differences(ADAM)).isEmpty();
  }

  @Test
  void aPartialReportSaysSoAtItsHead() throws IOException {
    add(NamedUpdater.ADAM, "constant", 0.5, 0.5);

    new ComparisonReport(runs, 7, ADAM, "Rates were chosen.").write(folder);

    assertThat(Files.readAllLines(folder.resolve("report.md")).get(2))
        .isEqualTo("> **PARTIAL: 2 of 7 runs**");
    assertThat(folder.resolve("report.html")).content().contains("PARTIAL: 2 of 7 runs");
  }

  @Test
  void whatIsWrittenIsAFunctionOfTheRuns() throws IOException {
    add(NamedUpdater.ADAM, "constant", 0.5, 0.6);
    add(NamedUpdater.SGD, "constant", 0.7, 0.6);
    new ComparisonReport(runs, 4, ADAM, "").write(folder.resolve("a"));
    Collections.reverse(runs);
    new ComparisonReport(runs, 4, ADAM, "").write(folder.resolve("b"));

    for (String file : List.of("report.md", "report.html", "results.csv", "results.json")) {
      assertThat(folder.resolve("b").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("a").resolve(file));
    }
  }
}
