package org.dl4jx.integration.documentation;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A piece of Java that the documentation shows.
 *
 * @param file the file that shows it
 * @param line where its first line stands in the file, counted from 1
 * @param code the code
 */
record Example(Path file, int line, String code) {
  private static final Pattern NOT_COMPILED =
      Pattern.compile("\\s*// not compiled: (\\S.*)(?s:.*)");

  /** Names a line of the example by file and line number. */
  String place(long lineOfCode) {
    return Repository.CHECKOUT.name(file) + ":" + (line + lineOfCode - 1);
  }

  /** Why it is only to be read: its first line is {@code // not compiled: } and the reason. */
  Optional<String> whyNotCompiled() {
    Matcher matcher = NOT_COMPILED.matcher(code);
    return matcher.matches() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
  }

  /**
   * Compiles and runs it.
   *
   * @return what it ran in, with the variables that it declared
   * @throws AssertionError if it does not compile, throws, or shows a result that it does not have
   */
  ExampleContext run() {
    return new ExampleCompiler(this).compile().run();
  }
}
