package org.dl4jx.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.dl4jx.workbench.notation.ScheduleForm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulesCommandTest {
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G'};

  @TempDir private Path folder;

  @Test
  void theTerminalShowsTheCurveBetweenItsExtremes() {
    Console console =
        Console.run("schedules", "--schedule", "polynomial(initial=0.5,power=1,floor=0.1)");

    List<String> lines = console.out().lines().toList();
    assertThat(console.exitCode()).isZero();
    assertThat(lines.get(0)).isEqualTo("polynomial(initial=0.5,power=1,floor=0.1)");
    assertThat(lines.get(1)).matches(" +0\\.5 \\|\\*+");
    assertThat(lines.get(10)).matches(" +0\\.1 \\| {50,}\\*+").hasSize(12 + 60);
    assertThat(lines.get(12)).endsWith("1000 iterations");
    assertThat(lines.get(13)).isEqualTo("first 0.5, greatest 0.5 at iteration 0, last 0.1");
  }

  @Test
  void withoutAScheduleEveryFormIsShown() {
    Console console = Console.run("schedules");

    assertThat(console.exitCode()).isZero();
    for (ScheduleForm form : ScheduleForm.values()) {
      assertThat(console.out().lines()).contains(form.example().toString());
    }
  }

  @Test
  void aScheduleByEpochIsDrawnOverEpochs() {
    String out =
        Console.run("schedules", "--steps", "5", "--schedule", "cosine(peak=1,by=epoch)").out();

    assertThat(out).contains("5 epochs").contains("greatest 1.0 at epoch 0, last 0.0");
  }

  @Test
  void aNameAloneIsDrawnWithTheRateOne() {
    assertThat(Console.run("schedules", "--schedule", "cosine").out()).contains("first 1.0");
  }

  @Test
  void aSingleStepCanBeDrawn() {
    assertThat(
            Console.run("schedules", "--steps", "1", "--schedule", "constant(value=1)").exitCode())
        .isZero();
  }

  @Test
  void picturesAreWrittenOfAllAndOfEach() throws IOException {
    Console console =
        Console.run(
            "schedules",
            "--output",
            folder.toString(),
            "--each",
            "--log",
            "--schedule=one-cycle(max=0.1)",
            "--schedule=cosine(peak=0.1)",
            "--schedule=cosine(peak=0.2)");

    assertThat(console.err()).isEmpty();
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "schedules.png", "schedules.svg", "one-cycle.png", "cosine.png", "cosine-2.png");
    }
    assertThat(Files.readAllBytes(folder.resolve("schedules.png"))).startsWith(PNG);
    assertThat(Files.readString(folder.resolve("schedules.svg")).contains("<svg")).isTrue();
    BufferedImage small = ImageIO.read(folder.resolve("one-cycle.png").toFile());
    assertThat(small.getWidth()).isEqualTo(420);
    assertThat(small.getHeight()).isEqualTo(240);
    // So that a README with all of them loads quickly.
    assertThat(Files.size(folder.resolve("one-cycle.png"))).isLessThan(30_000);
  }

  @Test
  void aFolderThatCannotBeWrittenIsOneLine() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    Console console = Console.run("schedules", "--output", file.resolve("x").toString());

    assertThat(console.exitCode()).isEqualTo(1);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).startsWith("dl4jx: cannot write to the folder of --output");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--steps=0 | --steps must be a number from 1 to 10000000, but was 0",
        "--each | --output must be a folder with --each, but was not given",
        "--schedule=on-cycle(max=1) | did you mean one-cycle([max=rate]"
      })
  void aWrongArgumentIsOneLine(String argument, String error) {
    Console console = Console.run("schedules", argument);

    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).startsWith("dl4jx: ").contains(error);
  }

  @Test
  void whatDependsOnTheLengthIsCheckedAgainstIt() {
    Console console =
        Console.run("schedules", "--steps", "9", "--schedule", "warmup-cosine(peak=1,warmup=9)");

    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(console.err()).contains("totalSteps must be a number > warmupSteps = 9, but was 9");
  }

  @Test
  void helpShowsEveryForm() {
    String help = Console.run("schedules", "--help").out().replaceAll("\\s", "");

    assertThat(Console.run("--help").out()).contains("schedules");
    for (ScheduleForm form : ScheduleForm.values()) {
      assertThat(help).contains(form.form());
    }
  }
}
