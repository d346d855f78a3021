package org.dl4jx.examples;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** A run of the command line, with its exit code and what it printed. */
record Console(int exitCode, String out, String err) {
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
