package org.dl4jx.workbench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SampleTest {
  /**
   * Student's own data (1908), the additional sleep of ten patients under two drugs, paired. Text
   * books and {@code t.test} of R: t = -4.0621, p = 0.002833, interval -2.4598858 to -0.7001142.
   */
  @Test
  void agreesWithStudentsOwnExample() {
    double[] first = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
    double[] second = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
    double[] differences = new double[first.length];
    for (int i = 0; i < first.length; i++) {
      differences[i] = first[i] - second[i];
    }

    Sample sample = Sample.of(differences);

    assertThat(sample.mean()).isCloseTo(-1.58, within(1e-12));
    assertThat(sample.low()).isCloseTo(-2.4598858, within(5e-8));
    assertThat(sample.high()).isCloseTo(-0.7001142, within(5e-8));
    assertThat(sample.p()).isCloseTo(0.002833, within(5e-7));
  }

  @Test
  void theDeviationIsThatOfASample() {
    assertThat(Sample.of(1, 2, 3, 4).deviation()).isCloseTo(Math.sqrt(5 / 3.0), within(1e-15));
  }

  @Test
  void oneNumberHasNoInterval() {
    Sample one = Sample.of(0.5);

    assertThat(one.mean()).isEqualTo(0.5);
    assertThat(one.deviation()).isNaN();
    assertThat(one.halfWidth()).isNaN();
    assertThat(one.p()).isNaN();
  }

  @Test
  void noNumberHasNoMean() {
    assertThat(Sample.of().mean()).isNaN();
  }

  @Test
  void equalNumbersAreNoGroundForATest() {
    assertThat(Sample.of(0, 0, 0).p()).isEqualTo(1);
    assertThat(Sample.of(1, 1, 1).p()).isNaN();
  }

  @Test
  void anIntervalWithZeroGoesWithAnInsignificantP() {
    for (double shift = -1; shift <= 1; shift += 0.01) {
      Sample sample = Sample.of(shift - 0.3, shift, shift + 0.2, shift + 0.4);

      assertThat(sample.p() >= 0.05).isEqualTo(sample.low() <= 0 && sample.high() >= 0);
    }
  }
}
