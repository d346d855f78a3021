package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ISchedule;

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

  /** Algorithm 2 of the paper, for one array whose weights decay; null for an r of 1. */
  private static void step(LAMB lamb, double[] g, double[][] state, double[] theta, int iteration) {
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

  /** Ten steps of about 20 operations each, in numbers below 10. */
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
      for (int i = 0; i < step.arrays(); i++) {
        INDArray g = Nd4j.randn(DataType.DOUBLE, step.gradient(i).shape());
        step.gradient(i).assign(g);
        expected[i] = g.ravel().toDoubleVector();
        step(
            step.decays(i) ? lamb : new LAMB(0.05, 0),
            expected[i],
            state[i],
            step.weights(i).ravel().toDoubleVector(),
            t);
      }
      if (t == 0) {
        // Arrays without a decay have a ratio too.
        assertThat(step.decays(0)).isTrue();
        assertThat(step.decays(1)).isFalse();
      }
      step.take(t);
      for (int i = 0; i < step.arrays(); i++) {
        assertThat(step.gradient(i).ravel().toDoubleVector())
            .containsExactly(expected[i], within(1e-13));
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

    network.fit(Networks.data());

    // η times a number that is 1 but for epsilon and rounding, unless the gradient is tiny.
    INDArray moved = gamma.sub(network.getParam("1_gamma"));
    assertThat(moved.amaxNumber().doubleValue()).isCloseTo(0.01, within(1e-5));
  }

  @Test
  void skipsABrokenBatchAsAWhole() {
    ArrayStep step =
        new ArrayStep(
            DataType.FLOAT, LAMB.builder().nonFiniteGradients(NonFinitePolicy.SKIP).build());
    for (int i = 0; i < step.arrays(); i++) {
      step.gradient(i).assign(1 + i);
    }
    step.take(0);
    INDArray before = step.network().getUpdater().getStateViewArray().dup();
    step.gradient(3).putScalar(1, Float.NaN);

    step.take(1);

    assertThat(step.network().getUpdater().getStateViewArray()).isEqualTo(before);
    for (int i = 0; i < step.arrays(); i++) {
      assertThat(step.gradient(i).amaxNumber().doubleValue()).isZero();
    }
  }

  @Test
  void goesOnAfterSavingBitForBit(@TempDir File folder) throws Exception {
    MultiLayerNetwork network =
        new MultiLayerNetwork(DecoupledDecay.attach(Networks.mlp(new LAMB(0.01, 0.1))));
    network.init();
    fit(network);
    File file = new File(folder, "model.zip");
    ModelSerializer.writeModel(network, file, true);
    MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);

    fit(network);
    fit(restored);

    assertThat(restored.params()).isEqualTo(network.params());
  }

  private static void fit(MultiLayerNetwork network) {
    for (int i = 0; i < 9; i++) {
      network.fit(Networks.data());
    }
  }

  /** Its length is η times that of the weights, up to a few roundings of 2⁻²⁴ of each number. */
  @Test
  void trainsMatricesAndVectorsOfSameDiff() {
    var model = Networks.sameDiff(DecoupledDecay.attach(Networks.training(new LAMB(0.01, 0.1))));
    INDArray w = model.getVariable("w").getArr().dup();
    INDArray row = model.getVariable("row").getArr().dup();

    model.fit(Networks.data());

    assertThat(norm(w.sub(model.getVariable("w").getArr())))
        .isCloseTo(0.01 * norm(w), within(1e-6));
    assertThat(norm(row.sub(model.getVariable("row").getArr())))
        .isCloseTo(0.01 * norm(row), within(1e-6));
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

  @Test
  void constructorsKeepOtherDefaults() {
    assertThat(new LAMB(0.02)).isEqualTo(LAMB.builder().learningRate(0.02).build());
    assertThat(new LAMB(SCHEDULE)).isEqualTo(LAMB.builder().learningRateSchedule(SCHEDULE).build());
    assertThat(new LAMB(0.02, 0.03))
        .isEqualTo(LAMB.builder().learningRate(0.02).weightDecay(0.03).build());
    assertThat(new LAMB(SCHEDULE, 0.03))
        .isEqualTo(LAMB.builder().learningRateSchedule(SCHEDULE).weightDecay(0.03).build());
  }

  @Test
  void refusesANullSchedule() {
    for (ThrowingCallable constructor :
        List.<ThrowingCallable>of(() -> new LAMB(null), () -> new LAMB((ISchedule) null, 0))) {
      assertThatIllegalArgumentException()
          .isThrownBy(constructor)
          .withMessage("learningRate must not be null");
    }
  }
}
