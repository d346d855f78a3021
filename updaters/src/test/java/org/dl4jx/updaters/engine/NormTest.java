package org.dl4jx.updaters.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NormTest {

  /** Worth four threads, with a last piece that is not whole. */
  private static final long LENGTH = 4 * Norm.FOR_A_THREAD + 17;

  /** Bit for bit. */
  @ParameterizedTest
  @CsvSource({"FLOAT, 2", "FLOAT, 3", "DOUBLE, 2", "DOUBLE, 4"})
  void doesNotDependOnTheNumberOfThreads(DataType type, int threads) {
    INDArray array = Nd4j.randn(type, LENGTH);

    assertThat(Norm.of(array, threads)).isEqualTo(Norm.of(array, 1));
  }

  /**
   * A square takes part in at most 2¹³ additions within its piece, 40 additions of pieces, and a
   * product. Each rounds by 2⁻⁵³ of the sum at most, and a root halves the error.
   */
  @ParameterizedTest
  @CsvSource({"FLOAT, 1", "FLOAT, 1023", "DOUBLE, 32769", "FLOAT, 1048593", "DOUBLE, 1048593"})
  void isTheRootOfTheSumOfSquares(DataType type, long length) {
    INDArray array = Nd4j.randn(type, length);
    BigDecimal sum = BigDecimal.ZERO;
    for (double x : array.toDoubleVector()) {
      sum = sum.add(new BigDecimal(x).pow(2), MathContext.DECIMAL128);
    }
    double expected = Math.sqrt(sum.doubleValue());

    assertThat(Norm.of(array)).isCloseTo(expected, within(4200 * 0x1p-53 * expected));
  }
}
