package org.dl4jx.examples.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

class DrawnDigitsTest {
  @Test
  void areTheSameOnEveryMachine() {
    CRC32 checksum = new CRC32();
    for (float pixel : DrawnDigits.draw(100, 1).getFeatures().data().asFloat()) {
      int bits = Float.floatToIntBits(pixel);
      for (int shift = 0; shift < 32; shift += 8) {
        checksum.update(bits >>> shift);
      }
    }

    assertThat(checksum.getValue()).isEqualTo(2414369375L);
  }

  @Test
  void differWithTheSeed() {
    assertThat(DrawnDigits.draw(10, 1)).isNotEqualTo(DrawnDigits.draw(10, 2));
  }

  @Test
  void holdEveryDigitEquallyOften() {
    INDArray labels = DrawnDigits.draw(200, 1).getLabels();

    assertThat(labels.sum(0).toIntVector()).containsOnly(20);
    assertThat(labels.sum(1).toIntVector()).containsOnly(1);
  }

  @Test
  void areGreyFromZeroToOne() {
    INDArray features = DrawnDigits.draw(100, 1).getFeatures();

    assertThat(features.shape()).containsExactly(100, 784);
    assertThat(features.minNumber().doubleValue()).isZero();
    assertThat(features.maxNumber().doubleValue()).isBetween(0.9, 1.0);
    assertThat(features.meanNumber().doubleValue()).isBetween(0.05, 0.3);
  }

  @Test
  void comeInTheOrderOfTheSeed() {
    DrawnDigits digits = new DrawnDigits();

    DataSet batch = digits.train(16, 64, 5).next();

    assertThat(digits.train(16, 64, 5).next()).isEqualTo(batch);
    assertThat(digits.train(16, 64, 6).next()).isNotEqualTo(batch);
  }

  @Test
  void endWithASmallerBatch() {
    DataSetIterator batches = new DrawnDigits().train(16, 40, 5);

    assertThat(batches.next().numExamples()).isEqualTo(16);
    assertThat(batches.next().numExamples()).isEqualTo(16);
    assertThat(batches.next().numExamples()).isEqualTo(8);
    assertThat(batches.hasNext()).isFalse();
  }
}
