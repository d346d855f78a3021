package org.dl4jx.integration.workbench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.dl4jx.workbench.Main;

/** The command line in a process of its own. */
final class Workbench {
  private static final int PATIENCE_SECONDS = 120;

  /** The smallest training. */
  static final List<String> SMALL =
      List.of("--dataset=mnist-embedded", "--train-examples=64", "--epochs=1");

  private final Path folder;
  private final List<String> properties = new ArrayList<>();
  private final Map<String, String> arguments = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private String shell = "exec \"$@\"";
  private Process process;

  /**
   * Prepares a process.
   *
   * @param folder where it runs and where its output is kept
   */
  Workbench(Path folder, String... arguments) {
    this.folder = folder;
    with(arguments);
  }

  /** Adds arguments. An option that is there already gets the new value. */
  Workbench with(List<String> more) {
    more.forEach(argument -> arguments.put(argument.split("=")[0], argument));
    return this;
  }

  Workbench with(String... more) {
    return with(List.of(more));
  }

  /** Sets a property of Java. */
  Workbench property(String name, String value) {
    properties.add("-D" + name + "=" + value);
    return this;
  }

  /** Sets an environment variable; removes it if the value is null. */
  Workbench environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** How a shell starts the process, which is {@code "$@"}. */
  Workbench shell(String script) {
    shell = script;
    return this;
  }

  Workbench start() throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", shell, "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The networks are so small that compiling them costs more than it saves.
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(properties);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(arguments.values());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("out.txt").toFile())
            .redirectError(folder.resolve("err.txt").toFile());
    environment.forEach(
        (name, value) -> {
          builder.environment().remove(name);
          if (value != null) {
            builder.environment().put(name, value);
          }
        });
    process = builder.start();
    return this;
  }

  /** Waits until something has happened, or the process has ended. */
  Workbench waitUntil(BooleanSupplier happened) throws InterruptedException {
    while (process.isAlive() && !happened.getAsBoolean()) {
      Thread.sleep(20);
    }
    return this;
  }

  /** Sends a signal, such as INT or KILL, to the process and waits for its end. */
  Workbench kill(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
    return await();
  }

  Workbench await() throws InterruptedException {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("still runs after " + PATIENCE_SECONDS + " s");
      }
    } finally {
      process.destroyForcibly();
    }
    return this;
  }

  /** Runs the process to its end. */
  Workbench run() throws IOException, InterruptedException {
    return start().await();
  }

  /** 128 plus the number of the signal if one has ended it. */
  int exitCode() {
    return process.exitValue();
  }

  String out() throws IOException {
    return text("out.txt");
  }

  String err() throws IOException {
    return text("err.txt");
  }

  /** Whatever its characters are encoded in. */
  private String text(String name) throws IOException {
    return new String(Files.readAllBytes(folder.resolve(name)), StandardCharsets.UTF_8);
  }

  /** The runs in the folder of {@code --output}, by the names of their files. */
  static List<Path> runs(Path output) {
    return files(output.resolve("runs"), ".json");
  }

  static List<Path> files(Path folder, String suffix) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
