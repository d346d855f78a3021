package org.dl4jx.workbench.report;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
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

/** A chart that can be drawn on light and on dark ground. */
public abstract sealed class Chart permits Chart.Lines, Chart.Intervals {
  private static final int WIDTH = 960;

  private static final BasicStroke SOLID = new BasicStroke(1.6f);

  /** Twice the pixels, for screens that have them. */
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
   * Draws charts that nobody sees. What Java prepares for its first picture, it refuses to prepare
   * once the process is ending, when a partial report may still have to be drawn.
   *
   * @throws IOException if they cannot be drawn
   */
  public static void prepare() throws IOException {
    double[] points = {1, 2};
    new Lines("", "", "", "x", "y", true, true).line("a", 0, points, points).png(ChartTheme.LIGHT);
    new Intervals("", "", "", "y").add("a", 1, 1).withZeroLine().png(ChartTheme.DARK);
  }

  String name() {
    return name;
  }

  String title() {
    return title;
  }

  /** What the chart shows, in words, for those who do not see it. */
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

  abstract void draw(XYChart chart, ChartTheme theme);

  byte[] png(ChartTheme theme) throws IOException {
    BufferedImage image =
        new BufferedImage(SCALE * width(), SCALE * height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(SCALE, SCALE);
    XYChart chart = new XYChartBuilder().width(width()).height(height()).build();
    colour(chart.getStyler(), theme);
    draw(chart, theme);
    chart.paint(graphics, width(), height());
    graphics.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    return png.toByteArray();
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
    private static final BasicStroke DASHED =
        new BasicStroke(
            1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {5, 3}, 0);

    private final String xTitle;
    private final String yTitle;
    private final boolean logarithmicX;
    private final boolean logarithmicY;
    private final List<Line> lines = new ArrayList<>();

    /** A curve; points without a finite height are gaps. */
    private record Line(String label, int style, double[] x, double[] y, boolean marker) {}

    /**
     * A chart without curves.
     *
     * @param name of its file, without ending
     * @param title shown with it
     * @param description what it shows, for those who do not see it
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
     * @param style number of its colour and dash, the same for what is the same in other charts
     * @param x places
     * @param y heights
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
     * @param x place
     * @param y height
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
    void draw(XYChart chart, ChartTheme theme) {
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
        if (line.style() / ChartTheme.colours() % 2 == 1) {
          series.setLineStyle(DASHED);
        }
        labelRoundNumbers(chart, series, theme);
      }
    }

    /**
     * Where all points are at equal distances, the library labels as many of them as it can; an
     * invisible one between two of them makes it label round numbers.
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

    /** The library's logarithmic axis labels powers of ten alone, of which there may be none. */
    private static double[] heights(double[] values, boolean logarithmic) {
      return logarithmic
          ? Arrays.stream(values).map(v -> v > 0 ? Math.log10(v) : Double.NaN).toArray()
          : values;
    }

    /** The library's own labels lack the 0 before the point. */
    private static Function<Double, String> label(boolean logarithmic) {
      return height -> {
        double value = logarithmic ? Math.pow(10, height) : height;
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e9;
        return whole ? String.valueOf((long) value) : Numbers.brief(value);
      };
    }
  }

  /** A number for each of several names, one below the other, with intervals. */
  public static final class Intervals extends Chart {
    private static final int ROW_HEIGHT = 26;
    private static final String ZERO_WIDTH_SPACE = "\u200b";

    private final String axisTitle;
    private final List<String> labels = new ArrayList<>();
    private final List<Double> means = new ArrayList<>();
    private final List<Double> halfWidths = new ArrayList<>();
    private boolean zeroLine;

    /**
     * A chart without numbers.
     *
     * @param name of its file, without ending
     * @param title shown with it
     * @param description what it shows, for those who do not see it
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
      labels.add(label);
      means.add(mean);
      halfWidths.add(Double.isNaN(halfWidth) ? 0 : halfWidth);
      return this;
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
      return labels.isEmpty();
    }

    @Override
    int height() {
      return 90 + ROW_HEIGHT * (labels.size() + 1);
    }

    @Override
    void draw(XYChart chart, ChartTheme theme) {
      int rows = labels.size();
      chart.setXAxisTitle(axisTitle);
      chart.getStyler().setLegendVisible(false);
      chart.getStyler().setYAxisMin(0.0).setYAxisMax(rows + 1.0);
      chart.getStyler().setYAxisTickMarkSpacingHint(ROW_HEIGHT / 2);
      chart.getStyler().setyAxisTickLabelsFormattingFunction(this::label);
      chart.getStyler().setxAxisTickLabelsFormattingFunction(Numbers::brief);
      if (zeroLine) {
        series(chart, "zero", new double[] {0, 0}, new double[] {0, rows + 1}, theme, 0)
            .setLineColor(theme.text());
      }
      for (int i = 0; i < rows; i++) {
        double mean = means.get(i);
        double half = halfWidths.get(i);
        double[] height = {rows - i, rows - i};
        series(chart, labels.get(i), new double[] {mean - half, mean + half}, height, theme, 0);
        series(chart, labels.get(i), new double[] {mean}, new double[] {rows - i}, theme, 0)
            .setMarker(SeriesMarkers.CIRCLE);
      }
    }

    /**
     * The first row is at the top. Other places have nothing, each in its own way: the library has
     * fewer labels where two are equal.
     */
    private String label(double height) {
      int row = labels.size() - (int) Math.rint(height);
      boolean between = Math.abs(height - Math.rint(height)) > 1e-6;
      return between || row < 0 || row >= labels.size()
          ? ZERO_WIDTH_SPACE.repeat(1 + (int) Math.rint(4 * Math.abs(height)))
          : labels.get(row);
    }
  }
}
