package org.dl4jx.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dl4jx.workbench.experiment.Json;
import org.dl4jx.workbench.experiment.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C, sent to a process of its own. */
@EnabledOnOs(OS.LINUX)
class InterruptionTest {
  private static final int SIGINT = 2;

  @TempDir private Path folder;

  @Test
  void ctrlCLeavesAPartialReportAndWhatCanBeResumed() throws Exception {
    // A process in the background of a shell without job control inherits that it ignores Ctrl-C.
    assumeFalse(isIgnored(SIGINT), "this process, and so its children, ignores SIGINT");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "--dataset=mnist-embedded",
                "--train-examples=320",
                "--seeds=1000",
                "--output=" + folder)
            .redirectErrorStream(true)
            .redirectOutput(new File(folder.toFile(), "console.txt"))
            .start();
    try {
      while (process.isAlive() && runs().size() < 2) {
        Thread.sleep(50);
      }

      new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    // 128 plus the number of the signal.
    assertThat(process.exitValue()).isEqualTo(128 + SIGINT);
    String partial = String.format("PARTIAL: %d of 4000 runs", runs().size());
    assertThat(folder.resolve("report.md")).content().contains(partial);
    assertThat(folder.resolve("report.html")).content().contains(partial, "</html>");
    assertThat(folder.resolve("console.txt")).content().contains(partial);
    for (Path run : runs()) {
      assertThat(Json.read(run, Run.class, "").result().accuracy()).isPositive();
    }
  }

  private List<Path> runs() throws IOException {
    Path runs = folder.resolve("runs");
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(runs)) {
      return files.filter(file -> file.toString().endsWith(".json")).toList();
    }
  }

  private static boolean isIgnored(int signal) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String mask =
          lines.filter(line -> line.startsWith("SigIgn:")).findFirst().orElse("SigIgn: 0");
      return (Long.parseUnsignedLong(mask.split("\\s+")[1], 16) >> (signal - 1) & 1) == 1;
    }
  }
}
