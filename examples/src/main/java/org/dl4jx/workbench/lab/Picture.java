package org.dl4jx.workbench.lab;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.dl4jx.workbench.report.LineBreaks;

/** Panels in rows and columns, below a title. Those of one row have the same size. */
record Picture(String title, List<Panel> panels, int columns) {
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
  private static final FontRenderContext RENDERING = new FontRenderContext(null, true, true);
  private static final int TITLE_LINE = 20;
  private static final int MARGIN = 8;

  /** So that numbers in texts stay as they are. */
  private static final String WITHIN_TAG = "(?=[^<>]*>)";

  /** Below the title. */
  private static final int GAP = 14;

  byte[] png() {
    BufferedImage image = new BufferedImage(width(), height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    paint(graphics);
    graphics.dispose();
    return bytes(out -> ImageIO.write(image, "png", out));
  }

  byte[] svg() {
    VectorGraphics2D graphics = new VectorGraphics2D();
    paint(graphics);
    byte[] exact =
        bytes(
            out ->
                Processors.get("svg")
                    .getDocument(graphics.getCommands(), new PageSize(width(), height()))
                    .writeTo(out));
    // Hundredths of a pixel are enough, and another machine may not have the font of this one.
    return new String(exact, StandardCharsets.UTF_8)
        .replaceAll("(\\d\\.\\d\\d)\\d+" + WITHIN_TAG, "$1")
        .replaceAll("(font-family:&quot;[^&]*&quot;)", "$1,sans-serif")
        .getBytes(StandardCharsets.UTF_8);
  }

  private int width() {
    return columns * panels.get(0).width();
  }

  private int height() {
    Graphics2D measuring = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    int height =
        titleHeight()
            + rows().stream().mapToInt(r -> header(r, measuring) + r.get(0).height()).sum();
    measuring.dispose();
    return height;
  }

  private List<List<Panel>> rows() {
    return IntStream.iterate(0, i -> i < panels.size(), i -> i + columns)
        .mapToObj(i -> panels.subList(i, Math.min(i + columns, panels.size())))
        .toList();
  }

  /** A formula may be longer than a single column is wide. */
  private List<String> titleLines() {
    return LineBreaks.wrap(
        title, width() - 2 * MARGIN, line -> TITLE.getStringBounds(line, RENDERING).getWidth());
  }

  private int titleHeight() {
    return GAP + TITLE_LINE * titleLines().size();
  }

  private void paint(Graphics2D graphics) {
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width(), height());
    graphics.setColor(Color.BLACK);
    graphics.setFont(TITLE);
    List<String> lines = titleLines();
    for (int i = 0; i < lines.size(); i++) {
      graphics.drawString(lines.get(i), MARGIN, TITLE_LINE * (i + 1));
    }
    int y = titleHeight();
    for (List<Panel> row : rows()) {
      int header = header(row, graphics);
      for (int i = 0; i < row.size(); i++) {
        int x = i * row.get(i).width();
        graphics.translate(x, y);
        row.get(i).paint(graphics, header);
        graphics.translate(-x, -y);
      }
      y += header + row.get(0).height();
    }
  }

  /** Panels side by side begin at the same height, below the longest of their legends. */
  private static int header(List<Panel> row, Graphics2D graphics) {
    return row.stream().mapToInt(panel -> panel.headerHeight(graphics)).max().orElseThrow();
  }

  /** Writes something to a stream. */
  private interface Content {
    void writeTo(ByteArrayOutputStream out) throws IOException;
  }

  private static byte[] bytes(Content content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      content.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
