package org.dl4jx.updaters.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;

class ShownWeightsTest {
  private static final int ITERATION = 7;
  private static final int EPOCH = 2;
  private static final Regularization BY = new L2Regularization(1);
  private static final Regularization OTHER = new L2Regularization(1);

  /** A gradient of three arrays, with 4, 6 and 6 numbers. */
  private final INDArray gradient = Nd4j.zeros(DataType.FLOAT, 16);

  private final INDArray weights = Nd4j.linspace(1, 16, 16, DataType.FLOAT);

  private static INDArray some(INDArray array, long from, long to) {
    return array.get(NDArrayIndex.interval(from, to));
  }

  private void show(long from, long to) {
    show(BY, from, to);
  }

  private void show(Regularization by, long from, long to) {
    ShownWeights.show(
        by,
        some(weights, from, to),
        some(gradient, from, to),
        0,
        to - from,
        null,
        ITERATION,
        EPOCH);
  }

  private static BlockWeights take(INDArray gradient, int iteration, int epoch, BlockWeights last) {
    return ShownWeights.take(
        gradient,
        iteration,
        epoch,
        last,
        (of, parts) -> new BlockWeights(parts, of, of, Memory.SEGMENT));
  }

  private static long shownOf(INDArray gradient) {
    return take(gradient, ITERATION, EPOCH, null).shown();
  }

  /** What decays in a step, as {@code first weight: from-to}. */
  private static List<String> decaying(BlockWeights weights) {
    return weights.pieces().stream()
        .map(
            piece ->
                piece.weights().getInt((int) piece.start())
                    + ": "
                    + piece.from()
                    + "-"
                    + piece.to())
        .toList();
  }

  @Test
  void aStepTakesTheArraysOfItsGradientOnce() {
    show(0, 4);
    show(4, 10);
    show(10, 16);

    BlockWeights taken = take(gradient, ITERATION, EPOCH, null);

    assertThat(taken.shown()).isEqualTo(16);
    assertThat(decaying(taken)).containsExactly("1: 0-4", "5: 4-10", "11: 10-16");
    assertThat(shownOf(gradient)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"8, 2", "6, 2", "7, 1", "7, 3", "0, 0"})
  void isNotForAnotherIterationOrEpoch(int iteration, int epoch) {
    show(0, 16);

    assertThat(take(gradient, iteration, epoch, null).shown()).isZero();
    assertThat(shownOf(gradient)).isEqualTo(16);
  }

  @Test
  void isNotForAnotherGradient() {
    show(0, 16);

    assertThat(shownOf(gradient.dup())).isZero();
    assertThat(shownOf(some(gradient, 0, 10))).isZero();
    assertThat(shownOf(gradient)).isEqualTo(16);
  }

  @Test
  void aBlockDoesNotTakeWhatThePreviousBlockLeft() {
    show(0, 4);
    show(4, 10);
    show(10, 16);

    BlockWeights taken = take(some(gradient, 4, 16), ITERATION, EPOCH, null);

    assertThat(taken.shown()).isEqualTo(12);
    assertThat(decaying(taken)).containsExactly("5: 0-6", "11: 6-12");
  }

  @Test
  void aBlockWithoutShownWeightsTakesNothingFromThePreviousBlock() {
    show(0, 10);

    assertThat(shownOf(some(gradient, 10, 16))).isZero();
  }

  @Test
  void eachBlockTakesItsOwnWeights() {
    show(0, 4);
    assertThat(shownOf(some(gradient, 0, 4))).isEqualTo(4);
    show(4, 10);
    show(10, 16);
    assertThat(shownOf(some(gradient, 4, 16))).isEqualTo(12);
  }

  @Test
  void whatAnEarlierStepLeftIsNotTakenWithNewlyShownArrays() {
    show(0, 4);
    show(4, 10);
    show(0, 4);

    BlockWeights taken = take(some(gradient, 0, 10), ITERATION, EPOCH, null);

    assertThat(taken.shown()).isEqualTo(4);
    assertThat(decaying(taken)).containsExactly("1: 0-4");
  }

  @Test
  void anArrayShownTwiceDecaysOnceAndHidesEarlierOnes() {
    show(0, 4);
    show(0, 4);
    show(4, 10);
    assertThat(decaying(take(some(gradient, 0, 10), ITERATION, EPOCH, null)))
        .containsExactly("1: 0-4", "5: 4-10");

    show(0, 4);
    show(4, 10);
    show(4, 10);
    assertThat(shownOf(some(gradient, 0, 10))).isEqualTo(6);
  }

  @Test
  void arraysWithAGapOrInAnotherOrderDoNotCoverTheGradient() {
    show(0, 4);
    show(10, 16);
    assertThat(shownOf(gradient)).isEqualTo(6);

    show(4, 10);
    show(0, 4);
    show(10, 16);
    assertThat(shownOf(gradient)).isEqualTo(6);
  }

  @Test
  void arraysThatMissAnEndDoNotCoverTheGradient() {
    show(4, 10);
    show(10, 16);
    assertThat(shownOf(gradient)).isEqualTo(12);

    show(0, 4);
    show(4, 10);
    assertThat(shownOf(gradient)).isEqualTo(10);
  }

  @Test
  void arraysOfTheSameLengthAreToldApartByTheirOrder() {
    assertThat(ShownWeights.shownBefore(BY, some(gradient, 0, 4))).isZero();
    show(OTHER, 0, 4);
    assertThat(ShownWeights.shownBefore(BY, some(gradient, 4, 10))).isZero();
    show(BY, 4, 10);
    assertThat(ShownWeights.shownBefore(BY, some(gradient, 10, 16))).isEqualTo(1);
    assertThat(ShownWeights.shownBefore(OTHER, some(gradient, 10, 16))).isEqualTo(1);
    assertThat(ShownWeights.shownBefore(BY, some(gradient, 4, 10))).isZero();
    assertThat(ShownWeights.shownBefore(BY, some(gradient, 0, 4))).isZero();
  }

  /** With external errors, every step has new objects for the same memory. */
  @Test
  void newViewsOfTheSameMemoryAreNotLookedUpAgain() {
    BlockWeights last = null;
    for (int iteration = 0; iteration < 3; iteration++) {
      for (long[] array : new long[][] {{0, 4}, {4, 10}, {10, 16}}) {
        ShownWeights.show(
            BY,
            some(weights, array[0], array[1]),
            some(gradient, array[0], array[1]),
            0,
            array[1] - array[0],
            null,
            iteration,
            0);
      }
      BlockWeights taken = take(some(gradient, 0, 16), iteration, 0, last);

      assertThat(taken.shown()).isEqualTo(16);
      if (last != null) {
        assertThat(taken).isSameAs(last);
      }
      last = taken;
    }
  }

  @Test
  void followsWeightsThatMovedToOtherMemory() {
    show(0, 16);
    BlockWeights before = take(gradient, ITERATION, EPOCH, null);
    INDArray moved = weights.add(100);
    ShownWeights.show(BY, moved, gradient, 0, 16, null, ITERATION, EPOCH);

    BlockWeights after = take(gradient, ITERATION, EPOCH, before);

    assertThat(decaying(before)).containsExactly("1: 0-16");
    assertThat(decaying(after)).containsExactly("101: 0-16");
  }

  @Test
  void followsARangeThatChanged() {
    show(0, 16);
    BlockWeights before = take(gradient, ITERATION, EPOCH, null);
    ShownWeights.show(BY, weights, gradient, 3, 5, null, ITERATION, EPOCH);

    assertThat(decaying(take(gradient, ITERATION, EPOCH, before))).containsExactly("4: 3-5");
  }

  @Test
  void showsAnyNumberOfArrays() {
    INDArray many = Nd4j.zeros(DataType.FLOAT, 100);
    for (int i = 0; i < 100; i++) {
      INDArray one = some(many, i, i + 1);
      assertThat(ShownWeights.shownBefore(BY, one)).isEqualTo(i);
      ShownWeights.show(BY, one, one, 0, i % 2, null, 0, 0);
    }

    BlockWeights taken = take(many, 0, 0, null);

    assertThat(taken.shown()).isEqualTo(100);
    assertThat(taken.pieces()).hasSize(50);
  }

  @Test
  void threadsDoNotSeeEachOther() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      other.submit(() -> show(0, 16)).get();

      assertThat(shownOf(gradient)).isZero();
      show(0, 4);
      assertThat(other.submit(() -> shownOf(gradient)).get()).isEqualTo(16);
      assertThat(shownOf(some(gradient, 0, 4))).isEqualTo(4);
    } finally {
      other.shutdown();
    }
  }

  /** Leaves the gradient as it is, so a step only decays. */
  private record Nothing() implements Rule {
    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {}
  }

  private static INDArray random(DataType type, long length, long seed) {
    Random random = new Random(seed);
    double[] drawn = random.doubles(length, -1, 1).toArray();
    return Nd4j.createFromArray(drawn).castTo(type);
  }

  private static byte[] bits(INDArray array) {
    return array.dup().data().asBytes();
  }

  /** Weights in several arrays, each of which decays from one number to another. */
  private static BlockWeights shown(
      INDArray weights, INDArray gradient, int segment, long[]... arrays) {
    long begin = 0;
    for (long[] array : arrays) {
      ShownWeights.show(
          BY,
          some(weights, begin, begin + array[0]),
          some(gradient, begin, begin + array[0]),
          array[1],
          array[2],
          null,
          0,
          0);
      begin += array[0];
    }
    return ShownWeights.take(
        gradient, 0, 0, null, (of, parts) -> new BlockWeights(parts, of, of, segment));
  }

  private static INDArray[] state(UpdaterConfiguration updater, INDArray like) {
    return Stream.generate(() -> like.ulike().assign(0))
        .limit(Engine.arrays(updater))
        .toArray(INDArray[]::new);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void buffersDoNotChangeTheStepByASingleBit(DataType type) {
    long[][] arrays = {{700, 3, 690}, {1, 0, 1}, {1_347, 0, 1_347}, {5_000, 511, 4_500}, {9, 0, 0}};
    int length = 700 + 1 + 1_347 + 5_000 + 9;
    INDArray weights = random(type, length, 1);
    for (UpdaterConfiguration updater :
        List.of(NamedOptimizer.ADAMW.create(1e-3, 0.1), NamedOptimizer.ADABOUND.create(1e-3, 0))) {
      INDArray whole = random(type, length, 2);
      INDArray cut = whole.dup();
      INDArray[] wholeState = state(updater, whole);
      INDArray[] cutState = state(updater, whole);
      BlockWeights cutWeights = shown(weights, cut, 1 << 10, arrays);
      assertThat(cutWeights.pieces()).hasSizeGreaterThan(7);

      Rule rule = Engine.rule(updater, 0, 0);
      TiledStep.over(1, Memory.SEGMENT, wholeState)
          .apply(rule, whole, 0.01, shown(weights, whole, Memory.SEGMENT, arrays).pieces());
      TiledStep.over(3, 1 << 10, cutState).apply(rule, cut, 0.01, cutWeights.pieces());

      assertThat(bits(cut)).isEqualTo(bits(whole));
      for (int i = 0; i < cutState.length; i++) {
        assertThat(bits(cutState[i])).isEqualTo(bits(wholeState[i]));
      }
    }
  }

  /** Around the ends of tiles of 512 and 256 floats, and of what fits in the cache. */
  private static final int[] LENGTHS = {1, 511, 512, 513, 1_025, 131_071, 131_072, 131_073};

  /**
   * Updates and decays are below 1. The factor, the product and the sum are rounded at most once
   * each, by half a unit in the last place of numbers below 2.
   */
  @ParameterizedTest
  @CsvSource({"FLOAT, -24", "DOUBLE, -53"})
  void decaysInTilesAsByNd4jOperations(DataType type, int precision) {
    double tolerance = 3 * 2 * Math.pow(2, precision);
    for (int length : LENGTHS) {
      INDArray weights = random(type, length, 3);
      for (long[] range : ranges(length)) {
        INDArray tiles = random(type, length, 4);
        INDArray operations = tiles.dup();

        TiledStep.over(tiles.ulike())
            .apply(
                new Nothing(), tiles, 0.3, shown(weights, tiles, Memory.SEGMENT, range).pieces());
        shown(weights, operations, Memory.SEGMENT, range)
            .decay(new NoFormula(), 0.3, operations, new INDArray[0]);

        double worst = tiles.sub(operations).amaxNumber().doubleValue();
        assertThat(worst)
            .as("%d numbers, %d to %d", length, range[1], range[2])
            .isLessThan(tolerance);
      }
    }
  }

  private static List<long[]> ranges(long length) {
    List<long[]> ranges = new ArrayList<>();
    long[][] all = {
      {0, length}, {0, 0}, {1, length - 1}, {100, 300}, {255, 257}, {500, 600}, {511, 513}, {7, 8}
    };
    for (long[] range : all) {
      if (range[0] <= range[1] && range[1] <= length) {
        ranges.add(new long[] {length, range[0], range[1]});
      }
    }
    return ranges;
  }

  /** Includes zeros of both signs. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void exemptNumbersKeepEveryBitOfTheirUpdate(DataType type) {
    List<Rule> rules = new ArrayList<>(List.of(new Nothing()));
    NamedOptimizer.ofGradientsAlone()
        .forEach(optimizer -> rules.add(Engine.rule(optimizer.create(1e-3, 0), 0, 0)));
    rules.add(Engine.formula(rules.get(1)));
    for (Rule rule : rules) {
      for (int length : new int[] {1, 511, 512, 513, 1_025}) {
        for (long[] range : ranges(length)) {
          assertExemptNumbersKeepTheirBits(rule, type, length, range);
        }
      }
    }
    int several = 131_073;
    assertExemptNumbersKeepTheirBits(rules.get(1), type, several, new long[] {several, 700, 9_000});
  }

  private static void assertExemptNumbersKeepTheirBits(
      Rule rule, DataType type, int length, long[] range) {
    INDArray weights = random(type, length, 5);
    double[] drawn = new Random(6).doubles(length, -1, 1).toArray();
    for (int i = 0; i < length; i += 3) {
      drawn[i] = i % 2 == 0 ? -0.0 : 0.0;
    }
    INDArray plain = Nd4j.createFromArray(drawn).castTo(type);
    INDArray decayed = plain.dup();

    step(rule, plain, List.of());
    step(rule, decayed, shown(weights, decayed, Memory.SEGMENT, range).pieces());

    byte[] expected = bits(plain);
    byte[] actual = bits(decayed);
    int from = (int) range[1] * type.width();
    int to = (int) range[2] * type.width();
    boolean same =
        Arrays.equals(actual, 0, from, expected, 0, from)
            && Arrays.equals(actual, to, actual.length, expected, to, expected.length);
    assertThat(same).as("%s, %d numbers, %d to %d", rule, length, range[1], range[2]).isTrue();
    assertThat(Arrays.equals(actual, expected)).isEqualTo(from == to);
  }

  private static void step(Rule rule, INDArray gradient, List<BlockWeights.Piece> pieces) {
    INDArray[] state =
        Stream.generate(() -> gradient.ulike().assign(0)).limit(3).toArray(INDArray[]::new);
    TiledStep.over(1, Memory.SEGMENT, state).apply(rule, gradient, 0.3, pieces);
  }

  /** A variable of SameDiff may have another order than its gradient. */
  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "DOUBLE", "BFLOAT16"})
  void decaysAMatrixOfAnotherOrder(DataType type) {
    INDArray weights = Nd4j.linspace(1, 6, 6, DataType.FLOAT).reshape('c', 2, 3).dup('f');
    INDArray gradient = Nd4j.zeros(DataType.FLOAT, 2, 3);
    INDArray typed = weights.castTo(type);
    ShownWeights.show(BY, typed, gradient, 0, 6, null, 0, 0);

    take(gradient, 0, 0, null).decay(new NoFormula(), 2, gradient, new INDArray[0]);

    assertThat(gradient.toFloatMatrix()).isDeepEqualTo(new float[][] {{2, 4, 6}, {8, 10, 12}});
  }

  /** Only the decay. */
  private record NoFormula() implements Rule {
    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {}
  }
}
