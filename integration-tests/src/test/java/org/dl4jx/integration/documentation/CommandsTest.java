package org.dl4jx.integration.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Maven, the POMs and the command lines of this project know what the documents tell them to do.
 */
class CommandsTest {
  private static final MavenBuild BUILD = MavenBuild.of(Repository.CHECKOUT);

  @TempDir Path folder;

  @Test
  void areUnderstood() {
    List<MavenCommand> commands =
        Repository.CHECKOUT.documents().stream()
            .flatMap(document -> MavenCommand.in(Repository.CHECKOUT, document).stream())
            .toList();

    assertThat(commands).isNotEmpty();
    assertThat(commands.stream().flatMap(command -> command.problems(BUILD).stream())).isEmpty();
  }

  private List<String> problems(String script) throws IOException {
    Path file = Files.writeString(folder.resolve("some.md"), "```\n" + script + "\n```\n");
    Repository repository = new Repository(folder);
    return MavenCommand.in(repository, MarkdownDocument.read(file)).stream()
        .flatMap(command -> command.problems(BUILD).stream())
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "mvn verfy, there is no phase or goal verfy",
        "mvn -z verify, Maven has no option -z",
        "mvn -pl nowhere verify, there is no module nowhere",
        "`mvn -pl schedules,nowhere verify`, there is no module nowhere",
        "mvn -pl :nowhere verify, there is no module :nowhere",
        "mvn -Pnone verify, there is no profile none",
        "mvn -q, no phase or goal is named",
        "mvn nothing:run, there is no phase or goal nothing:run",
        "mvn exec:java -Dexec.mainClass=org.dl4jx.None, there is no main method in org.dl4jx.None",
        "mvn exec:java -Dexec.args=--epochz, dl4jx: Unknown option",
        "mvn exec:java -Dexec.args=\"lab --output x --epochs 3\", dl4jx: Unknown option",
        "mvn exec:java -Dexec.args=\"--updaters adamm\", did you mean adam?",
        "mvn -Pbenchmarks exec:exec -Dbenchmark.args=\"--quik\", Unknown option: '--quik'",
        "A=\"--epochs\"; X=1 mvn -q exec:java -Dexec.args=\"$A many\", 'many' is not an int",
      })
  void failWithTheirPlaceIfTheyAreWrong(String script, String problem) throws IOException {
    assertThat(problems("# a comment\n" + script))
        .singleElement()
        .asString()
        .startsWith("some.md:3: ")
        .contains(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mvn verify # all",
        "$ ./mvnw -B -ntp -pl updaters,:dl4jx-schedules -am -P benchmarks,mutation clean test",
        "mvn -q compile exec:java -Dexec.args='--epochs 2'",
        "mvn -q compile \\\n  exec:java -Dexec.args=\"schedules --schedule cosine(peak=1)\"",
        "run() {\n  mvn -q compile exec:java -Dexec.args=\"$*\"\n}",
        "output that doesn't start anything",
      })
  void areFineOtherwise(String script) throws IOException {
    assertThat(problems(script)).isEmpty();
  }
}
