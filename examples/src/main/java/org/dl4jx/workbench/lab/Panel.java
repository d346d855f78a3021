package org.dl4jx.workbench.lab;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dl4jx.workbench.lab.Surface.Window;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Lines in a coordinate system, with a title and a legend above it. The axes are XChart's. The
 * lines are not, because XChart draws each segment separately: dashes would restart at every point,
 * and an SVG would be twenty times as large.
 */
final class Panel {
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 13);
  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 11);

  /** The share of the plot that the axes cover. At 1, XChart omits their labels. */
  private static final double ALMOST_ALL = 0.995;

  private static final int MARGIN = 8;
  private static final int LINE_HEIGHT = 18;
  private static final int SAMPLE = 26;

  private final String title;
  private final Window window;
  private final int width;
  private final int height;
  private final List<Line> lines = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();

  /**
   * @param label in the legend; null for none
   */
  private record Line(String label, Polyline points, Color color, BasicStroke stroke) {}

  private record Mark(MarkShape shape, double x, double y, Color color) {}

  /** The shape of a marked point. */
  enum MarkShape {
    CIRCLE,
    DIAMOND,
    CROSS;

    private Shape shape() {
      return switch (this) {
        case CIRCLE -> new Ellipse2D.Double(-4.5, -4.5, 9, 9);
        case DIAMOND ->
            AffineTransform.getRotateInstance(Math.PI / 4)
                .createTransformedShape(new Rectangle2D.Double(-4, -4, 8, 8));
        case CROSS -> {
          Path2D cross = new Path2D.Double();
          cross.append(new Line2D.Double(-6, -6, 6, 6), false);
          cross.append(new Line2D.Double(-6, 6, 6, -6), false);
          yield new BasicStroke(2).createStrokedShape(cross);
        }
      };
    }
  }

  Panel(String title, Window window, int width, int height) {
    this.title = title;
    this.window = window;
    this.width = width;
    this.height = height;
  }

  int width() {
    return width;
  }

  /** The height below title and legend, which it does not depend on. */
  int height() {
    return height;
  }

  /**
   * Adds a line, without points that would move it by less than half a pixel.
   *
   * @param label in the legend; null for none
   */
  void line(String label, Polyline line, Color color, BasicStroke stroke) {
    Polyline thinned =
        line.thinned(
            (window.right() - window.left()) / width / 2,
            (window.top() - window.bottom()) / height / 2);
    lines.add(new Line(label, thinned, color, stroke));
  }

  void mark(MarkShape shape, double x, double y, Color color) {
    marks.add(new Mark(shape, x, y, color));
  }

  /** The height of title and legend. */
  int headerHeight(Graphics2D graphics) {
    return header(graphics, false);
  }

  /**
   * Draws the panel with its upper left corner at the origin.
   *
   * @param header the height reserved for title and legend
   */
  void paint(Graphics2D graphics, int header) {
    header(graphics, true);
    graphics.translate(0, header);
    XYChart axes = axes(height);
    axes.paint(graphics, width, height);
    Shape clip = graphics.getClip();
    double left = axes.getScreenXFromChart(window.left());
    double top = axes.getScreenYFromChart(window.top());
    graphics.clip(
        new Rectangle2D.Double(
            left,
            top,
            axes.getScreenXFromChart(window.right()) - left,
            axes.getScreenYFromChart(window.bottom()) - top));
    for (Line line : lines) {
      graphics.setColor(line.color);
      graphics.setStroke(line.stroke);
      graphics.draw(path(line.points, axes));
    }
    for (Mark mark : marks) {
      graphics.setColor(mark.color);
      graphics.fill(
          AffineTransform.getTranslateInstance(
                  axes.getScreenXFromChart(mark.x), axes.getScreenYFromChart(mark.y))
              .createTransformedShape(mark.shape.shape()));
    }
    graphics.setClip(clip);
    graphics.translate(0, -header);
  }

  private XYChart axes(int height) {
    XYChart chart = new XYChartBuilder().width(width).height(height).build();
    chart
        .getStyler()
        .setXAxisMin(window.left())
        .setXAxisMax(window.right())
        .setYAxisMin(window.bottom())
        .setYAxisMax(window.top())
        .setXAxisTickMarkSpacingHint(90)
        .setYAxisTickMarkSpacingHint(40)
        .setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11))
        .setxAxisTickLabelsFormattingFunction(Panel::number)
        .setyAxisTickLabelsFormattingFunction(Panel::number)
        .setPlotGridLinesVisible(false)
        .setAxisTicksLineVisible(false)
        .setYAxisLeftWidthHint(36)
        .setLegendVisible(false)
        .setPlotContentSize(ALMOST_ALL)
        .setChartBackgroundColor(Color.WHITE)
        .setChartPadding(4);
    // Without a series there would be no axes; with equally spaced points, no other labels.
    chart
        .addSeries(
            "none", uneven(window.left(), window.right()), uneven(window.bottom(), window.top()))
        .setMarker(SeriesMarkers.NONE)
        .setLineStyle(SeriesLines.NONE);
    return chart;
  }

  private static double[] uneven(double from, double to) {
    return new double[] {from, from + 0.3 * (to - from), to};
  }

  /** A short label, with the 0 before the decimal point that the library's own labels lack. */
  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value)
        .replaceFirst("\\.?0+$", "")
        .replaceFirst("^-?$", "0");
  }

  private static Path2D path(Polyline line, XYChart axes) {
    Path2D path = new Path2D.Double();
    boolean drawing = false;
    for (int i = 0; i < line.x().length; i++) {
      double x = axes.getScreenXFromChart(line.x()[i]);
      double y = axes.getScreenYFromChart(line.y()[i]);
      if (Double.isNaN(x)) {
        drawing = false;
      } else if (drawing) {
        path.lineTo(x, y);
      } else {
        path.moveTo(x, y);
        drawing = true;
      }
    }
    return path;
  }

  /** Measures and optionally draws the title, with the legend next to it or below it. */
  private int header(Graphics2D graphics, boolean drawn) {
    List<Line> legend = lines.stream().filter(line -> line.label != null).toList();
    FontMetrics titleMetrics = graphics.getFontMetrics(TITLE);
    FontMetrics metrics = graphics.getFontMetrics(TEXT);
    int besideTitle = title.isEmpty() ? MARGIN : titleMetrics.stringWidth(title) + 3 * MARGIN;
    int whole = legend.stream().mapToInt(line -> entryWidth(line, metrics)).sum();
    int x = besideTitle;
    int y = LINE_HEIGHT - 4;
    if (drawn) {
      graphics.setFont(TITLE);
      graphics.setColor(Color.BLACK);
      graphics.drawString(title, MARGIN, y);
      graphics.setFont(TEXT);
    }
    if (besideTitle + whole > width) {
      x = MARGIN;
      y += LINE_HEIGHT;
    }
    for (Line line : legend) {
      if (x + entryWidth(line, metrics) > width) {
        x = MARGIN;
        y += LINE_HEIGHT;
      }
      if (drawn) {
        graphics.setColor(line.color);
        graphics.setStroke(line.stroke);
        graphics.draw(new Line2D.Double(x, y - 4, x + SAMPLE, y - 4));
        graphics.setColor(Color.BLACK);
        graphics.drawString(line.label, x + SAMPLE + 5, y);
      }
      x += entryWidth(line, metrics);
    }
    return y + 4;
  }

  private static int entryWidth(Line line, FontMetrics metrics) {
    return SAMPLE + 5 + metrics.stringWidth(line.label) + MARGIN;
  }
}
