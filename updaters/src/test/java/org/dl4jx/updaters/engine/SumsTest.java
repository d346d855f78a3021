package org.dl4jx.updaters.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.List;
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

class SumsTest {

  /** Sums gradients and their squares, and remembers both. */
  private record Summing() implements Rule {
    @Override
    public int sums() {
      return 2;
    }

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state, Sums sums) {
      sums.add(0, g.dot(g.spare().fill(1)));
      sums.add(1, g.dot(g));
      g.fill(0);
    }

    @Override
    public double[] remembered(double[] sums) {
      return sums.clone();
    }
  }

  private static final class Remembering extends UpdaterConfiguration {
    private static final long serialVersionUID = 1L;

    Remembering() {
      super(new Builder().nonFiniteGradients(NonFinitePolicy.SKIP));
    }

    @Override
    protected List<String> stateNames() {
      return List.of("A");
    }

    @Override
    protected List<String> scalarNames() {
      return List.of("sum", "squares");
    }

    @Override
    protected Rule rule(Step step) {
      return new Summing();
    }

    private static final class Builder extends UpdaterConfiguration.Builder<Builder> {
      Builder() {
        super(1);
      }

      @Override
      public Remembering build() {
        throw new UnsupportedOperationException("not needed in this test");
      }
    }
  }

  private static INDArray random(DataType type, int length) {
    double[] numbers = new Random(length).doubles(length, -1, 1).toArray();
    return Nd4j.createFromArray(numbers).castTo(type);
  }

  private static double[] exactly(INDArray numbers) {
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal squares = BigDecimal.ZERO;
    for (double number : numbers.castTo(DataType.DOUBLE).toDoubleVector()) {
      BigDecimal exact = new BigDecimal(number);
      sum = sum.add(exact);
      squares = squares.add(exact.multiply(exact));
    }
    return new double[] {sum.doubleValue(), squares.doubleValue()};
  }

  /**
   * Around the ends of tiles, pieces, and ranges of threads. A part of 512 numbers, in four sums,
   * adds 130 roundings of at most 2⁻⁵³ of its sum of absolute values; up to 64 parts to a piece and
   * all pieces to the total add 200 more. So the error is below 330 roundings of the length.
   */
  @ParameterizedTest
  @CsvSource({
    "1", "3", "511", "512", "513", "16383", "16385", "32767", "32768", "32769", "131329", "280001"
  })
  void coverEveryParameterOnce(int length) {
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      INDArray gradient = random(type, length);
      double[] expected = exactly(gradient);

      double[] sums = new Engine.Tiles(Nd4j.zeros(type, length)).apply(new Summing(), gradient);

      assertThat(sums).containsExactly(expected, within(330 * 0x1p-53 * length));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void doNotDependOnThreadsOrBuffers(DataType type) {
    int length = 5 * (1 << 17) + 1_001;
    INDArray gradient = random(type, length);
    double[] expected = sums(type, gradient, 1, 1 << 27);
    assertThat(expected[1]).isCloseTo(length / 3.0, within(1e-2 * length));

    for (int run = 0; run < 5; run++) {
      assertThat(sums(type, gradient, 2, 1 << 27)).isEqualTo(expected);
      assertThat(sums(type, gradient, 5, 1 << 27)).isEqualTo(expected);
      assertThat(sums(type, gradient, 3, 1 << 18)).isEqualTo(expected);
    }
  }

  private static double[] sums(DataType type, INDArray gradient, int threads, int buffer) {
    INDArray state = Nd4j.zeros(type, gradient.length());
    return new Engine.Tiles(threads, buffer, state).apply(new Summing(), gradient.dup());
  }

  @Test
  void startAnewInEveryStep() {
    Engine.Tiles tiles = new Engine.Tiles(Nd4j.zeros(DataType.FLOAT, 3));

    assertThat(tiles.apply(new Summing(), Nd4j.ones(DataType.FLOAT, 3))).containsExactly(3, 3);
    assertThat(tiles.apply(new Summing(), Nd4j.valueArrayOf(new long[] {3}, 2f)))
        .containsExactly(6, 12);
  }

  /** Small integers, which every type holds. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE", "BFLOAT16", "HALF"})
  void areWhatTheRuleRemembersFromOnEveryBackend(DataType type) {
    Remembering config = new Remembering();
    INDArray view = Nd4j.zeros(type, config.stateSize(4));
    INDArray other = view.dup();

    config
        .instantiate(view, true)
        .applyUpdater(Nd4j.createFromArray(1.0, 2, -4, 8).castTo(type), 0, 0);
    Engine.onAnotherBackend(config, other)
        .applyUpdater(Nd4j.createFromArray(1.0, 2, -4, 8).castTo(type), 0, 0);

    for (INDArray state : List.of(view, other)) {
      Scalars remembered = StateLayout.of(config).scalars(state);
      assertThat(remembered.get(0)).isEqualTo(7);
      assertThat(remembered.get(1)).isEqualTo(85);
    }
  }

  @Test
  void areNotRememberedWhenAStepIsSkipped() {
    Remembering config = new Remembering();
    INDArray view = Nd4j.zeros(DataType.FLOAT, config.stateSize(2));
    GradientUpdater<?> updater = config.instantiate(view, true);
    updater.applyUpdater(Nd4j.createFromArray(1f, 2f), 0, 0);
    INDArray before = view.dup();

    updater.applyUpdater(Nd4j.createFromArray(1f, Float.NaN), 1, 0);

    assertThat(view).isEqualTo(before);
  }

  @Test
  void aRuleWithoutAFormulaIsRefused() {
    Rule rule = new Rule() {};
    Engine.Tiles tiles = new Engine.Tiles(Nd4j.zeros(DataType.FLOAT, 3));

    assertThatThrownBy(() -> tiles.apply(rule, Nd4j.ones(DataType.FLOAT, 3)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageEndingWith("must have a formula");
  }
}
