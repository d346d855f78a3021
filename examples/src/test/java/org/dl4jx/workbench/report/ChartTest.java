package org.dl4jx.workbench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.junit.jupiter.api.Test;

class ChartTest {

  @Test
  void everyUpdaterHasALineThatLooksLikeNoOther() {
    int updaters = NamedUpdater.values().size();
    Set<Integer> pictures = new HashSet<>();

    for (int style = 0; style < updaters; style++) {
      pictures.add(picture(style));
    }

    assertThat(Chart.Lines.styles()).isGreaterThanOrEqualTo(updaters);
    assertThat(pictures).hasSize(updaters);
  }

  private static int picture(int style) {
    Chart chart =
        new Chart.Lines("a", "a", "a", "x", "y", false, false)
            .line("same", style, new double[] {0, 1}, new double[] {0, 1});
    BufferedImage image =
        new BufferedImage(chart.width(), chart.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, chart.width(), chart.height());
    chart.paint(graphics, ChartTheme.LIGHT);
    graphics.dispose();
    return Arrays.hashCode(
        image.getRGB(0, 0, chart.width(), chart.height(), null, 0, chart.width()));
  }
}
