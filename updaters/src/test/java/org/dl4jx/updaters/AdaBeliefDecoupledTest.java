package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.List;
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
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Sgd;

class AdaBeliefDecoupledTest extends AdaptiveUpdaterContract {

  @Override
  AdaptiveUpdater.Builder<?> builder() {
    return AdaBeliefDecoupled.builder();
  }

  @Override
  UpdaterConfiguration random(Random random, NonFinitePolicy policy) {
    AdaBeliefDecoupled.Builder builder = AdaBeliefDecoupled.builder();
    randomize(builder, random, policy);
    return builder.rectify(random.nextBoolean()).build();
  }

  /**
   * {@code η m̂} over the least root: every step leaves an ε in s, so ŝ is at least {@code ε / (1 -
   * β2)}. Rectified, r times as much, or {@code η m̂} in the first steps. Skipped gradients are no
   * steps, so the step may be an earlier one. Constant gradients come so near to this bound that a
   * rounding of {@code β2ᵗ} counts: it is up to {@code 2⁻⁵³ / (1 - β2)} of {@code 1 - β2ᵗ}.
   */
  @Override
  double bound(UpdaterConfiguration updater, int iteration, double largest) {
    AdaBeliefDecoupled belief = (AdaBeliefDecoupled) updater;
    double rounding = 0x1p-53 / (1 - belief.getBeta2());
    double momentum = boundOfMomentum(belief, iteration, largest) * (1 + rounding);
    double least = belief.getEpsilon() / (1 - belief.getBeta2());
    double root =
        belief.isEpsilonInsideRoot()
            ? Math.sqrt(least + belief.getEpsilon())
            : Math.sqrt(least) + belief.getEpsilon();
    if (!belief.isRectify()) {
      return momentum / root;
    }
    double r = RAdamTest.r(belief.getBeta2(), iteration + 1);
    boolean mayBeEarlier = belief.getNonFiniteGradients() == NonFinitePolicy.SKIP;
    return Math.max(r * momentum / root, r > 0 && !mayBeEarlier ? 0 : momentum);
  }

  /**
   * A rounding of m is as large as one of the greatest gradient, and so is the error of {@code g -
   * m}, however small that is. √ŝ is a root mean square, so its error is no larger. Compared with
   * the least root, it is so many times one rounding.
   */
  @Override
  double amplification(UpdaterConfiguration updater, double largest) {
    AdaBeliefDecoupled belief = (AdaBeliefDecoupled) updater;
    return 1 + largest / Math.sqrt(belief.getEpsilon() / (1 - belief.getBeta2()));
  }

  /**
   * Without momentum, m is g, and ŝ is {@code ε / (1 - β2)}. Then s is a sum of 60 numbers with a
   * rounding each, and the parameters are below 12.
   */
  @Override
  Stream<Simpler> simpler() {
    AdaBeliefDecoupled.Builder still = AdaBeliefDecoupled.builder().weightDecay(0).beta1(0);
    return Stream.of(
        new Simpler(
            "momentum",
            still.learningRate(0.01).beta2(0.99).epsilon(0.01).build(),
            new Sgd(0.01 / (1 + 0.01)),
            60 * 0x1p-53 * 12),
        new Simpler(
            "momentum and denominator",
            still.learningRate(0.01).beta2(0.6).rectify(true).build(),
            new Sgd(0.01),
            1e-14));
  }

  @Override
  Stream<UpdaterConfiguration> withConstantBeta1() {
    return Stream.of(
        AdaBeliefDecoupled.builder().weightDecay(0).build(),
        new AdaBeliefDecoupled(SCHEDULE, 0),
        AdaBeliefDecoupled.builder()
            .learningRate(0.01)
            .beta1(0.5)
            .beta2(0.9)
            .epsilon(1e-3)
            .weightDecay(0)
            .nonFiniteGradients(NonFinitePolicy.SKIP)
            .build(),
        AdaBeliefDecoupled.builder().weightDecay(0).rectify(true).build(),
        AdaBeliefDecoupled.builder().weightDecay(0).epsilon(1e-4).epsilonInsideRoot(true).build(),
        AdaBeliefDecoupled.builder()
            .weightDecay(0)
            .epsilon(1e-3)
            .epsilonInsideRoot(true)
            .rectify(true)
            .build());
  }

  @Override
  Reference reference(UpdaterConfiguration updater) {
    AdaBeliefDecoupled belief = (AdaBeliefDecoupled) updater;
    double beta2 = belief.getBeta2();
    double epsilon = belief.getEpsilon();
    return (g, state, iteration) -> {
      int t = iteration + 1;
      double beta1 = beta1(belief, iteration);
      double r = RAdamTest.r(beta2, t);
      double[] m = state[0];
      double[] s = state[1];
      for (int i = 0; i < g.length; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        s[i] = beta2 * s[i] + (1 - beta2) * (g[i] - m[i]) * (g[i] - m[i]) + epsilon;
        double corrected = belief.isRectify() ? s[i] : s[i] / (1 - Math.pow(beta2, t));
        double denominator =
            belief.isEpsilonInsideRoot()
                ? Math.sqrt(corrected + epsilon)
                : Math.sqrt(corrected) + epsilon;
        double rectified = r > 0 ? r * Math.sqrt(1 - Math.pow(beta2, t)) / denominator : 1;
        double mHat = m[i] / (1 - Math.pow(beta1, t));
        double factor = belief.isRectify() ? rectified : 1 / denominator;
        g[i] = belief.getLearningRate(iteration, 0) * mHat * factor;
      }
    };
  }

  /** With the epsilon of the contract. */
  @Override
  AdaptiveUpdater.Builder<?> underOneCycle(double maxLearningRate) {
    return AdaBeliefDecoupled.builder().epsilon(1e-8);
  }

  /**
   * m̂ is at most 1.3 times the largest gradient. An error of √ŝ is as large as a rounding of that
   * gradient, as above, but the root of these gradients is far from the least one.
   */
  @Override
  double sensitivityUnderOneCycle(double[][] state, double[] largest, int step) {
    double sensitivity = 0;
    for (int i = 0; i < largest.length; i++) {
      double ratio = largest[i] / Math.sqrt(state[1][i] / (1 - Math.pow(0.999, step)));
      sensitivity = Math.max(sensitivity, 1.3 * ratio * (1 + ratio));
    }
    return sensitivity;
  }

  /** The authors' {@code adabelief_pytorch} 0.2.0 without {@code rectify} and decay. */
  @Override
  Torch torch() {
    return (grad, state, step, lr, beta1, beta2, eps) -> {
      double[] expAvg = state[0];
      double[] expAvgVar = state[1];
      double biasCorrection1 = 1 - Math.pow(beta1, step);
      double biasCorrection2 = 1 - Math.pow(beta2, step);
      double stepSize = lr / biasCorrection1;
      double[] update = new double[grad.length];
      for (int i = 0; i < grad.length; i++) {
        expAvg[i] = expAvg[i] * beta1 + (1 - beta1) * grad[i];
        double gradResidual = grad[i] - expAvg[i];
        expAvgVar[i] = expAvgVar[i] * beta2 + (1 - beta2) * gradResidual * gradResidual;
        expAvgVar[i] += eps;
        double denom = Math.sqrt(expAvgVar[i]) / Math.sqrt(biasCorrection2) + eps;
        update[i] = stepSize * expAvg[i] / denom;
      }
      return update;
    };
  }

  /**
   * As in the contract, but with gradients whose root is known to be far from the least one, so a
   * few roundings of the greatest gradient, which is 1, remain a few.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void equalsTheFormulaInFloatWhereGradientsVary(boolean rectify) {
    AdaBeliefDecoupled belief =
        AdaBeliefDecoupled.builder().learningRate(1).weightDecay(0).rectify(rectify).build();
    int length = 600;
    INDArray view = Nd4j.zeros(DataType.FLOAT, belief.stateSize(length));
    GradientUpdater<?> tiles = belief.instantiate(view, true);
    GradientUpdater<?> operations = Engine.onAnotherBackend(belief, view.dup());
    double[][] state = new double[2][length];
    Random random = new Random(21);

    for (int iteration = 0; iteration < 40; iteration++) {
      double[] expected = new double[length];
      for (int i = 0; i < length; i++) {
        expected[i] = (float) ((random.nextBoolean() ? 1 : -1) * (0.5 + random.nextDouble() / 2));
      }
      INDArray g = Nd4j.createFromArray(expected).castTo(DataType.FLOAT);
      INDArray h = g.dup();
      tiles.applyUpdater(g, iteration, 0);
      operations.applyUpdater(h, iteration, 0);
      reference(belief).step(expected, state, iteration);

      double rounding = 12 * (iteration + 1) * 0x1p-24;
      double leastRoot =
          Arrays.stream(state[1]).map(Math::sqrt).min().orElseThrow()
              / Math.sqrt(1 - Math.pow(0.999, iteration + 1));
      assertThat(leastRoot).isGreaterThan(0.4);
      double tolerance = rounding / leastRoot * (1 + 1 / leastRoot);
      assertThat(g.castTo(DataType.DOUBLE).toDoubleVector())
          .containsExactly(expected, within(tolerance));
      assertThat(h.castTo(DataType.DOUBLE).toDoubleVector())
          .containsExactly(expected, within(tolerance));
    }
  }

  /**
   * For a constant g, {@code m = (1 - β1ᵗ) g}, so m̂ = g and {@code g - m = β1ᵗ g}. Summed up,
   * {@code s = (1 - β2) g² β1² (β2ᵗ - β1²ᵗ) / (β2 - β1²) + ε (1 - β2ᵗ) / (1 - β2)}. What remains of
   * ŝ is {@code ε / (1 - β2)}.
   */
  @Test
  void stepsGrowWhileGradientsStayTheSame() {
    double epsilon = 1e-6;
    double beta2 = 0.95;
    AdaBeliefDecoupled belief =
        AdaBeliefDecoupled.builder()
            .learningRate(0.01)
            .beta2(beta2)
            .epsilon(epsilon)
            .weightDecay(0)
            .build();
    GradientUpdater<?> updater =
        belief.instantiate(Nd4j.zeros(DataType.DOUBLE, belief.stateSize(1)), true);
    INDArray gradient = Nd4j.zeros(DataType.DOUBLE, 1);
    double before = 0;

    for (int t = 1; t <= 1_000; t++) {
      updater.applyUpdater(gradient.assign(2), t, 0);
      double residuals =
          4 * 0.81 * (Math.pow(beta2, t) - Math.pow(0.81, t)) / (beta2 - 0.81) * (1 - beta2);
      double sHat = residuals / (1 - Math.pow(beta2, t)) + epsilon / (1 - beta2);
      double step = gradient.getDouble(0);
      assertThat(step).isCloseTo(0.01 * 2 / (Math.sqrt(sHat) + epsilon), withinPercentage(1e-8));
      assertThat(step).isGreaterThan(before * (1 - 1e-12));
      before = step;
    }
    double most = 0.01 * 2 / (Math.sqrt(epsilon / (1 - beta2)) + epsilon);
    assertThat(before).isCloseTo(most, withinPercentage(1e-8));
  }

  /**
   * Gradients of 9 and 11 in turn. In the long run, m is 10 plus or minus {@code (1 - β1) / (1 +
   * β1)}, and {@code |g - m| = 2 β1 / (1 + β1)}. The step of Adam is about as large as the learning
   * rate.
   */
  @Test
  void takesLongStepsWhereGradientsAgree() {
    double adam = lastStep(AdamWDecoupled.builder());
    double belief = lastStep(AdaBeliefDecoupled.builder());

    double m = 10 + 0.1 / 1.9;
    assertThat(belief).isCloseTo(0.01 * m / (1.8 / 1.9), within(1e-9));
    assertThat(adam).isBetween(0.0099, 0.0101);
  }

  private static double lastStep(AdaptiveUpdater.Builder<?> builder) {
    UpdaterConfiguration configuration =
        builder.learningRate(0.01).beta2(0.9).weightDecay(0).build();
    GradientUpdater<?> updater =
        configuration.instantiate(Nd4j.zeros(DataType.DOUBLE, configuration.stateSize(1)), true);
    INDArray gradient = Nd4j.zeros(DataType.DOUBLE, 1);
    for (int t = 0; t < 400; t++) {
      updater.applyUpdater(gradient.assign(t % 2 == 0 ? 9 : 11), t, 0);
    }
    return gradient.getDouble(0);
  }

  /** Five steps of RAdam; then r times the step without it, since ε is negligible. */
  @Test
  void rectifiedItStartsLikeRAdam() {
    List<GradientUpdater<?>> updaters =
        Stream.of(
                new RAdam(0.01),
                new AdaBeliefDecoupled(0.01, 0),
                AdaBeliefDecoupled.builder()
                    .learningRate(0.01)
                    .weightDecay(0)
                    .rectify(true)
                    .build())
            .<GradientUpdater<?>>map(
                u -> u.instantiate(Nd4j.zeros(DataType.DOUBLE, u.stateSize(20)), true))
            .toList();

    Random random = new Random(3);
    for (int t = 1; t <= 40; t++) {
      INDArray gradient = Nd4j.createFromArray(random.doubles(20, -1, 1).toArray());
      double[][] steps = new double[updaters.size()][];
      for (int i = 0; i < steps.length; i++) {
        INDArray g = gradient.dup();
        updaters.get(i).applyUpdater(g, t, 0);
        steps[i] = g.toDoubleVector();
      }
      double r = RAdamTest.r(0.999, t);
      double[] expected =
          t <= 5 ? steps[0] : Arrays.stream(steps[1]).map(step -> r * step).toArray();
      assertThat(steps[2]).containsExactly(expected, within(1e-13));
    }
  }

  /**
   * g = 1, β1 = 0.5, β2 = 0.75, ε = 0.25: s = 0.25 · 0.25 + 0.25, and divided by 1 - β2, ŝ = 1.25.
   */
  @Test
  void epsilonHasTwoPlacesAndOneOfThemMoves() {
    AdaBeliefDecoupled.Builder builder =
        AdaBeliefDecoupled.builder()
            .learningRate(1)
            .beta1(0.5)
            .beta2(0.75)
            .epsilon(0.25)
            .weightDecay(0);

    assertThat(firstUpdate(builder.build(), 1).getDouble(0))
        .isCloseTo(1 / (Math.sqrt(1.25) + 0.25), within(1e-15));
    assertThat(firstUpdate(builder.epsilonInsideRoot(true).build(), 1).getDouble(0))
        .isCloseTo(1 / Math.sqrt(1.25 + 0.25), within(1e-15));
  }

  @Test
  void hasTheDefaultsOfTheDocumentation() {
    AdaBeliefDecoupled belief = new AdaBeliefDecoupled();

    assertThat(belief.getLearningRate()).isEqualTo(1e-3);
    assertThat(belief.getBeta1()).isEqualTo(0.9);
    assertThat(belief.getBeta2()).isEqualTo(0.999);
    assertThat(belief.getEpsilon()).isEqualTo(1e-16);
    assertThat(belief.getWeightDecay()).isEqualTo(0.01);
    assertThat(belief.isRectify()).isFalse();
    assertThat(belief.isEpsilonInsideRoot()).isFalse();
    assertThat(belief).isEqualTo(AdaBeliefDecoupled.builder().build());
    assertThat(belief.toString()).contains("rectify=false");
    assertThat(AdaBeliefDecoupled.builder().rectify(true).build().isRectify()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.5, Double.NaN, Double.POSITIVE_INFINITY})
  void constructorsNameABadLearningRate(double rate) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdaBeliefDecoupled(rate))
        .withMessage("learningRate must be a finite number >= 0, but was " + rate);
  }
}
