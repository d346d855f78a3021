package org.dl4jx.integration.documentation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.dl4jx.workbench.Main;
import org.dl4jx.workbench.ParsedOptions;
import picocli.CommandLine;

/**
 * A command in a document that starts Maven.
 *
 * @param place the document and the line
 * @param command the command
 */
record MavenCommand(String place, ShellScript.Command command) {
  private static final Set<String> MAVEN = Set.of("mvn", "mvnw", "./mvnw", "mvnw.cmd");

  /** The languages of blocks in which Maven is not called from a shell. */
  private static final Set<String> NOT_SHELL =
      Set.of("diff", "java", "json", "kotlin", "python", "scala", "xml", "yaml");

  private static final Set<String> PHASES =
      Set.of(
          "clean",
          "validate",
          "compile",
          "test-compile",
          "test",
          "package",
          "verify",
          "install",
          "deploy",
          "site");

  private static final Set<String> FLAGS =
      Set.of(
          "-q",
          "-o",
          "-B",
          "-e",
          "-X",
          "-U",
          "-N",
          "-V",
          "-ntp",
          "-am",
          "-amd",
          "-fae",
          "-ff",
          "--quiet",
          "--offline",
          "--batch-mode",
          "--also-make",
          "--no-transfer-progress");

  private static final Set<String> OPTIONS =
      Set.of("-pl", "--projects", "-P", "--activate-profiles", "-T", "--threads", "-rf", "-f");

  /** Plugins that need no declaration in a POM. */
  private static final Set<String> PLUGINS_OF_MAVEN = Set.of("dependency", "help", "wrapper");

  /** All Maven commands of a document, in order. */
  static List<MavenCommand> in(Repository repository, MarkdownDocument document) {
    List<MavenCommand> commands = new ArrayList<>();
    for (MarkdownDocument.CodeBlock block : document.blocks()) {
      boolean mentionsMaven =
          block.text().lines().anyMatch(line -> line.matches("(.*\\W)?mvnw? .*"));
      if (!mentionsMaven || NOT_SHELL.contains(block.language())) {
        continue;
      }
      for (ShellScript.Command command : ShellScript.commands(block.text())) {
        if (MAVEN.contains(command.words().get(0))) {
          int line = block.line() + command.line() - 1;
          commands.add(new MavenCommand(repository.name(document.file()) + ":" + line, command));
        }
      }
    }
    return commands;
  }

  /** The words after {@code mvn}, sorted. */
  private record Parts(
      List<String> goals,
      List<String> modules,
      List<String> profiles,
      Map<String, String> properties,
      List<String> unknown) {}

  private Parts parts() {
    Parts parts =
        new Parts(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new LinkedHashMap<>(),
            new ArrayList<>());
    List<String> words = command.words();
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i);
      if (word.startsWith("-D")) {
        String[] property = word.substring(2).split("=", 2);
        parts.properties.put(property[0], property.length == 1 ? "true" : property[1]);
      } else if (OPTIONS.contains(word) && i + 1 < words.size()) {
        add(parts, word, words.get(++i));
      } else if (word.startsWith("-P")) {
        add(parts, "-P", word.substring(2));
      } else if (!word.startsWith("-")) {
        parts.goals.add(word);
      } else if (!FLAGS.contains(word)) {
        parts.unknown.add(word);
      }
    }
    return parts;
  }

  private static void add(Parts parts, String option, String value) {
    switch (option) {
      case "-pl", "--projects" -> parts.modules.addAll(List.of(value.split(",")));
      case "-P", "--activate-profiles" -> parts.profiles.addAll(List.of(value.split(",")));
      default -> {}
    }
  }

  /** What is wrong with it, each with its place. */
  List<String> problems(MavenBuild build) {
    Parts parts = parts();
    List<String> problems = new ArrayList<>();
    parts.unknown.forEach(option -> problems.add("Maven has no option " + option));
    parts.goals.stream()
        .filter(goal -> !isGoal(build, goal))
        .forEach(goal -> problems.add("there is no phase or goal " + goal));
    parts.modules.stream()
        .filter(module -> !build.hasModule(module.replaceFirst("^[!+-]", "")))
        .forEach(module -> problems.add("there is no module " + module));
    parts.profiles.stream()
        .filter(profile -> !build.hasProfile(profile.replaceFirst("^[!+-]", "")))
        .forEach(profile -> problems.add("there is no profile " + profile));
    if (parts.goals.isEmpty()) {
      problems.add("no phase or goal is named");
    }
    if (parts.goals.contains("exec:java")) {
      problems.addAll(problemsOfProgram(build, parts.properties));
    }
    String benchmarks = parts.properties.get("benchmark.args");
    if (benchmarks != null) {
      problems.addAll(problemsOfBenchmarks(benchmarks));
    }
    return problems.stream().map(problem -> place + ": " + problem).toList();
  }

  private static boolean isGoal(MavenBuild build, String goal) {
    String prefix = goal.split(":")[0];
    return goal.contains(":")
        ? build.hasPlugin(prefix) || PLUGINS_OF_MAVEN.contains(prefix)
        : PHASES.contains(goal);
  }

  private List<String> problemsOfProgram(MavenBuild build, Map<String, String> properties) {
    String mainClass = properties.getOrDefault("exec.mainClass", build.mainClass());
    try {
      Class.forName(mainClass).getMethod("main", String[].class);
    } catch (ReflectiveOperationException e) {
      return List.of("there is no main method in " + mainClass);
    }
    if (!mainClass.equals(Main.class.getName()) || command.dependsOnArguments()) {
      return List.of();
    }
    String problem = ParsedOptions.problem(words(properties.getOrDefault("exec.args", "")));
    return problem.isEmpty() ? List.of() : List.of(problem);
  }

  private static List<String> problemsOfBenchmarks(String arguments) {
    try {
      new CommandLine(org.dl4jx.benchmarks.Main.class)
          .setCaseInsensitiveEnumValuesAllowed(true)
          .parseArgs(words(arguments));
      return List.of();
    } catch (CommandLine.ParameterException e) {
      return List.of(e.getMessage());
    }
  }

  /** Splits the arguments of a program as the exec plugin does, which is like a shell. */
  private static String[] words(String arguments) {
    return ShellScript.commands("program " + arguments).get(0).words().stream()
        .skip(1)
        .toArray(String[]::new);
  }

  /** Why {@link DocumentedCommandsTest} does not execute it, or empty text if it does. */
  String whyNotExecuted() {
    Parts parts = parts();
    if (command.dependsOnArguments()) {
      return "it is part of a function";
    }
    if (parts.profiles.contains("benchmarks") || parts.profiles.contains("mutation")) {
      return "it takes hours";
    }
    if (parts.profiles.contains("spark")) {
      return "it downloads Spark";
    }
    if (parts.profiles.contains("ui")) {
      return "it ends when somebody ends it";
    }
    boolean isBuild =
        Stream.of("test", "package", "verify", "install", "deploy", "site")
            .anyMatch(parts.goals::contains);
    return isBuild ? "it is a whole build, as this one" : "";
  }
}
