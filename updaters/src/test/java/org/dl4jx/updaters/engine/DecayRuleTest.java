package org.dl4jx.updaters.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

/** A rule may let the decay reach its state. */
class DecayRuleTest {
  private static final double DECAY = 0.125;

  /** Sums up what its update was in {@code TOTAL}, the decay twice. */
  private static final class Totalling extends UpdaterConfiguration {
    private static final long serialVersionUID = 1L;

    Totalling() {
      super(new Builder());
    }

    @Override
    protected List<String> stateNames() {
      return List.of("OTHER", "TOTAL");
    }

    @Override
    protected double decay(Step step) {
      return DECAY;
    }

    @Override
    protected Rule rule(Step step) {
      return new Rule() {
        @Override
        public <C extends Cells<C>> void apply(C g, List<C> state) {
          state.get(1).add(1, g);
        }

        @Override
        public <C extends Cells<C>> void decay(double decay, C w, C g, List<C> state) {
          g.add(decay, w);
          state.get(1).add(2 * decay, w);
        }
      };
    }

    private static final class Builder extends UpdaterConfiguration.Builder<Builder> {
      Builder() {
        super(1);
      }

      @Override
      public Totalling build() {
        throw new UnsupportedOperationException("not needed in this test");
      }
    }
  }

  private static INDArray part(INDArray array, long from, long to) {
    return array.get(NDArrayIndex.interval(from, to));
  }

  /** All of the weights decay, or those before or after a point, or those between two. */
  @ParameterizedTest
  @CsvSource({
    "1, 0, 1",
    "700, 0, 700",
    "700, 0, 512",
    "700, 512, 700",
    "700, 100, 101",
    "2000, 511, 1537",
    "300000, 0, 300000",
    "300000, 70001, 280003"
  })
  void changesUpdateAndStateAlikeOnAllPaths(int length, int from, int to) {
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      Totalling config = new Totalling();
      INDArray view = Nd4j.zeros(type, config.stateSize(length));
      INDArray otherView = view.dup();
      GradientUpdater<?> tiles = config.instantiate(view, true);
      GradientUpdater<?> operations = Engine.onAnotherBackend(config, otherView);
      Random random = new Random(length);
      double[] total = new double[length];
      INDArray weights = drawn(random, type, length);
      for (int step = 0; step < 3; step++) {
        INDArray drawn = drawn(random, type, length);
        double[] expected = drawn.castTo(DataType.DOUBLE).toDoubleVector();
        for (int i = 0; i < length; i++) {
          double decay = i >= from && i < to ? DECAY * weights.getDouble(i) : 0;
          total[i] += expected[i] + 2 * decay;
          expected[i] += decay;
        }
        INDArray g = drawn.dup();
        INDArray h = drawn.dup();

        step(tiles, g, weights, from, to, step);
        step(operations, h, weights, from, to, step);

        // Sums of at most nine numbers below 1.
        double rounding = 81 * (type == DataType.FLOAT ? 0x1p-24 : 0x1p-53);
        assertClose(g, expected, rounding);
        assertClose(h, expected, rounding);
        assertClose(part(view, length, 2L * length), total, rounding);
        assertClose(part(otherView, length, 2L * length), total, rounding);
      }
      assertThat(part(view, 0, length)).isEqualTo(Nd4j.zeros(type, length));
      assertThat(part(otherView, 0, length)).isEqualTo(Nd4j.zeros(type, length));
    }
  }

  private static void step(
      GradientUpdater<?> updater, INDArray g, INDArray weights, int from, int to, int step) {
    ShownWeights.show(null, weights, g, from, to, null, step, 0);
    updater.applyUpdater(g, step, 0);
  }

  private static INDArray drawn(Random random, DataType type, int length) {
    return Nd4j.createFromArray(random.doubles(length, -1, 1).toArray()).castTo(type);
  }

  private static void assertClose(INDArray actual, double[] expected, double rounding) {
    double[] numbers = actual.castTo(DataType.DOUBLE).toDoubleVector();
    double apart =
        IntStream.range(0, expected.length)
            .mapToDouble(i -> Math.abs(numbers[i] - expected[i]))
            .max()
            .orElseThrow();
    assertThat(apart).isCloseTo(0, within(rounding));
  }

  /** Weights in another order or type are not read in tiles. */
  @ParameterizedTest
  @CsvSource({"FLOAT, DOUBLE", "DOUBLE, FLOAT"})
  void changesUpdateAndStateWithWeightsOfAnotherType(DataType type, DataType ofWeights) {
    Totalling config = new Totalling();
    INDArray view = Nd4j.zeros(type, config.stateSize(6));
    INDArray weights = Nd4j.linspace(1, 6, 6, ofWeights);
    INDArray g = Nd4j.ones(type, 6);

    step(config.instantiate(view, true), g, weights, 2, 5, 0);

    assertThat(g.castTo(DataType.DOUBLE).toDoubleVector())
        .containsExactly(1, 1, 1.375, 1.5, 1.625, 1);
    assertThat(part(view, 6, 12).castTo(DataType.DOUBLE).toDoubleVector())
        .containsExactly(1, 1, 1.75, 2, 2.25, 1);
  }
}
