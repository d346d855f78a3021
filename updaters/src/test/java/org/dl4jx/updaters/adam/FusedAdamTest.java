package org.dl4jx.updaters.adam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.dl4jx.updaters.AMSGradDecoupled;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.engine.Engine;
import org.dl4jx.updaters.engine.Epsilon;
import org.dl4jx.updaters.engine.Fused;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FusedAdamTest {

  private static INDArray[] states(DataType type, int arrays) {
    return states(type, arrays, 3);
  }

  private static INDArray[] states(DataType type, int arrays, int length) {
    return Stream.generate(() -> Nd4j.zeros(type, length)).limit(arrays).toArray(INDArray[]::new);
  }

  /** AdamW has two state arrays, AMSGrad three. */
  @ParameterizedTest
  @CsvSource({"FLOAT, 2", "FLOAT, 3", "DOUBLE, 2", "DOUBLE, 3"})
  void isOneOperationOnWholeArrays(DataType type, int arrays) {
    AdamScalars scalars = new AdamScalars(0.9, 0.999, 0.1, 1000, Epsilon.of(1e-8, false));
    INDArray gradient = Nd4j.ones(type, 3);

    assertThat(new FusedAdam(scalars).apply(gradient, states(type, arrays))).isTrue();
    assertThat(gradient.getDouble(0)).isNotEqualTo(1);
  }

  /** The formula has to compute what Deeplearning4j's operation would compute differently. */
  @ParameterizedTest
  @CsvSource({
    "0.9, 0.999, 0, 1e-8, false", // it treats a step size of zero as a mistake
    "0.9, 0.999, 0.1, 1e-8, true", // it has no epsilon inside the root
    "0.999999999999, 0.999, 0.1, 1e-8, false", // it would not forget the first step
    "0.9, 0.9999999999999, 0.1, 1e-8, false" // nor in the second average
  })
  void leavesToTheFormulaWhatTheOperationCannotDo(
      double beta1, double beta2, double size, double epsilon, boolean inside) {
    AdamScalars scalars = new AdamScalars(beta1, beta2, size, 1000, Epsilon.of(epsilon, inside));
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      INDArray gradient = Nd4j.ones(type, 3);
      INDArray[] state = states(type, 2);

      assertThat(new FusedAdam(scalars).apply(gradient, state)).isFalse();
      assertThat(gradient).isEqualTo(Nd4j.ones(type, 3));
      assertThat(state[0]).isEqualTo(Nd4j.zeros(type, 3));
    }
  }

  /** With the scalars of rules, from the first step to the millionth. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_000_000})
  void isWhatAdamWAndAMSGradUse(int iteration) {
    for (UpdaterConfiguration updater :
        List.of(new AdamWDecoupled(1e-3, 0), new AMSGradDecoupled(1e-3, 0))) {
      Fused fused = Engine.rule(updater, iteration, 0).fused();
      int arrays = Engine.arrays(updater);
      for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
        assertThat(fused.apply(Nd4j.ones(type, 3), states(type, arrays))).isTrue();
      }
      assertThat(fused.apply(new float[3], new float[arrays][3], new float[3], -0f, 3)).isTrue();
      assertThat(fused.apply(new double[3], new double[arrays][3], new double[3], -0.0, 3))
          .isTrue();
    }
  }

  /** Because FLOAT rounds 1 - β2, the update would be off by 7e-4 here. */
  @Test
  void makesUpForRoundedRatesInFloat() {
    UpdaterConfiguration updater =
        AdamWDecoupled.builder().learningRate(1).weightDecay(0).beta2(0.9999938).build();
    INDArray gradient = Nd4j.createFromArray(0.5f, -3f);

    assertThat(Engine.rule(updater, 0, 0).fused().apply(gradient, states(DataType.FLOAT, 2, 2)))
        .isTrue();
    assertThat(gradient.getDouble(0)).isCloseTo(1, within(1e-6));
    assertThat(gradient.getDouble(1)).isCloseTo(-1, within(1e-6));
  }

  /** There, the step size or epsilon would be zero, or 1 - β2 another number. */
  @ParameterizedTest
  @CsvSource({"0.999, 1e-43, 1e-8", "0.999, 0.1, 1.2e-38", "0.9999999, 0.1, 1e-8"})
  void leavesToTheFormulaWhatFloatCannotRepresent(double beta2, double size, double epsilon) {
    AdamScalars scalars = new AdamScalars(0.9, beta2, size, 1000, Epsilon.of(epsilon, false));

    assertThat(
            new FusedAdam(scalars).apply(Nd4j.ones(DataType.FLOAT, 3), states(DataType.FLOAT, 2)))
        .isFalse();
    assertThat(
            new FusedAdam(scalars).apply(Nd4j.ones(DataType.DOUBLE, 3), states(DataType.DOUBLE, 2)))
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void keepsTheSameAveragesAsTheFormula(DataType type) {
    AdamScalars scalars = new AdamScalars(0.5, 0.75, 0.1, 4, Epsilon.of(1e-8, false));
    INDArray[] state = states(type, 3);

    new FusedAdam(scalars).apply(Nd4j.ones(type, 3).muli(2), state);

    assertThat(state[0].getDouble(1)).isEqualTo(1);
    assertThat(state[1].getDouble(1)).isEqualTo(1);
    assertThat(state[2].getDouble(1)).isEqualTo(1);
  }
}
