package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.RmsProp;

class LionTest extends UpdaterContract {

  @Override
  Stream<UpdaterConfiguration> chosen() {
    return Stream.of(
        new Lion(1e-4, 0),
        new Lion(SCHEDULE, 0),
        Lion.builder()
            .learningRate(0.01)
            .beta1(0.95)
            .beta2(0.98)
            .weightDecay(0)
            .nonFiniteGradients(NonFinitePolicy.SKIP)
            .build(),
        Lion.builder().beta1(0).beta2(0).weightDecay(0).build());
  }

  @Override
  Stream<UpdaterConfiguration> decaying() {
    return Stream.of(Lion.builder().weightDecay(0.0125).build());
  }

  /**
   * With a β2 of at least 0.1, or of 0, no average gets so close to zero that a backend might take
   * it for zero.
   */
  @Override
  UpdaterConfiguration random(Random random, NonFinitePolicy policy) {
    return Lion.builder()
        .learningRate(Math.pow(10, -4 * random.nextDouble()))
        .beta1(random.nextInt(5) == 0 ? 0 : 0.99 * random.nextDouble())
        .beta2(random.nextInt(5) == 0 ? 0 : 1 - 0.9 * Math.pow(10, -3 * random.nextDouble()))
        .weightDecay(0)
        .nonFiniteGradients(policy)
        .build();
  }

  @Override
  Reference reference(UpdaterConfiguration updater) {
    Lion lion = (Lion) updater;
    return (g, state, iteration) -> {
      double[] m = state[0];
      for (int i = 0; i < g.length; i++) {
        double u = lion.getBeta1() * m[i] + (1 - lion.getBeta1()) * g[i];
        m[i] = lion.getBeta2() * m[i] + (1 - lion.getBeta2()) * g[i];
        g[i] = lion.getLearningRate(iteration, 0) * Math.signum(u);
      }
    };
  }

  /** A sign is at most 1. */
  @Override
  double bound(UpdaterConfiguration updater, int iteration, double largest) {
    return updater.getLearningRate(iteration, 0);
  }

  /**
   * With β1 = 0, the sign of the gradient, as RMSProp gives if it forgets at once. Sixty steps of
   * 1e-4 with 5 roundings of 1.1e-16 differ by at most 4e-18.
   */
  @Override
  Stream<Simpler> simpler() {
    return Stream.of(
        new Simpler(
            "momentum",
            Lion.builder().beta1(0).weightDecay(0).build(),
            new RmsProp(1e-4, 0, 1e-30),
            1e-17));
  }

  private static GradientUpdater<?> instantiated(
      UpdaterConfiguration updater, DataType type, int length) {
    return updater.instantiate(Nd4j.zeros(type, updater.stateSize(length)), true);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE", "BFLOAT16", "HALF"})
  void movesByTheWholeRateUnderAConstantGradient(DataType type) {
    GradientUpdater<?> updater = instantiated(new Lion(0.25, 0), type, 4);

    for (int t = 0; t < 100; t++) {
      INDArray g = Nd4j.createFromArray(3.0, -0.25, 0.0, -1e-4).castTo(type);
      updater.applyUpdater(g, t, 0);
      assertThat(g.castTo(DataType.DOUBLE).toDoubleVector()).containsExactly(0.25, -0.25, 0, -0.25);
    }
  }

  @Test
  void everyUpdateIsTheRateOrZero() {
    GradientUpdater<?> updater = instantiated(new Lion(0.01, 0), DataType.FLOAT, 300);
    Random random = new Random(1);

    for (int t = 0; t < 200; t++) {
      float[] drawn = new float[300];
      for (int i = 0; i < 200; i++) {
        drawn[i] = (float) (random.nextGaussian() * Math.pow(10, 20 * random.nextDouble() - 15));
      }
      INDArray g = Nd4j.createFromArray(drawn);
      updater.applyUpdater(g, t, 0);
      for (int i = 0; i < 300; i++) {
        assertThat(Math.abs(g.getFloat(i))).isEqualTo(i < 200 ? 0.01f : 0);
      }
    }
  }

  /** By a power of two, which changes no rounding, and which 1e-38 and 1e38 are far from. */
  @ParameterizedTest
  @ValueSource(doubles = {0x1p-60, 0x1p-10, 0x1p40})
  void theSizeOfGradientsDoesNotMatter(double factor) {
    Lion lion = new Lion(0.01, 0);
    GradientUpdater<?> usual = instantiated(lion, DataType.FLOAT, 100);
    GradientUpdater<?> scaled = instantiated(lion, DataType.FLOAT, 100);
    Nd4j.getRandom().setSeed(2);

    for (int t = 0; t < 100; t++) {
      INDArray g = Nd4j.randn(DataType.FLOAT, 100);
      INDArray h = g.mul(factor);
      usual.applyUpdater(g, t, 0);
      scaled.applyUpdater(h, t, 0);
      assertThat(h.toFloatVector()).isEqualTo(g.toFloatVector());
    }
  }

  /**
   * After n steps with the gradient 1, m is {@code 1 - β2ⁿ}. The gradient -1 does not turn the step
   * if {@code β1 m > 1 - β1}: with 0.9 and 0.99, if m is above 1/9, from n = 12 on.
   */
  @Test
  void momentumOutvotesAGradientOfTheOtherSign() {
    for (int n : new int[] {11, 12}) {
      GradientUpdater<?> updater = instantiated(new Lion(0.5, 0), DataType.DOUBLE, 1);
      for (int t = 0; t < n; t++) {
        updater.applyUpdater(Nd4j.createFromArray(1.0), t, 0);
      }
      INDArray g = Nd4j.createFromArray(-1.0);
      updater.applyUpdater(g, n, 0);
      assertThat(g.getDouble(0)).isEqualTo(n == 12 ? 0.5 : -0.5);
    }
  }

  @Test
  void movesOnWithoutAGradient() {
    GradientUpdater<?> updater = instantiated(new Lion(0.5, 0), DataType.FLOAT, 1);
    updater.applyUpdater(Nd4j.createFromArray(-1e-3f), 0, 0);

    for (int t = 1; t < 20_000; t++) {
      INDArray g = Nd4j.zeros(DataType.FLOAT, 1);
      updater.applyUpdater(g, t, 0);
      assertThat(g.getFloat(0)).isEqualTo(-0.5f);
    }
  }

  @Test
  void hasTheDefaultsOfThePaper() {
    Lion lion = new Lion();

    assertThat(lion.getLearningRate()).isEqualTo(1e-4);
    assertThat(lion.getBeta1()).isEqualTo(0.9);
    assertThat(lion.getBeta2()).isEqualTo(0.99);
    assertThat(lion.getWeightDecay()).isEqualTo(0.1);
  }

  @ParameterizedTest
  @MethodSource
  void namesTheBadArgumentItsValueAndTheRange(UnaryOperator<Lion.Builder> set, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> set.apply(Lion.builder()).build())
        .withMessage(message);
  }

  static Stream<Arguments> namesTheBadArgumentItsValueAndTheRange() {
    double nan = Double.NaN;
    double inf = Double.POSITIVE_INFINITY;
    String notNegative = " must be a finite number >= 0, but was ";
    Stream<Arguments> rates =
        Stream.of(-0.1, 1.0, nan, inf)
            .flatMap(
                x ->
                    Stream.of(
                        bad(b -> b.beta1(x), "beta1 must be in [0, 1), but was " + x),
                        bad(b -> b.beta2(x), "beta2 must be in [0, 1), but was " + x)));
    Stream<Arguments> atLeastZero =
        Stream.of(-1e-9, nan, inf)
            .flatMap(
                x ->
                    Stream.of(
                        bad(b -> b.learningRate(x), "learningRate" + notNegative + x),
                        bad(b -> b.weightDecay(x), "weightDecay" + notNegative + x)));
    Stream<Arguments> given =
        Stream.of(bad(b -> b.nonFiniteGradients(null), "nonFiniteGradients must not be null"));
    return Stream.of(rates, atLeastZero, given).flatMap(s -> s);
  }

  private static Arguments bad(UnaryOperator<Lion.Builder> set, String message) {
    return Arguments.of(set, message);
  }

  @Test
  void refusesToTrainWithADecayThatWasNotAttached() {
    GradientUpdater<?> updater = instantiated(new Lion(), DataType.FLOAT, 2);

    assertThatIllegalStateException()
        .isThrownBy(() -> updater.applyUpdater(Nd4j.ones(DataType.FLOAT, 2), 0, 0))
        .withMessageContaining("Lion has weightDecay 0.1")
        .withMessageContaining("DecoupledDecay.attach(");
  }
}
