package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.dl4jx.updaters.engine.NonFinitePolicy;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;

class AdamWDecoupledTest extends UpdaterContract {

  @Override
  Stream<UpdaterConfiguration> variants() {
    return Stream.of(
        AdamWDecoupled.builder().weightDecay(0).build(),
        AdamWDecoupled.builder()
            .learningRateSchedule(SCHEDULE)
            .weightDecay(0)
            .nonFiniteGradients(NonFinitePolicy.SKIP)
            .build(),
        AdamWDecoupled.builder()
            .learningRate(0.01)
            .beta1(0.5)
            .beta2(0.9)
            .epsilon(1e-3)
            .weightDecay(0)
            .build(),
        AdamWDecoupled.builder().weightDecay(0).epsilon(1e-4).epsilonInsideRoot(true).build());
  }

  @Override
  Reference reference(UpdaterConfiguration updater) {
    AdamWDecoupled adam = (AdamWDecoupled) updater;
    return (g, state, iteration) -> {
      int t = iteration + 1;
      double[] m = state[0];
      double[] v = state[1];
      for (int i = 0; i < g.length; i++) {
        m[i] = adam.getBeta1() * m[i] + (1 - adam.getBeta1()) * g[i];
        v[i] = adam.getBeta2() * v[i] + (1 - adam.getBeta2()) * g[i] * g[i];
        double mHat = m[i] / (1 - Math.pow(adam.getBeta1(), t));
        double vHat = v[i] / (1 - Math.pow(adam.getBeta2(), t));
        double denominator =
            adam.isEpsilonInsideRoot()
                ? Math.sqrt(vHat + adam.getEpsilon())
                : Math.sqrt(vHat) + adam.getEpsilon();
        g[i] = adam.getLearningRate(iteration, 0) * mHat / denominator;
      }
    };
  }

  private static INDArray firstUpdate(UpdaterConfiguration updater, double... gradient) {
    INDArray g = Nd4j.createFromArray(gradient);
    updater
        .instantiate(Nd4j.zeros(DataType.DOUBLE, 2L * gradient.length), true)
        .applyUpdater(g, 0, 0);
    return g;
  }

  /** Bias correction makes m̂ = g and v̂ = g² in the first step. */
  @Test
  void firstStepIsTheLearningRateWhateverTheSizeOfTheGradient() {
    INDArray update = firstUpdate(new AdamWDecoupled(0.1, 0), 1e3, -1e-3, 0);

    assertThat(update.toDoubleVector()).containsExactly(new double[] {0.1, -0.1, 0}, within(1e-6));
  }

  /** g = 3e-4, ε = 1e-8: √(g² + ε) = √(10e-8), but √g² + ε = 3.0001e-4. */
  @Test
  void epsilonInsideTheRootDampsGradientsBelowItsRoot() {
    var outside = AdamWDecoupled.builder().learningRate(1).weightDecay(0);
    var inside = AdamWDecoupled.builder().learningRate(1).weightDecay(0).epsilonInsideRoot(true);

    assertThat(firstUpdate(outside.build(), 3e-4).getDouble(0))
        .isCloseTo(3e-4 / 3.0001e-4, within(1e-12));
    assertThat(firstUpdate(inside.build(), 3e-4).getDouble(0))
        .isCloseTo(3e-4 / Math.sqrt(10e-8), within(1e-12));
  }

  @Test
  void defaultsAreThoseOfPyTorch() {
    AdamWDecoupled adam = new AdamWDecoupled();

    assertThat(adam.getLearningRate()).isEqualTo(1e-3);
    assertThat(adam.getBeta1()).isEqualTo(0.9);
    assertThat(adam.getBeta2()).isEqualTo(0.999);
    assertThat(adam.getEpsilon()).isEqualTo(1e-8);
    assertThat(adam.getWeightDecay()).isEqualTo(0.01);
    assertThat(adam.isEpsilonInsideRoot()).isFalse();
    assertThat(adam.getNonFiniteGradients()).isEqualTo(NonFinitePolicy.FAIL);
    assertThat(adam).isEqualTo(AdamWDecoupled.builder().build());
  }

  @Test
  void refusesToTrainWithADecayThatNoLayerKnowsOf() {
    GradientUpdater<?> updater =
        new AdamWDecoupled(1e-3, 0.02).instantiate(Nd4j.zeros(DataType.FLOAT, 4), true);
    INDArray gradient = Nd4j.ones(DataType.FLOAT, 2);

    assertThatIllegalStateException()
        .isThrownBy(() -> updater.applyUpdater(gradient, 0, 0))
        .withMessageContaining("AdamWDecoupled has weightDecay 0.02")
        .withMessageContaining("DecoupledDecay.attach(");
    assertThat(gradient).isEqualTo(Nd4j.ones(DataType.FLOAT, 2));
  }

  @ParameterizedTest
  @MethodSource
  void namesTheBadArgumentItsValueAndTheRange(
      Function<AdamWDecoupled.Builder, AdamWDecoupled.Builder> set, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> set.apply(AdamWDecoupled.builder()).build())
        .withMessage(message);
  }

  static Stream<Arguments> namesTheBadArgumentItsValueAndTheRange() {
    double nan = Double.NaN;
    double inf = Double.POSITIVE_INFINITY;
    Stream<Arguments> rates =
        Stream.of(-0.1, 1.0, 1.5, nan, inf)
            .flatMap(
                x ->
                    Stream.of(
                        bad(b -> b.beta1(x), "beta1 is " + x + "; allowed is 0 <= beta1 < 1"),
                        bad(b -> b.beta2(x), "beta2 is " + x + "; allowed is 0 <= beta2 < 1")));
    Stream<Arguments> notNegative =
        Stream.of(-1e-9, nan, inf, -inf)
            .flatMap(
                x ->
                    Stream.of(
                        bad(b -> b.learningRate(x), "learningRate is " + x + NOT_NEGATIVE),
                        bad(b -> b.weightDecay(x), "weightDecay is " + x + NOT_NEGATIVE)));
    Stream<Arguments> positive =
        Stream.of(0.0, -1e-9, nan, inf)
            .map(
                x ->
                    bad(b -> b.epsilon(x), "epsilon is " + x + "; allowed is a finite number > 0"));
    Stream<Arguments> given =
        Stream.of(
            bad(
                b -> b.nonFiniteGradients(null),
                "nonFiniteGradients is null; allowed is anything but null"));
    return Stream.of(rates, notNegative, positive, given).flatMap(s -> s);
  }

  private static final String NOT_NEGATIVE = "; allowed is a finite number >= 0";

  private static Arguments bad(
      Function<AdamWDecoupled.Builder, AdamWDecoupled.Builder> set, String message) {
    return Arguments.of(set, message);
  }

  @Test
  void refusesANullSchedule() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdamWDecoupled((ISchedule) null, 0))
        .withMessageContaining("learningRate is null");
  }

  @Test
  void refusesAConfigurationWithBadNumbersInJson() {
    String json = Networks.mlp(new AdamWDecoupled(1e-3, 0)).toJson().replace("0.999", "1.999");

    assertThatThrownBy(() -> MultiLayerConfiguration.fromJson(json))
        .hasMessageContaining("beta2 is 1.999; allowed is 0 <= beta2 < 1");
  }

  @Test
  void namesTheScheduleThatGivesABadRate() {
    AdamWDecoupled adam = new AdamWDecoupled(new FixedSchedule(-0.5), 0);

    assertThatIllegalStateException()
        .isThrownBy(() -> firstUpdate(adam, 1))
        .withMessageContaining("learning rate is -0.5 at iteration 0, epoch 0")
        .withMessageContaining("FixedSchedule");
  }
}
