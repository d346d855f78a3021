package org.dl4jx.workbench;

import static org.dl4jx.schedules.checks.Argument.check;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** How commands refuse arguments. */
final class Usage {
  private Usage() {}

  /** The values of an option; one that stands twice is refused. */
  static <T> List<T> once(String option, List<T> values, Function<T, String> label) {
    Set<T> seen = new HashSet<>();
    for (T value : values) {
      check(
          seen.add(value),
          option,
          values.stream().map(label).collect(Collectors.joining(",")),
          "a list with " + label.apply(value) + " only once");
    }
    return values;
  }

  /** The value; if an argument is bad, that is an error in the usage of the command. */
  static <T> T checked(CommandSpec spec, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
