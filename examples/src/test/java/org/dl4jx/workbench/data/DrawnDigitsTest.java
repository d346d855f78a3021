package org.dl4jx.workbench.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

class DrawnDigitsTest {
  private static DataSet all(Images images) {
    int count = images.count();
    return images.batch(IntStream.range(0, count).toArray(), 0, count);
  }

  @Test
  void areTheSameOnEveryMachine() {
    assertThat(DrawnDigits.draw(100, 1).md5()).isEqualTo("3daf0055075f4cd032e604e4b8e3ead6");
  }

  @Test
  void differWithTheSeed() {
    assertThat(DrawnDigits.draw(10, 1).md5()).isNotEqualTo(DrawnDigits.draw(10, 2).md5());
  }

  @Test
  void holdEveryDigitEquallyOften() {
    DataSet digits = all(DrawnDigits.draw(200, 1));

    assertThat(digits.getLabels().sum(0).toIntVector()).containsOnly(20);
    assertThat(digits.getLabels().sum(1).toIntVector()).containsOnly(1);
  }

  @Test
  void areGreyFromZeroToOne() {
    DataSet digits = all(DrawnDigits.draw(100, 1));

    assertThat(digits.getFeatures().shape()).containsExactly(100, 784);
    assertThat(digits.getFeatures().minNumber().doubleValue()).isZero();
    assertThat(digits.getFeatures().maxNumber().doubleValue()).isBetween(0.9, 1.0);
    assertThat(digits.getFeatures().meanNumber().doubleValue()).isBetween(0.05, 0.3);
  }
}
