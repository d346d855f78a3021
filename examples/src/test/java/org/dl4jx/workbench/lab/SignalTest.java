package org.dl4jx.workbench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.dl4jx.workbench.lab.Optimizers.ADABOUND;
import static org.dl4jx.workbench.lab.Optimizers.ADAM;
import static org.dl4jx.workbench.lab.Optimizers.AMSGRAD;
import static org.dl4jx.workbench.lab.Optimizers.AVERAGED;
import static org.dl4jx.workbench.lab.Optimizers.DL4J_AMSGRAD;
import static org.dl4jx.workbench.lab.Optimizers.NESTEROVS;
import static org.dl4jx.workbench.lab.Optimizers.SGD;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the page says of the signals. */
class SignalTest {
  private static final int SPIKE = 500;
  private static final int NEXT_SPIKE = 2500;

  private static final Map<List<Object>, Response> RESPONSES = new HashMap<>();

  private static Response response(Optimizer optimizer, Signal signal) {
    return RESPONSES.computeIfAbsent(
        List.of(optimizer, signal), key -> Response.of(optimizer, signal));
  }

  private static List<Double> update(Optimizer optimizer, Signal signal) {
    return response(optimizer, signal).update();
  }

  /** DL4J's epsilon, on an uncorrected root, is a share of 1e-8 / 0.003 of the first updates. */
  @Test
  void adamAndAmsGradTakeStepsOfTheLearningRateBeforeTheFirstSpike() {
    for (Optimizer optimizer : List.of(ADAM, DL4J_AMSGRAD, AMSGRAD)) {
      assertThat(update(optimizer, Signal.SPIKES).subList(0, SPIKE))
          .allSatisfy(u -> assertThat(u).isCloseTo(1, within(1e-5)));
    }
  }

  @Test
  void afterASpikeAdamRecoversAndAmsGradStaysSlow() {
    for (Optimizer optimizer : List.of(ADAM, DL4J_AMSGRAD, AMSGRAD)) {
      assertThat(update(optimizer, Signal.SPIKES).get(SPIKE + 100)).isBetween(0.2, 0.3);
    }
    assertThat(update(ADAM, Signal.SPIKES).get(NEXT_SPIKE - 1)).isGreaterThan(0.6);
    assertThat(update(DL4J_AMSGRAD, Signal.SPIKES).get(NEXT_SPIKE - 1)).isLessThan(0.31);
    assertThat(update(AMSGRAD, Signal.SPIKES).get(NEXT_SPIKE - 1)).isLessThan(0.31);
  }

  @Test
  void adaBoundIsNotSlowedDownByASpike() {
    List<Double> update = update(ADABOUND, Signal.SPIKES);

    assertThat(update.get(SPIKE + 100)).isGreaterThan(update.get(SPIKE - 1));
  }

  @Test
  void plainGradientDescentForgetsASpikeAtOnceAndMomentumLater() {
    assertThat(update(SGD, Signal.SPIKES).subList(SPIKE - 1, SPIKE + 2))
        .allSatisfy(u -> assertThat(u).isIn(0.1, 10.0))
        .element(1)
        .isEqualTo(10.0);
    List<Double> momentum = update(NESTEROVS, Signal.SPIKES);
    assertThat(momentum.get(SPIKE + 10)).isGreaterThan(3 * momentum.get(SPIKE - 1));
    assertThat(momentum.get(SPIKE + 40)).isLessThan(1.2 * momentum.get(SPIKE - 1));
  }

  /** The first time after the first change of sign. */
  private static int turnsAfter(Optimizer optimizer) {
    Response response = response(optimizer, Signal.SQUARE);
    int change = 40;
    return IntStream.range(0, response.steps().size())
            .filter(i -> (i + 1) * response.iterationsPerStep() > change)
            .filter(i -> response.steps().get(i) < 0)
            .map(i -> (i + 1) * response.iterationsPerStep())
            .findFirst()
            .orElseThrow()
        - change;
  }

  @Test
  void momentumRunsOnAgainstTheGradientAndAveragedMomentumLongest() {
    assertThat(turnsAfter(SGD)).isEqualTo(1);
    assertThat(turnsAfter(NESTEROVS)).isBetween(5, 9);
    assertThat(turnsAfter(ADAM)).isBetween(5, 9);
    assertThat(turnsAfter(AVERAGED)).isGreaterThan(12);
  }

  @Test
  void momentumSumsUpToTenTimesTheGradient() {
    List<Double> momentum = response(NESTEROVS, Signal.SQUARE).states().get("-V/η");

    assertThat(momentum.get(39)).isBetween(9.5, 10.0);
  }

  /** 1e-5 for DL4J's epsilon, as above. */
  @Test
  void adamsUpdateIsMByTheRootOfV() {
    for (Signal signal : Signal.values()) {
      Response response = response(ADAM, signal);
      for (int i = 0; i < response.update().size(); i++) {
        double quotient = response.states().get("M").get(i) / response.states().get("√V").get(i);
        assertThat(response.update().get(i))
            .isCloseTo(quotient, within(1e-5 * Math.max(1, Math.abs(quotient))));
      }
    }
    assertThat(response(ADAM, Signal.SQUARE).states().get("√V"))
        .allSatisfy(v -> assertThat(v).isCloseTo(1, within(1e-5)));
  }

  @Test
  void adaBoundsUpdateGrows() {
    List<Double> update = update(ADABOUND, Signal.SQUARE);

    assertThat(update.get(199)).isGreaterThan(1.5 * update.get(119));
    assertThat(update.get(119)).isGreaterThan(1.5 * update.get(39));
  }

  /** How far a curve jumps from point to point, in shares of its height. */
  private static double roughness(List<Double> curve) {
    double jumps = 0;
    for (int i = 2; i < curve.size(); i++) {
      jumps += Math.abs(curve.get(i) - 2 * curve.get(i - 1) + curve.get(i - 2));
    }
    double height =
        curve.stream().mapToDouble(v -> v).max().orElseThrow()
            - curve.stream().mapToDouble(v -> v).min().orElseThrow();
    return jumps / (curve.size() - 2) / height;
  }

  /**
   * A point of the averaged is a step of three iterations, so every third is taken of the others.
   */
  @Test
  void averagedMomentumIsSmootherThanMomentumAndThatThanPlainGradientDescent() {
    double averaged = roughness(response(AVERAGED, Signal.SINE).steps());
    double momentum = roughness(everyThird(update(NESTEROVS, Signal.SINE)));
    double plain = roughness(everyThird(update(SGD, Signal.SINE)));

    assertThat(averaged).isLessThan(0.9 * momentum);
    assertThat(momentum).isLessThan(0.5 * plain);
  }

  @Test
  void whatHasMomentumFollowsTheSineLate() {
    int falling = 40;
    assertThat(response(ADAM, Signal.SINE).states().get("M").subList(falling, falling + 4))
        .allSatisfy(m -> assertThat(m).isPositive());
    assertThat(response(NESTEROVS, Signal.SINE).states().get("-V/η").subList(falling, falling + 4))
        .allSatisfy(v -> assertThat(v).isPositive());
  }

  private static List<Double> everyThird(List<Double> curve) {
    return IntStream.range(0, curve.size() / 3).mapToObj(i -> curve.get(3 * i + 2)).toList();
  }
}
