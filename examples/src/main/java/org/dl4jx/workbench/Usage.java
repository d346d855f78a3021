package org.dl4jx.workbench;

import static org.dl4jx.schedules.checks.Argument.check;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** How commands refuse arguments. */
final class Usage {
  /** As {@link org.dl4jx.schedules.checks.Argument#refusal} writes it. */
  private static final Pattern REFUSAL =
      Pattern.compile("(?<name>\\w+) must be .*", Pattern.DOTALL);

  /** The refused parameter, or one that is followed by its value. */
  private static final Pattern PARAMETER = Pattern.compile("^\\w+|\\b\\w+(?= = )");

  private static final Pattern CAPITAL = Pattern.compile("\\p{Upper}");

  private Usage() {}

  /** Checks that an option, if it is given, has a value. */
  static void notEmpty(String option, List<?> values) {
    check(values == null || !values.isEmpty(), option, "empty", "a list of at least one");
  }

  /** Returns the values of an option, none of which may be given twice. */
  static <T> List<T> once(String option, List<T> values, Function<T, String> label) {
    notEmpty(option, values);
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

  /**
   * Returns the value, or reports a bad argument as wrong usage of the command. If the command has
   * an option for the parameter, the message names the option: {@code --learning-rate} instead of
   * {@code learningRate}.
   */
  static <T> T checked(CommandSpec spec, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), withOptions(spec, e.getMessage()), e);
    }
  }

  /** Returns a value that comes from a file, or starts the error with the option and the file. */
  static <T> T from(String option, Path file, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(option + " " + file + ": " + e.getMessage(), e);
    }
  }

  /** Replaces the refused parameter, and those in limits such as "a number > from = 0.1". */
  private static String withOptions(CommandSpec spec, String message) {
    Matcher refusal = REFUSAL.matcher(message);
    if (!refusal.matches() || option(spec, refusal.group("name")).isEmpty()) {
      return message;
    }
    return PARAMETER
        .matcher(message)
        .replaceAll(found -> option(spec, found.group()).orElse(found.group()));
  }

  private static Optional<String> option(CommandSpec spec, String parameter) {
    String name = "--" + CAPITAL.matcher(parameter).replaceAll("-$0").toLowerCase(Locale.ROOT);
    return spec.optionsMap().containsKey(name) ? Optional.of(name) : Optional.empty();
  }
}
