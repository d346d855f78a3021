package org.dl4jx.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of runs and of tuned learning rates that are JSON, but not what the program has written.
 */
class DamagedRunsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RUN = "adam.constant.seed-42.json";

  @TempDir private static Path shared;
  private static final String AVERAGE = "--average=ema(decay=0.5)";

  private static String run;
  private static String rates;
  @TempDir private Path folder;
  private Path file;

  private static String[] args(Path output, String... more) {
    return Console.args(
        List.of(
            "--dataset=mnist-embedded",
            "--train-examples=64",
            "--epochs=1",
            "--updaters=adam",
            "--schedules=constant",
            "--output=" + output),
        more);
  }

  @BeforeAll
  static void make() throws IOException {
    Console.run(args(shared.resolve("compared"), AVERAGE));
    run = Files.readString(shared.resolve("compared").resolve("runs").resolve(RUN));
    String[] tune = args(shared.resolve("tuned"), "--seeds=1", "--trials=7");
    Console.run(Stream.concat(Stream.of("tune"), Stream.of(tune)).toArray(String[]::new));
    rates = Files.readString(shared.resolve("tuned").resolve("learning-rates.json"));
  }

  @BeforeEach
  void copy() throws IOException {
    file = Files.createDirectories(folder.resolve("runs")).resolve(RUN);
    Files.writeString(file, run);
  }

  /**
   * Sets the value at a place such as {@code settings.setup.epochs}; removes it if it is "gone".
   */
  private static String changed(String json, String place, String value) throws IOException {
    JsonNode root = JSON.readTree(json);
    JsonNode node = root;
    String[] names = place.split("\\.");
    for (int i = 0; i < names.length - 1; i++) {
      node = node.isArray() ? node.get(Integer.parseInt(names[i])) : node.get(names[i]);
    }
    String last = names[names.length - 1];
    if (value.equals("gone")) {
      ((ObjectNode) node).remove(last);
    } else if (node instanceof ArrayNode array) {
      array.set(Integer.parseInt(last), JSON.readTree(value));
    } else {
      ((ObjectNode) node).set(last, JSON.readTree(value));
    }
    return root.toString();
  }

  private Console resume() {
    return Console.run(args(folder, "--resume", AVERAGE));
  }

  @Test
  void whatTheProgramHasWrittenIsRead() {
    assertThat(resume().exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "settings | null | settings must not be null",
        "settings | {} | 'setup'",
        "settings.seed | gone | 'seed'",
        "settings.seed | 43 | the run in it must be the one that it is named after, but was adam.constant.seed-43",
        "settings.seed | null | settings.seed: ",
        "settings.seed | 42.5 | settings.seed: ",
        "settings.candidate | null | candidate must not be null",
        "settings.candidate.updater | null | updater must not be null",
        "settings.candidate.updater | \"adamex\" | unknown updater 'adamex'",
        "settings.candidate.schedule | \"demon(initial=0.9)\" | schedule must be one of the learning rate",
        "settings.candidate.schedule | \"constant(value=1)\" | candidate.learningRate must be 1.0, as in constant(value=1), but was 0.001",
        "settings.candidate.learningRate | 0 | learningRate must be a finite number > 0, but was 0.0",
        "settings.candidate.learningRate | \"0.001\" | settings.candidate.learningRate: ",
        "settings.candidate.weightDecay | 0.5 | candidate.weightDecay must be 0 for adam, but was 0.5",
        "settings.setup.data | null | setup.data must not be null",
        "settings.setup.model | null | setup.model must not be null",
        "settings.setup.epochs | -1 | epochs must be a number >= 1, but was -1",
        "settings.setup.epochs | gone | 'epochs'",
        "settings.setup.evaluatedOn | \"train\" | setup.evaluatedOn must be one of [test, validation], but was train",
        "settings.setup.evaluationExamples | 0 | setup.evaluationExamples must be a number >= 1, but was 0",
        "settings.setup.trainMd5 | null | setup.trainMd5 must not be null",
        "settings.setup.trainMd5 | \"x\" | setup.trainMd5 must be an MD5, but was x",
        "result | null | result must not be null",
        "result.accuracy | 5 | accuracy must be in [0, 1], but was 5.0",
        "result.accuracy | null | accuracy must not be null",
        "result.accuracy | 0.999 | the end of accuracies must be accuracy = 0.999, but was ",
        "result.trainingLoss | null | trainingLoss must not be null",
        "result.trainingLoss | 1e999 | trainingLoss must be a number from 0 to 3.4028235E38, but was Infinity",
        "result.iterations | 1 | iterations must be 2, as the settings say, but was 1",
        "result.divergedAt | 2 | trainingLoss must be null if the run diverged",
        "result.divergedAt | 7 | divergedAt must be the last iteration, 2, but was 7",
        "result.seconds | -1 | seconds must be a finite number >= 0, but was -1.0",
        "result.millisecondsPerIteration | null | millisecondsPerIteration",
        "result.losses | null | losses must not be null",
        "result.losses | [] | the number of learningRates must be 0, but was 2",
        "result.losses | [[1, -3.0], [2, 1.0]] | a value of losses must be a number from 0 to",
        "result.losses | [[1, 1e300], [2, 1e308]] | a value of losses must be a number from 0 to",
        "result.learningRates | [] | the number of learningRates must be 2, but was 0",
        "result.learningRates | [[1, 0.5], [2, 0.001]] | a point of learningRates must be 1, 0.001, as in constant, but was 1, 0.5",
        "result.trainingLoss | -5 | trainingLoss must be a number from 0 to 3.4028235E38, but was -5.0",
        "result.losses | [null] | a point of losses must not be null",
        "result.losses | [[1, null]] | result.losses.0",
        "result.losses | [[2, 1.0], [1, 1.0]] | an iteration of losses must be a number from 3 to 2, but was 1",
        "result.losses | [[3, 1.0]] | an iteration of losses must be a number from 1 to 2, but was 3",
        "result.accuracies | [] | the number of accuracies must be 2, but was 0",
        "result.accuracies | [[1, 7.0]] | a value of accuracies must be in [0, 1], but was 7.0",
        "result.learningRates | null | learningRates must not be null",
        "result.initialSha256 | null | initialSha256 must not be null",
        "result.finalSha256 | \"\" | finalSha256 must be a SHA-256, but was",
        "result.averages | null | averages must not be null",
        "result.averages | [] | averages must be [ema(decay=0.5)], as the settings say, but was []",
        "result.averages | [null] | an average must not be null",
        "result.averages.0.average | null | averages must be [ema(decay=0.5)], as the settings say, but was [null]",
        "result.averages.0.average | \"emma\" | unknown average 'emma'",
        "result.averages.0.accuracy | null | result.averages.0.accuracy",
        "result.averages.0.accuracy | 0.999 | the end of accuracies at ema(decay=0.5) must be accuracy = 0.999, but was ",
        "result.averages.0.accuracies | null | accuracies at ema(decay=0.5) must not be null",
        "result.averages.0.accuracies | [] | the iterations of accuracies at ema(decay=0.5) must be those of accuracies, [1, 2], but was []",
        "result.averages.0.accuracies | [[1, 7.0], [2, 0.5]] | a value of accuracies at ema(decay=0.5) must be in [0, 1], but was 7.0",
        "settings.setup.averages | null | averages must not be null",
        "settings.setup.averages | [\"ema\", \"ema\"] | averages must be different from each other",
        "settings.setup.averages | [\"swa\"] | averages must be [swa], as the settings say, but was [ema(decay=0.5)]",
        "environment | null | environment must not be null",
        "environment.versions | null | environment.versions must not be null",
        "environment.machine | {\"cores\": null} | environment.machine.cores must not be null",
        "finished | null | finished must not be null",
        "finished | \"yesterday\" | finished must be a time such as 2026-01-31T12:00:00Z, but was yesterday",
        "configuration | null | configuration must be that of a network",
        "more | 1 | Unrecognized field"
      })
  void aFileThatIsIncompleteOrAbsurdIsNamedAtTheStart(String place, String value, String problem)
      throws IOException {
    Files.writeString(file, changed(run, place, value));

    assertRefused(resume(), problem);
  }

  private void assertRefused(Console console, String problem) {
    assertThat(console.exitCode()).isEqualTo(1);
    assertThat(console.out()).isEmpty();
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err())
        .startsWith("dl4jx: " + file + " cannot be read: ")
        .contains(problem)
        .endsWith("; delete it to make this run again" + System.lineSeparator())
        .doesNotContain("NullPointer", "org.dl4jx", "java.lang");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "null", "[]", "7", "\"run\"", "{}", "{\"settings\":{},\"settings\":{}}"})
  void aFileThatHoldsSomethingElseIsNamed(String content) throws IOException {
    Files.writeString(file, content);

    assertRefused(resume(), "");
  }

  @Test
  void moreAfterTheRunIsNoRun() throws IOException {
    Files.writeString(file, run + run);

    assertRefused(resume(), "");
  }

  @Test
  void aFolderByTheNameOfARunIsNamed() throws IOException {
    Files.delete(file);
    Files.createDirectory(file);

    Console console = resume();

    assertThat(console.exitCode()).isEqualTo(1);
    assertThat(console.err())
        .startsWith("dl4jx: cannot write " + file + ": it is not a file; move it away");
  }

  @Test
  void allDamagedFilesAreNamedAtOnce() throws IOException {
    Files.writeString(file, "{}");
    Path other = Files.writeString(file.resolveSibling("adam.cosine.seed-1.json"), "[");

    Console console = resume();

    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err())
        .contains(file + " cannot be read: ", other + " cannot be read: ")
        .endsWith("; delete them to make these runs again" + System.lineSeparator());
  }

  @Test
  void runsOfTheSameSeedThatStartElsewhereAreNamed() throws IOException {
    String other =
        changed(
            changed(run, "settings.candidate.updater", "\"sgd\""),
            "result.initialSha256",
            "\"" + "0".repeat(64) + "\"");
    Path otherFile = file.resolveSibling("sgd.constant.seed-42.json");
    Files.writeString(otherFile, other);

    Console console = resume();

    assertThat(console.exitCode()).isEqualTo(1);
    assertThat(console.err())
        .contains(otherFile + " starts from other weights than " + file)
        .contains("choose another folder");
  }

  /** Its files are whole, so they must not be deleted. */
  @Test
  void theRunsOfAnotherCommandAreNotCalledDamaged() {
    Console compared = Console.run(args(shared.resolve("tuned"), "--resume"));

    assertThat(compared.exitCode()).isEqualTo(1);
    assertThat(compared.err())
        .isEqualTo(
            String.format(
                "dl4jx: %s has the runs of another command; choose another folder for --output%n",
                shared.resolve("tuned")));
  }

  @Test
  void aDanglingLinkIsInTheWay() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("charts"), folder.resolve("nowhere"));

    assertThat(resume().err())
        .startsWith("dl4jx: cannot write to " + link + ": it is not a folder");
  }

  /** They were made with different rates, but have one name. */
  @Test
  void runsThatDoNotGoTogetherAreNamed() throws IOException {
    String other =
        changed(
            changed(changed(run, "settings.seed", "43"), "settings.candidate.learningRate", "0.5"),
            "result.learningRates",
            "[[1, 0.5], [2, 0.5]]");
    Path otherFile = file.resolveSibling("adam.constant.seed-43.json");
    Files.writeString(otherFile, other);

    Console console =
        Console.run(args(folder, "--resume", AVERAGE, "--updaters=sgd", "--baseline=adam"));

    assertThat(console.exitCode()).isEqualTo(1);
    assertThat(console.err())
        .contains(otherFile + " was made with other settings: learningRate was 0.5, now 0.001");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "setup | null | setup must not be null",
        "setup.data | null | setup.data must not be null",
        "setup.model | \"vgg\" | setup.model",
        "setup.batchSize | 0 | batchSize must be a number >= 1, but was 0",
        "seeds | [] | seeds must be a list of at least one, but was []",
        "seeds | [null] | one of seeds must not be null",
        "seeds | [1, 1] | seeds must be all different, but was [1, 1]",
        "trials | -7 | trials must be a number from 7 to 11, but was -7",
        "chosen | null | chosen must not be null",
        "chosen | [null] | a choice must not be null",
        "chosen.0.learningRate | 1e300 | learningRate must be a number from",
        "chosen.0.weightDecay | 0.5 | candidate.weightDecay must be 0 for adam, but was 0.5",
        "setup.evaluatedOn | \"test\" | setup.evaluatedOn must be validation, but was test",
        "setup.trainMd5 | \"x\" | setup.trainMd5 must be an MD5, but was x",
        "chosen.0.weightDecay | -1 | weightDecay must be a finite number >= 0, but was -1.0",
        "chosen.0.schedule | gone | 'schedule'"
      })
  void learningRatesThatAreIncompleteOrAbsurdAreNamed(String place, String value, String problem)
      throws IOException {
    Path tuned = folder.resolve("learning-rates.json");
    Files.writeString(tuned, changed(rates, place, value));

    Console console = Console.run(args(folder.resolve("x"), "--learning-rates=" + tuned));

    assertThat(console.exitCode()).isEqualTo(1);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err())
        .startsWith("dl4jx: " + tuned + " cannot be read: ")
        .contains(problem)
        .endsWith("; --learning-rates takes a file written by the command tune\n")
        .doesNotContain("NullPointer", "org.dl4jx");
    assertThat(folder.resolve("x")).doesNotExist();
  }

  @Test
  void learningRatesThatCannotBeReadAreNamed() {
    for (Path path : List.of(folder, folder.resolve("missing"))) {
      Console console = Console.run(args(folder.resolve("x"), "--learning-rates=" + path));

      assertThat(console.exitCode()).isEqualTo(1);
      assertThat(console.err().lines()).hasSize(1);
      assertThat(console.err())
          .startsWith("dl4jx: " + path + " cannot be read: ")
          .endsWith("; --learning-rates takes a file written by the command tune\n");
    }
  }
}
