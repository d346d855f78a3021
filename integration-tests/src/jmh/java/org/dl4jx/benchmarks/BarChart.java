package org.dl4jx.benchmarks;

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

/** Bars in groups. */
final class BarChart extends Chart {
  private final CategoryChart chart;
  private final Set<String> groups = new LinkedHashSet<>();
  private final Map<String, Map<String, Double>> bars = new LinkedHashMap<>();

  BarChart(String title) {
    this(new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title).build());
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
