package org.dl4jx.workbench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PagesTest {
  private static final double[] POINTS = {1, 10, 100};

  @TempDir private Path folder;

  private static Chart chart() {
    return new Chart.Lines("loss", "Loss & rate", "Loss \"by\" rate", "rate", "loss", true, true)
        .line("a < b", 0, POINTS, new double[] {1, 0, 3});
  }

  private String html() throws IOException {
    HtmlPage page = new HtmlPage("<Title>");
    page.notice("a < b").paragraph("5 > 4").section("A & B");
    page.table(new Table(1, "name", "value").row("<script>", 1)).chart(chart());
    page.write(folder.resolve("page.html"));
    return Files.readString(folder.resolve("page.html"));
  }

  @Test
  void textIsNeverTakenForHtml() throws IOException {
    assertThat(html())
        .contains(
            "<title>&lt;Title&gt;</title>",
            "<h1>&lt;Title&gt;</h1>",
            "a &lt; b",
            "5 &gt; 4",
            "A &amp; B",
            "<th scope=\"row\">&lt;script&gt;</th>",
            "<td class=\"number\">1</td>",
            "alt=\"Loss &quot;by&quot; rate\"")
        .doesNotContain("<script", "http:", "https:");
  }

  @Test
  void markdownEscapesWhatHtmlEscapes() throws IOException {
    MarkdownPage page = new MarkdownPage(folder, "<Title>");
    page.notice("a < b").paragraph("5 > 4").section("A & B");
    page.table(new Table(1, "<name>", "value").row("<script>\n|", 1)).chart(chart());
    page.write("page.md");

    assertThat(Files.readString(folder.resolve("page.md")))
        .contains(
            "# &lt;Title&gt;",
            "> **a &lt; b**",
            "5 &gt; 4",
            "## A &amp; B",
            "| &lt;name&gt; ",
            "| &lt;script&gt; \\|")
        .doesNotContain("<");
  }

  @Test
  void aNotationInACellMayBeBrokenButANumberMayNot() {
    HtmlPage page = new HtmlPage("Title").section("Section");
    page.table(new Table(2, "name", "f(a,b)", "p (x)").row("a", "f(a,b), c", "1,000 to 2,000"));

    assertThat(new String(page.toBytes(), StandardCharsets.UTF_8))
        .contains("<th scope=\"col\">f(<wbr>a,<wbr>b)</th>")
        .contains("<td>f(<wbr>a,<wbr>b), c</td>")
        .contains("<td class=\"number\">1,000 to 2,000</td>")
        .containsPattern("td\\.number \\{[^}]*white-space: nowrap");
  }

  @Test
  void aPageSaysWhatItsPartsAre() throws IOException {
    HtmlPage page = new HtmlPage("Title").paragraph("What it is.").section("A & B, again");
    page.drawing("<svg/>".getBytes(StandardCharsets.UTF_8), "what it shows", "its caption");
    page.table(new Table(1, "name", "value").row("a", 1));

    assertThat(new String(page.toBytes(), StandardCharsets.UTF_8))
        .startsWith("<!DOCTYPE html>")
        .contains("<html lang=\"en\">", "prefers-color-scheme: dark")
        .contains("<a href=\"#a-b-again\">", "<section id=\"a-b-again\">")
        .contains("src=\"data:image/svg+xml;base64,PHN2Zy8+\"", "alt=\"what it shows\"")
        .contains("<th scope=\"col\">name</th>", "<th scope=\"row\">a</th>");
  }

  @Test
  void aChartIsThereForLightAndForDarkGround() throws IOException {
    Matcher pictures = Pattern.compile("data:image/png;base64,([A-Za-z0-9+/=]+)").matcher(html());

    assertThat(pictures.find()).isTrue();
    int dark = corner(pictures.group(1));
    assertThat(pictures.find()).isTrue();
    int light = corner(pictures.group(1));

    assertThat(dark).isEqualTo(0xff14181d);
    assertThat(light).isEqualTo(0xffffffff);
  }

  private static int corner(String base64) throws IOException {
    BufferedImage picture =
        ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
    return picture.getRGB(0, 0);
  }

  @Test
  void markdownHasItsChartsBesideIt() throws IOException {
    MarkdownPage page = new MarkdownPage(folder, "Title");
    page.notice("Partial").section("Section").table(new Table(1, "a", "b").row("x|y", 1));
    page.chart(chart()).write("page.md");

    assertThat(folder.resolve("page.md"))
        .hasContent(
            """
            # Title

            > **Partial**

            ## Section

            | a    |  b |
            | ---- | -: |
            | x\\|y |  1 |

            ![Loss "by" rate](charts/loss.png)
            """);
    assertThat(folder.resolve("charts").resolve("loss.png")).exists();
  }

  @Test
  void aCellOfCsvMayHaveCommasAndQuotes() {
    assertThat(new Table(1, "a", "b").row("warmup(steps=1,then=cosine)", "\"").toCsv())
        .isEqualTo("a,b\n\"warmup(steps=1,then=cosine)\",\"\"\"\"\n");
  }

  @Test
  void aConsoleShowsLongTextsInLinesBelowEachOther() {
    Table table = new Table(1, "schedule", "loss");
    table.row("warmup(steps=100,then=cosine(peak=0.01))", 1).row("constant", 12);

    assertThat(table.toConsole())
        .isEqualTo(
            """
            | schedule                      | loss |
            | ----------------------------- | ---: |
            | warmup(steps=100,then=cosine( |    1 |
            | peak=0.01))                   |      |
            | constant                      |   12 |
            """);
  }

  @Test
  void longNamesLeaveAPlotOfIntervalsMostOfTheWidth() throws IOException {
    Chart.Intervals chart = new Chart.Intervals("a", "b", "c", "d");
    chart.add("sgd, constant", 1, 1);
    chart.add("adamw, " + "warmup(steps=1,then=".repeat(9) + "constant" + ")".repeat(9), 2, 1);

    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(chart.png(ChartTheme.LIGHT)));

    // The frame of the plot is the first vertical line.
    int left = 0;
    while (!isLine(picture, left)) {
      left++;
    }
    assertThat(left).isLessThan(picture.getWidth() * 2 / 5);
  }

  private static boolean isLine(BufferedImage picture, int x) {
    int dark = 0;
    for (int y = 0; y < picture.getHeight(); y++) {
      dark += (picture.getRGB(x, y) & 0xff) < 0xf0 ? 1 : 0;
    }
    return dark > picture.getHeight() / 2;
  }

  @Test
  void everyRowOfIntervalsHasItsLabel() throws IOException {
    Chart.Intervals chart = new Chart.Intervals("a", "b", "c", "d").withZeroLine();
    for (int i = 0; i < 40; i++) {
      chart.add("name " + i, i, i % 2 == 0 ? Double.NaN : 1);
    }

    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(chart.png(ChartTheme.LIGHT)));

    // Left of the plot there is dark text in each of 40 rows, with light between them.
    int rows = 0;
    boolean inText = false;
    for (int y = 0; y < picture.getHeight(); y++) {
      boolean text = false;
      for (int x = 0; x < 60; x++) {
        text |= (picture.getRGB(x, y) & 0xff) < 0x80;
      }
      rows += text && !inText ? 1 : 0;
      inText = text;
    }
    assertThat(rows).isEqualTo(40);
  }
}
