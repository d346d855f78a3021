package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class AMSGradDecoupledTest extends AdaptiveUpdaterContract {

  @Override
  AdaptiveUpdater.Builder<?> builder() {
    return AMSGradDecoupled.builder();
  }

  @Override
  UpdaterConfiguration random(Random random, NonFinitePolicy policy) {
    AMSGradDecoupled.Builder builder = AMSGradDecoupled.builder();
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
            AMSGradDecoupled.builder().epsilon(1e-30).build(),
            AMSGrad.builder().epsilon(1e-30).build(),
            1e-15));
  }

  /** As long as gradients grow, the greatest v is the latest. */
  @Test
  void whileGradientsGrowIsAdamWToTheLastBit() {
    AMSGradDecoupled amsGrad = new AMSGradDecoupled(0.01, 0);
    AdamWDecoupled adamW = new AdamWDecoupled(0.01, 0);
    GradientUpdater<?> ours = amsGrad.instantiate(Nd4j.zeros(amsGrad.stateSize(3)), true);
    GradientUpdater<?> adam = adamW.instantiate(Nd4j.zeros(adamW.stateSize(3)), true);

    for (int t = 0; t < 50; t++) {
      INDArray g = Nd4j.createFromArray(1f + t, -2f - t, 0.5f * (1 + t));
      INDArray h = g.dup();
      ours.applyUpdater(g, t, 0);
      adam.applyUpdater(h, t, 0);
      assertThat(g.toFloatVector()).isEqualTo(h.toFloatVector());
    }
  }

  @Override
  Stream<UpdaterConfiguration> withConstantBeta1() {
    return Stream.of(
        new AMSGradDecoupled(),
        new AMSGradDecoupled(SCHEDULE, 0),
        AMSGradDecoupled.builder()
            .learningRate(0.01)
            .beta1(0.5)
            .beta2(0.9)
            .epsilon(1e-3)
            .nonFiniteGradients(NonFinitePolicy.SKIP)
            .build(),
        AMSGradDecoupled.builder().epsilon(1e-4).epsilonInsideRoot(true).build());
  }

  @Override
  Reference reference(UpdaterConfiguration updater) {
    AMSGradDecoupled ams = (AMSGradDecoupled) updater;
    return (g, state, iteration) -> {
      int t = iteration + 1;
      double beta1 = beta1(ams, iteration);
      double[] m = state[0];
      double[] v = state[1];
      double[] greatest = state[2];
      for (int i = 0; i < g.length; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = ams.getBeta2() * v[i] + (1 - ams.getBeta2()) * g[i] * g[i];
        greatest[i] = Math.max(greatest[i], v[i]);
        double mHat = m[i] / (1 - Math.pow(beta1, t));
        double xHat = greatest[i] / (1 - Math.pow(ams.getBeta2(), t));
        double denominator =
            ams.isEpsilonInsideRoot()
                ? Math.sqrt(xHat + ams.getEpsilon())
                : Math.sqrt(xHat) + ams.getEpsilon();
        g[i] = ams.getLearningRate(iteration, 0) * mHat / denominator;
      }
    };
  }

  /** {@code torch.optim.adamw._single_tensor_adamw} with {@code amsgrad}, without decay. */
  @Override
  Torch torch() {
    return (grad, state, step, lr, beta1, beta2, eps) -> {
      double[] expAvg = state[0];
      double[] expAvgSq = state[1];
      double[] maxExpAvgSq = state[2];
      double biasCorrection1 = 1 - Math.pow(beta1, step);
      double biasCorrection2 = 1 - Math.pow(beta2, step);
      double stepSize = lr / biasCorrection1;
      double[] update = new double[grad.length];
      for (int i = 0; i < grad.length; i++) {
        expAvg[i] += (1 - beta1) * (grad[i] - expAvg[i]);
        expAvgSq[i] = expAvgSq[i] * beta2 + (1 - beta2) * grad[i] * grad[i];
        maxExpAvgSq[i] = Math.max(maxExpAvgSq[i], expAvgSq[i]);
        double denom = Math.sqrt(maxExpAvgSq[i]) / Math.sqrt(biasCorrection2) + eps;
        update[i] = stepSize * expAvg[i] / denom;
      }
      return update;
    };
  }

  @Test
  void denominatorNeverShrinks() {
    GradientUpdater<?> updater =
        AMSGradDecoupled.builder()
            .beta2(0.5)
            .build()
            .instantiate(Nd4j.zeros(DataType.FLOAT, new AMSGradDecoupled().stateSize(100)), true);
    Random random = new Random(1);
    INDArray before = Nd4j.zeros(DataType.FLOAT, 100);
    INDArray average = before;

    for (int t = 0; t < 200; t++) {
      float size = (float) Math.exp(3 * random.nextGaussian());
      updater.applyUpdater(Nd4j.randn(DataType.FLOAT, 100).muli(size), t, 0);
      INDArray greatest = updater.getState().get("X");
      assertThat(before.gt(greatest).none()).isTrue();
      before = greatest.dup();
      average = updater.getState().get("V");
    }
    assertThat(average.lt(before).any()).isTrue();
  }

  /**
   * Reddi, Kale and Kumar, theorem 1: on the interval [-1, 1], the loss is C x in every third step
   * and -x in the others. Its mean, (C - 2) x / 3, is least at -1. Adam with β1 = 0 and β2 = 1 / (1
   * + C²) forgets the one large gradient before the next one comes, and ends at 1.
   */
  @Test
  void reachesTheRightPointOfTheOnlineProblemThatAdamGetsWrong() {
    double c = 3;
    double beta2 = 1 / (1 + c * c);

    double adam = solved(c, AdamWDecoupled.builder().weightDecay(0).beta1(0).beta2(beta2));
    double amsGrad = solved(c, AMSGradDecoupled.builder().beta1(0).beta2(beta2));

    assertThat(adam).isGreaterThan(0.9);
    assertThat(amsGrad).isLessThan(-0.9);
  }

  /** The mean of the last thousand points, with the step size α / √t of the theorem. */
  private static double solved(double c, AdaptiveUpdater.Builder<?> builder) {
    ISchedule rootDecay = new InverseSchedule(ScheduleType.ITERATION, 0.5, 1, 0.5);
    UpdaterConfiguration configuration = builder.learningRateSchedule(rootDecay).build();
    GradientUpdater<?> updater =
        configuration.instantiate(Nd4j.zeros(DataType.DOUBLE, configuration.stateSize(1)), true);
    double x = 0;
    double sum = 0;
    int steps = 10_000;
    for (int t = 0; t < steps; t++) {
      INDArray g = Nd4j.createFromArray(t % 3 == 0 ? c : -1.0);
      updater.applyUpdater(g, t, 0);
      x = Math.max(-1, Math.min(1, x - g.getDouble(0)));
      sum += t >= steps - 1_000 ? x : 0;
    }
    return sum / 1_000;
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.5, Double.NaN, Double.POSITIVE_INFINITY})
  void constructorsNameABadLearningRate(double rate) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AMSGradDecoupled(rate))
        .withMessage("learningRate must be a finite number >= 0, but was " + rate);
  }
}
