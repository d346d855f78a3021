package org.dl4jx.workbench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.dl4jx.workbench.experiment.Environment;
import org.dl4jx.workbench.experiment.RunStoreException;
import org.dl4jx.workbench.files.CannotWriteException;
import org.dl4jx.workbench.files.FileErrors;
import org.dl4jx.workbench.files.FolderInUseException;
import org.dl4jx.workbench.files.UserPath;
import org.dl4jx.workbench.notation.Conversion;
import org.dl4jx.workbench.notation.Names;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. Arguments that do not start with a subcommand go to {@code compare}. */
@Command(
    name = "dl4jx",
    description = "Trains small networks with the updaters and schedules of dl4jx and DL4J.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      CompareCommand.class,
      TuneCommand.class,
      LrFindCommand.class,
      SchedulesCommand.class,
      LabCommand.class
    })
public final class Main {
  private static final String DEFAULT_COMMAND = "compare";
  private static final String VERBOSE = "--verbose";
  private static final Set<String> OWN_OPTIONS = Set.of("-h", "--help", "-V", "--version");

  private boolean verbose;

  private Main() {}

  /** Anywhere on the command line, and as often as the user likes. */
  @Option(
      names = VERBOSE,
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error.")
  private void setVerbose(boolean value) {
    verbose |= value;
  }

  /**
   * Runs a command and ends the program with its exit code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.exit(execute(args));
  }

  /**
   * Runs a command.
   *
   * @param args the command line
   * @return 0 after success, 2 if the arguments are bad, 1 after any other error
   */
  public static int execute(String... args) {
    return execute(commandLine(), args);
  }

  static int execute(CommandLine commandLine, String... args) {
    int exitCode;
    try {
      Platform.prepare();
      exitCode = commandLine.execute(withCommand(commandLine, args));
    } catch (Error | RuntimeException e) {
      // Native libraries are missing, memory is full, or there is a fault. picocli catches only
      // exceptions.
      exitCode = report(e, "", commandLine, ExitCode.SOFTWARE);
    }
    if (commandLine.getOut().checkError() | System.out.checkError()) {
      String lost = "standard output could not be written: some of it is lost";
      exitCode = report(new IOException(lost), "", commandLine, ExitCode.SOFTWARE);
    }
    return exitCode;
  }

  /** The arguments, with the default command unless they name another after the common options. */
  private static String[] withCommand(CommandLine commandLine, String... args) {
    String first =
        Arrays.stream(args)
            .filter(arg -> !arg.equals(VERBOSE) && !arg.startsWith(VERBOSE + "="))
            .findFirst()
            .orElse("");
    boolean named = OWN_OPTIONS.contains(first) || commandLine.getSubcommands().containsKey(first);
    return named
        ? args
        : Stream.concat(Stream.of(DEFAULT_COMMAND), Stream.of(args)).toArray(String[]::new);
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    if (Terminals.isDumb()) {
      commandLine.setColorScheme(Help.defaultColorScheme(Ansi.OFF));
    }
    // A file or folder may have a name that starts with @.
    commandLine.setExpandAtFiles(false);
    commandLine.registerConverter(
        Path.class, text -> Conversion.of(text, path -> UserPath.parse("the value", path)));
    commandLine.setParameterExceptionHandler((e, args) -> reportUsage(e));
    commandLine.setExecutionExceptionHandler(
        (e, failed, parsed) -> report(e, advice(e, failed), failed, ExitCode.SOFTWARE));
    commandLine
        .getHelpSectionMap()
        .put(UsageMessageSpec.SECTION_KEY_FOOTER, help -> defaultCommandHelp(commandLine));
    return commandLine;
  }

  private static String defaultCommandHelp(CommandLine commandLine) {
    Help help = commandLine.getSubcommands().get(DEFAULT_COMMAND).getHelp();
    return String.format("%nOptions of %s, the default command:%n", DEFAULT_COMMAND)
        + help.optionList();
  }

  private static int reportUsage(ParameterException e) {
    return report(e, hint(e), e.getCommandLine(), ExitCode.USAGE);
  }

  private static String hint(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      List<String> suggestions = unmatched.getSuggestions();
      String word = unmatched.getUnmatched().get(0);
      if (suggestions.isEmpty() && !word.startsWith("-")) {
        Set<String> commands = commandLine().getSubcommands().keySet();
        return "; did you mean " + Names.nearest(word, List.copyOf(commands)) + "?";
      }
      return suggestions.isEmpty() ? "" : "; did you mean " + suggestions.get(0) + "?";
    }
    if (e.getArgSpec() != null && e.getArgSpec().type().isEnum() && e.getValue() != null) {
      List<String> names =
          Arrays.stream(e.getArgSpec().type().getEnumConstants()).map(String::valueOf).toList();
      return "; did you mean " + Names.nearest(e.getValue(), names) + "?";
    }
    return "";
  }

  /** What the user can do about an error. Only the command line knows the options for it. */
  private static String advice(Exception e, CommandLine failed) {
    if (e instanceof RunStoreException store) {
      return switch (store.reason()) {
        case HAS_RUNS -> "; add --resume to continue it, or choose another folder for --output";
        case OTHER_SETTINGS -> "; choose another folder for --output";
      };
    } else if (e instanceof FolderInUseException) {
      return "; wait for it, or choose another folder for --output";
    } else if (e instanceof CannotWriteException) {
      return failed.getCommandSpec().optionsMap().containsKey("--resume")
          ? "; finished runs are kept, and --resume continues with them once the folder of --output"
              + " can be written"
          : "; make it writable, or choose another folder for --output";
    }
    return "";
  }

  private static int report(Throwable e, String hint, CommandLine failed, int exitCode) {
    PrintWriter err = failed.getErr();
    err.println("dl4jx: " + oneLine(e) + hint);
    CommandLine root = failed;
    while (root.getParent() != null) {
      root = root.getParent();
    }
    Main main = root.getCommand();
    if (main.verbose) {
      e.printStackTrace(err);
    }
    err.flush();
    return exitCode;
  }

  /** The message of a file system exception is just a path; its class tells what went wrong. */
  private static String oneLine(Throwable e) {
    if (e instanceof LinkageError && e.getCause() != null) {
      return "Java cannot load a part of the program: " + oneLine(e.getCause());
    }
    String message =
        e instanceof FileSystemException failure
            ? FileErrors.sentence(failure)
            : e instanceof Exception && e.getMessage() != null ? e.getMessage() : e.toString();
    return message.replaceAll("\\s*\\R\\s*", " ");
  }

  /** The version of the build. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      return new String[] {"dl4jx " + Environment.version()};
    }
  }
}
