package org.dl4jx.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.OptionSpec;

class MainTest {
  @TempDir private Path folder;

  @Test
  void helpShowsTheCommandsAndEveryOptionOfTheDefaultCommand() {
    Console help = Console.run("--help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("compare", "schedules");
    for (OptionSpec option :
        Main.commandLine().getSubcommands().get("compare").getCommandSpec().options()) {
      assertThat(help.out()).contains(option.longestName());
      assertThat(option.description()).isNotEmpty();
    }
  }

  @Test
  void helpNamesEveryUpdater() {
    String help = Console.run("compare", "--help").out();

    for (NamedUpdater updater : NamedUpdater.values()) {
      assertThat(help).contains(updater.label());
    }
  }

  @Test
  void versionIsThatOfTheBuild() {
    assertThat(Console.run("--version").out()).matches("dl4jx \\d+\\.\\d+\\.\\d+\\S*\\R");
  }

  @Test
  void argumentsWithoutACommandGoToTheDefaultCommand() {
    String expected = "dl4jx: --epochs must be a number >= 1, but was 0";

    assertThat(Console.run("--epochs", "0").err()).startsWith(expected);
    assertThat(Console.run("compare", "--epochs", "0").err()).startsWith(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "--epochs, 0, a number >= 1",
    "--batch-size, -1, a number >= 1",
    "--train-examples, 0, a number from 1 to 10000",
    "--train-examples, 10001, a number from 1 to 10000",
    "--learning-rate, 0.0, a finite number > 0",
    "--learning-rate, NaN, a finite number > 0",
    "--weight-decay, -0.1, a finite number >= 0",
    "--warmup, 1.0, 'in [0, 1)'",
    "--evaluations, 0, 'a number from 1 to 1565, the number of iterations'",
    "--evaluations, 1566, 'a number from 1 to 1565, the number of iterations'"
  })
  void aBadNumberIsOneLineWithOptionValueAndRange(String option, String value, String allowed) {
    Console console = Console.run("--dataset", "mnist-embedded", option, value);

    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(console.err().lines())
        .containsExactly("dl4jx: " + option + " must be " + allowed + ", but was " + value);
    assertThat(console.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--epochs=many",
        "--seed=x",
        "--dataset=cifar",
        "--model=vgg",
        "--seeds=1,x",
        "--baseline=adamax",
        "--updaters=adam,adamax"
      })
  void aBadWordIsOneLineWithOptionAndValue(String argument) {
    Console console = Console.run(argument);

    String[] optionAndValue = argument.split("=");
    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err())
        .startsWith("dl4jx: ")
        .contains(optionAndValue[0], optionAndValue[1].replaceFirst(".*,", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,x | the value must be a number of seeds or a list such as 1,2,7, but was 1,x",
        "1,1 | the value must be a list of different seeds, but was 1,1",
        "0 | the value must be a number of seeds from 1 to 10000, but was 0"
      })
  void badSeedsAreOneLine(String seeds, String error) {
    Console console = Console.run("--seeds=" + seeds);

    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(console.err().lines())
        .containsExactly("dl4jx: Invalid value for option '--seeds': " + error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--schedule=on-cycle(max=1) | did you mean one-cycle([max=rate]",
        "--schedule=cosine(peak=1)"
            + "| --learning-rate must be left out beside cosine(peak=1), but was 0.1"
      })
  void aScheduleThatCannotBeIsOneLine(String schedule, String error) {
    Console console =
        Console.run("--dataset", "mnist-embedded", "--learning-rate", "0.1", schedule);

    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).startsWith("dl4jx: ").contains(error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--updaters=adam,sgd,adam"
            + "| --updaters must be a list with adam only once, but was adam,sgd,adam",
        "--schedules=cosine,cosine"
            + "| --schedules must be a list with cosine only once, but was cosine,cosine",
        "--baseline=sgd"
            + "| --baseline must be an updater and schedule that are compared, but was sgd",
        "--baseline=adam/cosine"
            + "| --baseline must be an updater and schedule that are compared, but was adam/cosine",
        "--resume | --output must be a folder with --resume, but was not given",
        "--schedules=warmup-cosine(warmup=1600)"
            + "| totalSteps must be a number > warmupSteps = 1600, but was 1565",
      })
  void whatDoesNotFitTogetherIsOneLine(String argument, String error) {
    Console console = Console.run("--dataset=mnist-embedded", argument);

    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).startsWith("dl4jx: ").contains(error);
  }

  @ParameterizedTest
  @CsvSource({
    "--model=lennet, did you mean lenet?",
    "--dataset=cifar, did you mean cifar10?",
    "tunee, did you mean tune?"
  })
  void anUnknownNameIsAnsweredWithTheNearest(String argument, String answer) {
    Console console = Console.run(argument);

    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).contains(answer);
  }

  @Test
  void anUnknownUpdaterIsAnsweredWithTheKnownOnes() {
    assertThat(Console.run("--updaters", "adamax").err())
        .contains("unknown updater 'adamax'; did you mean adam? Known: adam, adam-weight-decay,");
  }

  @Test
  void anUnknownOptionIsAnsweredWithTheNearest() {
    Console console = Console.run("--epoch", "3");

    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).contains("--epoch", "did you mean --epochs?");
  }

  @Test
  void anErrorIsOneLineUnlessVerbose() {
    String missing = folder.resolve("missing").toString();

    Console brief = Console.run("--data-dir", missing);
    Console verbose = Console.run("--verbose", "--data-dir", missing);

    assertThat(brief.exitCode()).isEqualTo(1);
    assertThat(brief.err().lines()).hasSize(1);
    assertThat(brief.err()).startsWith("dl4jx: --data-dir names " + missing);
    assertThat(verbose.exitCode()).isEqualTo(1);
    assertThat(verbose.err()).startsWith(brief.err()).contains("\tat org.dl4jx.workbench.");
  }

  /** Four epochs of warm-up fit into the five of the embedded part, not into the two of MNIST. */
  @Test
  void whatFitsTheEmbeddedPartIsNotRefusedBeforeDataAreLookedFor() {
    String missing = folder.resolve("missing").toString();

    assertThat(
            Console.run("--data-dir", missing, "--schedules=warmup-cosine(by=epoch,warmup=4)")
                .err())
        .startsWith("dl4jx: --data-dir names " + missing);
    assertThat(Console.run("--dataset=mnist", "--schedules=warmup-cosine(by=epoch,warmup=4)").err())
        .contains("totalSteps must be a number > warmupSteps = 4, but was 1");
  }

  @Test
  void verboseMayStandBeforeOrAfterTheCommand() {
    String missing = folder.resolve("missing").toString();

    assertThat(Console.run("compare", "--verbose", "--data-dir", missing).err()).contains("\tat ");
    assertThat(Console.run("compare", "--data-dir", missing, "--verbose").err()).contains("\tat ");
  }

  @Test
  void anOutputFolderThatCannotBeWrittenIsFoundOutBeforeTraining() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    Console console =
        Console.run("--dataset", "mnist-embedded", "--output", file.resolve("x").toString());

    assertThat(console.exitCode()).isEqualTo(1);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).startsWith("dl4jx: cannot write to the folder of --output");
    assertThat(console.out()).isEmpty();
  }
}
