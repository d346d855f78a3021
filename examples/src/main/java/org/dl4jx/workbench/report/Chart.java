package org.dl4jx.workbench.report;

import java.awt.AWTError;
import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A chart that can be drawn on a light and on a dark background. */
public abstract sealed class Chart permits Chart.Lines, Chart.Intervals {
  private static final int WIDTH = 960;

  private static final BasicStroke SOLID = new BasicStroke(1.6f);

  /** For screens with two pixels per CSS pixel. */
  private static final int SCALE = 2;

  private final String name;
  private final String title;
  private final String description;

  private Chart(String name, String title, String description) {
    this.name = name;
    this.title = title;
    this.description = description;
  }

  /**
   * Draws charts and throws them away. Java sets up its graphics for the first picture, and refuses
   * to do so while the process is ending, when a partial report may still have to be drawn. Where
   * it cannot do so at all, that is better known before the work than after it.
   *
   * @throws IOException if they cannot be drawn
   */
  public static void prepare() throws IOException {
    double[] points = {1, 2};
    try {
      new Lines("", "", "", "x", "y", true, true)
          .line("a", 0, points, points)
          .png(ChartTheme.LIGHT);
      new Intervals("", "", "", "y").add("a", 1, 1).withZeroLine().png(ChartTheme.DARK);
    } catch (AWTError | InternalError | LinkageError | RuntimeException e) {
      throw new IOException(
          "this Java cannot draw charts: "
              + e
              + "; it needs fonts and fontconfig, and without a screen -Djava.awt.headless=true",
          e);
    }
  }

  String name() {
    return name;
  }

  String title() {
    return title;
  }

  /** What the chart shows, in words, for readers who cannot see it. */
  String description() {
    return description;
  }

  int width() {
    return WIDTH;
  }

  abstract int height();

  /**
   * Whether there is nothing to draw.
   *
   * @return true if no data were added
   */
  public abstract boolean isEmpty();

  abstract void paint(Graphics2D graphics, ChartTheme theme);

  byte[] png(ChartTheme theme) throws IOException {
    BufferedImage image =
        new BufferedImage(SCALE * width(), SCALE * height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(SCALE, SCALE);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    graphics.setColor(theme.ground());
    graphics.fillRect(0, 0, width(), height());
    paint(graphics, theme);
    graphics.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    return png.toByteArray();
  }

  private static XYChart empty(int width, int height, ChartTheme theme) {
    XYChart chart = new XYChartBuilder().width(width).height(height).build();
    colour(chart.getStyler(), theme);
    return chart;
  }

  private static void colour(XYStyler styler, ChartTheme theme) {
    styler.setChartBackgroundColor(theme.ground());
    styler.setPlotBackgroundColor(theme.ground());
    styler.setPlotBorderColor(theme.line());
    styler.setPlotGridLinesColor(theme.line());
    styler.setAxisTickMarksColor(theme.line());
    styler.setAxisTickLabelsColor(theme.text());
    styler.setXAxisTitleColor(theme.text());
    styler.setYAxisTitleColor(theme.text());
    styler.setChartFontColor(theme.text());
    styler.setLegendBackgroundColor(theme.ground());
    styler.setLegendBorderColor(theme.ground());
    styler.setAntiAlias(true);
    styler.setXAxisTickMarkSpacingHint(90);
  }

  private static XYSeries series(
      XYChart chart, String label, double[] x, double[] y, ChartTheme theme, int style) {
    XYSeries series = chart.addSeries(String.valueOf(chart.getSeriesMap().size()), x, y);
    series.setLabel(label);
    series.setMarker(SeriesMarkers.NONE).setMarkerColor(theme.series(style));
    series.setLineColor(theme.series(style)).setLineStyle(SOLID);
    return series;
  }

  /** Curves over iterations. */
  public static final class Lines extends Chart {
    private static final int ROUND_FROM = 20;

    /** Each is for as many lines as there are colours. */
    private static final List<BasicStroke> STROKES =
        List.of(SOLID, dashed(5, 3), dashed(1.6f, 2), dashed(7, 2, 1.6f, 2), dashed(14, 4));

    /** How many lines can be told apart. */
    static int styles() {
      return STROKES.size() * ChartTheme.colours();
    }

    private static BasicStroke dashed(float... dashes) {
      return new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes, 0);
    }

    private final String xTitle;
    private final String yTitle;
    private final boolean logarithmicX;
    private final boolean logarithmicY;
    private final List<Line> lines = new ArrayList<>();

    /** A curve; a point whose y is not finite leaves a gap. */
    private record Line(String label, int style, double[] x, double[] y, boolean marker) {}

    /**
     * A chart without curves.
     *
     * @param name of its file, without the extension
     * @param title shown with it
     * @param description what it shows, for readers who cannot see it
     * @param xTitle of the horizontal axis
     * @param yTitle of the vertical axis
     * @param logarithmicX whether the horizontal axis is logarithmic
     * @param logarithmicY whether the vertical axis is logarithmic
     */
    public Lines(
        String name,
        String title,
        String description,
        String xTitle,
        String yTitle,
        boolean logarithmicX,
        boolean logarithmicY) {
      super(name, title, description);
      this.xTitle = xTitle;
      this.yTitle = yTitle;
      this.logarithmicX = logarithmicX;
      this.logarithmicY = logarithmicY;
    }

    /**
     * Adds a curve.
     *
     * @param label its name in the legend
     * @param style number of its colour and dashes; the same in all charts
     * @param x from left to right
     * @param y as many values
     * @return this chart
     */
    public Lines line(String label, int style, double[] x, double[] y) {
      lines.add(new Line(label, style, x, y, false));
      return this;
    }

    /**
     * Adds a point that stands out.
     *
     * @param label its name in the legend
     * @param style number of its colour
     * @param x the horizontal coordinate
     * @param y the vertical coordinate
     * @return this chart
     */
    public Lines point(String label, int style, double x, double y) {
      lines.add(new Line(label, style, new double[] {x}, new double[] {y}, true));
      return this;
    }

    @Override
    public boolean isEmpty() {
      return lines.isEmpty();
    }

    @Override
    int height() {
      return Math.max(420, 60 + 24 * lines.size());
    }

    @Override
    void paint(Graphics2D graphics, ChartTheme theme) {
      XYChart chart = empty(width(), height(), theme);
      chart.setXAxisTitle(xTitle);
      chart.setYAxisTitle(yTitle);
      chart.getStyler().setyAxisTickLabelsFormattingFunction(label(logarithmicY));
      chart.getStyler().setxAxisTickLabelsFormattingFunction(label(logarithmicX));
      for (Line line : lines) {
        XYSeries series =
            series(
                chart,
                line.label(),
                heights(line.x(), logarithmicX),
                heights(line.y(), logarithmicY),
                theme,
                line.style());
        if (line.marker()) {
          series.setMarker(SeriesMarkers.CIRCLE);
        }
        series.setLineStyle(STROKES.get(line.style() / ChartTheme.colours() % STROKES.size()));
        labelRoundNumbers(chart, series, theme);
      }
      chart.paint(graphics, width(), height());
    }

    /**
     * If all points are equally spaced, the library labels as many of them as it can. An invisible
     * point between two of them makes it label round numbers instead.
     */
    private static void labelRoundNumbers(XYChart chart, XYSeries series, ChartTheme theme) {
      double[] x = series.getXData();
      boolean drawn = series.getYMin() <= series.getYMax();
      if (drawn && x.length > ROUND_FROM) {
        double[] between = {x[0] + (x[1] - x[0]) / 4};
        series(chart, "", between, new double[] {series.getYMin()}, theme, 0)
            .setShowInLegend(false);
      }
    }

    /** The library's own logarithmic axis labels powers of ten only, and there may be none. */
    private static double[] heights(double[] values, boolean logarithmic) {
      return logarithmic
          ? Arrays.stream(values).map(v -> v > 0 ? Math.log10(v) : Double.NaN).toArray()
          : values;
    }

    /** The library's own labels lack the 0 before the decimal point. */
    private static Function<Double, String> label(boolean logarithmic) {
      return height -> {
        double value = logarithmic ? Math.pow(10, height) : height;
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e9;
        return whole ? String.valueOf((long) value) : Numbers.brief(value);
      };
    }
  }

  /**
   * Numbers with intervals, one row per name. Long names are broken into lines, so that the plot
   * keeps two thirds of the width.
   */
  public static final class Intervals extends Chart {
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final FontRenderContext RENDERING = new FontRenderContext(null, true, true);
    private static final BasicStroke GUIDE =
        new BasicStroke(
            0.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {3, 3}, 0);

    private static final int LABEL_WIDTH = WIDTH / 3;
    private static final int LINE_HEIGHT = 15;
    private static final int ROW_HEIGHT = 26;
    private static final int MARGIN = 8;

    /** For the axis and its title. */
    private static final int BELOW_ROWS = 70;

    /** The share of the plot that the axis covers. At 1, the library omits labels. */
    private static final double ALMOST_ALL = 0.995;

    private final String axisTitle;
    private final List<Row> rows = new ArrayList<>();
    private boolean zeroLine;

    private record Row(List<String> label, double mean, double halfWidth) {
      int height() {
        return Math.max(ROW_HEIGHT, LINE_HEIGHT * label.size() + ROW_HEIGHT - LINE_HEIGHT);
      }

      double low() {
        return mean - halfWidth;
      }

      double high() {
        return mean + halfWidth;
      }
    }

    /**
     * A chart without numbers.
     *
     * @param name of its file, without the extension
     * @param title shown with it
     * @param description what it shows, for readers who cannot see it
     * @param axisTitle what the numbers are
     */
    public Intervals(String name, String title, String description, String axisTitle) {
      super(name, title, description);
      this.axisTitle = axisTitle;
    }

    /**
     * Adds a number.
     *
     * @param label its name
     * @param mean the number
     * @param halfWidth half the width of its interval; NaN for none
     * @return this chart
     */
    public Intervals add(String label, double mean, double halfWidth) {
      rows.add(
          new Row(
              LineBreaks.wrap(label, LABEL_WIDTH, Intervals::width),
              mean,
              Double.isNaN(halfWidth) ? 0 : halfWidth));
      return this;
    }

    private static double width(String text) {
      return FONT.getStringBounds(text, RENDERING).getWidth();
    }

    /**
     * Adds a line at zero.
     *
     * @return this chart
     */
    public Intervals withZeroLine() {
      zeroLine = true;
      return this;
    }

    @Override
    public boolean isEmpty() {
      return rows.isEmpty();
    }

    @Override
    int height() {
      return heightOfRows() + BELOW_ROWS;
    }

    /** Including half a row above and below. */
    private int heightOfRows() {
      return ROW_HEIGHT + rows.stream().mapToInt(Row::height).sum();
    }

    /**
     * The vertical axis counts pixels. Its labels are drawn here, because the library's have one
     * line each and are equally spaced.
     */
    @Override
    void paint(Graphics2D graphics, ChartTheme theme) {
      int left =
          2 * MARGIN
              + (int)
                  Math.ceil(
                      rows.stream()
                          .flatMap(row -> row.label().stream())
                          .mapToDouble(Intervals::width)
                          .max()
                          .orElse(0));
      XYChart chart = empty(width() - left, height(), theme);
      double[] range = range();
      chart.setXAxisTitle(axisTitle);
      chart.getStyler().setLegendVisible(false).setPlotContentSize(ALMOST_ALL);
      chart
          .getStyler()
          .setXAxisMin(range[0])
          .setXAxisMax(range[range.length - 1])
          .setYAxisMin(0.0)
          .setYAxisMax((double) heightOfRows())
          .setYAxisTicksVisible(false)
          .setPlotGridHorizontalLinesVisible(false)
          .setxAxisTickLabelsFormattingFunction(Numbers::brief);
      double[] heights = heights();
      for (double height : heights) {
        double[] level = {height, height, height};
        series(chart, "", range, level, theme, 0).setLineColor(theme.line()).setLineStyle(GUIDE);
      }
      if (zeroLine) {
        series(chart, "", new double[] {0, 0}, new double[] {0, heightOfRows()}, theme, 0)
            .setLineColor(theme.text());
      }
      for (int i = 0; i < heights.length; i++) {
        Row row = rows.get(i);
        double[] level = {heights[i], heights[i]};
        series(chart, "", new double[] {row.low(), row.high()}, level, theme, 0);
        series(chart, "", new double[] {row.mean()}, new double[] {heights[i]}, theme, 0)
            .setMarker(SeriesMarkers.CIRCLE);
      }
      AffineTransform origin = graphics.getTransform();
      graphics.translate(left, 0);
      chart.paint(graphics, width() - left, height());
      graphics.setTransform(origin);
      graphics.setFont(FONT);
      graphics.setColor(theme.text());
      for (int i = 0; i < heights.length; i++) {
        label(graphics, rows.get(i).label(), left - MARGIN, chart.getScreenYFromChart(heights[i]));
      }
    }

    /** The middle of each row, from the bottom; the first row is at the top. */
    private double[] heights() {
      double[] heights = new double[rows.size()];
      double top = heightOfRows() - ROW_HEIGHT / 2.0;
      for (int i = 0; i < heights.length; i++) {
        heights[i] = top - rows.get(i).height() / 2.0;
        top -= rows.get(i).height();
      }
      return heights;
    }

    /**
     * The ends of the horizontal axis, and a point between them that is not in the middle: if all
     * points were equally spaced, the library would label them instead of round numbers.
     */
    private double[] range() {
      double low = rows.stream().mapToDouble(Row::low).min().orElse(0);
      double high = rows.stream().mapToDouble(Row::high).max().orElse(0);
      if (zeroLine) {
        low = Math.min(0, low);
        high = Math.max(0, high);
      }
      double margin = high > low ? 0.03 * (high - low) : Math.max(0.1 * Math.abs(low), 1e-6);
      low -= margin;
      high += margin;
      return new double[] {low, low + 0.3 * (high - low), high};
    }

    private static void label(
        Graphics2D graphics, List<String> lines, double right, double middle) {
      FontMetrics metrics = graphics.getFontMetrics();
      double centered = (metrics.getAscent() - metrics.getDescent()) / 2.0;
      for (int i = 0; i < lines.size(); i++) {
        double y = middle + centered + LINE_HEIGHT * (i - (lines.size() - 1) / 2.0);
        graphics.drawString(lines.get(i), (float) (right - width(lines.get(i))), (float) y);
      }
    }
  }
}
