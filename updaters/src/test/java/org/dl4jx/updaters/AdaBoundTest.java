package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.dl4jx.updaters.engine.NonFinitePolicy;
import org.dl4jx.updaters.engine.Rules;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AdaBoundTest extends AdaptiveUpdaterContract {

  @Override
  AdaptiveUpdater.Builder<?> builder() {
    return AdaBound.builder();
  }

  @Override
  UpdaterConfiguration random(Random random, NonFinitePolicy policy) {
    AdaBound.Builder builder = AdaBound.builder();
    randomize(builder, random, policy);
    return builder
        .finalLearningRate(random.nextDouble())
        .gamma(1e-4 + 0.9 * random.nextDouble())
        .amsBound(random.nextBoolean())
        .build();
  }

  /** The upper bound times the greatest that an average of gradients can be. */
  @Override
  double bound(UpdaterConfiguration updater, int iteration, double largest) {
    AdaBound bound = (AdaBound) updater;
    return bound.getFinalLearningRate() * (1 + 1 / (bound.getGamma() * (iteration + 1))) * largest;
  }

  @Override
  Stream<UpdaterConfiguration> variants() {
    return Stream.of(
        new AdaBound(),
        AdaBound.builder().amsBound(true).beta2(0.9).gamma(0.1).build(),
        AdaBound.builder()
            .learningRateSchedule(SCHEDULE)
            .baseLearningRate(1e-2)
            .finalLearningRate(0.02)
            .gamma(0.05)
            .build(),
        AdaBound.builder().epsilon(1e-4).epsilonInsideRoot(true).gamma(0.01).build());
  }

  @Override
  Reference reference(UpdaterConfiguration updater) {
    AdaBound bound = (AdaBound) updater;
    return (g, state, iteration) -> {
      int t = iteration + 1;
      double rate = bound.getLearningRate(iteration, 0);
      double limit = bound.getFinalLearningRate() * rate / bound.getBaseLearningRate();
      double lower = limit * (1 - 1 / (bound.getGamma() * t + 1));
      double upper = limit * (1 + 1 / (bound.getGamma() * t));
      double corrected =
          rate * Math.sqrt(1 - Math.pow(bound.getBeta2(), t)) / (1 - Math.pow(bound.getBeta1(), t));
      double[] m = state[0];
      double[] v = state[1];
      for (int i = 0; i < g.length; i++) {
        m[i] = bound.getBeta1() * m[i] + (1 - bound.getBeta1()) * g[i];
        v[i] = bound.getBeta2() * v[i] + (1 - bound.getBeta2()) * g[i] * g[i];
        double second = v[i];
        if (bound.isAmsBound()) {
          state[2][i] = Math.max(state[2][i], v[i]);
          second = state[2][i];
        }
        double denominator =
            bound.isEpsilonInsideRoot()
                ? Math.sqrt(second + bound.getEpsilon())
                : Math.sqrt(second) + bound.getEpsilon();
        g[i] = Math.min(Math.max(corrected / denominator, lower), upper) * m[i];
      }
    };
  }

  /** With epsilon out of the way: the two place it differently. */
  @Test
  void followsAdamWhileItsBoundsAreWideOpen() {
    AdaBound open = AdaBound.builder().gamma(1e-12).finalLearningRate(1).epsilon(1e-30).build();
    AdamWDecoupled adam = AdamWDecoupled.builder().weightDecay(0).epsilon(1e-30).build();
    INDArray[] ours = {
      Nd4j.zeros(5).castTo(DataType.DOUBLE), Nd4j.zeros(5).castTo(DataType.DOUBLE)
    };
    INDArray[] adams = {
      Nd4j.zeros(5).castTo(DataType.DOUBLE), Nd4j.zeros(5).castTo(DataType.DOUBLE)
    };
    Random random = new Random(2);

    for (int t = 0; t < 100; t++) {
      INDArray g = Nd4j.createFromArray(random.doubles(5, -1, 1).toArray());
      INDArray expected = g.dup();
      Rules.of(open, t, 0).apply(g, ours);
      Rules.of(adam, t, 0).apply(expected, adams);
      assertThat(g.toDoubleVector())
          .containsExactly(expected.toDoubleVector(), within(1e-3 * 1e-12));
    }
  }

  /** Small gradients run into the upper bound, large ones into the lower; in the middle is Adam. */
  @Test
  void clipsTheStepSizeOnBothSides() {
    AdaBound bound = AdaBound.builder().learningRate(1).finalLearningRate(1).gamma(0.5).build();
    double upper = 1 + 1 / 0.5;
    double lower = 1 - 1 / (0.5 + 1);

    INDArray update = firstUpdate(bound, 1e-3, 1, 1e3);

    double m = 1 - bound.getBeta1();
    double adam = 1 / (1 - bound.getBeta1());
    assertThat(adam).as("unclipped, for a gradient of 1").isGreaterThan(upper);
    assertThat(update.toDoubleVector())
        .containsExactly(new double[] {upper * m * 1e-3, upper * m, lower * m * 1e3}, within(1e-9));
  }

  /** At t = 10⁷ and γ = 0.5 both bounds are within 2e-7 of the final learning rate. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isSgdWithMomentumAtTheFinalLearningRateLateInTraining(boolean amsBound) {
    AdaBound bound =
        AdaBound.builder().finalLearningRate(0.3).gamma(0.5).amsBound(amsBound).build();
    INDArray[] state =
        Stream.generate(() -> Nd4j.zeros(3).castTo(DataType.DOUBLE))
            .limit(bound.stateSize(1))
            .toArray(INDArray[]::new);
    double[] momentum = new double[3];
    Random random = new Random(3);

    for (int t = 10_000_000; t < 10_000_100; t++) {
      double[] gradient = random.doubles(3, -1, 1).toArray();
      INDArray g = Nd4j.createFromArray(gradient);
      Rules.of(bound, t, 0).apply(g, state);
      for (int i = 0; i < 3; i++) {
        momentum[i] = 0.9 * momentum[i] + 0.1 * gradient[i];
        assertThat(g.getDouble(i)).isCloseTo(0.3 * momentum[i], within(0.3 * 2e-7));
      }
    }
  }

  @Test
  void finalLearningRateFollowsALearningRateThatIsSetLater() {
    AdaBound bound = new AdaBound(0.01, 0.1);
    bound.setLrAndSchedule(0.001, null);

    assertThat(bound.getBaseLearningRate()).isEqualTo(0.01);
    assertThat(lateUpdate(bound)).isCloseTo(0.01 * 0.1, within(1e-6));
  }

  /** Of a gradient of 1, whose m is 0.1 in its first step. */
  private static double lateUpdate(AdaBound bound) {
    INDArray g = Nd4j.createFromArray(1.0);
    INDArray[] state = {
      Nd4j.zeros(1).castTo(DataType.DOUBLE), Nd4j.zeros(1).castTo(DataType.DOUBLE)
    };
    Rules.of(bound, 1_000_000_000, 0).apply(g, state);
    return g.getDouble(0);
  }

  @Test
  void asksForTheBaseOfASchedule() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdaBound.builder().learningRateSchedule(SCHEDULE).build())
        .withMessageContaining("baseLearningRate is null")
        .withMessageContaining("which a learning-rate schedule needs");
  }

  @Test
  void hasTheDefaultsOfThePaper() {
    AdaBound bound = new AdaBound();

    assertThat(bound.getLearningRate()).isEqualTo(1e-3);
    assertThat(bound.getFinalLearningRate()).isEqualTo(0.1);
    assertThat(bound.getGamma()).isEqualTo(1e-3);
    assertThat(bound.isAmsBound()).isFalse();
    assertThat(bound.getWeightDecay()).isZero();
    assertThat(bound).isEqualTo(new AdaBound(1e-3, 0.1));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-310, 1, -0.5, Double.NaN, Double.POSITIVE_INFINITY})
  void namesABadGamma(double gamma) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdaBound.builder().gamma(gamma).build())
        .withMessage("gamma is " + gamma + "; allowed is 0 < gamma < 1");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.5, Double.NaN, Double.POSITIVE_INFINITY})
  void namesABadFinalLearningRate(double rate) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdaBound(0.1, rate))
        .withMessage("finalLearningRate is " + rate + "; allowed is a finite number >= 0");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, Double.NaN, Double.POSITIVE_INFINITY})
  void namesABadBaseLearningRate(double rate) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdaBound.builder().baseLearningRate(rate).build())
        .withMessageStartingWith(
            "baseLearningRate is " + rate + "; allowed is a finite number > 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdaBound(0, 0.1))
        .withMessage("learningRate is 0.0; allowed is a finite number > 0");
  }
}
