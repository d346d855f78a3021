package org.dl4jx.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.AWTError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
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
        "--baseline=adamex",
        "--updaters=adam,adamex"
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
    assertThat(Console.run("--updaters", "adamex").err())
        .contains("unknown updater 'adamex'; did you mean adamax? Known: adam, adam-weight-decay,");
  }

  @Test
  void anUnknownOptionIsAnsweredWithTheNearest() {
    Console console = Console.run("--epoch", "3");

    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).contains("--epoch", "did you mean --epochs?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--output", "--data-dir", "--cache-dir", "--learning-rates", "schedules --output"})
  void anEmptyPathIsRefused(String option) {
    Console console = Console.run((option + "=").split(" "));

    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err())
        .contains(option.replace("schedules ", ""))
        .contains("must be a path, where . is the current folder, but was empty");
  }

  @Test
  void anArgumentThatStartsWithAnAtIsTakenAsItIs() throws IOException {
    Path file = Files.writeString(folder.resolve("arguments"), "schedules");

    assertThat(Console.run("@" + file).err())
        .contains("Unmatched argument at index 1: '@" + file + "'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--seed=9223372036854775807 --seeds=2"
            + "| --seed must be at most 9223372036854775806 for 2 seeds, but was"
            + " 9223372036854775807",
        "tune --output=x --seed=9223372036854775807 --seeds=2"
            + "| --seed must be at most 9223372036854775806 for 2 seeds, but was"
            + " 9223372036854775807",
        "--learning-rate=1e-60 | --learning-rate must be a number from 1.17549435E-38 to"
            + " 3.4028235E38, but was 1.0E-60",
        "--learning-rate=1e60 | --learning-rate must be a number from 1.17549435E-38 to"
            + " 3.4028235E38, but was 1.0E60",
        "--schedules=cosine(peak=1.7e308) | the greatest learning rate of cosine(peak=1.7e308)"
            + " must be a number from 1.17549435E-38 to 3.4028235E38, but was 1.7E308",
        "--schedules=scaled(factor=1.7e308,of=constant(value=1e9)) | the greatest learning rate of"
            + " scaled(factor=1.7e308,of=constant(value=1e9)) must be a finite number > 0, but was"
            + " Infinity",
        "--schedules=scaled(factor=0,of=cosine) | the greatest learning rate of"
            + " scaled(factor=0,of=cosine) must be a finite number > 0, but was 0.0",
        "lr-find --weight-decay=-1 | --weight-decay must be a finite number >= 0, but was -1.0",
        "lr-find --from=4.9e-324 --to=1.7e308 | --from must be a number from 1.17549435E-38 to"
            + " 3.4028235E38, but was 4.9E-324",
        "lr-find --to=1.7e308 | --to must be a number from 1.17549435E-38 to 3.4028235E38, but was"
            + " 1.7E308",
        "schedules --schedule=scaled(factor=1.7e308,of=constant(value=1e9)) | --schedule must be"
            + " one with finite values, but was scaled(factor=1.7e308,of=constant(value=1e9))",
        "--schedules=demon(initial=0.9) | --schedules must be schedules of the learning rate, not"
            + " of momentum, but was demon(initial=0.9)",
        "tune --output=x --schedules=one-cycle-momentum | --schedules must be schedules of the"
            + " learning rate, not of momentum, but was one-cycle-momentum",
        "--schedules=warmup(steps=1,then=one-cycle-momentum) | --schedules must be schedules of"
            + " the learning rate, not of momentum",
        "--schedules=sequence(constant,1,demon(initial=0.9)) | --schedules must be schedules of"
            + " the learning rate, not of momentum",
        "tune --output=x --schedules=warmup-cosine(initial=1e-5) | --schedules must allow all"
            + " learning rates that may be tried for adam, but at"
      })
  void numbersBeyondAllBoundsAreOneLine(String command, String error) {
    String all = command.startsWith("schedules") ? command : command + " --dataset=mnist-embedded";

    Console console = Console.run(all.split(" "));

    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).startsWith("dl4jx: ").contains(error);
    assertThat(console.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compare --updaters=,",
        "lr-find --updaters=,",
        "lab --output=x --updaters=,",
        "lab --output=x --signals=,",
        "lab --output=x --surfaces=,"
      })
  void anEmptyListIsRefused(String command) {
    Console console = Console.run(command.split(" "));

    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(console.err())
        .containsPattern("must be a list of at least one, but was empty|unknown updater ''");
  }

  @ParameterizedTest
  @ValueSource(strings = {"=", "==", "--verbose ="})
  void signsAloneAreAnUnmatchedArgument(String arguments) {
    Console console = Console.run(arguments.split(" "));

    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(console.err()).contains("Unmatched argument");
  }

  @Test
  void aRunOfWeeksIsRefusedAtOnce() {
    assertThat(
            Console.run(
                    "--dataset=mnist-embedded",
                    "--train-examples=1",
                    "--batch-size=1",
                    "--epochs=2147483647")
                .err())
        .startsWith(
            "dl4jx: --epochs must be so low that there are at most 100000000 iterations, but was");
  }

  @Test
  void theLastSeedOfAllIsASeed() {
    assertThat(
            Console.run(
                    "--dataset=mnist-embedded",
                    "--train-examples=32",
                    "--epochs=1",
                    "--seed=9223372036854775807")
                .exitCode())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {51, 3_000, 1_000_000})
  void aScheduleThatIsNestedTooDeeplyIsOneLine(int depth) {
    String schedule = "scaled(factor=1,of=".repeat(depth) + "cosine" + ")".repeat(depth);

    Console console = Console.run("schedules", "--schedule=" + schedule);

    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).contains("must be nested at most 50 deep, but are deeper");
  }

  @Test
  void verboseGoesBeforeAnyCommand() {
    assertThat(Console.run("--verbose", "schedules", "--schedule=cosine").out())
        .contains("first 1.0");
    assertThat(Console.run("--verbose", "--version").out()).startsWith("dl4jx ");
    assertThat(Console.run("--verbose", "--epochs=0").err())
        .startsWith("dl4jx: --epochs must be a number >= 1, but was 0")
        .contains("\tat ");
  }

  /** No user is helped by the stack trace of a fault, unless they ask for it. */
  @Test
  void anyErrorIsOneLine() {
    StringWriter err = new StringWriter();
    CommandLine commandLine = Main.commandLine();
    commandLine.setErr(new PrintWriter(err));
    commandLine.setExecutionStrategy(
        parsed -> {
          throw new AWTError("no screen");
        });

    assertThat(Main.execute(commandLine, "schedules")).isEqualTo(1);

    assertThat(err.toString().lines()).containsExactly("dl4jx: java.awt.AWTError: no screen");
  }

  /** As a full disk behind a redirection does. */
  @Test
  void outputThatIsLostIsAnError() {
    StringWriter err = new StringWriter();
    CommandLine commandLine = Main.commandLine();
    commandLine.setErr(new PrintWriter(err));
    commandLine.setOut(
        new PrintWriter(
            new Writer() {
              @Override
              public void write(char[] text, int from, int length) throws IOException {
                throw new IOException("No space left on device");
              }

              @Override
              public void flush() {}

              @Override
              public void close() {}
            }));

    assertThat(Main.execute(commandLine, "schedules", "--schedule=cosine")).isEqualTo(1);

    assertThat(err.toString().lines())
        .containsExactly("dl4jx: standard output could not be written: some of it is lost");
  }

  @Test
  void numbersAreWrittenInOneWayForAllLanguages() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      Console console =
          Console.run("--dataset=mnist-embedded", "--train-examples=320", "--epochs=1");

      assertThat(console.err()).contains("run 4 of 4", "seed 42").isASCII();
      assertThat(console.out()).contains("320 training images", "2,000 test images");
      assertThat(console.out().replaceAll("[±]", "")).isASCII();
    } finally {
      Locale.setDefault(before);
    }
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

  @ParameterizedTest
  @CsvSource({"compare, runs", "compare, charts", "tune, runs", "tune, charts", "lr-find, charts"})
  void aFileInTheWayOfAFolderIsFoundOutBeforeTraining(String command, String name)
      throws IOException {
    Path file = Files.createFile(folder.resolve(name));

    assertInTheWay(command, "cannot write to " + file + ": it is not a folder");
  }

  @ParameterizedTest
  @CsvSource({
    "compare, report.html",
    "compare, report.md",
    "compare, results.csv",
    "compare, summary.csv",
    "compare, differences.csv",
    "compare, curves.csv",
    "compare, results.json",
    "compare, charts/accuracy.png",
    "tune, report.html",
    "tune, tuning.csv",
    "tune, learning-rates.json",
    "lr-find, report.html",
    "lr-find, lr-find.csv",
    "schedules, schedules.svg",
    "schedules, schedules.png",
    "lab, index.html",
    "lab, signal-spikes.png",
    "lab, surface-saddle.svg"
  })
  void aFolderInTheWayOfAFileIsFoundOutBeforeTraining(String command, String name)
      throws IOException {
    Path inner = Files.createDirectories(folder.resolve(name));

    assertInTheWay(command, "cannot write " + inner + ": it is not a file");
  }

  private void assertInTheWay(String command, String problem) {
    boolean trains = !command.equals("schedules") && !command.equals("lab");
    Console console =
        trains
            ? Console.run(command, "--output=" + folder, "--dataset=mnist-embedded")
            : Console.run(command, "--output=" + folder);

    assertThat(console.exitCode()).isEqualTo(1);
    assertThat(console.out()).isEmpty();
    assertThat(console.err().lines())
        .containsExactly(
            "dl4jx: " + problem + "; move it away, or choose another folder for --output");
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

  @Test
  void theTrainingUiIsMissedBeforeAnythingElseHappens() {
    Console console = Console.run("--dataset", "mnist-embedded", "--ui");

    assertThat(console.exitCode()).isEqualTo(1);
    assertThat(console.out()).isEmpty();
    assertThat(console.err().lines())
        .singleElement()
        .asString()
        .startsWith("dl4jx: --ui needs Deeplearning4j's training UI")
        .contains("mvn -Pui -q compile exec:java");
  }
}
