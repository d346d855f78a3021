package org.dl4jx.workbench;

import java.io.IOException;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;
import picocli.CommandLine.Help.Ansi;

/** What the progress is shown on. */
final class Terminals {
  private Terminals() {}

  /**
   * Whether standard error is a terminal that can move its cursor and show colours, and the user
   * has not asked for neither, by {@code NO_COLOR} or {@code TERM=dumb}.
   */
  static boolean isAnimated() {
    return Ansi.AUTO.enabled() && !isDumb() && isTerminal();
  }

  /** Whether the user's terminal shows nothing but text. */
  static boolean isDumb() {
    return "dumb".equals(System.getenv("TERM"));
  }

  /** Java itself knows only whether standard input and output are terminals. */
  private static boolean isTerminal() {
    try {
      return TerminalProvider.load("exec").isSystemStream(SystemStream.Error);
    } catch (IOException e) {
      return false;
    }
  }
}
