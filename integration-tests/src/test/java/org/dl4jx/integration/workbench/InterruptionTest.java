package org.dl4jx.integration.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.dl4jx.workbench.experiment.Json;
import org.dl4jx.workbench.experiment.Run;
import org.dl4jx.workbench.files.FolderLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left when the process is stopped or killed. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class InterruptionTest {
  private static final int SIGINT = 2;
  private static final int SIGKILL = 9;

  @TempDir private Path folder;

  private Workbench compare(String name, String... more) throws IOException {
    Path place = Files.createDirectories(folder.resolve(name + "-console"));
    return new Workbench(place, "compare")
        .with(Workbench.SMALL)
        .with("--output=" + folder.resolve(name))
        .with(more);
  }

  @Test
  void ctrlCLeavesAPartialReportAndWhatCanBeResumed() throws Exception {
    // A process in the background of a shell without job control inherits that it ignores Ctrl-C.
    assumeFalse(isIgnored(SIGINT), "this process, and so its children, ignores SIGINT");
    Path output = folder.resolve("stopped");

    Workbench stopped =
        compare("stopped", "--train-examples=320", "--seeds=1000")
            .start()
            .waitUntil(() -> Workbench.runs(output).size() >= 2)
            .kill("INT");

    assertThat(stopped.exitCode()).isEqualTo(128 + SIGINT);
    String partial = String.format("PARTIAL: %d of 4000 runs", Workbench.runs(output).size());
    assertThat(output.resolve("report.md")).content().contains(partial);
    assertThat(output.resolve("report.html")).content().contains(partial, "</html>");
    assertThat(stopped.out()).contains(partial);
    for (Path run : Workbench.runs(output)) {
      assertThat(Json.read(run, Run.class, "").result().accuracy()).isPositive();
    }
  }

  /** Killed after so many runs, it goes on to the bits of a comparison that was not killed. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5})
  void whatWasKilledIsResumedExactlyAndLeavesNoTraces(int runs) throws Exception {
    Path killed = folder.resolve("killed");
    Path whole = folder.resolve("whole");
    Workbench first =
        compare("killed", "--seeds=2")
            .start()
            .waitUntil(() -> Files.exists(killed.resolve(FolderLock.FILE)))
            .waitUntil(() -> Workbench.runs(killed).size() >= runs)
            .kill("KILL");
    assertThat(first.exitCode()).isEqualTo(128 + SIGKILL);
    // As if it had been killed while it wrote.
    String part = ".123e4567-e89b-12d3-a456-426614174000.part";
    for (String name : new String[] {"report.html", "runs/adam.constant.seed-42.json"}) {
      Path file = killed.resolve(name + part);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "half");
    }

    Workbench resumed = compare("killed", "--seeds=2", "--resume").run();
    compare("whole", "--seeds=2").run();

    assertThat(resumed.exitCode()).isZero();
    assertThat(Workbench.files(killed, ".part")).isEmpty();
    assertThat(Workbench.runs(killed)).hasSize(8);
    for (Path file : Workbench.runs(whole)) {
      Run expected = Json.read(file, Run.class, "");
      Run run = Json.read(killed.resolve("runs").resolve(file.getFileName()), Run.class, "");
      assertThat(run.result().finalSha256()).isEqualTo(expected.result().finalSha256());
      assertThat(run.result().losses()).isEqualTo(expected.result().losses());
    }
  }

  private static boolean isIgnored(int signal) throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(status)) {
      String mask =
          lines.filter(line -> line.startsWith("SigIgn:")).findFirst().orElse("SigIgn: 0");
      return (Long.parseUnsignedLong(mask.split("\\s+")[1], 16) >> (signal - 1) & 1) == 1;
    }
  }
}
