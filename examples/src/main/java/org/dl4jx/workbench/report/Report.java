package org.dl4jx.workbench.report;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A report in two formats: {@code report.md}, with its charts as files next to it, and {@code
 * report.html}, which needs no other file.
 */
public final class Report implements Page {
  /** The name of the page in HTML. */
  public static final String HTML = "report.html";

  /** The name of the page in Markdown. */
  public static final String MARKDOWN = "report.md";

  private final Path folder;
  private final MarkdownPage markdown;
  private final HtmlPage html;

  /**
   * A report.
   *
   * @param folder where it will be
   * @param title its title
   */
  public Report(Path folder, String title) {
    this.folder = folder;
    this.markdown = new MarkdownPage(folder, title);
    this.html = new HtmlPage(title);
  }

  @Override
  public Report notice(String text) {
    markdown.notice(text);
    html.notice(text);
    return this;
  }

  @Override
  public Report paragraph(String text) {
    markdown.paragraph(text);
    html.paragraph(text);
    return this;
  }

  @Override
  public Report section(String title) {
    markdown.section(title);
    html.section(title);
    return this;
  }

  @Override
  public Report table(Table table) {
    markdown.table(table);
    html.table(table);
    return this;
  }

  /** Draws the chart once for both pages. */
  @Override
  public Report chart(Chart chart) throws IOException {
    byte[] light = chart.png(ChartTheme.LIGHT);
    markdown.chart(chart, light);
    html.chart(chart, light);
    return this;
  }

  /**
   * Writes both pages.
   *
   * @throws IOException if a page cannot be written
   */
  public void write() throws IOException {
    markdown.write(MARKDOWN);
    html.write(folder.resolve(HTML));
  }
}
