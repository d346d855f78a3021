package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
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
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class AdamWDecoupledTest extends AdaptiveUpdaterContract {

  @Override
  AdaptiveUpdater.Builder<?> builder() {
    return AdamWDecoupled.builder();
  }

  @Override
  UpdaterConfiguration random(Random random, NonFinitePolicy policy) {
    AdamWDecoupled.Builder builder = AdamWDecoupled.builder();
    randomize(builder, random, policy);
    return builder.build();
  }

  @Override
  double bound(UpdaterConfiguration updater, int iteration, double largest) {
    return boundOfAdam((AdaptiveUpdater) updater, iteration, largest);
  }

  /** With an epsilon so small that it does not matter where it is added. */
  @Override
  Stream<Simpler> simpler() {
    return Stream.of(
        new Simpler(
            "decay",
            AdamWDecoupled.builder().weightDecay(0).epsilon(1e-30).build(),
            Adam.builder().epsilon(1e-30).build(),
            1e-15),
        new Simpler(
            "epsilonInsideRoot",
            AdamWDecoupled.builder().weightDecay(0).epsilon(1e-34).epsilonInsideRoot(true).build(),
            Adam.builder().epsilon(1e-30).build(),
            1e-15));
  }

  @Override
  Stream<UpdaterConfiguration> withConstantBeta1() {
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
      double beta1 = beta1(adam, iteration);
      double[] m = state[0];
      double[] v = state[1];
      for (int i = 0; i < g.length; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = adam.getBeta2() * v[i] + (1 - adam.getBeta2()) * g[i] * g[i];
        double mHat = m[i] / (1 - Math.pow(beta1, t));
        double vHat = v[i] / (1 - Math.pow(adam.getBeta2(), t));
        double denominator =
            adam.isEpsilonInsideRoot()
                ? Math.sqrt(vHat + adam.getEpsilon())
                : Math.sqrt(vHat) + adam.getEpsilon();
        g[i] = adam.getLearningRate(iteration, 0) * mHat / denominator;
      }
    };
  }

  /** {@code torch.optim.adamw._single_tensor_adamw}, without decay. */
  @Override
  Torch torch() {
    return (grad, state, step, lr, beta1, beta2, eps) -> {
      double[] expAvg = state[0];
      double[] expAvgSq = state[1];
      double biasCorrection1 = 1 - Math.pow(beta1, step);
      double biasCorrection2 = 1 - Math.pow(beta2, step);
      double stepSize = lr / biasCorrection1;
      double[] update = new double[grad.length];
      for (int i = 0; i < grad.length; i++) {
        expAvg[i] += (1 - beta1) * (grad[i] - expAvg[i]);
        expAvgSq[i] = expAvgSq[i] * beta2 + (1 - beta2) * grad[i] * grad[i];
        double denom = Math.sqrt(expAvgSq[i]) / Math.sqrt(biasCorrection2) + eps;
        update[i] = stepSize * expAvg[i] / denom;
      }
      return update;
    };
  }

  /** Bias correction makes m̂ = g and v̂ = g² in the first step. */
  @Test
  void firstStepIsTheLearningRateForAnySizeOfGradient() {
    INDArray update = firstUpdate(new AdamWDecoupled(0.1, 0), 1e3, -1e-3, 0);

    assertThat(update.toDoubleVector()).containsExactly(new double[] {0.1, -0.1, 0}, within(1e-6));
  }

  /**
   * β1 is 0.5, 0.5 and, in the next epoch, 0.75. With gradients of 1, m is then 0.75 · (0.5 · 0.5 +
   * 0.5) + 0.25, corrected by 1 - 0.75³, and v̂ is 1.
   */
  @Test
  void correctsTheBiasByTheBeta1OfTheStep() {
    var byEpoch = new MapSchedule(ScheduleType.EPOCH, Map.of(0, 0.5, 1, 0.75));
    var adam =
        AdamWDecoupled.builder().learningRate(1).weightDecay(0).beta1Schedule(byEpoch).build();
    var updater = adam.instantiate(Nd4j.zeros(DataType.DOUBLE, adam.stateSize(1)), true);
    INDArray gradient = Nd4j.ones(DataType.DOUBLE, 1);

    for (int t = 0; t < 3; t++) {
      gradient.assign(1);
      updater.applyUpdater(gradient, t, t == 2 ? 1 : 0);
    }

    assertThat(gradient.getDouble(0)).isCloseTo(0.8125 / (1 - 0.421875), within(1e-7));
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
  void hasTheDefaultsOfPyTorch() {
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

  @ParameterizedTest
  @ValueSource(doubles = {-0.5, Double.NaN, Double.POSITIVE_INFINITY})
  void constructorsNameABadLearningRate(double rate) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdamWDecoupled(rate))
        .withMessage("learningRate must be a finite number >= 0, but was " + rate);
  }
}
