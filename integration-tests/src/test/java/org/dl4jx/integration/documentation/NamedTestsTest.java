package org.dl4jx.integration.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever reads in a document which test holds a promise finds that test. */
class NamedTestsTest {
  private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");

  @Test
  void everyTestThatADocumentNamesIsThere() throws IOException {
    List<String> named = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (MarkdownDocument document : Repository.CHECKOUT.documents()) {
      Matcher test = TEST.matcher(Files.readString(document.file()));
      while (test.find()) {
        named.add(test.group());
        boolean there = source(test.group(1) + ".java").contains("void " + test.group(2) + "(");
        if (!there) {
          missing.add(Repository.CHECKOUT.name(document.file()) + ": " + test.group());
        }
      }
    }

    assertThat(named).isNotEmpty();
    assertThat(missing).isEmpty();
  }

  private static String source(String name) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String module :
        List.of("schedules", "updaters", "examples", "examples/spark", "integration-tests")) {
      Path tests = Repository.CHECKOUT.root().resolve(module).resolve("src/test/java");
      try (Stream<Path> files = Files.walk(tests)) {
        files.filter(file -> file.endsWith(name)).forEach(found::add);
      }
    }
    return found.size() == 1 ? Files.readString(found.get(0)) : "";
  }
}
