package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** The contract sees no weights, so there r is 1. */
class LAMBTest extends AdaptiveUpdaterContract {

  @Override
  AdaptiveUpdater.Builder<?> builder() {
    return LAMB.builder();
  }

  @Override
  UpdaterConfiguration random(Random random, NonFinitePolicy policy) {
    LAMB.Builder builder = LAMB.builder();
    randomize(builder, random, policy);
    return builder.build();
  }

  @Override
  double bound(UpdaterConfiguration updater, int iteration, double largest) {
    return boundOfAdam((AdaptiveUpdater) updater, iteration, largest);
  }

  @Override
  String needOf(double weightDecay) {
    return "takes steps in proportion to the size of the weights";
  }

  /** With an epsilon so small that it does not matter where it is added. */
  @Override
  Stream<Simpler> simpler() {
    return Stream.of(
        new Simpler(
            "ratio",
            LAMB.builder().weightDecay(0).epsilon(1e-30).build(),
            Adam.builder().epsilon(1e-30).build(),
            1e-15));
  }

  @Override
  Stream<UpdaterConfiguration> withConstantBeta1() {
    return Stream.of(
        LAMB.builder().weightDecay(0).build(),
        new LAMB(SCHEDULE, 0),
        LAMB.builder()
            .learningRate(0.01)
            .beta1(0.5)
            .beta2(0.9)
            .epsilon(1e-3)
            .weightDecay(0)
            .nonFiniteGradients(NonFinitePolicy.SKIP)
            .build(),
        LAMB.builder().weightDecay(0).epsilon(1e-4).epsilonInsideRoot(true).build());
  }

  @Override
  Reference reference(UpdaterConfiguration updater) {
    return (g, state, iteration) -> step((LAMB) updater, g, state, null, iteration);
  }

  /** Algorithm 2 of the paper, for one array whose weights decay; null for an r of 1. Returns r. */
  private static double step(
      LAMB lamb, double[] g, double[][] state, double[] theta, int iteration) {
    int t = iteration + 1;
    double beta1 = beta1(lamb, iteration);
    double[] m = state[0];
    double[] v = state[1];
    double ofTheta = 0;
    double ofU = 0;
    for (int i = 0; i < g.length; i++) {
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];
      v[i] = lamb.getBeta2() * v[i] + (1 - lamb.getBeta2()) * g[i] * g[i];
      double mHat = m[i] / (1 - Math.pow(beta1, t));
      double vHat = v[i] / (1 - Math.pow(lamb.getBeta2(), t));
      double denominator =
          lamb.isEpsilonInsideRoot()
              ? Math.sqrt(vHat + lamb.getEpsilon())
              : Math.sqrt(vHat) + lamb.getEpsilon();
      double weight = theta == null ? 0 : theta[i];
      g[i] = mHat / denominator + lamb.getWeightDecay() * weight;
      ofTheta += weight * weight;
      ofU += g[i] * g[i];
    }
    double r = ofTheta == 0 || ofU == 0 ? 1 : Math.sqrt(ofTheta) / Math.sqrt(ofU);
    for (int i = 0; i < g.length; i++) {
      g[i] *= lamb.getLearningRate(iteration, 0) * r;
    }
    return r;
  }

  /** Optax's {@code scale_by_adam}; its ratio is 1 without parameters. */
  @Override
  Torch torch() {
    return (updates, state, countInc, lr, b1, b2, eps) -> {
      double[] mu = state[0];
      double[] nu = state[1];
      double[] scaled = new double[updates.length];
      for (int i = 0; i < updates.length; i++) {
        mu[i] = (1 - b1) * updates[i] + b1 * mu[i];
        nu[i] = (1 - b2) * (updates[i] * updates[i]) + b2 * nu[i];
        double muHat = mu[i] / (1 - Math.pow(b1, countInc));
        double nuHat = nu[i] / (1 - Math.pow(b2, countInc));
        scaled[i] = lr * (muHat / (Math.sqrt(nuHat) + eps));
      }
      return scaled;
    };
  }

  @Override
  AdaptiveUpdater.Builder<?> underOneCycle(double maxLearningRate) {
    return LAMB.builder().epsilon(1e-8);
  }

  /**
   * Every array moves by η times its norm. FLOAT rounds each number of the update a few times, by
   * 2⁻²⁴ each, so its norm is off by less than 12 of them; a bias rounds when it is subtracted.
   */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void everyArrayMovesByTheRateTimesItsOwnNorm(DataType type) {
    ArrayStep step = new ArrayStep(type, new LAMB(0.01, 0.5));
    for (int t = 0; t < 5; t++) {
      for (int i = 0; i < step.arrays(); i++) {
        step.gradient(i).assign(Nd4j.randn(type, step.gradient(i).shape()).muli(Math.pow(10, i)));
      }
      step.take(t);
      double rounding = 12 * (type == DataType.FLOAT ? 0x1p-24 : 0x1p-53);
      for (int i = 0; i < step.arrays(); i++) {
        double theta = norm(step.weights(i));
        assertThat(norm(step.gradient(i))).isCloseTo(0.01 * theta, within(rounding * theta));
      }
    }
  }

  private static double norm(INDArray array) {
    return array.castTo(DataType.DOUBLE).norm2Number().doubleValue();
  }

  /** By a power of two, which changes no rounding. */
  @Test
  void weightsTwiceAsLargeTakeAStepTwiceAsLarge() {
    ArrayStep step = new ArrayStep(DataType.FLOAT, new LAMB(0.01, 0));
    ArrayStep twice = new ArrayStep(DataType.FLOAT, new LAMB(0.01, 0));
    for (int i = 0; i < step.arrays(); i++) {
      INDArray g = Nd4j.randn(DataType.FLOAT, step.gradient(i).shape());
      step.gradient(i).assign(g);
      twice.gradient(i).assign(g);
      twice.weights(i).muli(2);
    }

    step.take(0);
    twice.take(0);

    for (int i = 0; i < step.arrays(); i++) {
      assertThat(twice.gradient(i)).isEqualTo(step.gradient(i).mul(2));
    }
  }

  /**
   * With epsilon at 1e-6 and gradients of 1, an update of AdamW is smaller than η by 1e-6 of it.
   */
  @Test
  void takesTheStepOfAdamWWhereWeightsAreZero() {
    ArrayStep step = new ArrayStep(DataType.DOUBLE, new LAMB(0.01, 0.5));
    step.weights(0).assign(0);
    step.gradient(0).assign(1);
    step.gradient(1).assign(0);

    step.take(0);

    assertThat(step.gradient(0).minNumber().doubleValue()).isCloseTo(0.01, within(1.1e-8));
    assertThat(step.gradient(0).maxNumber().doubleValue()).isCloseTo(0.01, within(1.1e-8));
    // Without a gradient, u is 0 where nothing decays.
    assertThat(step.gradient(1)).isEqualTo(Nd4j.zeros(DataType.DOUBLE, step.gradient(1).shape()));
  }

  /**
   * Each of ten steps rounds m and v a few times, by 2⁻⁵³ of numbers whose ratio to the root of v̂
   * is at most 1.1, so each number of u is off by less than 65 of them. The whole of u, and so r,
   * is off by √n times that, and the update by η r times both.
   */
  @Test
  void equalsThePaperWithWeightsAndDecay() {
    LAMB lamb = new LAMB(0.05, 0.5);
    ArrayStep step = new ArrayStep(DataType.DOUBLE, lamb);
    double[][][] state = new double[step.arrays()][][];
    for (int i = 0; i < step.arrays(); i++) {
      state[i] = new double[2][(int) step.gradient(i).length()];
    }
    for (int t = 0; t < 10; t++) {
      double[][] expected = new double[step.arrays()][];
      double[] tolerance = new double[step.arrays()];
      for (int i = 0; i < step.arrays(); i++) {
        INDArray g = Nd4j.randn(DataType.DOUBLE, step.gradient(i).shape());
        step.gradient(i).assign(g);
        expected[i] = g.ravel().toDoubleVector();
        double r =
            step(
                step.decays(i) ? lamb : new LAMB(0.05, 0),
                expected[i],
                state[i],
                step.weights(i).ravel().toDoubleVector(),
                t);
        tolerance[i] = 0.05 * r * 2 * Math.sqrt(g.length()) * 65 * 0x1p-53;
      }
      if (t == 0) {
        // Arrays without a decay have a ratio too.
        assertThat(step.decays(0)).isTrue();
        assertThat(step.decays(1)).isFalse();
      }
      step.take(t);
      for (int i = 0; i < step.arrays(); i++) {
        assertThat(step.gradient(i).ravel().toDoubleVector())
            .containsExactly(expected[i], within(tolerance[i]));
      }
    }
  }

  /** Bit for bit, because norms are summed in an order of their own. */
  @Test
  void otherArraysDoNotMatter() {
    ArrayStep step = new ArrayStep(DataType.FLOAT, new LAMB(0.01, 0.1));
    ArrayStep other = new ArrayStep(DataType.FLOAT, new LAMB(0.01, 0.1));
    for (int i = 0; i < step.arrays(); i++) {
      INDArray g = Nd4j.randn(DataType.FLOAT, step.gradient(i).shape());
      step.gradient(i).assign(g);
      other.gradient(i).assign(i == 0 ? g : g.mul(3).addi(1));
      other.weights(i).assign(i == 0 ? step.weights(i) : step.weights(i).mul(5));
    }

    step.take(0);
    other.take(0);

    assertThat(other.gradient(0)).isEqualTo(step.gradient(0));
    assertThat(other.gradient(2)).isNotEqualTo(step.gradient(2));
  }

  /**
   * Then u shrinks to denormal numbers, where m stays because 0.6 of the smallest one is rounded to
   * that number again. So ‖θ‖ / ‖u‖ would not be finite in FLOAT. DOUBLE has come to its smallest
   * number after about 1,500 steps. The rounding is that of {@link
   * #everyArrayMovesByTheRateTimesItsOwnNorm}.
   */
  @ParameterizedTest
  @CsvSource({"FLOAT, 400", "DOUBLE, 1600"})
  void comesToRestWithoutAGradient(DataType type, int steps) {
    ArrayStep step =
        new ArrayStep(type, LAMB.builder().learningRate(1e-3).beta1(0.6).weightDecay(0).build());
    double[] thetas = new double[step.arrays()];
    for (int i = 0; i < step.arrays(); i++) {
      thetas[i] = norm(step.weights(i));
    }
    double rounding = 12 * (type == DataType.FLOAT ? 0x1p-24 : 0x1p-53);
    for (int t = 0; t < steps; t++) {
      for (int i = 0; i < step.arrays(); i++) {
        INDArray g = step.gradient(i);
        g.assign(t < 20 ? Nd4j.randn(type, g.shape()).muli(0.03) : Nd4j.zeros(type, g.shape()));
      }
      step.take(t);
      for (int i = 0; i < step.arrays(); i++) {
        assertThat(norm(step.gradient(i))).isLessThanOrEqualTo(1e-3 * thetas[i] * (1 + rounding));
      }
    }
    for (int i = 0; i < step.arrays(); i++) {
      assertThat(norm(step.gradient(i))).isLessThan(1e-3 * 1.1e-19);
    }
  }

  /** The factor would be 1e24 / 2e-19, which FLOAT does not have. */
  @Test
  void movesHugeWeightsByAFiniteStep() {
    ArrayStep step =
        new ArrayStep(
            DataType.FLOAT, LAMB.builder().learningRate(1).epsilon(1).weightDecay(0).build());
    for (int i = 0; i < step.arrays(); i++) {
      step.weights(i).assign(1e24);
      step.gradient(i).assign(2e-19);
    }

    step.take(0);

    for (int i = 0; i < step.arrays(); i++) {
      assertThat(step.gradient(i).minNumber().doubleValue()).isBetween(1e19, 1e24);
      assertThat(step.gradient(i).maxNumber().doubleValue()).isBetween(1e19, 1e24);
    }
  }

  /**
   * Each gain moves by {@code η g / (|g| + ε)}. FLOAT rounds the update by less than 12 times 2⁻²⁴
   * of it, and the gain, which is about 1, by 2⁻²⁴ when it is subtracted.
   */
  @Test
  void trainsBatchNormalizationWithARatioOfOne() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            DecoupledDecay.attach(
                Networks.with(new LAMB(0.01, 0.1))
                    .list()
                    .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
                    .layer(new BatchNormalization.Builder().nOut(5).build())
                    .layer(Networks.output().nIn(5).nOut(3).build())
                    .build()));
    network.init();
    INDArray gamma = network.getParam("1_gamma").dup();
    network.setInput(Networks.data().getFeatures());
    network.setLabels(Networks.data().getLabels());
    network.computeGradientAndScore();
    // Deeplearning4j divides the gradient by the number of examples when it updates.
    INDArray gradient = network.gradient().getGradientFor("1_gamma").div(8);

    network.fit(Networks.data());

    INDArray moved = gamma.sub(network.getParam("1_gamma"));
    assertThat(moved.length()).isEqualTo(5);
    for (int i = 0; i < 5; i++) {
      double g = gradient.getDouble(i);
      assertThat(moved.getDouble(i))
          .isCloseTo(0.01 * g / (Math.abs(g) + 1e-6), within((0.01 * 12 + 1) * 0x1p-24));
    }
  }

  @Test
  void skipsABrokenBatchAsAWhole() {
    ArrayStep.assertSkipsABrokenBatch(
        LAMB.builder().nonFiniteGradients(NonFinitePolicy.SKIP).build());
  }

  @Test
  void goesOnAfterSavingBitForBit(@TempDir File folder) throws Exception {
    Networks.assertGoesOnAfterSaving(new LAMB(0.01, 0.1), folder);
  }

  /**
   * The length of an update is η times that of the weights, up to 12 roundings of it. Subtracting
   * it from a weight below 2, and the test's own difference, round each number by at most 2⁻²⁴.
   */
  @Test
  void trainsMatricesAndVectorsOfSameDiff() {
    var model = Networks.sameDiff(DecoupledDecay.attach(Networks.training(new LAMB(0.01, 0.1))));
    INDArray w = model.getVariable("w").getArr().dup();
    INDArray row = model.getVariable("row").getArr().dup();

    model.fit(Networks.data());

    movedByOneHundredth(w, model.getVariable("w").getArr());
    movedByOneHundredth(row, model.getVariable("row").getArr());
  }

  private static void movedByOneHundredth(INDArray before, INDArray after) {
    double length = 0.01 * norm(before);
    double tolerance = (12 * length + 2 * Math.sqrt(before.length())) * 0x1p-24;
    assertThat(norm(before.sub(after))).isCloseTo(length, within(tolerance));
  }

  @Test
  void refusesToTrainUnattachedEvenWithoutADecay() {
    MultiLayerNetwork network = new MultiLayerNetwork(Networks.mlp(new LAMB(0.01, 0)));
    network.init();
    INDArray before = network.params().dup();

    assertThatIllegalStateException()
        .isThrownBy(() -> network.fit(Networks.data()))
        .withMessageContaining("LAMB takes steps in proportion to the size of the weights")
        .withMessageContaining("DecoupledDecay.attach(");
    assertThat(network.params()).isEqualTo(before);
  }

  /** There is nothing that could decay twice. */
  @Test
  void attachesBesideL2IfItDoesNotDecay() {
    var conf = Networks.with(new LAMB(0.01, 0)).l2(0.1).list();
    conf.layer(new DenseLayer.Builder().nIn(4).nOut(5).build());
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            DecoupledDecay.attach(conf.layer(Networks.output().nIn(5).nOut(3).build()).build()));
    network.init();

    network.fit(Networks.data());

    assertThat(DecoupledDecay.describe(network)).contains("no decay: LAMB with weightDecay 0");
    assertThat(network.calcRegularizationScore(true)).isPositive();
  }

  @Test
  void hasTheDefaultsOfTheDocumentation() {
    LAMB lamb = new LAMB();

    assertThat(lamb.getLearningRate()).isEqualTo(1e-3);
    assertThat(lamb.getBeta1()).isEqualTo(0.9);
    assertThat(lamb.getBeta2()).isEqualTo(0.999);
    assertThat(lamb.getEpsilon()).isEqualTo(1e-6);
    assertThat(lamb.getWeightDecay()).isEqualTo(0.01);
    assertThat(lamb.isEpsilonInsideRoot()).isFalse();
    assertThat(lamb).isEqualTo(LAMB.builder().build());
  }
}
