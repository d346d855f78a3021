package org.dl4jx.workbench.report;

import java.io.IOException;
import java.nio.file.Path;
import org.dl4jx.workbench.files.AtomicFile;

/** A page in Markdown, with its charts as files next to it. */
public final class MarkdownPage implements Page {
  /** The folder of the charts, beside the page. */
  public static final String CHARTS = "charts";

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
    add("# " + escaped(title));
  }

  /** Text in which Markdown finds no HTML. */
  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private MarkdownPage add(String block) {
    text.append(text.isEmpty() ? "" : "\n").append(block.stripTrailing()).append('\n');
    return this;
  }

  @Override
  public MarkdownPage notice(String notice) {
    return add("> **" + escaped(notice) + "**");
  }

  @Override
  public MarkdownPage paragraph(String paragraph) {
    return add(escaped(paragraph));
  }

  @Override
  public MarkdownPage section(String title) {
    return add("## " + escaped(title));
  }

  @Override
  public MarkdownPage table(Table table) {
    return add(table.toMarkdown());
  }

  @Override
  public MarkdownPage chart(Chart chart) throws IOException {
    return chart(chart, chart.png(ChartTheme.LIGHT));
  }

  MarkdownPage chart(Chart chart, byte[] light) throws IOException {
    String file = CHARTS + "/" + chart.name() + ".png";
    AtomicFile.write(folder.resolve(file), light);
    return add("![" + escaped(chart.description()) + "](" + file + ")");
  }

  /**
   * Writes the page.
   *
   * @param name of the file
   * @throws IOException if that fails
   */
  public void write(String name) throws IOException {
    AtomicFile.write(folder.resolve(name), text.toString());
  }
}
