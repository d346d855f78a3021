package org.dl4jx.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.dl4jx.benchmarks.Results.Task;
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
}
