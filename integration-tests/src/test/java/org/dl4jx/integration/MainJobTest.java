package org.dl4jx.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dl4jx.workbench.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's first command on the real MNIST, from its fixed seed. Skipped where there is no
 * MNIST; in CI only if the variable is not set.
 */
class MainJobTest {
  @TempDir Path folder;

  @Test
  void trainsMnistToAnAccuracyAboveNinetySevenPercent() throws Exception {
    String variable = System.getenv("DL4JX_DATA");
    assumeTrue(variable != null && !variable.isEmpty(), "DL4JX_DATA names no folder with MNIST");
    Path mnist = Path.of(variable, "mnist");
    boolean inCi = "true".equals(System.getenv("CI"));
    assumeTrue(inCi || Files.isDirectory(mnist), "DL4JX_DATA is set, but there is no " + mnist);

    int exitCode =
        Main.execute(
            "--dataset",
            "mnist",
            "--updaters",
            "adamw",
            "--cache-dir",
            folder.resolve("cache").toString(),
            "--output",
            folder.toString());

    assertThat(exitCode).isZero();
    List<String> rows = Files.readAllLines(folder.resolve("summary.csv"));
    assertThat(rows).hasSize(2);
    int column = List.of(rows.get(0).split(",")).indexOf("test accuracy");
    assertThat(Double.parseDouble(rows.get(1).split(",")[column])).isGreaterThan(0.97);
  }
}
