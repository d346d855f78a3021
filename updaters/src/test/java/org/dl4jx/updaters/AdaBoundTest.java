package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.dl4jx.updaters.engine.Engine;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;

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

  /** The step of Adam if it is not clipped, otherwise a bound times the greatest average. */
  @Override
  double bound(UpdaterConfiguration updater, int iteration, double largest) {
    AdaBound bound = (AdaBound) updater;
    double limit =
        bound.getFinalLearningRate()
            * bound.getLearningRate(iteration, 0)
            / bound.getBaseLearningRate();
    double t = bound.getGamma() * (iteration + 1);
    double lower = limit * (1 - 1 / (t + 1)) * largest;
    double upper = limit * (1 + 1 / t) * largest;
    return Math.max(lower, Math.min(upper, boundOfAdam(bound, iteration, largest)));
  }

  /**
   * Bounds that are wide open do not clip. Epsilon is so small that it does not matter where it is
   * added.
   */
  @Override
  Stream<Simpler> simpler() {
    AdaBound.Builder open = AdaBound.builder().gamma(1e-15).finalLearningRate(1).epsilon(1e-30);
    return Stream.of(
        new Simpler("bounds", open.build(), Adam.builder().epsilon(1e-30).build(), 1e-15),
        new Simpler(
            "bounds of AMSBound",
            open.amsBound(true).build(),
            AMSGrad.builder().epsilon(1e-30).build(),
            1e-15));
  }

  @Override
  Stream<UpdaterConfiguration> withConstantBeta1() {
    return Stream.of(
        new AdaBound(),
        AdaBound.builder()
            .learningRate(2e-3)
            .baseLearningRate(3e-3)
            .amsBound(true)
            .beta1(0.8)
            .beta2(0.9)
            .gamma(0.1)
            .weightDecay(0)
            .build(),
        AdaBound.builder()
            .learningRateSchedule(SCHEDULE)
            .baseLearningRate(0.015)
            .finalLearningRate(0.02)
            .gamma(0.05)
            .build(),
        AdaBound.builder().epsilon(1e-4).epsilonInsideRoot(true).gamma(0.01).build(),
        AdaBound.builder().epsilon(1e-3).epsilonInsideRoot(true).amsBound(true).build());
  }

  @Override
  Reference reference(UpdaterConfiguration updater) {
    AdaBound bound = (AdaBound) updater;
    return (g, state, iteration) -> {
      int t = iteration + 1;
      double beta1 = beta1(bound, iteration);
      double rate = bound.getLearningRate(iteration, 0);
      double limit = bound.getFinalLearningRate() * rate / bound.getBaseLearningRate();
      double lower = limit * (1 - 1 / (bound.getGamma() * t + 1));
      double upper = limit * (1 + 1 / (bound.getGamma() * t));
      double corrected =
          rate * Math.sqrt(1 - Math.pow(bound.getBeta2(), t)) / (1 - Math.pow(beta1, t));
      double[] m = state[0];
      double[] v = state[1];
      for (int i = 0; i < g.length; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
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

  private static final double FINAL = 0.05;
  private static final double GAMMA = 0.005;

  /** Clips to the upper bound in the last steps, and does not clip in most others. */
  @Override
  AdaptiveUpdater.Builder<?> underOneCycle(double maxLearningRate) {
    return AdaBound.builder()
        .finalLearningRate(FINAL)
        .baseLearningRate(maxLearningRate)
        .gamma(GAMMA);
  }

  /** The authors' implementation for PyTorch, where {@code base_lr} is the maximum of the cycle. */
  @Override
  Torch torch() {
    return (grad, state, step, lr, beta1, beta2, eps) -> {
      double[] expAvg = state[0];
      double[] expAvgSq = state[1];
      double biasCorrection1 = 1 - Math.pow(beta1, step);
      double biasCorrection2 = 1 - Math.pow(beta2, step);
      double stepSize = lr * Math.sqrt(biasCorrection2) / biasCorrection1;
      double finalLr = FINAL * lr / TorchOneCycle.MAX_LR;
      double lowerBound = finalLr * (1 - 1 / (GAMMA * step + 1));
      double upperBound = finalLr * (1 + 1 / (GAMMA * step));
      double[] update = new double[grad.length];
      for (int i = 0; i < grad.length; i++) {
        expAvg[i] = expAvg[i] * beta1 + (1 - beta1) * grad[i];
        expAvgSq[i] = expAvgSq[i] * beta2 + (1 - beta2) * grad[i] * grad[i];
        double denom = Math.sqrt(expAvgSq[i]) + eps;
        update[i] = Math.min(Math.max(stepSize / denom, lowerBound), upperBound) * expAvg[i];
      }
      return update;
    };
  }

  /** Small gradients hit the upper bound, large ones the lower bound; in between, it is Adam. */
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

  /** At t = 10⁷ and γ = 0.5, both bounds are within 2e-7 of the final learning rate. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isSgdWithMomentumAtTheFinalLearningRateLateInTraining(boolean amsBound) {
    AdaBound bound =
        AdaBound.builder().finalLearningRate(0.3).gamma(0.5).amsBound(amsBound).build();
    INDArray[] state =
        Stream.generate(() -> Nd4j.zeros(3).castTo(DataType.DOUBLE))
            .limit(Engine.arrays(bound))
            .toArray(INDArray[]::new);
    double[] momentum = new double[3];
    Random random = new Random(3);

    for (int t = 10_000_000; t < 10_000_100; t++) {
      double[] gradient = random.doubles(3, -1, 1).toArray();
      INDArray g = Nd4j.createFromArray(gradient);
      new Engine.Tiles(state).apply(Engine.rule(bound, t, 0), g);
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

  /** For a gradient of 1, where m is 0.1 in the first step. */
  private static double lateUpdate(AdaBound bound) {
    INDArray g = Nd4j.createFromArray(1.0);
    INDArray[] state = {
      Nd4j.zeros(1).castTo(DataType.DOUBLE), Nd4j.zeros(1).castTo(DataType.DOUBLE)
    };
    new Engine.Tiles(state).apply(Engine.rule(bound, 1_000_000_000, 0), g);
    return g.getDouble(0);
  }

  @Test
  void requiresABaseLearningRateWithASchedule() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdaBound.builder().learningRateSchedule(SCHEDULE).build())
        .withMessageContaining("baseLearningRate must be set with a learning-rate schedule");
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

  @Test
  void constructorsKeepOtherDefaults() {
    assertThat(new AdaBound(0.02)).isEqualTo(AdaBound.builder().learningRate(0.02).build());
    assertThat(new AdaBound(0.02, 0.3))
        .isEqualTo(AdaBound.builder().learningRate(0.02).finalLearningRate(0.3).build());
    assertThat(new AdaBound(SCHEDULE, 0.3, 0.01))
        .isEqualTo(
            AdaBound.builder()
                .learningRateSchedule(SCHEDULE)
                .finalLearningRate(0.3)
                .baseLearningRate(0.01)
                .build());
  }

  @Test
  void tellsTheFinalLearningRateFromAWeightDecay() {
    assertThat(new AdaBound(1e-3, 0.01).toString())
        .startsWith("AdaBound(learningRate=0.001, finalLearningRate=0.01, weightDecay=0.0, ");
  }

  @Test
  void refusesANullSchedule() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdaBound(null, 0.1, 0.01))
        .withMessage("learningRate must not be null");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-310, 1, -0.5, Double.NaN, Double.POSITIVE_INFINITY})
  void namesABadGamma(double gamma) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdaBound.builder().gamma(gamma).build())
        .withMessage("gamma must be in [2.2250738585072014E-308, 1), but was " + gamma);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.5, Double.NaN, Double.POSITIVE_INFINITY})
  void namesABadFinalLearningRate(double rate) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdaBound(0.1, rate))
        .withMessage("finalLearningRate must be a finite number >= 0, but was " + rate);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdaBound(SCHEDULE, rate, 0.1))
        .withMessage("finalLearningRate must be a finite number >= 0, but was " + rate);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, Double.NaN, Double.POSITIVE_INFINITY})
  void namesABadBaseLearningRate(double rate) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdaBound.builder().baseLearningRate(rate).build())
        .withMessage("baseLearningRate must be a finite number > 0, but was " + rate);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdaBound(SCHEDULE, 0.1, rate))
        .withMessage("baseLearningRate must be a finite number > 0, but was " + rate);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdaBound(0))
        .withMessage("learningRate must be a finite number > 0, but was 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdaBound(0, 0.1))
        .withMessage("learningRate must be a finite number > 0, but was 0.0");
  }
}
