package org.dl4jx.workbench;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

/**
 * The command line, without what it does. It is in this package because only here one can get it.
 */
public final class ParsedOptions {
  private ParsedOptions() {}

  /**
   * Parses a command line, and does nothing else.
   *
   * @param args the command line
   * @return what is wrong with it, or nothing
   */
  public static String problem(String... args) {
    StringWriter err = new StringWriter();
    CommandLine commandLine = Main.commandLine();
    commandLine.setErr(new PrintWriter(err));
    commandLine.setExecutionStrategy(parsed -> ExitCode.OK);
    return Main.execute(commandLine, args) == ExitCode.OK ? "" : err.toString().strip();
  }
}
