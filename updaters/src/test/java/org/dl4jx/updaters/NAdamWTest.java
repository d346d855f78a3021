package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nadam;

class NAdamWTest extends AdaptiveUpdaterContract {

  @Override
  AdaptiveUpdater.Builder<?> builder() {
    return NAdamW.builder();
  }

  @Override
  UpdaterConfiguration random(Random random, NonFinitePolicy policy) {
    NAdamW.Builder builder = NAdamW.builder();
    randomize(builder, random, policy);
    return builder.build();
  }

  /** In m̂, m counts for {@code β1 / (1 - β1ᵗ⁺¹)} and g for {@code (1 - β1) / (1 - β1ᵗ)}. */
  @Override
  double bound(UpdaterConfiguration updater, int iteration, double largest) {
    AdaptiveUpdater nadam = (AdaptiveUpdater) updater;
    double beta1 = beta1(nadam, iteration);
    return boundOfAdam(
        nadam,
        iteration,
        largest,
        beta1 / (1 - Math.pow(beta1, iteration + 2)),
        (1 - beta1) / (1 - Math.pow(beta1, iteration + 1)));
  }

  /** With an epsilon so small that it does not matter where it is added. */
  @Override
  Stream<Simpler> simpler() {
    return Stream.of(
        new Simpler(
            "momentum",
            NAdamW.builder().weightDecay(0).beta1(0).epsilon(1e-30).build(),
            Adam.builder().beta1(0).epsilon(1e-30).build(),
            1e-15));
  }

  @Override
  Stream<UpdaterConfiguration> withConstantBeta1() {
    return Stream.of(
        NAdamW.builder().weightDecay(0).build(),
        new NAdamW(SCHEDULE, 0),
        NAdamW.builder()
            .learningRate(0.01)
            .beta1(0.5)
            .beta2(0.9)
            .epsilon(1e-3)
            .weightDecay(0)
            .nonFiniteGradients(NonFinitePolicy.SKIP)
            .build(),
        NAdamW.builder().weightDecay(0).epsilon(1e-4).epsilonInsideRoot(true).build());
  }

  @Override
  Reference reference(UpdaterConfiguration updater) {
    NAdamW nadam = (NAdamW) updater;
    return (g, state, iteration) -> {
      int t = iteration + 1;
      double beta1 = beta1(nadam, iteration);
      double[] m = state[0];
      double[] v = state[1];
      for (int i = 0; i < g.length; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = nadam.getBeta2() * v[i] + (1 - nadam.getBeta2()) * g[i] * g[i];
        double mHat =
            beta1 * m[i] / (1 - Math.pow(beta1, t + 1))
                + (1 - beta1) * g[i] / (1 - Math.pow(beta1, t));
        double vHat = v[i] / (1 - Math.pow(nadam.getBeta2(), t));
        double denominator =
            nadam.isEpsilonInsideRoot()
                ? Math.sqrt(vHat + nadam.getEpsilon())
                : Math.sqrt(vHat) + nadam.getEpsilon();
        g[i] = nadam.getLearningRate(iteration, 0) * mHat / denominator;
      }
    };
  }

  /** Optax's {@code scale_by_adam} with {@code nesterov}; PyTorch's NAdam is another formula. */
  @Override
  Torch torch() {
    return (updates, state, countInc, lr, b1, b2, eps) -> {
      double[] mu = state[0];
      double[] nu = state[1];
      double[] scaled = new double[updates.length];
      for (int i = 0; i < updates.length; i++) {
        mu[i] = (1 - b1) * updates[i] + b1 * mu[i];
        nu[i] = (1 - b2) * (updates[i] * updates[i]) + b2 * nu[i];
        double muHat =
            b1 * (mu[i] / (1 - Math.pow(b1, countInc + 1)))
                + (1 - b1) * (updates[i] / (1 - Math.pow(b1, countInc)));
        double nuHat = nu[i] / (1 - Math.pow(b2, countInc));
        scaled[i] = lr * (muHat / (Math.sqrt(nuHat) + eps));
      }
      return scaled;
    };
  }

  /** Without momentum, nothing is ahead. */
  @Test
  void isAdamWWithoutMomentum() {
    NAdamW nadam = NAdamW.builder().learningRate(0.01).beta1(0).weightDecay(0).build();
    AdamWDecoupled adam =
        AdamWDecoupled.builder().learningRate(0.01).beta1(0).weightDecay(0).build();
    GradientUpdater<?> ours =
        nadam.instantiate(Nd4j.zeros(DataType.FLOAT, nadam.stateSize(40)), true);
    GradientUpdater<?> theirs =
        adam.instantiate(Nd4j.zeros(DataType.FLOAT, adam.stateSize(40)), true);

    for (int t = 0; t < 50; t++) {
      INDArray g = Nd4j.randn(DataType.FLOAT, 40);
      INDArray h = g.dup();
      ours.applyUpdater(g, t, 0);
      theirs.applyUpdater(h, t, 0);
      assertThat(g.toFloatVector()).isEqualTo(h.toFloatVector());
    }
  }

  /** m = (1 - β1) g, so m̂ = β1 (1 - β1) g / (1 - β1²) + g = (1 + β1 / (1 + β1)) g. */
  @Test
  void firstStepIsLongerThanTheLearningRate() {
    INDArray update = firstUpdate(new NAdamW(0.1, 0), 1e3, -1e-3, 0);

    double first = 0.1 * (1 + 0.9 / 1.9);
    assertThat(update.toDoubleVector())
        .containsExactly(new double[] {first, -first, 0}, within(1.5e-5 * first));
  }

  /**
   * After many gradients of 1 comes one of -1. In m it counts for 1 - β1, and in m̂ for nearly
   * twice that: {@code m̂ = β1 (β1 - (1 - β1)) - (1 - β1)}, while v̂ stays 1.
   */
  @Test
  void takesTheLastGradientForTheNextOne() {
    NAdamW nadam = NAdamW.builder().learningRate(1).beta1(0.75).weightDecay(0).build();
    GradientUpdater<?> updater =
        nadam.instantiate(Nd4j.zeros(DataType.DOUBLE, nadam.stateSize(1)), true);
    INDArray gradient = Nd4j.ones(DataType.DOUBLE, 1);

    for (int t = 0; t < 400; t++) {
      gradient.assign(t < 399 ? 1 : -1);
      updater.applyUpdater(gradient, t, 0);
    }

    assertThat(gradient.getDouble(0)).isCloseTo(0.75 * 0.5 - 0.25, within(1e-7));
  }

  /** Deeplearning4j's takes {@code (β1 m + (1 - β1) g) / (1 - β1ᵗ)} and does not correct v. */
  @Test
  void differsFromDeeplearning4jsNadam() {
    Nadam nadam = new Nadam(0.1);
    INDArray theirs = Nd4j.createFromArray(4.0);
    nadam
        .instantiate(Nd4j.zeros(DataType.DOUBLE, 1, nadam.stateSize(1)), true)
        .applyUpdater(theirs, 0, 0);

    assertThat(theirs.getDouble(0)).isCloseTo(0.1 * (0.9 + 1) / Math.sqrt(0.001), within(1e-5));
    assertThat(firstUpdate(new NAdamW(0.1, 0), 4).getDouble(0))
        .isCloseTo(0.1 * (0.9 / 1.9 + 1), within(1e-8));
  }

  @Test
  void hasTheDefaultsOfTheDocumentation() {
    NAdamW nadam = new NAdamW();

    assertThat(nadam.getLearningRate()).isEqualTo(1e-3);
    assertThat(nadam.getBeta1()).isEqualTo(0.9);
    assertThat(nadam.getBeta2()).isEqualTo(0.999);
    assertThat(nadam.getEpsilon()).isEqualTo(1e-8);
    assertThat(nadam.getWeightDecay()).isEqualTo(0.01);
    assertThat(nadam.isEpsilonInsideRoot()).isFalse();
    assertThat(nadam).isEqualTo(NAdamW.builder().build());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.5, Double.NaN, Double.POSITIVE_INFINITY})
  void constructorsNameABadLearningRate(double rate) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NAdamW(rate))
        .withMessage("learningRate must be a finite number >= 0, but was " + rate);
  }
}
