package org.dl4jx.updaters.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

class StepCountTest {
  private static final UpdaterConfiguration UPDATER = NamedOptimizer.ADAMW.create(1e-3, 0);

  private static final long[] COUNTS = {
    0, 1, 2, 255, 256, 257, 65_535, 65_536, 65_537, 16_777_215, 16_777_216, 20_000_000
  };

  private static StepCount count(INDArray digits, long steps) {
    StepCount count = new StepCount(digits, UPDATER);
    count.set(steps);
    return count;
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE", "HALF", "BFLOAT16"})
  void countsExactlyInEveryType(DataType type) {
    for (long steps : COUNTS) {
      INDArray digits = Nd4j.zeros(type, StepCount.NUMBERS);
      assertThat(count(digits, steps).get()).isEqualTo(steps);
      count(digits, steps + 1);
      assertThat(new StepCount(digits, UPDATER).get()).isEqualTo(steps + 1);
    }
  }

  /** The last digit takes everything beyond 256⁴ steps. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void countsBeyondFourDigits(DataType type) {
    long many = 1L << 40;
    assertThat(count(Nd4j.zeros(type, StepCount.NUMBERS), many + 12_345).get())
        .isEqualTo(many + 12_345);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"DOUBLE", "HALF", "BFLOAT16"})
  void survivesConversionToAnotherTypeAndBack(DataType type) {
    for (long steps : COUNTS) {
      INDArray digits = count(Nd4j.zeros(DataType.FLOAT, StepCount.NUMBERS), steps).numbers();
      INDArray there = digits.castTo(type);
      assertThat(new StepCount(there, UPDATER).get()).isEqualTo(steps);
      assertThat(new StepCount(there.castTo(DataType.FLOAT), UPDATER).get()).isEqualTo(steps);
    }
  }

  /** {@code ParallelWrapper} averages the states of its workers this way. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "1, 3, 2",
    "255, 257, 256",
    "255, 256, 256",
    "0, 512, 256",
    "65535, 65537, 65536",
    "1, 20000000, 10000001",
    "20000000, 20000000, 20000000"
  })
  void theMeanOfStatesHasTheMeanCount(long one, long other, long mean) {
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      INDArray first = count(Nd4j.zeros(type, StepCount.NUMBERS), one).numbers();
      INDArray second = count(Nd4j.zeros(type, StepCount.NUMBERS), other).numbers();
      StepCount averaged = new StepCount(first.add(second).muli(0.5), UPDATER);

      assertThat(averaged.get()).isEqualTo(mean);
      averaged.set(averaged.get() + 1);
      assertThat(averaged.get()).isEqualTo(mean + 1);
    }
  }

  /**
   * {@code ParallelWrapper} divides each state by their number and adds them up, which rounds the
   * parts of equal whole numbers from 6 workers on. Spark divides the sum.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 6, 7, 10, 12, 20, 50, 100, 1_000})
  void theMeanOfEqualStatesHasTheirCount(int states) {
    List<UpdaterConfiguration> updaters =
        Arrays.stream(NamedOptimizer.values()).map(o -> o.create(1e-3, 0)).toList();
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      INDArray all = Nd4j.zeros(type, updaters.size(), COUNTS.length, StepCount.NUMBERS);
      forEachCount(updaters, all, StepCount::set);
      List<INDArray> workers = Stream.generate(all::dup).limit(states).toList();

      Nd4j.averageAndPropagate(null, workers);

      for (INDArray mean : List.of(workers.get(0), all.mul(states).divi(states))) {
        forEachCount(
            updaters, mean, (count, steps) -> assertThat(count.get()).isEqualTo((long) steps));
      }
    }
  }

  private static void forEachCount(
      List<UpdaterConfiguration> updaters, INDArray all, BiConsumer<StepCount, Long> action) {
    for (int i = 0; i < updaters.size(); i++) {
      for (int j = 0; j < COUNTS.length; j++) {
        INDArray numbers =
            all.get(NDArrayIndex.point(i), NDArrayIndex.point(j), NDArrayIndex.all());
        action.accept(new StepCount(numbers, updaters.get(i)), COUNTS[j]);
      }
    }
  }

  /** The fractions of unequal counts are larger than the rounding of equal ones. */
  @ParameterizedTest
  @ValueSource(ints = {2, 10, 64})
  void theMeanOfUnequalStatesIsNotTakenForThatOfEqualOnes(int states) {
    INDArray sum = count(Nd4j.zeros(DataType.FLOAT, StepCount.NUMBERS), 65_536).numbers();
    INDArray fewer = count(Nd4j.zeros(DataType.FLOAT, StepCount.NUMBERS), 65_280).numbers();

    sum.addi(fewer.muli(states - 1)).divi(states);

    assertThat(new StepCount(sum, UPDATER).get())
        .isEqualTo(Math.round((65_536 + 65_280.0 * (states - 1)) / states));
  }

  /** A block of three arrays has room for three counts. */
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 3", "2, 3", "3, 3", "4, 4", "7, 2", "600, 5"})
  void aBlockOfSeveralArraysCountsInItsLastDigits(int length, int arrays) {
    for (NamedOptimizer optimizer : NamedOptimizer.ofGradientsAlone().toList()) {
      UpdaterConfiguration updater = optimizer.create(1e-3, 0);
      long state = (long) Engine.arrays(updater) * length;
      long ends = (long) StateLayout.of(updater).end() * arrays;
      INDArray several = Nd4j.zeros(DataType.FLOAT, state + ends);
      INDArray alone = Nd4j.zeros(DataType.FLOAT, updater.stateSize(length));
      GradientUpdater<?> block = updater.instantiate(several, true);
      GradientUpdater<?> single = updater.instantiate(alone, true);
      for (int step = 0; step < 7; step++) {
        INDArray g = Nd4j.valueArrayOf(new long[] {length}, 1f / (step + 1));
        INDArray h = g.dup();
        block.applyUpdater(g, 0, 0);
        single.applyUpdater(h, 0, 0);
        assertThat(g.toFloatVector()).isEqualTo(h.toFloatVector());
      }
      assertThat(StateLayout.count(several, updater).get()).isEqualTo(7);
      assertThat(StateLayout.count(alone, updater).get()).isEqualTo(7);
    }
  }

  /** Of the same length, but with other arrays or arrays with another meaning. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE", "BFLOAT16"})
  void refusesTheStateOfAnotherUpdater(DataType type) {
    UpdaterConfiguration averaged = NamedOptimizer.NESTEROVS_AVERAGED.create(0.1, 0);
    INDArray view = Nd4j.zeros(type, UPDATER.stateSize(3));
    UPDATER.instantiate(view, true).applyUpdater(Nd4j.ones(type, 3), 0, 0);
    INDArray before = view.dup();
    INDArray gradient = Nd4j.ones(type, 3);

    assertThatIllegalStateException()
        .isThrownBy(() -> averaged.instantiate(view, false).applyUpdater(gradient, 1, 0))
        .withMessageContaining("the state of AveragedNesterovs(")
        .withMessageContaining("was made by another updater");
    assertThat(view).isEqualTo(before);
    assertThat(gradient).isEqualTo(Nd4j.ones(type, 3));
  }

  /** For example if some workers had no data yet. Up to 16 states are recognized. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE", "HALF"})
  void recognizesAMeanWithStatesThatHaveNotTakenAStep(DataType type) {
    for (int states = 2; states <= 16; states++) {
      INDArray mean = count(Nd4j.zeros(type, StepCount.NUMBERS), 16L * states).numbers();
      mean.divi(states);
      assertThat(new StepCount(mean, UPDATER).get()).isEqualTo(16);
    }
    INDArray twice = count(Nd4j.zeros(type, StepCount.NUMBERS), 1).numbers().muli(2);
    assertThatIllegalStateException().isThrownBy(() -> new StepCount(twice, UPDATER).get());
  }

  @Test
  void noOptimizerAcceptsTheStateOfAnother() {
    for (NamedOptimizer one : NamedOptimizer.values()) {
      for (NamedOptimizer other : NamedOptimizer.values()) {
        UpdaterConfiguration mine = one.create(0.1, 0);
        UpdaterConfiguration theirs = other.create(0.1, 0);
        boolean isSameKind =
            mine.getClass() == theirs.getClass() && mine.stateNames().equals(theirs.stateNames());
        INDArray numbers = Nd4j.zeros(DataType.FLOAT, StepCount.NUMBERS);
        new StepCount(numbers, theirs).set(3);
        StepCount count = new StepCount(numbers, mine);
        if (isSameKind) {
          assertThat(count.get()).isEqualTo(3);
        } else {
          assertThatIllegalStateException().isThrownBy(count::get);
        }
      }
    }
  }

  /** The count is set, and the moments come from one step with zeros before it. */
  @ParameterizedTest
  @ValueSource(longs = {1, 255, 256, 257, 65_536, 20_000_000})
  void shortTypesStepAtEveryCount(long steps) {
    for (DataType type : new DataType[] {DataType.FLOAT16, DataType.BFLOAT16, DataType.FLOAT}) {
      UpdaterConfiguration updater =
          (type == DataType.FLOAT16 ? NamedOptimizer.NESTEROVS_AVERAGED : NamedOptimizer.ADAMW)
              .create(0.1, 0);
      INDArray view = Nd4j.zeros(type, updater.stateSize(3));
      GradientUpdater<?> ours = updater.instantiate(view, true);
      StateLayout.count(view, updater).set(steps);

      ours.applyUpdater(Nd4j.ones(type, 3), 0, 0);

      assertThat(StateLayout.count(view, updater).get()).isEqualTo(steps + 1);
      assertThat(new StepCount(ours.getState().get("steps"), updater).get()).isEqualTo(steps + 1);
    }
  }
}
