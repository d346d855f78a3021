package org.dl4jx.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.StatUtils;
import org.dl4jx.benchmarks.Measurement.Task;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

/** Lines over the number of parameters. */
final class LineChart extends Chart {
  private final XYChart chart;

  LineChart(String title, String y, boolean logarithmic) {
    this(
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("parameters")
            .yAxisTitle(y)
            .build());
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmic(logarithmic);
    if (!logarithmic) {
      chart.getStyler().setYAxisMin(0.0);
    }
  }

  private LineChart(XYChart chart) {
    super(chart);
    this.chart = chart;
  }

  /** A line with a point for each task. */
  void add(String label, List<Task> tasks, ToDoubleFunction<Task> value) {
    if (!tasks.isEmpty()) {
      chart.addSeries(
          label,
          tasks.stream().mapToDouble(Task::parameters).toArray(),
          tasks.stream().mapToDouble(value).toArray());
    }
  }

  /** A logarithmic axis has labels at powers of ten only, so it ends at such. */
  @Override
  void writePng(Path file) throws IOException {
    if (chart.getStyler().isYAxisLogarithmic()) {
      double[] values =
          chart.getSeriesMap().values().stream()
              .flatMapToDouble(series -> Arrays.stream(series.getYData()))
              .filter(Double::isFinite)
              .toArray();
      chart.getStyler().setYAxisMin(Math.pow(10, Math.floor(Math.log10(StatUtils.min(values)))));
      chart.getStyler().setYAxisMax(Math.pow(10, Math.ceil(Math.log10(StatUtils.max(values)))));
    }
    super.writePng(file);
  }
}
