package org.dl4jx.workbench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.dl4jx.workbench.lab.Surface.Window;
import org.junit.jupiter.api.Test;

class ContourLinesTest {
  private static final Window SQUARE = new Window(-2, 2, -2, 2);

  /** An edge is 1/50 long; linear interpolation on it misses x² by at most 1/50² / 4 = 1e-4. */
  @Test
  void theContourOfABowlIsACircle() {
    List<Polyline> lines = new ContourLines((x, y) -> x * x + y * y, SQUARE).at(1);

    assertThat(lines).hasSize(1);
    Polyline circle = lines.get(0);
    int last = circle.x().length - 1;
    assertThat(last).isGreaterThan(200);
    for (int i = 0; i <= last; i++) {
      double squared = circle.x()[i] * circle.x()[i] + circle.y()[i] * circle.y()[i];
      assertThat(squared).isCloseTo(1, within(1e-4 + 1e-12));
    }
    assertThat(circle.x()[0]).isEqualTo(circle.x()[last]);
    assertThat(circle.y()[0]).isEqualTo(circle.y()[last]);
  }

  @Test
  void contoursThatLeaveTheWindowEndAtItsEdge() {
    List<Polyline> lines = new ContourLines((x, y) -> x, SQUARE).at(0.51);

    assertThat(lines).hasSize(1);
    assertThat(lines.get(0).x()).containsOnly(new double[] {0.51}, within(1e-12));
    assertThat(IntStream.of(0, 200).mapToDouble(i -> lines.get(0).y()[i]))
        .containsExactlyInAnyOrder(-2.0, 2.0);
  }

  /** The saddle is in the middle of a cell: grid lines are at 0 and 0.02. */
  @Test
  void linesDoNotCrossAtASaddle() {
    List<Polyline> above = new ContourLines((x, y) -> (x - 0.01) * (y - 0.01), SQUARE).at(1e-5);

    assertThat(above).hasSize(2);
    for (Polyline line : above) {
      boolean right = line.x()[0] > 0.01;
      for (int i = 0; i < line.x().length; i++) {
        assertThat(line.x()[i] > 0.01).isEqualTo(right);
        assertThat(line.y()[i] > 0.01).isEqualTo(right);
      }
    }
  }

  @Test
  void aLevelThatIsNowhereHasNoLine() {
    assertThat(new ContourLines((x, y) -> x * x, SQUARE).at(-1)).isEmpty();
  }
}
