package org.dl4jx.workbench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.dl4jx.workbench.notation.ScheduleNotation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurveChartTest {
  @TempDir private Path folder;

  /** The same values by two notations, so that the axes have the same labels. */
  @Test
  void aLongNotationLeavesThePlotItsWidth() throws IOException {
    String brief = "constant(value=1)";
    String nested = brief;
    while (nested.length() < 400) {
      nested = "scaled(factor=1,of=" + nested + ")";
    }

    assertThat(plotWidth(nested)).isEqualTo(plotWidth(brief)).isGreaterThan(1000);
  }

  /** The frame of the plot is the longest line of one colour that is not white. */
  private int plotWidth(String notation) throws IOException {
    Path file = folder.resolve("chart.png");
    CurveChart.of(List.of(Curve.of(ScheduleNotation.parse(notation), 10)), false).writePng(file);
    BufferedImage picture = ImageIO.read(file.toFile());
    int longest = 0;
    for (int y = 0; y < picture.getHeight(); y++) {
      int length = 0;
      for (int x = 1; x < picture.getWidth(); x++) {
        int colour = picture.getRGB(x, y);
        boolean same = colour != 0xffffffff && colour == picture.getRGB(x - 1, y);
        length = same ? length + 1 : 0;
        longest = Math.max(longest, length);
      }
    }
    return longest;
  }
}
