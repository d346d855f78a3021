package org.dl4jx.examples.report;

import static org.assertj.core.api.Assertions.assertThat;

import j2html.TagCreator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlPageTest {
  private static String page(HtmlPage page) {
    return new String(page.toBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void whatIsWrittenIsEscaped() {
    HtmlPage page = new HtmlPage("a < b", "<script>");
    page.section("id", "x & y", TagCreator.p("<b>"));
    page.section(
        "t", "t", HtmlPage.table("\"quoted\"", List.of("<th>"), 0, List.of(List.of("<td>"))));

    assertThat(page(page))
        .contains(
            "a &lt; b", "&lt;script&gt;", "x &amp; y", "&lt;b&gt;", "&lt;th&gt;", "&lt;td&gt;")
        .doesNotContain("<script>");
  }

  @Test
  void aPageNeedsNothingBesideIt() {
    HtmlPage page = new HtmlPage("title", "lead");
    page.section("one", "One", HtmlPage.figure("<svg/>".getBytes(), "what it shows", "caption"));

    assertThat(page(page))
        .startsWith("<!DOCTYPE html>")
        .contains("<html lang=\"en\">", "prefers-color-scheme: dark", "href=\"#one\"")
        .contains("src=\"data:image/svg+xml;base64,PHN2Zy8+\"", "alt=\"what it shows\"")
        .doesNotContain("http", "<link", "<script");
  }

  @Test
  void tablesSayWhatTheirCellsAre() {
    HtmlPage page = new HtmlPage("title", "lead");
    page.section(
        "t",
        "t",
        HtmlPage.table("Numbers", List.of("name", "value"), 1, List.of(List.of("a", "1"))));

    assertThat(page(page))
        .contains("<caption>Numbers</caption>", "<th scope=\"col\">name</th>")
        .contains("<th scope=\"row\">a</th>", "<td class=\"number\">1</td>");
  }
}
