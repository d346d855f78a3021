package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import java.util.stream.Stream;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Sgd;

class HeavyBallTest extends UpdaterContract {

  @Override
  Stream<UpdaterConfiguration> chosen() {
    return Stream.of(
        HeavyBall.builder().build(),
        HeavyBall.builder().learningRate(0.03).momentum(0.5).build(),
        HeavyBall.builder().momentum(0).nonFiniteGradients(NonFinitePolicy.SKIP).build(),
        HeavyBall.builder().learningRateSchedule(SCHEDULE).build());
  }

  @Override
  UpdaterConfiguration random(Random random, NonFinitePolicy policy) {
    return HeavyBall.builder()
        .learningRate(random.nextDouble())
        .momentum(0.99 * random.nextDouble())
        .nonFiniteGradients(policy)
        .build();
  }

  @Override
  Reference reference(UpdaterConfiguration updater) {
    double momentum = ((HeavyBall) updater).getMomentum();
    return (g, state, iteration) -> {
      for (int i = 0; i < g.length; i++) {
        state[0][i] = momentum * state[0][i] + g[i];
        g[i] = updater.getLearningRate(iteration, 0) * state[0][i];
      }
    };
  }

  /** {@code |v| <= G / (1 - γ)}. */
  @Override
  double bound(UpdaterConfiguration updater, int iteration, double largest) {
    double momentum = ((HeavyBall) updater).getMomentum();
    return updater.getLearningRate(iteration, 0) * largest / (1 - momentum);
  }

  @Override
  Stream<Simpler> simpler() {
    return Stream.of(
        new Simpler("momentum", HeavyBall.builder().momentum(0).build(), new Sgd(0.1), 0));
  }

  @Test
  void namesABadMomentum() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HeavyBall.builder().momentum(1).build())
        .withMessage("momentum must be in [0, 1), but was 1.0");
  }
}
