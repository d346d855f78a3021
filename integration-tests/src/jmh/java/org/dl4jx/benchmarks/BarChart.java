package org.dl4jx.benchmarks;

import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Bars in groups. */
final class BarChart extends Chart {
  private final CategoryChart chart;
  private final Set<String> groups = new LinkedHashSet<>();
  private final Map<String, Map<String, Double>> bars = new LinkedHashMap<>();

  BarChart(String title) {
    this(new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title).build());
  }

  /** Low, with the numbers on the bars: for readers who look at nothing else. */
  static BarChart labelled(String title, String x) {
    BarChart bars =
        new BarChart(
            new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT / 2)
                .title(title)
                .xAxisTitle(x)
                .build());
    bars.chart.getStyler().setLabelsVisible(true);
    bars.chart.getStyler().setLabelsPosition(0.5);
    bars.chart.getStyler().setLabelsFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
    bars.chart.getStyler().setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    bars.chart.getStyler().setYAxisTicksVisible(false);
    bars.chart.getStyler().setPlotGridVerticalLinesVisible(false);
    bars.chart.getStyler().setPlotBorderVisible(false);
    bars.chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
    return bars;
  }

  private BarChart(CategoryChart chart) {
    super(chart);
    this.chart = chart;
  }

  void add(String group, String label, double value) {
    groups.add(group);
    bars.computeIfAbsent(label, l -> new LinkedHashMap<>()).put(group, value);
  }

  @Override
  void writePng(Path file) throws IOException {
    List<String> names = new ArrayList<>(groups);
    bars.forEach(
        (label, values) ->
            chart.addSeries(
                label,
                names,
                names.stream().map(group -> values.getOrDefault(group, 0.0)).toList()));
    super.writePng(file);
  }
}
