package org.dl4jx.integration.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dl4jx.integration.documentation.MarkdownDocument.CodeBlock;
import org.dl4jx.integration.documentation.MarkdownDocument.Table;
import org.dl4jx.integration.documentation.MarkdownDocument.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkdownDocumentTest {
  @TempDir Path folder;

  private MarkdownDocument read(String text) throws IOException {
    return MarkdownDocument.read(Files.writeString(folder.resolve("some.md"), text));
  }

  @Test
  void findsBlocksWithTheirLines() throws IOException {
    MarkdownDocument document =
        read(
            """
            # Some

            ```java
            int a;
            ```

            - In a list:

              ```sh
              mvn verify
              ```

            ~~~
            text
            ~~~
            """);

    assertThat(document.blocks())
        .containsExactly(
            new CodeBlock("java", "int a;\n", 4),
            new CodeBlock("sh", "mvn verify\n", 10),
            new CodeBlock("", "text\n", 14));
    assertThat(document.examples()).extracting(Example::line).containsExactly(4);
  }

  @Test
  void findsTheFirstColumnOfTables() throws IOException {
    MarkdownDocument document =
        read(
            """
            | `head` | value |
            |---|---|
            | `One` | `1` |
            | [`Two`](two.md) or `Zwei` | 2 |
            | plain | 3 |
            """);

    assertThat(document.tables())
        .extracting(Table::names, Table::line)
        .containsExactly(tuple(java.util.List.of("One", "Two", ""), 1));
  }

  @Test
  void findsLinksAndImages() throws IOException {
    MarkdownDocument document =
        read(
            """
            A [link](a.md#there), an ![image](b.png),
            and [one by name][name].

            <p>
            <img alt="" src="c.png"> <a href="d.md">d</a>
            <source srcset="e.png 1x, f.png 2x"></p>

            [name]: g.md

            `[no link](h.md)`
            """);

    assertThat(document.targets())
        .containsExactly(
            new Target("a.md#there", 1),
            new Target("b.png", 1),
            new Target("g.md", 2),
            new Target("c.png", 5),
            new Target("d.md", 5),
            new Target("e.png", 6),
            new Target("f.png", 6));
  }

  @Test
  void namesHeadingsAsGitHubDoes() throws IOException {
    MarkdownDocument document =
        read(
            """
            # Which λ? `attach(x)`, [a link](b.md) & more
            ## Deeplearning4j's own
            ## by_name - twice
            ## by_name - twice
            <a id="here"></a>
            """);

    assertThat(document.anchors())
        .containsExactlyInAnyOrder(
            "which-λ-attachx-a-link--more",
            "deeplearning4js-own",
            "by_name---twice",
            "by_name---twice-1",
            "here");
  }
}
