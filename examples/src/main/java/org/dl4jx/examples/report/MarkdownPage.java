package org.dl4jx.examples.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.dl4jx.examples.data.AtomicFile;

/** A page in Markdown, with its charts as files beside it. */
public final class MarkdownPage implements Page {
  private final Path folder;
  private final StringBuilder text = new StringBuilder();

  /**
   * A page.
   *
   * @param folder where it will be
   * @param title its title
   */
  public MarkdownPage(Path folder, String title) {
    this.folder = folder;
    add("# " + title);
  }

  private MarkdownPage add(String block) {
    text.append(text.isEmpty() ? "" : "\n").append(block.stripTrailing()).append('\n');
    return this;
  }

  @Override
  public MarkdownPage notice(String notice) {
    return add("> **" + notice + "**");
  }

  @Override
  public MarkdownPage paragraph(String paragraph) {
    return add(paragraph);
  }

  @Override
  public MarkdownPage section(String title) {
    return add("## " + title);
  }

  @Override
  public MarkdownPage table(Table table) {
    return add(table.toMarkdown());
  }

  @Override
  public MarkdownPage chart(Chart chart) throws IOException {
    String file = "charts/" + chart.name() + ".png";
    byte[] png = chart.png(ChartTheme.LIGHT);
    AtomicFile.write(folder.resolve(file), out -> out.write(png));
    return add("![" + chart.description() + "](" + file + ")");
  }

  /**
   * Writes the page.
   *
   * @param name of the file
   * @throws IOException if that fails
   */
  public void write(String name) throws IOException {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(folder.resolve(name), out -> out.write(bytes));
  }
}
