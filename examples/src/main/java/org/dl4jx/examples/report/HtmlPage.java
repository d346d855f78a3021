package org.dl4jx.examples.report;

import static j2html.TagCreator.a;
import static j2html.TagCreator.body;
import static j2html.TagCreator.caption;
import static j2html.TagCreator.div;
import static j2html.TagCreator.document;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figcaption;
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
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.style;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.title;
import static j2html.TagCreator.tr;
import static j2html.TagCreator.ul;

import j2html.TagCreator;
import j2html.tags.DomContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A page of results in one file, which needs no network and no script: a title, sections with a
 * table of contents, figures, tables; for light and dark, narrow and wide screens.
 */
public final class HtmlPage {
  private final String title;
  private final String lead;
  private final List<Section> sections = new ArrayList<>();

  private record Section(String id, String heading, DomContent[] content) {}

  /**
   * Starts a page.
   *
   * @param title what it shows
   * @param lead a first paragraph
   */
  public HtmlPage(String title, String lead) {
    this.title = title;
    this.lead = lead;
  }

  /**
   * Adds a section.
   *
   * @param id by which links find it
   * @param heading its heading
   * @param content what stands in it
   */
  public void section(String id, String heading, DomContent... content) {
    sections.add(new Section(id, heading, content));
  }

  /**
   * A picture. On a narrow screen it keeps a width at which it can be read, and scrolls.
   *
   * @param svg the picture
   * @param alt what it shows, for those who do not see it
   * @param caption what stands below it
   * @return the figure
   */
  public static DomContent figure(byte[] svg, String alt, String caption) {
    String data = "data:image/svg+xml;base64," + Base64.getEncoder().encodeToString(svg);
    return TagCreator.figure(scrolling(alt, img().withSrc(data).withAlt(alt)), figcaption(caption));
  }

  /**
   * A table.
   *
   * @param caption what it shows
   * @param header the names of the columns
   * @param textColumns how many of them, from the left, hold words rather than numbers
   * @param rows the cells, row by row
   * @return the table
   */
  public static DomContent table(
      String caption, List<String> header, int textColumns, List<List<String>> rows) {
    return scrolling(
        caption,
        TagCreator.table(
            caption(caption),
            thead(
                tr(
                    each(
                        IntStream.range(0, header.size()).boxed().toList(),
                        i ->
                            th(header.get(i))
                                .attr("scope", "col")
                                .withCondClass(i >= textColumns, "number")))),
            tbody(each(rows, row -> tr(each(row, (i, cell) -> cell(cell, i, textColumns)))))));
  }

  private static DomContent cell(String text, int column, int textColumns) {
    return column == 0
        ? th(text).attr("scope", "row")
        : td(text).withCondClass(column >= textColumns, "number");
  }

  /** What is too wide scrolls by itself, also by keyboard, and leaves the page as wide as it is. */
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
                        header(h1(title), p(lead)),
                        nav(ul(each(sections, s -> li(a(s.heading).withHref("#" + s.id)))))
                            .attr("aria-label", "Contents"),
                        main(
                            each(
                                sections,
                                s ->
                                    TagCreator.section(h2(s.heading), each(s.content))
                                        .withId(s.id)))))
                .withLang("en"))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String stylesheet() {
    try (InputStream in = HtmlPage.class.getResourceAsStream("page.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
