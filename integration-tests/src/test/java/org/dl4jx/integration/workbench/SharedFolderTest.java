package org.dl4jx.integration.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import org.dl4jx.workbench.files.FolderLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two processes with one folder for {@code --output}. */
@DisabledOnOs(OS.WINDOWS)
class SharedFolderTest {
  @TempDir private Path folder;
  private Workbench first;

  private Workbench on(String name, String command, String... more) throws IOException {
    return new Workbench(Files.createDirectories(folder.resolve(name)), command)
        .with(command.equals("lr-find") ? Workbench.SMALL.subList(0, 2) : Workbench.SMALL)
        .with("--updaters=adam", "--output=" + output())
        .with(more);
  }

  private Path output() {
    return folder.resolve("output");
  }

  /** Starts a comparison that lasts, and waits for its first run. */
  private void startComparison() throws Exception {
    first = on("first", "compare", "--seeds=10000", "--schedules=constant").start();
    first.waitUntil(() -> !Workbench.runs(output()).isEmpty());
  }

  @AfterEach
  void killTheFirst() throws Exception {
    if (first != null) {
      first.kill("KILL");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compare --resume --seed=20000 --schedules=constant --epochs=2",
        "compare --resume --seed=20000 --schedules=constant --learning-rate=0.5",
        "tune --resume --seed=20000 --seeds=1",
        "lr-find --iterations=2"
      })
  void whatDoesNotGoTogetherIsRefused(String command) throws Exception {
    startComparison();
    String[] words = command.split(" ");

    Workbench second = on("second", words[0], Arrays.copyOfRange(words, 1, words.length)).run();

    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.err().lines()).hasSize(1);
    assertThat(second.err()).startsWith("dl4jx: ").contains(output().toString());
    assertThat(second.err()).endsWith("choose another folder for --output\n");
    assertThat(output().resolve("report.html")).doesNotExist();
    assertThat(Workbench.runs(output()))
        .allSatisfy(run -> assertThat(run.toString()).contains("adam.constant.seed-"));
  }

  /** Its first run is not stored yet, so only the lock knows of the other settings. */
  @Test
  void settingsOfRunsThatAreStillMadeCount() throws Exception {
    first =
        on("first", "compare", "--train-examples=10000", "--epochs=1000", "--schedules=constant")
            .start();
    Path terms = output().resolve(FolderLock.FILE);
    first.waitUntil(() -> Files.exists(terms) && terms.toFile().length() > 0);

    Workbench second = on("second", "compare", "--schedules=constant", "--seed=2").run();

    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.err())
        .startsWith("dl4jx: another process is writing to " + output() + " with other settings: ")
        .contains("epochs was 1000, now 1", "trainExamples was 10000, now 64");
    assertThat(Workbench.runs(output())).isEmpty();
  }

  @Test
  void equalSettingsShareAndTheLastReportsAll() throws Exception {
    List<Workbench> both =
        List.of(
            on("first", "compare", "--seeds=1,2,3", "--schedules=constant", "--resume").start(),
            on("second", "compare", "--seeds=4,5,6", "--schedules=constant", "--resume").start());
    for (Workbench one : both) {
      assertThat(one.await().exitCode()).as(one.err()).isZero();
    }

    assertThat(Workbench.runs(output())).hasSize(6);
    assertThat(Files.readAllLines(output().resolve("results.csv"))).hasSize(1 + 6);
    assertThat(output().resolve("report.md")).content().doesNotContain("PARTIAL");
  }

  @Test
  void aRunThatAnotherProcessHasMadeIsNotRepeated() throws Exception {
    startComparison();

    Workbench second =
        on("second", "compare", "--seed=42", "--seeds=1", "--schedules=constant", "--resume").run();

    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(second.err()).doesNotContain("run 1 of");
  }

  @Test
  void aCrashGivesTheFolderBack() throws Exception {
    startComparison();
    first.kill("KILL");
    FileTime before = Files.getLastModifiedTime(Workbench.runs(output()).get(0));

    Workbench next =
        on("second", "compare", "--seed=42", "--seeds=1", "--schedules=constant", "--resume").run();

    assertThat(next.exitCode()).as(next.err()).isZero();
    assertThat(Files.getLastModifiedTime(Workbench.runs(output()).get(0))).isEqualTo(before);
  }
}
