package org.dl4jx.workbench.report;

import static j2html.TagCreator.a;
import static j2html.TagCreator.body;
import static j2html.TagCreator.div;
import static j2html.TagCreator.document;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.head;
import static j2html.TagCreator.header;
import static j2html.TagCreator.html;
import static j2html.TagCreator.img;
import static j2html.TagCreator.li;
import static j2html.TagCreator.main;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.p;
import static j2html.TagCreator.picture;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.source;
import static j2html.TagCreator.style;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.text;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.title;
import static j2html.TagCreator.tr;
import static j2html.TagCreator.ul;
import static j2html.TagCreator.wbr;

import j2html.TagCreator;
import j2html.tags.DomContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.dl4jx.workbench.files.AtomicFile;

/**
 * A page in HTML that needs no other file, no script and no network. It follows the reader's system
 * in being light or dark, and fits narrow screens. Whatever is added before the first section goes
 * above the table of contents.
 */
public final class HtmlPage implements Page {
  private final String title;
  private final List<DomContent> opening = new ArrayList<>();
  private final List<Section> sections = new ArrayList<>();

  private record Section(String title, List<DomContent> blocks) {
    String id() {
      return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }
  }

  /**
   * A page.
   *
   * @param title its title
   */
  public HtmlPage(String title) {
    this.title = title;
  }

  private HtmlPage add(DomContent block) {
    (sections.isEmpty() ? opening : sections.get(sections.size() - 1).blocks()).add(block);
    return this;
  }

  @Override
  public HtmlPage notice(String notice) {
    return add(p(notice).withClass("notice"));
  }

  @Override
  public HtmlPage paragraph(String paragraph) {
    return add(p(paragraph));
  }

  /**
   * Adds text with markup.
   *
   * @param parts of one paragraph
   * @return this page
   */
  public HtmlPage paragraph(DomContent... parts) {
    return add(p(parts));
  }

  /**
   * Starts a section, which the table of contents links to.
   *
   * @param section its title, unique on the page
   * @return this page
   */
  @Override
  public HtmlPage section(String section) {
    sections.add(new Section(section, new ArrayList<>()));
    return this;
  }

  @Override
  public HtmlPage table(Table table) {
    return add(
        scrolling(
            "Table",
            TagCreator.table(
                thead(
                    tr(
                        each(
                            columns(table),
                            i ->
                                th(breakable(table.header().get(i)))
                                    .attr("scope", "col")
                                    .withCondClass(!table.isText(i), "number")))),
                tbody(
                    each(
                        table.rows(),
                        row -> tr(each(columns(table), i -> cell(table, row, i))))))));
  }

  private static List<Integer> columns(Table table) {
    return IntStream.range(0, table.header().size()).boxed().toList();
  }

  private static DomContent cell(Table table, List<String> row, int column) {
    return column == 0
        ? th(breakable(row.get(column))).attr("scope", "row")
        : table.isText(column)
            ? td(breakable(row.get(column)))
            : td(row.get(column)).withClass("number");
  }

  /** A browser breaks lines at spaces by itself; a notation has none. */
  private static DomContent breakable(String cell) {
    List<DomContent> html = new ArrayList<>();
    String before = " ";
    for (String piece : LineBreaks.pieces(cell)) {
      if (!before.endsWith(" ")) {
        html.add(wbr());
      }
      html.add(text(piece));
      before = piece;
    }
    return each(html.stream());
  }

  @Override
  public HtmlPage chart(Chart chart) throws IOException {
    return chart(chart, chart.png(ChartTheme.LIGHT));
  }

  HtmlPage chart(Chart chart, byte[] light) throws IOException {
    return add(
        figure(
            scrolling(
                chart.description(),
                picture(
                    source()
                        .withMedia("(prefers-color-scheme: dark)")
                        .withSrcset(data("png", chart.png(ChartTheme.DARK))),
                    img()
                        .withSrc(data("png", light))
                        .withAlt(chart.description())
                        .withWidth(String.valueOf(chart.width()))
                        .withHeight(String.valueOf(chart.height())))),
            figcaption(chart.title())));
  }

  /**
   * Adds a drawing made for a light background. On a dark one, it is shown inverted.
   *
   * @param svg the drawing
   * @param description what it shows, for readers who cannot see it
   * @param caption the text below it
   * @return this page
   */
  public HtmlPage drawing(byte[] svg, String description, String caption) {
    return add(
        figure(
                scrolling(description, img().withSrc(data("svg+xml", svg)).withAlt(description)),
                figcaption(caption))
            .withClass("drawing"));
  }

  private static String data(String type, byte[] image) {
    return "data:image/" + type + ";base64," + Base64.getEncoder().encodeToString(image);
  }

  /** Wide content scrolls in a box of its own, by keyboard too, and does not widen the page. */
  private static DomContent scrolling(String label, DomContent content) {
    return div(content)
        .withClass("scrolling")
        .withTabindex(0)
        .attr("role", "region")
        .attr("aria-label", label);
  }

  /**
   * The page.
   *
   * @return HTML in UTF-8
   */
  public byte[] toBytes() {
    return document(
            html(
                    head(
                        meta().withCharset("utf-8"),
                        meta()
                            .withName("viewport")
                            .withContent("width=device-width, initial-scale=1"),
                        meta().withName("color-scheme").withContent("light dark"),
                        title(title),
                        style(rawHtml(stylesheet()))),
                    body(
                        header(h1(title), each(opening.stream())),
                        nav(ul(each(sections, s -> li(a(s.title()).withHref("#" + s.id())))))
                            .attr("aria-label", "Contents"),
                        main(
                            each(
                                sections,
                                s ->
                                    TagCreator.section(h2(s.title()), each(s.blocks().stream()))
                                        .withId(s.id())))))
                .withLang("en"))
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Writes the page.
   *
   * @param file the file
   * @throws IOException if that fails
   */
  public void write(Path file) throws IOException {
    AtomicFile.write(file, toBytes());
  }

  private static String stylesheet() {
    try (InputStream in = HtmlPage.class.getResourceAsStream("page.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
