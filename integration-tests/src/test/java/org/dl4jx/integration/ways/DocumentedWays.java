package org.dl4jx.integration.ways;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What docs/training.md says of each way: with which updaters it works. */
final class DocumentedWays {
  private static final Path DOCUMENT = Path.of("../docs/training.md");

  /** A row that begins with a way, and goes on with "all", "all but ...", or "none". */
  private static final Pattern ROW =
      Pattern.compile("\\| `([^`]+)` \\| (all|none|all but [^|]+?) \\|.*");

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private DocumentedWays() {}

  /** The updaters that each way refuses; null stands for all of them. */
  static Map<String, TreeSet<String>> refused() {
    Map<String, TreeSet<String>> refused = new LinkedHashMap<>();
    try (Stream<String> lines = Files.lines(DOCUMENT)) {
      lines
          .map(ROW::matcher)
          .filter(Matcher::matches)
          .forEach(
              row -> {
                TreeSet<String> exceptions = new TreeSet<>();
                CODE.matcher(row.group(2))
                    .results()
                    .map((MatchResult code) -> code.group(1))
                    .forEach(exceptions::add);
                if (refused.containsKey(row.group(1))) {
                  throw new IllegalStateException(row.group(1) + " has two rows");
                }
                refused.put(row.group(1), row.group(2).equals("none") ? null : exceptions);
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return refused;
  }
}
