package org.dl4jx.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LrFindCommandTest {
  @TempDir private Path folder;

  @Test
  void aSuggestionAndACurveAreGivenForEveryUpdater() throws IOException {
    Console console =
        Console.run(
            "lr-find",
            "--dataset=mnist-embedded",
            "--train-examples=2000",
            "--batch-size=20",
            "--updaters=sgd,adamw",
            "--output=" + folder);

    assertThat(console.exitCode()).isZero();
    assertThat(console.out()).contains("| sgd ", "| adamw ", "a tenth of the minimum");
    assertThat(Files.readAllLines(folder.resolve("lr-find.csv")))
        .hasSizeGreaterThan(100)
        .contains("updater,learning_rate,loss,smoothed_loss");
    assertThat(folder.resolve("charts").resolve("lr-find.png")).exists();
    assertThat(folder.resolve("report.html")).exists();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--from=0 | --from must be a finite number > 0, but was 0.0",
        "--to=1e-9 | --to must be a number > --from = 1.0E-6, but was 1.0E-9",
        "--iterations=1 | --iterations must be a number >= 2, but was 1",
        "--updaters=sgd,sgd | --updaters must be a list with sgd only once, but was sgd,sgd"
      })
  void aBadNumberIsOneLine(String argument, String error) {
    Console console = Console.run("lr-find", "--dataset=mnist-embedded", argument);

    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).startsWith("dl4jx: " + error);
  }
}
