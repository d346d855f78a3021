package org.dl4jx.updaters.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.dl4jx.updaters.NonFinitePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;

class ScalarsTest {

  /** Remembers a sum with a digit that FLOAT alone would lose, and the step. */
  private static final class Summing extends UpdaterConfiguration {
    private static final long serialVersionUID = 1L;

    Summing() {
      super(new Builder().nonFiniteGradients(NonFinitePolicy.SKIP));
    }

    @Override
    protected List<String> stateNames() {
      return List.of("A");
    }

    @Override
    protected List<String> scalarNames() {
      return List.of("sum", "last");
    }

    @Override
    protected Rule rule(Step step, Scalars remembered) {
      double sum = remembered.get(0) + (1e6 + 1e-9);
      return new Rule() {
        @Override
        public <C extends Cells<C>> void apply(C g, List<C> state) {
          g.fill(sum);
        }

        @Override
        public double[] remembered() {
          return new double[] {sum, step.t()};
        }
      };
    }

    private static final class Builder extends UpdaterConfiguration.Builder<Builder> {
      Builder() {
        super(1);
      }

      @Override
      public Summing build() {
        throw new UnsupportedOperationException("not needed in this test");
      }
    }
  }

  private static Scalars scalars(DataType type) {
    return new Scalars(Nd4j.zeros(type, Scalars.room(2)));
  }

  private static Scalars of(INDArray view) {
    return StateLayout.of(new Summing()).scalars(view);
  }

  private static void steps(GradientUpdater<?> updater, DataType type, int count) {
    for (int i = 0; i < count; i++) {
      updater.applyUpdater(Nd4j.ones(type, 4), i, 0);
    }
  }

  private static double sum(int steps) {
    double sum = 0;
    for (int i = 0; i < steps; i++) {
      sum += 1e6 + 1e-9;
    }
    return sum;
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void keepAllDigitsOfADouble(DataType type) {
    Scalars scalars = scalars(type);
    Random random = new Random(2);
    for (int i = 0; i < 1_000; i++) {
      double first = random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
      double second = -first / 3;
      scalars.set(0, first);
      scalars.set(1, second);

      assertThat(scalars.get(0)).isEqualTo(first);
      assertThat(scalars.get(1)).isEqualTo(second);
    }
  }

  /** Three times the 8 digits of BFLOAT16. */
  @Test
  void keepAsManyDigitsAsFloatInShortTypes() {
    Scalars scalars = scalars(DataType.BFLOAT16);
    for (double number : new double[] {Math.PI, -1e-3 / 3, 12_345_678, 1}) {
      scalars.set(1, number);

      assertThat(scalars.get(1)).isCloseTo(number, within(0x1p-24 * Math.abs(number)));
    }
  }

  @Test
  void areZeroBeforeTheFirstStep() {
    assertThat(scalars(DataType.FLOAT).get(0)).isZero();
    assertThat(scalars(DataType.FLOAT).get(1)).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void surviveSavingByViewAndByName(DataType type) {
    Summing config = new Summing();
    INDArray view = Nd4j.zeros(type, config.stateSize(4));
    GradientUpdater<?> updater = config.instantiate(view, true);
    steps(updater, type, 7);
    Map<String, INDArray> byName = new HashMap<>();
    updater.getState().forEach((name, array) -> byName.put(name, array.dup()));

    assertThat(byName).containsOnlyKeys("A", "scalars", "steps");
    assertThat(of(view).get(0)).isEqualTo(sum(7)).isNotEqualTo(7e6);
    assertThat(of(view).get(1)).isEqualTo(7);
    INDArray copy = view.dup();
    steps(config.instantiate(copy, false), type, 3);
    steps(config.instantiate(byName, false), type, 3);
    assertThat(of(copy).get(0)).isEqualTo(sum(10));
    assertThat(new Scalars(byName.get("scalars")).get(0)).isEqualTo(sum(10));
    assertThat(new Scalars(byName.get("scalars")).get(1)).isEqualTo(10);
    steps(config.instantiate(copy, true), type, 1);
    assertThat(of(copy).get(0)).isEqualTo(sum(1));
  }

  @Test
  void surviveConversionToAnotherTypeAndBack() {
    Scalars scalars = scalars(DataType.FLOAT);
    scalars.set(0, Math.PI);
    INDArray there = scalars.numbers().castTo(DataType.DOUBLE);

    assertThat(new Scalars(there).get(0)).isEqualTo(Math.PI);
    assertThat(new Scalars(there.castTo(DataType.FLOAT)).get(0)).isEqualTo(Math.PI);
  }

  /**
   * {@code ParallelWrapper} averages the states of its workers this way. Each part of the mean is
   * rounded once, to 24 digits of that part, of which the first is the greatest.
   */
  @ParameterizedTest
  @CsvSource({"FLOAT, 6e-8", "DOUBLE, 3e-16"})
  void theMeanOfStatesHasTheMean(DataType type, double rounding) {
    Random random = new Random(3);
    for (int i = 0; i < 100; i++) {
      double one = 1 + random.nextDouble();
      double other = 1 + random.nextDouble();
      Scalars first = scalars(type);
      Scalars second = scalars(type);
      first.set(1, one);
      second.set(1, other);
      INDArray mean = first.numbers().add(second.numbers()).muli(0.5);

      assertThat(new Scalars(mean).get(1)).isCloseTo((one + other) / 2, within(2 * rounding));
      INDArray same = first.numbers().add(first.numbers()).muli(0.5);
      assertThat(new Scalars(same).get(1)).isEqualTo(one);
    }
  }

  /** Deeplearning4j adds up the room that each array asks for. */
  @ParameterizedTest
  @CsvSource({"1, 4", "2, 4", "3, 40"})
  void aBlockOfSeveralArraysRemembersInTheLastOnes(int arrays, int length) {
    Summing config = new Summing();
    int end = Scalars.room(2) + StepCount.NUMBERS;
    INDArray view = Nd4j.zeros(DataType.FLOAT, length + (long) arrays * end);
    GradientUpdater<?> updater = config.instantiate(view, true);

    for (int i = 0; i < 5; i++) {
      updater.applyUpdater(Nd4j.ones(DataType.FLOAT, length), i, 0);
    }

    assertThat(of(view).get(0)).isEqualTo(sum(5));
    assertThat(of(view).get(1)).isEqualTo(5);
    assertThat(StateLayout.count(view, config).get()).isEqualTo(5);
  }

  @Test
  void aSkippedStepIsNotRemembered() {
    Summing config = new Summing();
    INDArray view = Nd4j.zeros(DataType.FLOAT, config.stateSize(4));
    GradientUpdater<?> updater = config.instantiate(view, true);
    steps(updater, DataType.FLOAT, 2);

    updater.applyUpdater(Nd4j.valueArrayOf(new long[] {4}, Float.NaN), 2, 0);

    assertThat(of(view).get(0)).isEqualTo(sum(2));
    assertThat(of(view).get(1)).isEqualTo(2);
  }

  @Test
  void refusesScalarsOfAnotherLength() {
    Map<String, INDArray> state = new HashMap<>();
    state.put("A", Nd4j.zeros(DataType.FLOAT, 4));
    state.put("scalars", Nd4j.zeros(DataType.FLOAT, 5));
    state.put("steps", Nd4j.zeros(DataType.FLOAT, StepCount.NUMBERS));

    assertThatIllegalStateException()
        .isThrownBy(() -> new Summing().instantiate(state, false))
        .withMessageContaining("the state array scalars of Summing")
        .withMessageContaining("must have 6 numbers, but was FLOAT[5]");
  }
}
