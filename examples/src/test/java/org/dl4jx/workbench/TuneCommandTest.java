package org.dl4jx.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dl4jx.workbench.data.EmbeddedMnist;
import org.dl4jx.workbench.data.ImageData;
import org.dl4jx.workbench.data.ImageShape;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.experiment.Json;
import org.dl4jx.workbench.experiment.Run;
import org.dl4jx.workbench.experiment.RunStore;
import org.dl4jx.workbench.tuning.TunedRates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TuneCommandTest {
  @TempDir private Path folder;

  private static final String BORROWED =
      "Schedules without a choice of their own use the one for a constant rate.";

  /** The smallest choice. */
  private String[] args(String... more) {
    return Console.args(
        List.of(
            "--dataset=mnist-embedded",
            "--train-examples=64",
            "--validation-examples=100",
            "--epochs=1",
            "--batch-size=32",
            "--seeds=1",
            "--trials=8",
            "--output=" + folder),
        more);
  }

  private Console tune(String... more) {
    return Console.run(
        Stream.concat(Stream.of("tune"), Stream.of(args(more))).toArray(String[]::new));
  }

  private TunedRates rates() throws IOException {
    return Json.read(folder.resolve(TunedRates.FILE), TunedRates.class, "");
  }

  @Test
  void everyUpdaterAndScheduleHasAChoice() throws IOException {
    Console console = tune("--updaters=sgd,adamw", "--schedules=constant,cosine");

    assertThat(console.exitCode()).isZero();
    assertThat(rates().chosen())
        .extracting(Candidate::label)
        .containsExactly("sgd, constant", "sgd, cosine", "adamw, constant", "adamw, cosine");
    assertThat(Files.readAllLines(folder.resolve("tuning.csv"))).hasSize(1 + 4 * 8);
    assertThat(folder.resolve("report.md")).content().doesNotContain("PARTIAL");
    assertThat(folder.resolve("report.html")).exists();
    assertThat(folder.resolve("charts").resolve("tuning-2.png")).exists();
  }

  /** Its files need not even be there. */
  @Test
  void theTestImagesAreNeverRead() throws IOException {
    EmbeddedMnist embedded = new EmbeddedMnist();
    ImageData withoutTest =
        new ImageData() {
          @Override
          public String name() {
            return embedded.name();
          }

          @Override
          public String description() {
            return embedded.description();
          }

          @Override
          public ImageShape shape() {
            return embedded.shape();
          }

          @Override
          public int trainExamples() {
            return embedded.trainExamples();
          }

          @Override
          public int testExamples() {
            throw new AssertionError("tune asks for the number of test images");
          }

          @Override
          public int usualEpochs() {
            return embedded.usualEpochs();
          }

          @Override
          public Images train() throws IOException {
            return embedded.train();
          }

          @Override
          public Images test() {
            throw new AssertionError("tune reads the test images");
          }
        };
    TuneCommand command = new TuneCommand();
    new CommandLine(command).parseArgs(args("--updaters=sgd"));

    int exitCode = command.tune(withoutTest, RunStore.inMemory(Candidate::trialKey));

    assertThat(exitCode).isZero();
    assertThat(rates().setup().evaluatedOn()).isEqualTo("validation");
  }

  @Test
  void aChoiceIsGoneOnWith() throws IOException {
    tune("--updaters=sgd");
    tune("--updaters=adamw", "--resume");
    TunedRates before = rates();
    Files.delete(folder.resolve(TunedRates.FILE));
    Path run =
        folder.resolve("runs").resolve("adamw.warmup-cosine.rate-0.001.decay-0.01.seed-1001.json");
    Files.delete(run);

    Console console = tune("--updaters=adamw", "--resume");

    assertThat(console.exitCode()).isZero();
    assertThat(console.err()).contains("run 1 of 1");
    assertThat(Json.read(run, Run.class, "").settings().seed()).isEqualTo(1001);
    assertThat(rates()).isEqualTo(before);
  }

  @Test
  void compareTakesTheChoice() throws IOException {
    tune("--updaters=sgd,adamw", "--schedules=constant");
    Path output = folder.resolve("compared");

    Console console = compare(output, "--schedules=constant,cosine");

    assertThat(console.exitCode()).isZero();
    for (String name : List.of("sgd.constant", "sgd.cosine", "adamw.constant", "adamw.cosine")) {
      Candidate compared =
          Json.read(output.resolve("runs").resolve(name + ".seed-42.json"), Run.class, "")
              .settings()
              .candidate();
      Candidate choice =
          rates().chosen().stream()
              .filter(c -> c.updater() == compared.updater())
              .findFirst()
              .orElseThrow();
      assertThat(compared.learningRate()).isEqualTo(choice.learningRate());
      assertThat(compared.weightDecay()).isEqualTo(choice.weightDecay());
    }
    assertThat(output.resolve("report.md"))
        .content()
        .contains("trained on 64 images for 1 epoch of 2 iterations with seed 1001")
        .contains(BORROWED);
  }

  @Test
  void aReportSaysThatChoicesAreBorrowedOnlyIfTheyAre() throws IOException {
    tune("--updaters=sgd,adamw", "--schedules=constant");

    assertThat(compare(folder.resolve("a"), "--schedules=constant").exitCode()).isZero();
    assertThat(folder.resolve("a/report.md")).content().doesNotContain(BORROWED);
  }

  private Console compare(Path output, String... more) {
    return Console.run(
        Console.args(
            List.of(
                "--dataset=mnist-embedded",
                "--train-examples=64",
                "--epochs=1",
                "--batch-size=32",
                "--updaters=sgd,adamw",
                "--learning-rates=" + folder.resolve(TunedRates.FILE),
                "--output=" + output),
            more));
  }

  @Test
  void aChoiceThatDoesNotFitIsRefused() throws IOException {
    tune("--updaters=sgd", "--schedules=cosine");

    assertThat(
            compare(folder.resolve("a"), "--updaters=sgd", "--schedules=cosine", "--batch-size=16")
                .err())
        .contains(
            "--learning-rates "
                + folder.resolve(TunedRates.FILE)
                + ": the choice is for mnist-embedded with mlp and batch size 32,"
                + " not for mnist-embedded with mlp and batch size 16");
    assertThat(
            compare(folder.resolve("a"), "--updaters=sgd", "--schedules=polynomial(power=1)").err())
        .contains(
            "--learning-rates "
                + folder.resolve(TunedRates.FILE)
                + ": no choice for sgd, polynomial(power=1), nor for sgd, constant");
    assertThat(compare(folder.resolve("a"), "--learning-rate=1").err())
        .contains("--learning-rate must be left out beside --learning-rates, but was 1.0");
  }

  @Test
  void validationImagesThatAreTrainedOnAreRefused() {
    assertThat(tune("--train-examples=9901").err())
        .startsWith("dl4jx: --train-examples must be a number from 1 to 9900, but was 9901");
    assertThat(tune("--validation-examples=10000").err())
        .startsWith("dl4jx: --validation-examples must be a number from 1 to 9999, but was 10000");
    assertThat(tune("--schedules=constant(value=1)").err())
        .contains(
            "--schedules must be schedules that leave the rate out, but was constant(value=1)");
  }
}
