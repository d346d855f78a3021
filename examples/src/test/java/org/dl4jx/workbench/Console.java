package org.dl4jx.workbench;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/** A run of the command line, with its exit code and what it printed. */
record Console(int exitCode, String out, String err) {
  /** A command line that a test changes in some options. */
  static String[] args(List<String> usual, String... more) {
    Map<String, String> options = new LinkedHashMap<>();
    Stream.concat(usual.stream(), Stream.of(more))
        .forEach(option -> options.put(option.split("=")[0], option));
    return options.values().toArray(String[]::new);
  }

  static Console run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    int exitCode = Main.execute(commandLine, args);
    return new Console(exitCode, out.toString(), err.toString());
  }
}
