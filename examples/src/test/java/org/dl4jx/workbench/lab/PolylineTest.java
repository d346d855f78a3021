package org.dl4jx.workbench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PolylineTest {
  @Test
  void aStraightLineIsItsEnds() {
    Polyline line = new Polyline(new double[] {0, 1, 2, 3}, new double[] {0, 2, 4, 6});

    assertThat(line.thinned(0.1, 0.1))
        .usingRecursiveComparison()
        .isEqualTo(new Polyline(new double[] {0, 3}, new double[] {0, 6}));
  }

  @Test
  void aSingleSpikeIsKept() {
    double[] x = IntStream.range(0, 1000).asDoubleStream().toArray();
    double[] y = new double[1000];
    y[500] = 10;

    assertThat(new Polyline(x, y).thinned(5, 0.1).y()).contains(10);
  }

  @Test
  void aClosedLineKeepsItsShape() {
    Polyline square = new Polyline(new double[] {0, 1, 1, 0, 0}, new double[] {0, 0, 1, 1, 0});

    assertThat(square.thinned(0.1, 0.1)).usingRecursiveComparison().isEqualTo(square);
  }

  @Test
  void gapsStayBetweenTheLinesThatAreJoined() {
    Polyline line = new Polyline(new double[] {0, 1, 2}, new double[] {0, 0, 0});
    Polyline point = new Polyline(new double[] {5}, new double[] {5});

    Polyline thinned = Polyline.joined(List.of(line, point, line)).thinned(0.1, 0.1);

    assertThat(thinned.x()).containsExactly(0, 2, Double.NaN, 5, Double.NaN, 0, 2, Double.NaN);
  }

  @Test
  void noPointsAreNoPoints() {
    assertThat(Polyline.joined(List.of()).thinned(1, 1).x()).isEmpty();
  }
}
