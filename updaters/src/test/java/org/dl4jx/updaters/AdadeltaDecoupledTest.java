package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.AdaDelta;

class AdadeltaDecoupledTest extends UpdaterContract {

  @Override
  Stream<UpdaterConfiguration> chosen() {
    return Stream.of(
        new AdadeltaDecoupled(),
        new AdadeltaDecoupled(SCHEDULE),
        AdadeltaDecoupled.builder().initialRms(0.125).build(),
        AdadeltaDecoupled.builder()
            .learningRate(0.75)
            .rho(0.95)
            .epsilon(1e-7)
            .initialRms(1e-3)
            .nonFiniteGradients(NonFinitePolicy.SKIP)
            .build(),
        AdadeltaDecoupled.builder().rho(0).epsilon(1e-4).build());
  }

  @Override
  Stream<UpdaterConfiguration> decaying() {
    return Stream.of(AdadeltaDecoupled.builder().weightDecay(0.0125).build());
  }

  @Override
  boolean trains(UpdaterConfiguration updater, DataType type) {
    return type != DataType.FLOAT16;
  }

  @Override
  UpdaterConfiguration random(Random random, NonFinitePolicy policy) {
    return AdadeltaDecoupled.builder()
        .learningRate(Math.pow(10, -4 * random.nextDouble()))
        .rho(random.nextInt(5) == 0 ? 0 : 1 - Math.pow(10, -3 * random.nextDouble()))
        .epsilon(Math.pow(10, -8 * random.nextDouble()))
        .initialRms(random.nextBoolean() ? 0 : Math.pow(10, -4 * random.nextDouble()))
        .weightDecay(0)
        .nonFiniteGradients(policy)
        .build();
  }

  @Override
  Reference reference(UpdaterConfiguration updater) {
    AdadeltaDecoupled adadelta = (AdadeltaDecoupled) updater;
    double rho = adadelta.getRho();
    double epsilon = adadelta.getEpsilon();
    return (g, state, iteration) -> {
      double[] s = state[0];
      double[] x = state[1];
      if (iteration == 0) {
        Arrays.fill(x, adadelta.getInitialRms() * adadelta.getInitialRms());
      }
      for (int i = 0; i < g.length; i++) {
        s[i] = rho * s[i] + (1 - rho) * g[i] * g[i];
        double delta = Math.sqrt(x[i] + epsilon) / Math.sqrt(s[i] + epsilon) * g[i];
        x[i] = rho * x[i] + (1 - rho) * delta * delta;
        g[i] = adadelta.getLearningRate(iteration, 0) * delta;
      }
    };
  }

  /**
   * Let {@code y = x + ε} and {@code S = s + ε}, so that {@code Δₜ² = yₜ₋₁ gₜ² / Sₜ}, {@code y₀ =
   * r² + ε} and {@code S₀ = ε}. From the averages,
   *
   * <pre>
   * (1 - ρ) gₜ² = Sₜ - ρ Sₜ₋₁ - (1 - ρ) ε <= Sₜ - ρ Sₜ₋₁
   * yₜ = ρ yₜ₋₁ + (1 - ρ) ε + yₜ₋₁ (1 - ρ) gₜ² / Sₜ <= yₜ₋₁ (1 + ρ (1 - 1/q)) + (1 - ρ) ε
   * </pre>
   *
   * <p>with {@code q = Sₜ / Sₜ₋₁}. The factor of yₜ₋₁ is below {@code 1 + ρ}. It is also at most
   * {@code q^ρ = e^(ρ ln q)}, since {@code e^z >= 1 + z} and {@code ln q >= 1 - 1/q}. Over several
   * steps, the product of the {@code q^ρ} is the quotient of the last and the first S to the power
   * of ρ, and no S is below ε. So
   *
   * <pre>
   * yₜ <= min((1 + ρ)ᵗ, (max S / ε)^ρ) (r² + ε + (1 - ρ) ε t)
   * </pre>
   *
   * <p>where S is at most {@code G² + ε}, with the largest gradient G. Finally, {@code Sₜ >= (1 -
   * ρ) gₜ² + ε}, so {@code |gₜ| / √Sₜ <= G / √((1 - ρ) G² + ε)}.
   */
  @Override
  double bound(UpdaterConfiguration updater, int iteration, double largest) {
    AdadeltaDecoupled adadelta = (AdadeltaDecoupled) updater;
    double rho = adadelta.getRho();
    double epsilon = adadelta.getEpsilon();
    double start = adadelta.getInitialRms() * adadelta.getInitialRms();
    double squares = largest * largest;
    double growth =
        Math.min(Math.pow(1 + rho, iteration), Math.pow((squares + epsilon) / epsilon, rho));
    double y = growth * (start + epsilon + (1 - rho) * epsilon * iteration);
    return updater.getLearningRate(iteration, 0)
        * Math.sqrt(y)
        * (largest / Math.sqrt((1 - rho) * squares + epsilon));
  }

  /** Sixty updates below 0.1 add up to 6, with roundings of at most 60 times 4e-16. */
  @Override
  Stream<Simpler> simpler() {
    return Stream.of(
        new Simpler(
            "decay", AdadeltaDecoupled.builder().build(), new AdaDelta(0.9, 1e-6), 2.4e-14));
  }

  private static GradientUpdater<?> instantiated(
      UpdaterConfiguration updater, DataType type, int length) {
    return updater.instantiate(Nd4j.zeros(type, updater.stateSize(length)), true);
  }

  private static double step(GradientUpdater<?> updater, double gradient, int iteration) {
    INDArray g = Nd4j.createFromArray(gradient);
    updater.applyUpdater(g, iteration, 0);
    return g.getDouble(0);
  }

  /**
   * Where ε is at most a fraction f of s, a factor changes s + ε, relative to its square, by at
   * most f. Every step passes that on to x once more, so after t steps x + ε has changed by t f.
   * Gradients are at least 100, so f is at most {@code 1e-6 / (0.1 · 1e4) = 1e-9}.
   */
  @ParameterizedTest
  @ValueSource(doubles = {-1, 10, 1e6, -1e20})
  void stepsHaveTheUnitsOfTheParametersNotOfTheGradients(double factor) {
    GradientUpdater<?> usual = instantiated(new AdadeltaDecoupled(), DataType.DOUBLE, 1);
    GradientUpdater<?> scaled = instantiated(new AdadeltaDecoupled(), DataType.DOUBLE, 1);
    Random random = new Random(4);

    for (int t = 1; t <= 100; t++) {
      double gradient = (random.nextBoolean() ? 1 : -1) * (100 + 900 * random.nextDouble());
      double update = step(usual, gradient, t - 1);
      assertThat(step(scaled, factor * gradient, t - 1))
          .isCloseTo(Math.signum(factor) * update, within((t * 1e-9 + 1e-13) * Math.abs(update)));
    }
  }

  /** {@code Δ₁ = √(r² + ε) g / √((1 - ρ) g² + ε)}. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-4, 1e-3, 0.1, 1})
  void theFirstStepIsByTheInitialRms(double rms) {
    AdadeltaDecoupled adadelta = AdadeltaDecoupled.builder().initialRms(rms).build();
    double g = -0.5;

    double expected = Math.sqrt(rms * rms + 1e-6) * g / Math.sqrt(0.1 * g * g + 1e-6);
    assertThat(step(instantiated(adadelta, DataType.DOUBLE, 1), g, 0))
        .isCloseTo(expected, within(1e-14));
  }

  /**
   * What is left of r² after n steps is {@code ρⁿ r²}, and that times {@code 1 / (1 - ρ)} moves.
   */
  @Test
  void theInitialRmsFadesWhetherAParameterMovesOrNot() {
    AdadeltaDecoupled adadelta = AdadeltaDecoupled.builder().initialRms(1).build();
    for (int n : new int[] {1, 10, 100}) {
      GradientUpdater<?> updater = instantiated(adadelta, DataType.DOUBLE, 1);
      for (int t = 0; t < n; t++) {
        assertThat(step(updater, 0, t)).isZero();
      }
      assertThat(updater.getState().get("X").getDouble(0)).isZero();

      double expected = Math.sqrt(Math.pow(0.9, n) + 1e-6) * 2 / Math.sqrt(0.1 * 4 + 1e-6);
      assertThat(step(updater, 2, n)).isCloseTo(expected, within(1e-14));
    }
  }

  /** With ρ = 0, s and x are the latest squares: {@code Δₜ² + ε = tε} for gradients without end. */
  @Test
  void longerStepsAllowLongerOnes() {
    AdadeltaDecoupled adadelta = AdadeltaDecoupled.builder().rho(0).epsilon(1e-4).build();
    GradientUpdater<?> updater = instantiated(adadelta, DataType.DOUBLE, 1);

    for (int t = 1; t <= 100; t++) {
      // g / √(g² + ε) is 1 up to 5e-21.
      assertThat(step(updater, 1e8, t - 1)).isCloseTo(Math.sqrt(t * 1e-4), within(1e-13));
    }
  }

  /** A quarter of η quarters every update, because x does not notice η. */
  @Test
  void theLearningRateOnlyScalesUpdates() {
    GradientUpdater<?> whole = instantiated(new AdadeltaDecoupled(1), DataType.DOUBLE, 1);
    GradientUpdater<?> quarter = instantiated(new AdadeltaDecoupled(0.25), DataType.DOUBLE, 1);
    Random random = new Random(5);

    for (int t = 0; t < 100; t++) {
      double gradient = random.nextGaussian();
      assertThat(step(quarter, gradient, t)).isEqualTo(step(whole, gradient, t) / 4);
    }
    assertThat(quarter.getState()).isEqualTo(whole.getState());
  }

  @Test
  void hasTheDefaultsOfPyTorch() {
    AdadeltaDecoupled adadelta = new AdadeltaDecoupled();

    assertThat(adadelta.getLearningRate()).isEqualTo(1);
    assertThat(adadelta.getRho()).isEqualTo(0.9);
    assertThat(adadelta.getEpsilon()).isEqualTo(1e-6);
    assertThat(adadelta.getInitialRms()).isZero();
    assertThat(adadelta.getWeightDecay()).isZero();
  }

  @ParameterizedTest
  @MethodSource
  void namesTheBadArgumentItsValueAndTheRange(
      UnaryOperator<AdadeltaDecoupled.Builder> set, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> set.apply(AdadeltaDecoupled.builder()).build())
        .withMessage(message);
  }

  static Stream<Arguments> namesTheBadArgumentItsValueAndTheRange() {
    double nan = Double.NaN;
    double inf = Double.POSITIVE_INFINITY;
    String notNegative = " must be a finite number >= 0, but was ";
    Stream<Arguments> rates =
        Stream.of(-0.1, 1.0, nan, inf)
            .map(x -> bad(b -> b.rho(x), "rho must be in [0, 1), but was " + x));
    Stream<Arguments> atLeastZero =
        Stream.of(-1e-9, nan, inf)
            .flatMap(
                x ->
                    Stream.of(
                        bad(b -> b.learningRate(x), "learningRate" + notNegative + x),
                        bad(b -> b.weightDecay(x), "weightDecay" + notNegative + x),
                        bad(b -> b.initialRms(x), "initialRms" + notNegative + x)));
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

  private static Arguments bad(UnaryOperator<AdadeltaDecoupled.Builder> set, String message) {
    return Arguments.of(set, message);
  }

  @Test
  void refusesToTrainWithADecayThatWasNotAttached() {
    GradientUpdater<?> updater = instantiated(new AdadeltaDecoupled(1, 0.02), DataType.FLOAT, 2);

    assertThatIllegalStateException()
        .isThrownBy(() -> updater.applyUpdater(Nd4j.ones(DataType.FLOAT, 2), 0, 0))
        .withMessageContaining("AdadeltaDecoupled has weightDecay 0.02")
        .withMessageContaining("DecoupledDecay.attach(");
  }

  @Test
  void refusesATypeThatCannotHoldSquaredGradients() {
    GradientUpdater<?> updater = instantiated(new AdadeltaDecoupled(), DataType.FLOAT16, 2);

    assertThatIllegalStateException()
        .isThrownBy(() -> updater.applyUpdater(Nd4j.ones(DataType.FLOAT16, 2), 0, 0))
        .withMessageStartingWith("AdadeltaDecoupled cannot train parameters of type HALF: it keeps")
        .withMessageEndingWith("Use FLOAT or DOUBLE (BFLOAT16 works only in SameDiff)");
  }
}
