package org.dl4jx.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dl4jx.workbench.experiment.Json;
import org.dl4jx.workbench.experiment.Run;
import org.dl4jx.workbench.experiment.RunResult;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.report.ComparisonReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
  private static final String ADAMW = "--updaters=adamw";

  @TempDir private Path folder;

  /** The smallest comparison. */
  private static Console compare(Path output, String... more) {
    return Console.run(
        Console.args(
            List.of(
                "--dataset=mnist-embedded",
                "--train-examples=64",
                "--epochs=1",
                "--batch-size=32",
                "--output=" + output),
            more));
  }

  private static List<String[]> rows(Path csv) throws IOException {
    return Files.readAllLines(csv).stream().map(line -> line.split(",")).toList();
  }

  private static List<Path> runs(Path output) throws IOException {
    try (Stream<Path> files = Files.list(output.resolve("runs"))) {
      return files.sorted().toList();
    }
  }

  @Test
  void allUpdatersLearnAndTheTableIsPrintedAndWritten() throws IOException {
    String names =
        NamedUpdater.values().stream().map(NamedUpdater::label).collect(Collectors.joining(","));
    Console console =
        Console.run(
            "--dataset=mnist-embedded",
            "--train-examples=600",
            "--epochs=4",
            "--batch-size=32",
            "--schedules=constant",
            "--updaters=" + names,
            "--output=" + folder);

    assertThat(console.exitCode()).isZero();
    assertThat(console.out())
        .contains("Data      the embedded part of MNIST: 600 training images, 2,000 test images")
        .contains("Network   mlp: 256-128, ReLU; 235,146 parameters")
        .contains("4 epochs of 19 iterations, batch size 32, " + names.split(",").length + " runs");
    List<String[]> rows = rows(folder.resolve("summary.csv"));
    assertThat(rows.get(0))
        .containsExactly(
            "updater",
            "schedule",
            "learning rate",
            "weight decay",
            "training loss",
            "test accuracy",
            "runs",
            "ms/iteration");
    assertThat(rows.subList(1, rows.size()))
        .extracting(row -> row[0])
        .containsExactly(names.split(","));
    for (String[] row : rows.subList(1, rows.size())) {
      // The least is that of radam, which is still warming up: 0.64 ± 0.02 over seeds. Chance is
      // 0.1.
      assertThat(Double.parseDouble(row[5])).isGreaterThan(0.5);
    }
  }

  @Test
  void aReportHoldsTablesChartsAndEveryRun() throws IOException {
    Console console = compare(folder, "--seeds=2", "--schedules=constant,cosine");

    assertThat(console.exitCode()).isZero();
    assertThat(runs(folder))
        .extracting(path -> path.getFileName().toString())
        .containsExactly(
            "adam.constant.seed-42.json",
            "adam.constant.seed-43.json",
            "adam.cosine.seed-42.json",
            "adam.cosine.seed-43.json",
            "adamw.constant.seed-42.json",
            "adamw.constant.seed-43.json",
            "adamw.cosine.seed-42.json",
            "adamw.cosine.seed-43.json");
    String markdown = Files.readString(folder.resolve("report.md"));
    String html = Files.readString(folder.resolve("report.html"));
    assertThat(markdown).contains("adam, cosine").doesNotContain("PARTIAL");
    assertThat(html)
        .contains("adam, cosine")
        .doesNotContain("http:", "https:", "<script", "PARTIAL");
    for (String chart : List.of("accuracy", "differences", "loss-1", "rate-2", "time")) {
      assertThat(folder.resolve("charts").resolve(chart + ".png")).exists();
      assertThat(markdown).contains("(charts/" + chart + ".png)");
    }
    assertThat(rows(folder.resolve("results.csv"))).hasSize(1 + 8);
    Run run = Json.read(runs(folder).get(0), Run.class, "");
    assertThat(run.configuration().path("confs")).hasSize(3);
    assertThat(run.environment().versions()).containsKeys("dl4jx", "Deeplearning4j", "Java");
    assertThat(run.environment().machine()).containsKeys("processor", "cores");
  }

  @Test
  void anAverageAddsRowsAndIsComparedWithItsOwnRuns() throws IOException {
    String average = "--average=ema(decay=0.5,every=2),swa";
    Console console = compare(folder, ADAMW, "--seeds=2", "--schedules=constant", average);

    assertThat(console.exitCode()).isZero();
    assertThat(console.out()).contains("adamw at swa").contains("2 runs");
    String rows = Files.readString(folder.resolve("summary.csv"));
    assertThat(rows)
        .contains("\"adamw at ema(decay=0.5,every=2)\",constant,")
        .containsPattern("adamw at swa,constant,0.001,0.01,-,0[.]\\d+ ± 0[.]\\d+,2,-");
    assertThat(Files.readString(folder.resolve("report.md")))
        .contains("## Averages of weights")
        .containsPattern("adamw at swa +[|] constant +[|] adamw, constant");
    Run run = Json.read(runs(folder).get(0), Run.class, "");
    assertThat(run.result().averages()).hasSize(2);
    RunResult.AtAverage swa = run.result().averages().get(1);
    assertThat(swa.accuracies())
        .extracting(RunResult.Point::iteration)
        .isEqualTo(run.result().accuracies().stream().map(RunResult.Point::iteration).toList());

    Console other = compare(folder, ADAMW, "--schedules=constant", "--resume");
    assertThat(other.exitCode()).isNotZero();
    assertThat(other.err()).contains("was made with other settings").contains("averages");
    Console same = compare(folder, ADAMW, "--seeds=3", "--schedules=constant", average, "--resume");
    assertThat(same.exitCode()).isZero();
  }

  /** With batch normalization, whose statistics cannot be estimated then. */
  @Test
  void aRunThatDivergesDoesSoAtItsAveragesToo() throws IOException {
    Console console =
        compare(
            folder,
            "--updaters=sgd",
            "--model=cnn",
            "--schedules=constant",
            "--learning-rate=1e8",
            "--average=ema(decay=0.5)");

    assertThat(console.exitCode()).isZero();
    assertThat(Files.readString(folder.resolve("summary.csv")))
        .contains("sgd,constant,1.0E8,-,diverged,diverged,1 of 1 diverged")
        .contains("sgd at ema(decay=0.5),constant,1.0E8,-,-,diverged,1 of 1 diverged");
  }

  @Test
  void anAverageThatStartsAfterTheEndIsRefused() {
    Console console = compare(folder, "--average=swa(start=2)");

    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(console.err())
        .contains("the start of swa(start=2) must be a number below 2, the length of a run");
  }

  /** Its files say nothing of averages. */
  @Test
  void runsOfAnOlderVersionAreGoneOnWith() throws IOException {
    assertThat(compare(folder, ADAMW, "--schedules=constant").exitCode()).isZero();
    for (Path file : runs(folder)) {
      String text = Files.readString(file);
      String older = text.replaceAll(",\\s*\"averages\" : \\[ \\]", "");
      assertThat(older).hasSizeLessThan(text.length() - 40).doesNotContain("averages");
      Files.writeString(file, older);
    }

    Console resumed = compare(folder, ADAMW, "--seeds=2", "--schedules=constant", "--resume");

    assertThat(resumed.exitCode()).isZero();
    assertThat(runs(folder)).hasSize(2);
  }

  /** The table has the greatest rate of the run, not the one that the schedule starts from. */
  @Test
  void theLearningRateInAReportIsTheGreatestOfTheRun() throws IOException {
    compare(
        folder,
        "--updaters=adam",
        "--schedules=scaled(factor=50,of=cosine),warmup(mode=constant,initial=3,steps=1,then=cosine),"
            + "sequence(constant,1,constant(value=0.25)),constant(value=0.125),cosine");

    List<String> rates = List.of("0.05", "3.0", "0.25", "0.125", "0.001");
    assertThat(
            rows(folder.resolve("results.csv")).stream().skip(1).map(row -> row[row.length - 12]))
        .containsExactlyInAnyOrderElementsOf(rates);
    String markdown = Files.readString(folder.resolve("report.md"));
    assertThat(markdown)
        .containsPattern("scaled\\(factor=50,of=cosine\\) +\\| +0\\.05 ")
        .containsPattern("then=cosine\\) +\\| +3\\.0 ");
  }

  /** So that whatever is in the way of one is found out before training. */
  @Test
  void everyFileOfAReportIsListed() throws IOException {
    compare(folder);

    try (Stream<Path> files = Files.list(folder).filter(Files::isRegularFile)) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(n -> !n.startsWith(".")))
          .containsExactlyInAnyOrderElementsOf(ComparisonReport.FILES);
    }
  }

  @Test
  void whatIsFinishedIsNotTrainedAgain() throws IOException {
    compare(folder, "--seeds=2");
    Path kept = runs(folder).get(0);
    FileTime before = Files.getLastModifiedTime(kept);
    Files.delete(folder.resolve("runs").resolve("adamw.warmup-cosine.seed-43.json"));

    Console console = compare(folder, "--seeds=2", "--resume");

    assertThat(console.exitCode()).isZero();
    assertThat(console.err()).contains("run 1 of 1: adamw, warmup-cosine, seed 43");
    assertThat(Files.getLastModifiedTime(kept)).isEqualTo(before);
    assertThat(runs(folder)).hasSize(8);
  }

  @Test
  void aResumedComparisonEndsBitForBitAsOneThatWasNotInterrupted() throws IOException {
    Path resumed = folder.resolve("resumed");
    Path whole = folder.resolve("whole");
    compare(resumed, "--seeds=43,44", "--updaters=adamw,nesterovs-averaged");
    compare(resumed, "--seeds=2", "--updaters=nesterovs-averaged,adamw", "--resume");
    compare(whole, "--seeds=42,43,44", "--updaters=adamw,nesterovs-averaged");

    for (Path file : runs(whole)) {
      Run run = Json.read(file, Run.class, "");
      Run other = Json.read(resumed.resolve("runs").resolve(file.getFileName()), Run.class, "");
      assertThat(other.result().finalSha256()).isEqualTo(run.result().finalSha256());
      assertThat(other.result().losses()).isEqualTo(run.result().losses());
      assertThat(other.settings()).isEqualTo(run.settings());
    }
  }

  @Test
  void theReportIsWrittenAgainFromTheRunsAlone() throws IOException {
    compare(folder, "--seeds=2");
    String report = Files.readString(folder.resolve("report.md"));
    Files.delete(folder.resolve("report.md"));

    Console console = compare(folder, "--seeds=2", "--resume");

    assertThat(console.exitCode()).isZero();
    assertThat(folder.resolve("report.md")).hasContent(report);
  }

  @Test
  void aFolderWithRunsIsRefusedWithoutResume() throws IOException {
    compare(folder);

    Console console = compare(folder);

    assertThat(console.exitCode()).isEqualTo(1);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).contains("has the finished runs of an experiment; add --resume");
  }

  @Test
  void runsOfOtherSettingsAreNeverMixed() throws IOException {
    compare(folder);

    assertThat(compare(folder, "--resume", "--epochs=2").err())
        .contains("was made with other settings: epochs was 1, now 2")
        .contains("; choose another folder for --output");
    assertThat(compare(folder, "--resume", "--seeds=7,8", "--learning-rate=0.5").err())
        .contains("was made with other settings: learningRate was 0.001, now 0.5");
    assertThat(compare(folder, "--resume", "--weight-decay=0.5").err())
        .contains("adamw.constant.seed-42.json", "weightDecay was 0.01, now 0.5");
    assertThat(runs(folder)).hasSize(4);
  }

  /** As if another version of the program had made it, with another Adam of the same name. */
  @Test
  void runsOfOtherUpdatersByTheSameNameAreNeverMixed() throws IOException {
    compare(folder);
    Path file = runs(folder).get(0);
    String run = Files.readString(file);
    Files.writeString(file, run.replaceFirst("\"beta1\" : 0.9,", "\"beta1\" : 0.8,"));

    Console console = compare(folder, "--resume");

    assertThat(console.exitCode()).isEqualTo(1);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).contains(file.toString(), "other settings", "0.8", "0.9");
  }

  @Test
  void whatComesLaterIsComparedWithWhatIsThere() throws IOException {
    compare(folder, "--seeds=2", "--schedules=constant", "--updaters=adam");

    Console console =
        compare(folder, "--schedules=constant", "--updaters=sgd", "--baseline=adam", "--resume");

    assertThat(console.exitCode()).isZero();
    assertThat(console.out()).contains("PARTIAL: 3 of 4 runs", "adam, constant");
  }

  @Test
  void aRunThatCannotBeReadIsNamed() throws IOException {
    compare(folder);
    Files.writeString(runs(folder).get(0), "{");

    Console console = compare(folder, "--resume");

    assertThat(console.exitCode()).isEqualTo(1);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).contains("adam.constant.seed-42.json cannot be read");
  }

  @Test
  void aRunThatDivergesIsShownAndTheRestGoesOn() throws IOException {
    Console console =
        compare(
            folder,
            "--epochs=2",
            "--seeds=2",
            "--schedules=constant(value=1e30),constant",
            "--updaters=adamw,sgd");

    assertThat(console.exitCode()).isZero();
    assertThat(console.out().lines().filter(line -> line.contains("2 of 2 diverged"))).hasSize(2);
    assertThat(console.out()).contains("not judged: diverged");
    assertThat(runs(folder)).hasSize(8);
  }

  @Test
  void oneSeedMakesNoComparison() {
    Console console = compare(folder);

    assertThat(console.out())
        .doesNotContain("verdict", "ms/iteration")
        .containsPattern("with warmup-cosine ends|warmup-cosine changes the accuracy")
        .contains("-Dexec.args=\"--seeds 5\" gives intervals");
    assertThat(folder.resolve("report.md")).content().contains("One run each: no interval");
  }

  @Test
  void theProgressIsAFewLinesWhereThereIsNoTerminal() {
    Console console = Console.run("--dataset=mnist-embedded", "--train-examples=300", "--epochs=1");

    assertThat(console.err().lines().count()).isBetween(1L, 40L);
    assertThat(console.err()).contains("compare 100%", "run 4 of 4: adamw, warmup-cosine, seed 42");
  }

  @Test
  void anUnwritableFolderIsFoundOutBeforeTraining() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    Console console = compare(file.resolve("x"));

    assertThat(console.exitCode()).isEqualTo(1);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).startsWith("dl4jx: cannot write to the folder of --output");
    assertThat(console.out()).isEmpty();
  }
}
