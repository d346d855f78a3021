package org.dl4jx.updaters.sophia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SampledLabelsTest {
  private static final int ROWS = 20_000;

  /** By 4.5 standard errors of a frequency, as chance exceeds once in 150,000 draws. */
  private static double standardErrors(double p) {
    return 4.5 * Math.sqrt(p * (1 - p) / ROWS);
  }

  private static INDArray rows(float... p) {
    return Nd4j.repeat(Nd4j.createFromArray(new float[][] {p}), ROWS).reshape(ROWS, p.length);
  }

  @Test
  void drawsOneClassPerRowWithItsProbability() {
    float[] p = {0.2f, 0.5f, 0, 0.3f};
    INDArray labels = SampledLabels.draw(rows(p), true, new SplittableRandom(1));

    assertThat(labels.dataType()).isEqualTo(DataType.FLOAT);
    assertThat(labels.sum(1)).isEqualTo(Nd4j.ones(ROWS));
    for (int i = 0; i < 4; i++) {
      assertThat(labels.getColumn(i).meanNumber().doubleValue())
          .isCloseTo(p[i], within(standardErrors(p[i])));
    }
    assertThat(labels.getColumn(2).sumNumber().doubleValue()).isZero();
  }

  @Test
  void drawsEachNumberOfASigmoidOnItsOwn() {
    float[] p = {0.9f, 0.25f, 1, 0};
    INDArray labels = SampledLabels.draw(rows(p), false, new SplittableRandom(2));

    for (int i = 0; i < 4; i++) {
      assertThat(labels.getColumn(i).meanNumber().doubleValue())
          .isCloseTo(p[i], within(standardErrors(p[i])));
    }
    double both = labels.getColumn(0).mul(labels.getColumn(1)).meanNumber().doubleValue();
    assertThat(both).isCloseTo(0.9 * 0.25, within(standardErrors(0.9 * 0.25)));
  }

  /** In FLOAT, a softmax may sum to less than 1. Here it falls short by a half. */
  @Test
  void roundingNeverDrawsAClassOfProbabilityZero() {
    INDArray labels = SampledLabels.draw(rows(0.25f, 0.25f, 0), true, new SplittableRandom(3));

    assertThat(labels.sum(1)).isEqualTo(Nd4j.ones(ROWS));
    assertThat(labels.getColumn(2).sumNumber().doubleValue()).isZero();
  }

  @Test
  void theSameSourceDrawsTheSameLabels() {
    INDArray p = rows(0.3f, 0.3f, 0.4f);

    assertThat(SampledLabels.draw(p, true, new SplittableRandom(4)))
        .isEqualTo(SampledLabels.draw(p, true, new SplittableRandom(4)))
        .isNotEqualTo(SampledLabels.draw(p, true, new SplittableRandom(5)));
  }
}
