package org.dl4jx.benchmarks;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import org.dl4jx.workbench.files.AtomicFile;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.style.Styler.LegendPosition;

/** A picture of measurements. */
abstract class Chart {
  static final int WIDTH = 1000;
  static final int HEIGHT = 700;

  private final org.knowm.xchart.internal.chartpart.Chart<?, ?> chart;

  Chart(org.knowm.xchart.internal.chartpart.Chart<?, ?> chart) {
    this.chart = chart;
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
  }

  void writePng(Path file) throws IOException {
    AtomicFile.write(file, out -> BitmapEncoder.saveBitmap(chart, out, BitmapFormat.PNG));
  }
}
