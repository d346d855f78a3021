package org.dl4jx.workbench.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dl4jx.workbench.files.AtomicFile;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A chart of schedules. */
public final class CurveChart {
  /** More points would not be visible, and an SVG has an element for each. */
  private static final int POINTS = 400;

  private static final int WIDTH = 1200;

  /** Without the legend. */
  private static final int HEIGHT = 600;

  private static final int LEGEND_WIDTH = WIDTH - 100;
  private static final Font LEGEND = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  private static final FontRenderContext RENDERING = new FontRenderContext(null, true, true);

  /** The height of a further line of an entry in the legend. */
  private static final int LINE = 15;

  /** The height of an entry of one line, with the space below it. */
  private static final int ENTRY = 24;

  private final XYChart chart;

  private CurveChart(int width, int height, List<Curve> curves, boolean logarithmic) {
    List<String> units = curves.stream().map(Curve::unit).distinct().toList();
    chart =
        new XYChartBuilder()
            .width(width)
            .height(height)
            .xAxisTitle(String.join(" or ", units))
            .build();
    chart
        .getStyler()
        .setChartBackgroundColor(Color.WHITE)
        .setLegendPosition(LegendPosition.OutsideS)
        .setLegendBorderColor(Color.WHITE)
        .setLegendFont(LEGEND);
    if (logarithmic) {
      chart.getStyler().setYAxisLogarithmic(true);
    } else {
      // The library's own labels lack the 0 before the decimal point. On a logarithmic axis, a
      // formatting function would make it place the labels linearly.
      chart.getStyler().setyAxisTickLabelsFormattingFunction(Numbers::brief);
    }
    for (int i = 0; i < curves.size(); i++) {
      add(curves.get(i), i, logarithmic);
    }
  }

  /**
   * All curves in one chart. The legend is below them, so that long notations do not narrow the
   * plot.
   *
   * @param curves the curves
   * @param logarithmic whether the vertical axis is logarithmic
   * @return a chart
   */
  public static CurveChart of(List<Curve> curves, boolean logarithmic) {
    int legend = curves.stream().mapToInt(c -> ENTRY + LINE * (legend(c).size() - 1)).sum();
    return new CurveChart(WIDTH, HEIGHT + legend, curves, logarithmic);
  }

  /**
   * A small chart of one curve.
   *
   * @param curve the curve
   * @param logarithmic whether the vertical axis is logarithmic
   * @return a chart
   */
  public static CurveChart of(Curve curve, boolean logarithmic) {
    CurveChart small = new CurveChart(420, 240, List.of(curve), logarithmic);
    small.chart.setTitle(curve.notation().form().label());
    small.chart.getStyler().setLegendVisible(false);
    return small;
  }

  private void add(Curve curve, int number, boolean logarithmic) {
    int points = Math.min(POINTS, curve.steps());
    int[] steps =
        IntStream.rangeClosed(0, points)
            .map(i -> (int) ((long) i * curve.steps() / points))
            .toArray();
    double[] x = Arrays.stream(steps).asDoubleStream().toArray();
    // A logarithmic axis has no 0; NaN leaves a gap.
    double[] y =
        Arrays.stream(steps)
            .mapToDouble(step -> curve.values()[step])
            .map(v -> logarithmic && v <= 0 ? Double.NaN : v)
            .toArray();
    chart
        .addSeries(String.valueOf(number), x, y)
        .setMarker(SeriesMarkers.NONE)
        .setLabel(String.join("\n", legend(curve)));
  }

  private static List<String> legend(Curve curve) {
    return LineBreaks.wrap(
        curve.notation().toString(),
        LEGEND_WIDTH,
        line -> LEGEND.getStringBounds(line, RENDERING).getWidth());
  }

  /**
   * Writes the chart as PNG.
   *
   * @param file the file
   * @throws IOException if that fails
   */
  public void writePng(Path file) throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    BitmapEncoder.saveBitmap(chart, png, BitmapFormat.PNG);
    AtomicFile.write(file, png.toByteArray());
  }

  /**
   * Writes the chart as SVG.
   *
   * @param file the file
   * @throws IOException if that fails
   */
  public void writeSvg(Path file) throws IOException {
    ByteArrayOutputStream svg = new ByteArrayOutputStream();
    VectorGraphicsEncoder.saveVectorGraphic(chart, svg, VectorGraphicsFormat.SVG);
    AtomicFile.write(file, svg.toByteArray());
  }
}
