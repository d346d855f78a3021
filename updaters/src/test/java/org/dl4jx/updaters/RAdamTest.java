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
import org.nd4j.linalg.learning.config.Sgd;

class RAdamTest extends AdaptiveUpdaterContract {

  @Override
  AdaptiveUpdater.Builder<?> builder() {
    return RAdam.builder();
  }

  @Override
  UpdaterConfiguration random(Random random, NonFinitePolicy policy) {
    RAdam.Builder builder = RAdam.builder();
    randomize(builder, random, policy);
    return builder.build();
  }

  /**
   * Without a denominator, {@code η m̂}. With one, r times the step of Adam, since {@code √(1 -
   * β2ᵗ) / (√v + ε) <= 1 / (√v̂ + ε)}. Skipped gradients are no steps, so the step may be an
   * earlier one.
   */
  @Override
  double bound(UpdaterConfiguration updater, int iteration, double largest) {
    AdaptiveUpdater radam = (AdaptiveUpdater) updater;
    double r = r(radam.getBeta2(), iteration + 1);
    boolean mayBeEarlier = radam.getNonFiniteGradients() == NonFinitePolicy.SKIP;
    double divided = r > 0 ? r * boundOfAdam(radam, iteration, largest) : 0;
    double undivided = r > 0 && !mayBeEarlier ? 0 : boundOfMomentum(radam, iteration, largest);
    return Math.max(divided, undivided);
  }

  /** r, or 0 in steps without a denominator. */
  static double r(double beta2, int t) {
    double rhoInf = 2 / (1 - beta2) - 1;
    double rho = rhoInf - 2 * t * Math.pow(beta2, t) / (1 - Math.pow(beta2, t));
    return rho > 5
        ? Math.sqrt((rho - 4) * (rho - 2) * rhoInf / ((rhoInf - 4) * (rhoInf - 2) * rho))
        : 0;
  }

  /** Gradient descent, with β1 and β2 at values where there is nothing else. */
  @Override
  Stream<Simpler> simpler() {
    return Stream.of(
        new Simpler(
            "momentum and denominator",
            RAdam.builder().learningRate(0.01).beta1(0).beta2(0.6).build(),
            new Sgd(0.01),
            1e-14));
  }

  @Override
  Stream<UpdaterConfiguration> withConstantBeta1() {
    return Stream.of(
        new RAdam(),
        new RAdam(SCHEDULE, 0),
        RAdam.builder()
            .learningRate(0.01)
            .beta1(0.5)
            .beta2(0.9)
            .epsilon(1e-3)
            .nonFiniteGradients(NonFinitePolicy.SKIP)
            .build(),
        RAdam.builder().beta2(0.6).build(),
        RAdam.builder().epsilon(1e-4).epsilonInsideRoot(true).build());
  }

  @Override
  Reference reference(UpdaterConfiguration updater) {
    RAdam radam = (RAdam) updater;
    return (g, state, iteration) -> {
      int t = iteration + 1;
      double beta1 = beta1(radam, iteration);
      double r = r(radam.getBeta2(), t);
      double[] m = state[0];
      double[] v = state[1];
      for (int i = 0; i < g.length; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = radam.getBeta2() * v[i] + (1 - radam.getBeta2()) * g[i] * g[i];
        double mHat = m[i] / (1 - Math.pow(beta1, t));
        double denominator =
            radam.isEpsilonInsideRoot()
                ? Math.sqrt(v[i] + radam.getEpsilon())
                : Math.sqrt(v[i]) + radam.getEpsilon();
        double factor = r * Math.sqrt(1 - Math.pow(radam.getBeta2(), t)) / denominator;
        g[i] = radam.getLearningRate(iteration, 0) * mHat * (r > 0 ? factor : 1);
      }
    };
  }

  /** {@code torch.optim.radam._single_tensor_radam}, without decay. */
  @Override
  Torch torch() {
    return (grad, state, step, lr, beta1, beta2, eps) -> {
      double[] expAvg = state[0];
      double[] expAvgSq = state[1];
      double biasCorrection1 = 1 - Math.pow(beta1, step);
      double biasCorrection2 = 1 - Math.pow(beta2, step);
      double rhoInf = 2 / (1 - beta2) - 1;
      double rhoT = rhoInf - 2 * step * Math.pow(beta2, step) / biasCorrection2;
      double[] update = new double[grad.length];
      for (int i = 0; i < grad.length; i++) {
        expAvg[i] = expAvg[i] * beta1 + (1 - beta1) * grad[i];
        expAvgSq[i] = expAvgSq[i] * beta2 + (1 - beta2) * grad[i] * grad[i];
        double biasCorrectedExpAvg = expAvg[i] / biasCorrection1;
        if (rhoT > 5) {
          double rect =
              Math.sqrt((rhoT - 4) * (rhoT - 2) * rhoInf / ((rhoInf - 4) * (rhoInf - 2) * rhoT));
          double adaptiveLr = Math.sqrt(biasCorrection2) / (Math.sqrt(expAvgSq[i]) + eps);
          update[i] = biasCorrectedExpAvg * lr * adaptiveLr * rect;
        } else {
          update[i] = biasCorrectedExpAvg * lr;
        }
      }
      return update;
    };
  }

  /** ρ is slightly below t at first: 4.996 in the fifth step, 5.994 in the sixth. */
  @Test
  void firstFiveStepsAreMomentumWithoutADenominator() {
    RAdam radam = new RAdam(0.01);
    GradientUpdater<?> updater =
        radam.instantiate(Nd4j.zeros(DataType.DOUBLE, radam.stateSize(2)), true);
    double m = 0;
    Random random = new Random(1);

    for (int t = 1; t <= 6; t++) {
      double gradient = random.nextGaussian();
      INDArray g = Nd4j.createFromArray(gradient, 1000 * gradient);
      updater.applyUpdater(g, t, 0);
      m = 0.9 * m + 0.1 * gradient;
      double mHat = m / (1 - Math.pow(0.9, t));
      double scale = g.getDouble(1) / g.getDouble(0);

      if (t <= 5) {
        assertThat(g.getDouble(0)).isCloseTo(0.01 * mHat, within(1e-15));
        assertThat(scale).isCloseTo(1000, within(1e-10));
      } else {
        assertThat(scale).as("does not depend on the size").isCloseTo(1, within(1e-4));
      }
    }
  }

  /** For a constant gradient, m̂ = g and v̂ = g², so that r is what remains. */
  @Test
  void thenTheRateRisesToThatOfAdam() {
    RAdam radam = new RAdam(1);
    GradientUpdater<?> updater =
        radam.instantiate(Nd4j.zeros(DataType.DOUBLE, radam.stateSize(1)), true);
    INDArray g = Nd4j.ones(DataType.DOUBLE, 1);
    double before = 0;

    for (int t = 1; t <= 20_000; t++) {
      updater.applyUpdater(g.assign(1), t, 0);
      double r = g.getDouble(0);
      if (t > 5) {
        assertThat(r).isBetween(before, 1.0);
        before = r;
      }
      if (t == 6) {
        // ρ = 5.99416, so √(1.99416 · 3.99416 · 1999 / (1995 · 1997 · 5.99416)).
        assertThat(r).isCloseTo(0.025821, within(1e-6));
      }
    }
    assertThat(before).isCloseTo(1, within(1e-6));
  }

  /** ρ stays below ρ∞ = 2 / (1 - β2) - 1, which is at most 5. */
  @Test
  void upToABeta2OfTwoThirdsThereIsNeverADenominator() {
    RAdam radam = RAdam.builder().learningRate(0.01).beta2(0.666).build();
    GradientUpdater<?> updater =
        radam.instantiate(Nd4j.zeros(DataType.DOUBLE, radam.stateSize(1)), true);
    INDArray g = Nd4j.zeros(DataType.DOUBLE, 1);

    for (int t = 0; t < 1_000; t++) {
      updater.applyUpdater(g.assign(7), t, 0);
      assertThat(g.getDouble(0)).isCloseTo(0.07, within(1e-15));
    }
  }

  @Test
  void hasTheDefaultsOfPyTorch() {
    RAdam radam = new RAdam();

    assertThat(radam.getLearningRate()).isEqualTo(1e-3);
    assertThat(radam.getBeta1()).isEqualTo(0.9);
    assertThat(radam.getBeta2()).isEqualTo(0.999);
    assertThat(radam.getEpsilon()).isEqualTo(1e-8);
    assertThat(radam.getWeightDecay()).isZero();
    assertThat(radam.isEpsilonInsideRoot()).isFalse();
    assertThat(radam).isEqualTo(RAdam.builder().build());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.5, Double.NaN, Double.POSITIVE_INFINITY})
  void constructorsNameABadLearningRate(double rate) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RAdam(rate))
        .withMessage("learningRate must be a finite number >= 0, but was " + rate);
  }
}
