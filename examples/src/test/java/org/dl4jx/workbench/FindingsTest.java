package org.dl4jx.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

/**
 * On 10,000 images, two accuracies of 0.97 and 0.98 have standard errors of 0.171 and 0.140 points,
 * so twice that of their difference is 0.44 points.
 */
class FindingsTest {
  private static final NamedUpdater ADAM = NamedUpdater.ADAM;
  private static final NamedUpdater ADAMW = NamedUpdater.of(NamedOptimizer.ADAMW);
  private static final double DIVERGED = Double.NaN;
  private static final Setup SETUP =
      new Setup("mnist", 10, "a", "test", 10_000, "b", NamedModel.MLP, 1, 1, 1, 0.1);

  private final List<Run> runs = new ArrayList<>();

  /** Runs with seeds 0, 1, ... */
  private void add(NamedUpdater updater, String schedule, double... accuracies) {
    for (int seed = 0; seed < accuracies.length; seed++) {
      boolean diverged = Double.isNaN(accuracies[seed]);
      RunResult result =
          new RunResult(
              diverged ? 3 : null,
              10,
              diverged ? null : 0.1,
              diverged ? null : accuracies[seed],
              1,
              1,
              List.of(),
              List.of(),
              List.of(),
              "c",
              "d");
      Candidate candidate = new Candidate(updater, ScheduleNotation.parse(schedule), 0.1, 0);
      runs.add(
          new Run(
              new RunSettings(SETUP, candidate, seed),
              result,
              new Environment(Map.of(), Map.of()),
              "",
              null));
    }
  }

  private List<String> untuned() {
    return new Findings(runs, ADAM, false).sentences();
  }

  private List<String> tuned() {
    return new Findings(runs, ADAM, true).sentences();
  }

  @Test
  void aScheduleThatGainsMoreThanTheChoiceOfImagesExplainsIsSaidToGain() {
    add(ADAM, "constant", 0.9700);
    add(ADAM, "warmup-cosine", 0.9762);
    add(ADAMW, "constant", 0.9690);
    add(ADAMW, "warmup-cosine", 0.9761);

    assertThat(untuned())
        .containsExactly(
            "From the same weights and batches, training with warmup-cosine ends 0.62 points (adam)"
                + " and 0.71 points (adamw) more accurate than at a constant rate, beyond the"
                + " ±0.46 points that the choice of 10,000 test images explains.",
            "adam and adamw differ by at most 0.10 points under the same schedule, too little to"
                + " tell from chance in one run each: -Dexec.args=\"--seeds 5\" gives intervals.");
  }

  @Test
  void aGainThatTheChoiceOfImagesExplainsIsNotCalledMore() {
    add(ADAM, "constant", 0.9700);
    add(ADAM, "warmup-cosine", 0.9720);
    add(ADAMW, "constant", 0.9700);
    add(ADAMW, "warmup-cosine", 0.9730);

    // Twice the root of (0.97 * 0.03 + 0.972 * 0.028) / 10,000.
    assertThat(untuned().get(0))
        .isEqualTo(
            "From the same weights and batches, training with warmup-cosine ends 0.20 points (adam)"
                + " and 0.30 points (adamw) more accurate than at a constant rate, within the"
                + " ±0.47 points that the choice of 10,000 test images explains.");
  }

  @Test
  void whereOnlyOneUpdaterGainsMoreThanThatTheNumberStandsForItself() {
    add(ADAM, "constant", 0.9700);
    add(ADAM, "warmup-cosine", 0.9720);
    add(ADAMW, "constant", 0.9700);
    add(ADAMW, "warmup-cosine", 0.9800);

    assertThat(untuned().get(0))
        .endsWith(
            "than at a constant rate; the choice of 10,000 test images explains ±0.47 points.");
  }

  @Test
  void aScheduleThatLosesIsSaidToLose() {
    add(ADAM, "constant", 0.9800);
    add(ADAM, "warmup-cosine", 0.9700);

    assertThat(untuned())
        .containsExactly(
            "From the same weights and batches, training with warmup-cosine ends 1.00 points (adam)"
                + " less accurate than at a constant rate, beyond the ±0.44 points that the choice"
                + " of 10,000 test images explains.",
            "That is one run each: -Dexec.args=\"--seeds 5\" gives intervals.");
  }

  @Test
  void aScheduleThatGainsLosesAndChangesNothingIsCalledNeither() {
    add(ADAM, "constant", 0.9700);
    add(ADAM, "warmup-cosine", 0.9710);
    add(ADAMW, "constant", 0.9700);
    add(ADAMW, "warmup-cosine", 0.9695);
    add(NamedUpdater.SGD, "constant", 0.9700);
    add(NamedUpdater.SGD, "warmup-cosine", 0.9700);

    assertThat(untuned().get(0))
        .startsWith(
            "From the same weights and batches, warmup-cosine changes the accuracy by"
                + " +0.10 points (adam), +0.00 points (sgd) and -0.05 points (adamw) compared with"
                + " a constant rate, within the");
  }

  @Test
  void ofManyUpdatersTheExtremesAreNamed() {
    add(ADAM, "constant", 0.9700);
    add(ADAM, "one-cycle", 0.9710);
    add(ADAMW, "constant", 0.9700);
    add(ADAMW, "one-cycle", 0.9730);
    add(NamedUpdater.NESTEROVS, "constant", 0.9700);
    add(NamedUpdater.NESTEROVS, "one-cycle", 0.9720);
    add(NamedUpdater.SGD, "constant", 0.9715);
    add(NamedUpdater.SGD, "one-cycle", 0.9700);

    assertThat(untuned().get(0))
        .contains(
            "one-cycle changes the accuracy by between -0.15 points (sgd) and +0.30 points (adamw)"
                + " compared with a constant rate");
    assertThat(untuned().get(1))
        .startsWith("The updaters differ from adam by at most 0.20 points under the same schedule");
  }

  @Test
  void ofManyUpdatersThatLoseTheExtremesAreNamedByTheirSize() {
    for (NamedUpdater updater : List.of(ADAM, ADAMW, NamedUpdater.NESTEROVS)) {
      add(updater, "constant", 0.9700);
      add(updater, "one-cycle", 0.9500);
    }
    add(NamedUpdater.SGD, "constant", 0.9700);
    add(NamedUpdater.SGD, "one-cycle", 0.9600);

    assertThat(untuned().get(0))
        .contains("ends between 1.00 points (sgd) and 2.00 points (")
        .contains("less accurate than at a constant rate");
  }

  @Test
  void everyScheduleHasItsSentence() {
    add(ADAM, "constant", 0.9700);
    add(ADAM, "one-cycle", 0.9770);
    add(ADAM, "warmup-cosine", 0.9780);

    assertThat(untuned()).hasSize(3);
    assertThat(untuned().get(0)).contains("one-cycle", "0.70 points");
    assertThat(untuned().get(1)).contains("warmup-cosine", "0.80 points");
  }

  @Test
  void withoutAConstantRateNothingIsSaidOfSchedules() {
    add(ADAM, "one-cycle", 0.9700);
    add(ADAM, "warmup-cosine", 0.9780);
    add(ADAM, "constant(value=0.1)", 0.9780);

    assertThat(untuned()).isEmpty();
  }

  @Test
  void aDifferenceBetweenUpdatersBeyondTheChoiceOfImagesIsStillOneRun() {
    add(ADAM, "constant", 0.9700);
    add(NamedUpdater.SGD, "constant", 0.9400);

    assertThat(untuned())
        .containsExactly(
            "At a constant rate, sgd ends 3.00 points less accurate than adam, more than the choice"
                + " of test images explains, but in one run at a learning rate that is not tuned:"
                + " -Dexec.args=\"--seeds 5\" gives intervals, and the command tune chooses rates.");
    assertThat(tuned())
        .containsExactly(
            "At a constant rate, sgd ends 3.00 points less accurate than adam, more than the choice"
                + " of test images explains, but in one run: -Dexec.args=\"--seeds 5\" gives intervals.");
  }

  /** Of accuracies near 1, fewer points tell more. */
  @Test
  void theClearestDifferenceIsJudgedNotTheGreatest() {
    add(ADAM, "constant", 0.9000);
    add(ADAM, "warmup-cosine", 0.9900);
    add(ADAMW, "constant", 0.9060);
    add(ADAMW, "warmup-cosine", 0.9935);

    assertThat(tuned().get(1))
        .startsWith(
            "With warmup-cosine, adamw ends 0.35 points more accurate than adam, more than");
  }

  @Test
  void updatersAreComparedUnderTheSameSchedule() {
    add(ADAM, "constant", 0.9000);
    add(ADAM, "warmup-cosine", 0.9780);
    add(ADAMW, "warmup-cosine", 0.9785);

    assertThat(untuned().get(1))
        .isEqualTo(
            "adam and adamw differ by 0.05 points, too little to tell from chance in one run each:"
                + " -Dexec.args=\"--seeds 5\" gives intervals.");
  }

  @Test
  void severalSeedsGiveIntervals() {
    add(ADAM, "constant", 0.9700, 0.9710, 0.9720);
    add(ADAM, "warmup-cosine", 0.9760, 0.9770, 0.9781);
    add(ADAMW, "constant", 0.9700, 0.9710, 0.9720);
    add(ADAMW, "warmup-cosine", 0.9770, 0.9780, 0.9791);

    // The differences of adam are 0.60, 0.60 and 0.61 points; Student's t of two degrees of freedom
    // is 4.303, so half the interval is 4.303 * 0.00577 / √3.
    String gain =
        "Over the seeds, training with warmup-cosine ends 0.60 ± 0.01 points (adam) and"
            + " 0.70 ± 0.01 points (adamw) more accurate than at a constant rate"
            + " (means with 95 % intervals).";
    String difference =
        "Beside adam, the greatest difference with warmup-cosine is +0.10 points (adamw), which is not"
            + " significant after adjusting for the comparisons.";
    assertThat(tuned()).containsExactly(gain, difference);
    assertThat(untuned())
        .containsExactly(
            gain,
            difference,
            "The learning rates are not tuned: the command tune chooses one for each updater and"
                + " schedule.");
  }

  /** The p-value of 0.3, 0.4 and 0.6 points is 0.04; as one of two it becomes 0.08. */
  @Test
  void whatIsSignificantByItselfAloneIsNotSaidToGain() {
    add(ADAM, "constant", 0.9700, 0.9700, 0.9700);
    add(ADAM, "warmup-cosine", 0.9730, 0.9740, 0.9760);
    add(ADAMW, "constant", 0.9700, 0.9700, 0.9700);
    add(ADAMW, "warmup-cosine", 0.9730, 0.9740, 0.9760);

    assertThat(tuned().get(0))
        .contains("changes the accuracy by +0.43")
        .endsWith("not all of it is significant after adjusting for the comparisons.");
  }

  @Test
  void theReadmeShowsWhatIsSaidOfItsTable() throws IOException {
    String readme = Files.readString(Path.of("../README.md"));
    readme
        .lines()
        .map(line -> line.replace(" ", "").split("\\|"))
        .filter(cells -> cells.length == 8 && cells[1].matches("adamw?"))
        .forEach(
            cells ->
                add(
                    cells[1].equals("adam") ? ADAM : ADAMW,
                    cells[2],
                    Double.parseDouble(cells[6])));

    assertThat(runs).hasSize(4);
    assertThat(readme).contains(untuned());
  }

  @Test
  void anIntervalWithZeroIsNoGain() {
    add(ADAM, "constant", 0.9700, 0.9710);
    add(ADAM, "warmup-cosine", 0.9710, 0.9750);

    // Half the interval of 0.1 and 0.4 points is 12.71 * 0.212 / √2.
    assertThat(tuned())
        .containsExactly(
            "Over the seeds, warmup-cosine changes the accuracy by +0.25 ± 1.91 points (adam)"
                + " compared with a constant rate (means with 95 % intervals); not all of it is"
                + " significant after adjusting for the comparisons.");
  }

  @Test
  void seedsThatDifferAlikeHaveNoInterval() {
    add(ADAM, "constant", 0.9700, 0.9710);
    add(ADAM, "warmup-cosine", 0.9705, 0.9715);

    assertThat(tuned())
        .containsExactly(
            "Over the seeds, warmup-cosine changes the accuracy by +0.05 points (adam) compared"
                + " with a constant rate (means with 95 % intervals); not all of it is"
                + " significant after adjusting for the comparisons; where all seeds differ by the"
                + " same amount, there is no interval.");
  }

  @Test
  void whatDivergedIsNotCompared() {
    add(ADAM, "constant", 0.9700);
    add(ADAM, "warmup-cosine", 0.9780);
    add(ADAMW, "constant", 0.9700);
    add(ADAMW, "warmup-cosine", DIVERGED);

    assertThat(untuned()).hasSize(3);
    assertThat(untuned().get(0)).contains("0.80 points (adam) more").doesNotContain("adamw");
    assertThat(untuned().get(1)).contains("adam and adamw differ by 0.00 points");
    assertThat(untuned().get(2))
        .isEqualTo(
            "Runs that diverged (1 of 4) are not compared: lr-find suggests a learning rate.");
  }

  @Test
  void aScheduleThatDivergedWithOneSeedIsNotJudgedByTheOthers() {
    add(ADAM, "constant", 0.9700, 0.9700, 0.9700);
    add(ADAM, "warmup-cosine", 0.9780, 0.9790, DIVERGED);

    assertThat(tuned())
        .containsExactly(
            "Runs that diverged (1 of 6) are not compared: lr-find suggests a learning rate.");
  }

  @Test
  void aSingleRunSaysNothing() {
    add(ADAM, "constant", 0.9700);

    assertThat(untuned()).isEmpty();
  }
}
