package org.dl4jx.workbench;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.dl4jx.schedules.checks.Argument;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

class UsageTest {
  private static final CommandSpec SPEC = new CommandLine(new Train()).getCommandSpec();

  @Command
  private static final class Train {
    @Option(names = "--learning-rate")
    private double learningRate;

    @Option(names = "--from")
    private double from;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "> 0                  | --learning-rate must be > 0, but was 0",
        "a number > from = 2  | --learning-rate must be a number > --from = 2, but was 0",
        "a number from 1 to 5 | --learning-rate must be a number from 1 to 5, but was 0"
      })
  void aParameterWithAnOptionIsNamedAsTheUserWritesIt(String allowed, String message) {
    assertRefused("learningRate", allowed, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "total           | > from = 2 | total must be > from = 2, but was 0",
        "one-cycle: from | > 0        | one-cycle: from must be > 0, but was 0"
      })
  void anotherParameterIsNeverTakenForAnOption(String parameter, String allowed, String message) {
    assertRefused(parameter, allowed, message);
  }

  private static void assertRefused(String parameter, String allowed, String message) {
    assertThatThrownBy(
            () -> Usage.checked(SPEC, () -> Argument.check(false, parameter, 0, allowed)))
        .isInstanceOf(ParameterException.class)
        .hasMessage(message);
  }
}
