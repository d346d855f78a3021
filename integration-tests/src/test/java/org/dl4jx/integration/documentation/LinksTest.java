package org.dl4jx.integration.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Links and images of the documents lead somewhere. */
class LinksTest {

  @Test
  void leadToFilesAndHeadings() {
    List<MarkdownDocument> documents = Repository.CHECKOUT.documents();

    assertThat(documents).isNotEmpty();
    assertThat(documents.stream().flatMap(d -> Links.broken(Repository.CHECKOUT, d).stream()))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "docs/there.md#no-such, there.md has no heading for #no-such",
    "docs/none.md, there is no docs/none.md",
    "/none.md, there is no none.md",
    "docs/none.md#there, there is no docs/none.md",
    "#no-such, README.md has no heading for #no-such",
    "../outside.md, ../outside.md is outside of the repository",
    "target/built.png, target/built.png is built and not in the repository",
    "docs/a.png#there, docs/a.png has no headings",
  })
  void areReportedIfTheyLeadNowhere(String destination, String problem, @TempDir Path folder)
      throws IOException {
    assertThat(Links.broken(repository(folder), readme(folder, destination)))
        .containsExactly("README.md:3: " + problem);
  }

  @ParameterizedTest
  @CsvSource({
    "docs/there.md",
    "docs",
    "docs/there.md#here-1",
    "'#some'",
    "/docs/there.md",
    "docs/a%20b.md?raw=true",
    "docs/A.java#L3-L5",
    "https://example.org/none.md#none",
    "mailto:nobody@example.org",
  })
  void areFineOtherwise(String destination, @TempDir Path folder) throws IOException {
    assertThat(Links.broken(repository(folder), readme(folder, destination))).isEmpty();
  }

  private static Repository repository(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("docs"));
    Files.createDirectories(folder.resolve("target"));
    Files.writeString(folder.resolve("docs/there.md"), "# Here\n# Here\n");
    Files.writeString(folder.resolve("docs/a b.md"), "");
    Files.writeString(folder.resolve("docs/A.java"), "");
    Files.writeString(folder.resolve("docs/a.png"), "");
    Files.writeString(folder.resolve("target/built.png"), "");
    return new Repository(folder);
  }

  private static MarkdownDocument readme(Path folder, String destination) throws IOException {
    return MarkdownDocument.read(
        Files.writeString(
            folder.resolve("README.md"), "# Some\n\nA [link](" + destination + ").\n"));
  }
}
