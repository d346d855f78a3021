package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LookaheadAverageTest {

  @Test
  void thirdsAndQuartersMatchTheirNames() {
    assertThat(LookaheadAverage.THIRDS)
        .isEqualTo(
            LookaheadAverage.of(
                new double[] {1 / 3., 2 / 3., 1}, new double[] {1 / 3., 1 / 3., 1 / 3.}));
    assertThat(LookaheadAverage.QUARTERS)
        .isEqualTo(
            LookaheadAverage.of(new double[] {0.5, 0.75, 1}, new double[] {1 / 7., 2 / 7., 4 / 7.}))
        .isNotEqualTo(LookaheadAverage.THIRDS)
        .hasToString(
            "LookaheadAverage(points=[0.5, 0.75, 1.0], weights=[0.14285714285714285,"
                + " 0.2857142857142857, 0.5714285714285714])");
  }

  @Test
  void equalAveragesHaveEqualHashCodes() {
    LookaheadAverage same =
        LookaheadAverage.of(new double[] {0.5, 0.75, 1}, new double[] {1 / 7., 2 / 7., 4 / 7.});

    assertThat(same).hasSameHashCodeAs(LookaheadAverage.QUARTERS);
    assertThat(same.hashCode()).isNotEqualTo(LookaheadAverage.THIRDS.hashCode());
  }

  @Test
  void copiesItsNumbers() {
    double[] points = {0.5};
    double[] weights = {1};
    LookaheadAverage average = LookaheadAverage.of(points, weights);

    points[0] = 9;
    weights[0] = 9;

    assertThat(average).isEqualTo(LookaheadAverage.of(new double[] {0.5}, new double[] {1}));
  }

  @ParameterizedTest
  @MethodSource
  void namesTheBadArgumentItsValueAndTheRange(double[] points, double[] weights, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LookaheadAverage.of(points, weights))
        .withMessage(message);
  }

  static Stream<Arguments> namesTheBadArgumentItsValueAndTheRange() {
    double[] one = {1};
    return Stream.of(
        Arguments.of(null, one, "points must be an array of at least one number, but was null"),
        Arguments.of(
            new double[0], one, "points must be an array of at least one number, but was []"),
        Arguments.of(
            new double[] {-0.1}, one, "points must be numbers from 0 to 1, but was [-0.1]"),
        Arguments.of(new double[] {1.1}, one, "points must be numbers from 0 to 1, but was [1.1]"),
        Arguments.of(
            new double[] {Double.NaN}, one, "points must be numbers from 0 to 1, but was [NaN]"),
        Arguments.of(
            one, null, "weights must be an array of 1 numbers, one for each point, but was null"),
        Arguments.of(
            one,
            new double[] {0.5, 0.5},
            "weights must be an array of 1 numbers, one for each point, but was [0.5, 0.5]"),
        Arguments.of(
            new double[] {0.5, 1},
            new double[] {1.5, -0.5},
            "weights must be numbers >= 0 that sum to 1, but was [1.5, -0.5]"),
        Arguments.of(
            one, new double[] {0.9}, "weights must be numbers >= 0 that sum to 1, but was [0.9]"),
        Arguments.of(
            one,
            new double[] {Double.NaN},
            "weights must be numbers >= 0 that sum to 1, but was [NaN]"));
  }
}
