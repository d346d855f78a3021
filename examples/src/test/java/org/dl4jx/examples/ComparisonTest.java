package org.dl4jx.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.dl4jx.examples.data.DrawnDigits;
import org.dl4jx.schedules.OneCycleSchedule;
import org.dl4jx.updaters.AdaBound;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.ScheduleType;

class ComparisonTest {
  private static final TrainingPlan PLAN = new TrainingPlan(600, 4, 32, 42, 2e-3, null, 0.01, 0.1);

  @TempDir private Path folder;

  @Test
  void everyUpdaterStartsFromTheSameWeights() {
    Comparison comparison = new Comparison(new DrawnDigits(), PLAN);

    INDArray adam = comparison.network(NamedUpdater.ADAM).params();
    INDArray adamw = comparison.network(NamedUpdater.ADAMW).params();

    assertThat(adamw).isEqualTo(adam).isNotSameAs(adam);
    assertThat(new Comparison(new DrawnDigits(), PLAN).network(NamedUpdater.ADAM).params())
        .isEqualTo(adam);
  }

  @Test
  void trainingLeavesTheInitialWeightsAlone() throws IOException {
    Comparison comparison = new Comparison(new DrawnDigits(), PLAN);
    INDArray before = comparison.network(NamedUpdater.ADAM).params().dup();

    comparison.run(NamedUpdater.ADAM, () -> {});

    assertThat(comparison.network(NamedUpdater.ADAM).params()).isEqualTo(before);
  }

  @Test
  void countsEveryIteration() throws IOException {
    AtomicInteger steps = new AtomicInteger();

    new Comparison(new DrawnDigits(), PLAN).run(NamedUpdater.ADAMW, steps::incrementAndGet);

    // 600 images are 18 batches of 32 and one of 24.
    assertThat(steps).hasValue(4 * 19);
  }

  @Test
  void theScheduleEndsWithTheTraining() {
    assertThat(PLAN.warmupCosine(2e-3).valueAt(PLAN.warmupIterations(), 0)).isEqualTo(2e-3);
    assertThat(PLAN.warmupCosine(2e-3).valueAt(PLAN.iterations() - 1, 0)).isPositive();
    assertThat(PLAN.warmupCosine(2e-3).valueAt(PLAN.iterations(), 0)).isZero();
  }

  @Test
  void allUpdatersLearnAndTheTableIsPrintedAndWritten() throws IOException {
    String names =
        Arrays.stream(NamedUpdater.values())
            .map(NamedUpdater::label)
            .collect(Collectors.joining(","));
    Console console =
        Console.run(
            "--data=digits",
            "--train-examples=600",
            "--epochs=4",
            "--batch-size=32",
            "--updaters=" + names,
            "--output=" + folder);

    assertThat(console.exitCode()).isZero();
    assertThat(console.out())
        .contains("Data      digits drawn by the program: 600 training images, 2,000 test images")
        .contains("Network   784-256-128-10, ReLU, 235,146 parameters, seed 42")
        .contains("4 epochs of 19 iterations")
        .contains(Files.readString(folder.resolve("comparison.md")));
    List<String[]> rows =
        Files.readAllLines(folder.resolve("comparison.csv")).stream()
            .map(line -> line.split(","))
            .toList();
    assertThat(rows.get(0))
        .containsExactly(
            "updater",
            "schedule",
            "learning rate",
            "training loss",
            "test accuracy",
            "seconds",
            "ms/iteration");
    assertThat(rows.subList(1, rows.size()))
        .extracting(row -> row[0])
        .containsExactly(names.split(","));
    for (String[] row : rows.subList(1, rows.size())) {
      // Chance is 0.1.
      assertThat(Double.parseDouble(row[4])).isGreaterThan(0.5);
    }
  }

  @Test
  void theSameUpdaterTwiceGivesTheSameNumbers() throws IOException {
    Console.run(
        "--data=digits",
        "--train-examples=300",
        "--epochs=1",
        "--updaters=adamw,adamw",
        "--output=" + folder);

    List<String[]> rows =
        Files.readAllLines(folder.resolve("comparison.csv")).stream()
            .map(line -> line.split(","))
            .toList();
    assertThat(rows.get(2)).startsWith(Arrays.copyOf(rows.get(1), 5));
  }

  @Test
  void aTrainingThatDivergesIsShownAndTheRestGoesOn() {
    Console console =
        Console.run(
            "--data=digits",
            "--train-examples=300",
            "--epochs=2",
            "--warmup=0",
            "--learning-rate=1e30",
            "--updaters=adamw,adam");

    assertThat(console.exitCode()).isZero();
    assertThat(console.out().lines().filter(line -> line.contains("diverged")))
        .hasSize(2)
        .allSatisfy(row -> assertThat(row).startsWith("| adam"));
  }

  @Test
  void theProgressIsAFewLinesWhereThereIsNoTerminal() {
    Console console = Console.run("--data=digits", "--train-examples=300", "--epochs=1");

    assertThat(console.err().lines().count()).isBetween(1L, 40L);
    assertThat(console.err()).contains("adam 100%", "adamw 100%");
  }

  @Test
  void aGivenScheduleIsThatOfEveryUpdater() {
    ScheduleNotation notation = ScheduleNotation.parse("one-cycle(max=0.01)");
    TrainingPlan plan = new TrainingPlan(600, 4, 32, 42, null, notation, 0.01, 0.1);
    OneCycleSchedule schedule =
        new OneCycleSchedule(ScheduleType.ITERATION, 0.01, plan.iterations());
    Comparison comparison = new Comparison(new DrawnDigits(), plan);

    for (NamedUpdater updater : NamedUpdater.values()) {
      assertThat(updater.create(plan).getLearningRate(9, 0)).isEqualTo(schedule.valueAt(9, 0));
      assertThat(comparison.network(updater).getLearningRate(0))
          .as(updater.label())
          .isEqualTo(schedule.valueAt(0, 0));
      assertThat(updater.schedule(plan)).isEqualTo("one-cycle(max=0.01)");
      // The top of the cycle falls between two iterations.
      assertThat(updater.learningRate(plan))
          .isCloseTo(0.01, within(1e-3))
          .isLessThanOrEqualTo(0.01);
    }
    assertThat(((AdaBound) NamedUpdater.ADABOUND.create(plan)).getBaseLearningRate())
        .isEqualTo(NamedUpdater.ADABOUND.learningRate(plan));
  }

  @Test
  void aGivenScheduleStandsInTheTable() throws IOException {
    Console console =
        Console.run(
            "--data=digits",
            "--train-examples=64",
            "--epochs=2",
            "--updaters=adam,adabound",
            "--schedule=cosine(peak=0.01,by=epoch)",
            "--output=" + folder);

    assertThat(console.exitCode()).isZero();
    assertThat(console.out()).contains("| cosine(peak=0.01,by=epoch) |          0.01 |");
    assertThat(folder.resolve("comparison.csv"))
        .content()
        .contains("adam,\"cosine(peak=0.01,by=epoch)\",0.01,");
  }
}
