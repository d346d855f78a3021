package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.dl4jx.updaters.engine.Engine;
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

/** What holds for every relative of Adam. */
abstract class AdaptiveUpdaterContract extends UpdaterContract {

  abstract AdaptiveUpdater.Builder<?> builder();

  /** Sets what all relatives of Adam have, without a decay. */
  static void randomize(AdaptiveUpdater.Builder<?> builder, Random random, NonFinitePolicy policy) {
    builder
        .learningRate(Math.pow(10, -4 * random.nextDouble()))
        .beta1(random.nextInt(5) == 0 ? 0 : 0.99 * random.nextDouble())
        .beta2(random.nextInt(5) == 0 ? 0 : 1 - Math.pow(10, -7 * random.nextDouble()))
        .epsilon(Math.pow(10, -10 * random.nextDouble()))
        .epsilonInsideRoot(random.nextBoolean())
        .weightDecay(0)
        .nonFiniteGradients(policy);
  }

  /**
   * The greatest {@code η m̂ / √v̂}, by the inequality of Cauchy and Schwarz: {@code |m| = (1 - β1)
   * Σ β1ⁱ |g| <= (1 - β1) √(Σ (β1² / β2)ⁱ) √(Σ β2ⁱ g²)}, where the last root is {@code √(v / (1 -
   * β2))}. For β2 = 0, v knows the last gradient only, and epsilon has to bound the rest.
   */
  static double boundOfAdam(AdaptiveUpdater updater, int iteration, double largest) {
    int t = iteration + 1;
    double ratio = updater.getBeta1() * updater.getBeta1() / updater.getBeta2();
    double sum = 0;
    double term = 1;
    for (int i = 0; i < t; i++) {
      sum += term;
      term *= ratio;
    }
    double corrections =
        Math.sqrt(1 - Math.pow(updater.getBeta2(), t)) / (1 - Math.pow(updater.getBeta1(), t));
    double byAverages =
        (1 - updater.getBeta1()) * Math.sqrt(sum / (1 - updater.getBeta2())) * corrections;
    double byEpsilon =
        largest
            / (updater.isEpsilonInsideRoot()
                ? Math.sqrt(updater.getEpsilon())
                : updater.getEpsilon());
    return updater.getLearningRate(iteration, 0)
        * (byAverages < byEpsilon ? byAverages : byEpsilon);
  }

  @Override
  Stream<UpdaterConfiguration> decaying() {
    return Stream.of(builder().weightDecay(0.0125).build());
  }

  @Override
  boolean trains(UpdaterConfiguration updater, DataType type) {
    return type != DataType.FLOAT16;
  }

  /** The update of the first step, in double. */
  static INDArray firstUpdate(UpdaterConfiguration updater, double... gradient) {
    INDArray g = Nd4j.createFromArray(gradient);
    updater
        .instantiate(Nd4j.zeros(DataType.DOUBLE, updater.stateSize(gradient.length)), true)
        .applyUpdater(g, 0, 0);
    return g;
  }

  /** As a warm-up begins. Deeplearning4j's own operation would step by epsilon instead. */
  @Test
  void aLearningRateOfZeroMovesTheAveragesAlone() {
    var updater = builder().weightDecay(0).build();
    updater.setLrAndSchedule(0, null);
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      INDArray view = Nd4j.zeros(type, updater.stateSize(2));
      for (GradientUpdater<?> steps :
          List.of(updater.instantiate(view, true), Engine.onAnotherBackend(updater, view.dup()))) {
        INDArray gradient = Nd4j.ones(type, 2);

        steps.applyUpdater(gradient, 0, 0);

        assertThat(gradient).isEqualTo(Nd4j.zeros(type, 2));
        assertThat(steps.getState().get("M").getDouble(1)).isCloseTo(0.1, within(1e-7));
      }
    }
  }

  private GradientUpdater<?> instantiated(UpdaterConfiguration updater, DataType type) {
    return updater.instantiate(Nd4j.zeros(type, updater.stateSize(2)), true);
  }

  @Test
  void refusesToTrainWithADecayThatNoLayerKnowsOf() {
    var updater = builder().weightDecay(0.02).build();
    INDArray gradient = Nd4j.ones(DataType.FLOAT, 2);

    assertThatIllegalStateException()
        .isThrownBy(() -> instantiated(updater, DataType.FLOAT).applyUpdater(gradient, 0, 0))
        .withMessageContaining(updater.getClass().getSimpleName() + " has weightDecay 0.02")
        .withMessageContaining("DecoupledDecay.attach(");
    assertThat(gradient).isEqualTo(Nd4j.ones(DataType.FLOAT, 2));
  }

  @Test
  void refusesATypeThatCannotHoldSquaredGradients() {
    var updater = builder().weightDecay(0).build();

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                instantiated(updater, DataType.FLOAT16)
                    .applyUpdater(Nd4j.ones(DataType.FLOAT16, 2), 0, 0))
        .withMessageContaining("HALF")
        .withMessageEndingWith("Use FLOAT or DOUBLE (BFLOAT16 works in SameDiff only)");
  }

  @ParameterizedTest
  @MethodSource
  void namesTheBadArgumentItsValueAndTheRange(
      UnaryOperator<AdaptiveUpdater.Builder<?>> set, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> set.apply(builder()).build())
        .withMessage(message);
  }

  static Stream<Arguments> namesTheBadArgumentItsValueAndTheRange() {
    double nan = Double.NaN;
    double inf = Double.POSITIVE_INFINITY;
    String notNegative = " must be a finite number >= 0, but was ";
    Stream<Arguments> rates =
        Stream.of(-0.1, 1.0, 1.5, nan, inf)
            .flatMap(
                x ->
                    Stream.of(
                        bad(b -> b.beta1(x), "beta1 must be in [0, 1), but was " + x),
                        bad(b -> b.beta2(x), "beta2 must be in [0, 1), but was " + x)));
    Stream<Arguments> atLeastZero =
        Stream.of(-1e-9, nan, inf, -inf)
            .flatMap(
                x ->
                    Stream.of(
                        bad(b -> b.learningRate(x), "learningRate" + notNegative + x),
                        bad(b -> b.weightDecay(x), "weightDecay" + notNegative + x)));
    Stream<Arguments> positive =
        Stream.of(0.0, 1e-50, -1e-9, nan, inf)
            .map(
                x ->
                    bad(
                        b -> b.epsilon(x),
                        "epsilon must be a finite number >= 1.17549435E-38, the smallest normal float,"
                            + " but was "
                            + x));
    Stream<Arguments> given =
        Stream.of(bad(b -> b.nonFiniteGradients(null), "nonFiniteGradients must not be null"));
    return Stream.of(rates, atLeastZero, positive, given).flatMap(s -> s);
  }

  private static Arguments bad(UnaryOperator<AdaptiveUpdater.Builder<?>> set, String message) {
    return Arguments.of(set, message);
  }

  @Test
  void refusesAConfigurationWithBadNumbersInJson() {
    String json = Networks.mlp(builder().weightDecay(0).build()).toJson().replace("0.999", "1.999");

    assertThatThrownBy(() -> MultiLayerConfiguration.fromJson(json))
        .hasMessageContaining("beta2 must be in [0, 1), but was 1.999");
  }

  @Test
  void namesTheScheduleThatGivesABadRate() {
    var updater = builder().weightDecay(0).learningRate(0.1).build();
    updater.setLrAndSchedule(Double.NaN, new FixedSchedule(-0.5));

    assertThatIllegalStateException()
        .isThrownBy(() -> firstUpdate(updater, 1))
        .withMessageContaining(
            "learning rate must be a finite number >= 0, but was -0.5 at iteration 0, epoch 0")
        .withMessageContaining("FixedSchedule");
  }
}
