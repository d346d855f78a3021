package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.schedules.OneCycleSchedule;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.dl4jx.updaters.engine.Engine;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** What every relative of Adam must do. */
abstract class AdaptiveUpdaterContract extends UpdaterContract {

  /** Starts at 0.95, is 0.85 in the twelfth step, and is 0.95 again from the fortieth step on. */
  static final ISchedule BETA1 =
      new OneCycleSchedule(ScheduleType.ITERATION, 1, 40).momentum(0.85, 0.95);

  abstract AdaptiveUpdater.Builder<?> builder();

  abstract Stream<UpdaterConfiguration> withConstantBeta1();

  @Override
  final Stream<UpdaterConfiguration> chosen() {
    return Stream.concat(
        withConstantBeta1(), Stream.of(builder().beta1Schedule(BETA1).weightDecay(0).build()));
  }

  /** The β1 of an iteration. */
  static double beta1(AdaptiveUpdater updater, int iteration) {
    return updater.getBeta1Schedule() == null
        ? updater.getBeta1()
        : updater.getBeta1Schedule().valueAt(iteration, 0);
  }

  /** Sets the parameters that all relatives of Adam share, without a decay. */
  static void randomize(AdaptiveUpdater.Builder<?> builder, Random random, NonFinitePolicy policy) {
    builder
        .learningRate(Math.pow(10, -4 * random.nextDouble()))
        .beta1(random.nextInt(5) == 0 ? 0 : 0.99 * random.nextDouble())
        .beta1Schedule(random.nextInt(4) == 0 ? cycle(random) : null)
        .beta2(random.nextInt(5) == 0 ? 0 : 1 - Math.pow(10, -7 * random.nextDouble()))
        .epsilon(Math.pow(10, -10 * random.nextDouble()))
        .epsilonInsideRoot(random.nextBoolean())
        .weightDecay(0)
        .nonFiniteGradients(policy);
  }

  /** Where 1 - β1 is so large that rounding β1 to FLOAT hardly changes the average. */
  private static ISchedule cycle(Random random) {
    double max = 0.9 * random.nextDouble();
    return new OneCycleSchedule(ScheduleType.ITERATION, 1, 5 + random.nextInt(50))
        .momentum(max * random.nextDouble(), max);
  }

  /** The greatest {@code η m̂ / √v̂}. */
  static double boundOfAdam(AdaptiveUpdater updater, int iteration, double largest) {
    double correction1 = 1 - Math.pow(beta1(updater, iteration), iteration + 1);
    return boundOfAdam(updater, iteration, largest, 1 / correction1, 0);
  }

  /**
   * The greatest {@code η (a m + b g) / √v̂}. In m, the gradient of step s has the weight {@code cₛ
   * = (1 - β1ₛ) β1ₛ₊₁ ... β1ₜ}; in the numerator, it has a times that, and the last one b more. By
   * the inequality of Cauchy and Schwarz, with these weights, {@code Σ cₛ |gₛ| <= √(Σ cₛ² / β2ᵗ⁻ˢ)
   * √(Σ β2ᵗ⁻ˢ gₛ²)}, where the last root is {@code √(v / (1 - β2))}. With β2 = 0, v contains only
   * the last gradient, and epsilon has to bound the rest: in m, {@code Σ cₛ} is {@code 1 - β11 ...
   * β1ₜ}.
   */
  static double boundOfAdam(
      AdaptiveUpdater updater, int iteration, double largest, double a, double b) {
    int t = iteration + 1;
    double earlier = 0;
    double last = 0;
    double forgotten = 1;
    for (int i = 0; i < t; i++) {
      double beta1 = beta1(updater, i);
      earlier = (earlier + last * last) * (beta1 * beta1 / updater.getBeta2());
      last = 1 - beta1;
      forgotten *= beta1;
    }
    double squares = a * a * earlier + (a * last + b) * (a * last + b);
    double byAverages =
        Math.sqrt(squares / (1 - updater.getBeta2()))
            * Math.sqrt(1 - Math.pow(updater.getBeta2(), t));
    double byEpsilon =
        largest
            * (a * (1 - forgotten) + b)
            / (updater.isEpsilonInsideRoot()
                ? Math.sqrt(updater.getEpsilon())
                : updater.getEpsilon());
    return updater.getLearningRate(iteration, 0)
        * (byAverages < byEpsilon ? byAverages : byEpsilon);
  }

  /** The greatest {@code η m̂}: in m, the weights of all gradients are {@code 1 - β11 ... β1ₜ}. */
  static double boundOfMomentum(AdaptiveUpdater updater, int iteration, double largest) {
    double forgotten = 1;
    for (int i = 0; i <= iteration; i++) {
      forgotten *= beta1(updater, i);
    }
    double correction1 = 1 - Math.pow(beta1(updater, iteration), iteration + 1);
    return updater.getLearningRate(iteration, 0) * largest * ((1 - forgotten) / correction1);
  }

  @Override
  Stream<UpdaterConfiguration> decaying() {
    return Stream.of(builder().weightDecay(0.0125).build());
  }

  @Override
  boolean trains(UpdaterConfiguration updater, DataType type) {
    return type != DataType.FLOAT16;
  }

  /** The update of the first step, in double. */
  static INDArray firstUpdate(UpdaterConfiguration updater, double... gradient) {
    INDArray g = Nd4j.createFromArray(gradient);
    Engine.withoutWeights(
            updater, Nd4j.zeros(DataType.DOUBLE, updater.stateSize(gradient.length)), true)
        .applyUpdater(g, 0, 0);
    return g;
  }

  /** As at the start of a warm-up. Deeplearning4j's own operation would step by epsilon instead. */
  @Test
  void aLearningRateOfZeroMovesOnlyTheAverages() {
    var updater = builder().weightDecay(0).build();
    updater.setLrAndSchedule(0, null);
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      INDArray view = Nd4j.zeros(type, updater.stateSize(2));
      for (GradientUpdater<?> steps :
          List.of(
              Engine.withoutWeights(updater, view, true),
              Engine.onAnotherBackend(updater, view.dup()))) {
        INDArray gradient = Nd4j.ones(type, 2);

        steps.applyUpdater(gradient, 0, 0);

        assertThat(gradient).isEqualTo(Nd4j.zeros(type, 2));
        assertThat(steps.getState().get("M").getDouble(1)).isCloseTo(0.1, within(1e-7));
      }
    }
  }

  /** One step of another implementation, in its own words; returns what it subtracts. */
  interface Torch {
    double[] step(
        double[] grad,
        double[][] state,
        int step,
        double lr,
        double beta1,
        double beta2,
        double eps);
  }

  abstract Torch torch();

  /** The updater that equals {@link #torch}, for a cycle of learning rates up to this one. */
  AdaptiveUpdater.Builder<?> underOneCycle(double maxLearningRate) {
    return builder();
  }

  /**
   * How far a relative rounding may move an update under this cycle, in units of the greatest
   * learning rate. By default, that is the size of an update, which is below 2: m̂ is at most
   * {@code 1 / (1 - 0.95³⁰) = 1.3} times an average of gradients, and it is divided by their root
   * mean square, which is about as large.
   *
   * @param state the state of {@link #torch}
   * @param largest the largest gradient of each number so far
   * @param step which step it is, from 1
   */
  double sensitivityUnderOneCycle(double[][] state, double[] largest, int step) {
    return 2;
  }

  /**
   * By default, PyTorch's {@code OneCycleLR} cycles the β1 of Adam and its relatives.
   *
   * <p>Each number keeps the sign of its gradient, so no sum cancels. A step has 12 operations on
   * the way to a state array or the update, as above. The cycles differ by 4 roundings of doubles.
   * {@code 1 - β1 >= 0.05} turns them into 80, once in m and once in the bias correction, and the
   * learning rate adds 20.
   */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void followsPyTorchUnderOneCycle(DataType type) {
    OneCycleSchedule rate =
        new OneCycleSchedule(ScheduleType.ITERATION, TorchOneCycle.MAX_LR, TorchOneCycle.STEPS);
    var updater =
        underOneCycle(TorchOneCycle.MAX_LR)
            .learningRateSchedule(rate)
            .beta1Schedule(rate.momentum(0.85, 0.95))
            .weightDecay(0)
            .build();
    int length = 300;
    INDArray view = Nd4j.zeros(type, updater.stateSize(length));
    GradientUpdater<?> tiles = Engine.withoutWeights(updater, view, true);
    GradientUpdater<?> operations = Engine.onAnotherBackend(updater, view.dup());
    double[][] state = new double[(int) updater.stateSize(1)][length];
    double[][] withConstant = new double[(int) updater.stateSize(1)][length];
    double rounding = type == DataType.FLOAT ? 0x1p-24 : 0x1p-53;
    double difference = 0;
    double[] largest = new double[length];
    Random random = new Random(14);
    double[] signs = random.doubles(length, -1, 1).map(Math::signum).toArray();

    for (int iteration = 0; iteration < TorchOneCycle.STEPS; iteration++) {
      double[] grad = new double[length];
      for (int i = 0; i < length; i++) {
        grad[i] = (float) (signs[i] * (0.01 + random.nextDouble()));
        largest[i] = Math.max(largest[i], Math.abs(grad[i]));
      }
      INDArray g = Nd4j.createFromArray(grad).castTo(type);
      INDArray h = g.dup();
      tiles.applyUpdater(g, iteration, 0);
      operations.applyUpdater(h, iteration, 0);
      double lr = TorchOneCycle.lr(iteration);
      double beta1 = TorchOneCycle.beta1(iteration);
      double[] expected = torch().step(grad, state, iteration + 1, lr, beta1, 0.999, 1e-8);

      double tolerance =
          (12 * (iteration + 1) + 180)
              * rounding
              * sensitivityUnderOneCycle(state, largest, iteration + 1)
              * TorchOneCycle.MAX_LR;
      assertThat(numbers(g)).containsExactly(expected, within(tolerance));
      assertThat(numbers(h)).containsExactly(expected, within(tolerance));
      double[] constant = torch().step(grad, withConstant, iteration + 1, lr, 0.9, 0.999, 1e-8);
      for (int i = 0; i < length; i++) {
        difference = Math.max(difference, Math.abs(constant[i] - expected[i]));
      }
    }
    assertThat(difference).as("what a constant β1 changes").isGreaterThan(1e-3);
  }

  private static double[] numbers(INDArray array) {
    return array.castTo(DataType.DOUBLE).toDoubleVector();
  }

  @Test
  void continuesTheCycleAfterSavingBitForBit(@TempDir File folder) throws Exception {
    var updater = builder().beta1Schedule(BETA1).weightDecay(0).build();
    MultiLayerNetwork network = new MultiLayerNetwork(DecoupledDecay.attach(Networks.mlp(updater)));
    network.init();
    train(network);
    File file = new File(folder, "model.zip");
    ModelSerializer.writeModel(network, file, true);
    MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);

    train(network);
    train(restored);

    assertThat(restored.params().data().asFloat()).isEqualTo(network.params().data().asFloat());
  }

  private static void train(MultiLayerNetwork network) {
    for (int i = 0; i < 9; i++) {
      network.fit(Networks.data());
    }
  }

  @Test
  void aScheduleOfBeta1ReplacesTheConstant() {
    var scheduled = (AdaptiveUpdater) builder().beta1Schedule(BETA1).beta1(0.5).build();
    var constant =
        (AdaptiveUpdater) builder().beta1Schedule(BETA1).beta1(0.5).beta1Schedule(null).build();

    assertThat(scheduled.getBeta1Schedule()).isEqualTo(BETA1);
    assertThat(scheduled.getBeta1()).isNaN();
    assertThat(scheduled.toString()).contains("beta1=" + BETA1 + ",");
    assertThat(scheduled)
        .isEqualTo(builder().beta1Schedule(BETA1).build())
        .isNotEqualTo(constant)
        .isNotEqualTo(builder().beta1Schedule(new FixedSchedule(0.5)).build());
    assertThat(constant.getBeta1Schedule()).isNull();
    assertThat(constant.getBeta1()).isEqualTo(0.5);
    assertThat(constant).isEqualTo(builder().beta1(0.5).build());
  }

  @Test
  void jsonAndYamlKeepTheScheduleOfBeta1() {
    var conf = Networks.mlp(builder().beta1Schedule(BETA1).weightDecay(0).build());

    for (var read : List.of(Networks.throughJson(conf), Networks.throughYaml(conf))) {
      AdaptiveUpdater updater = (AdaptiveUpdater) Networks.updaterOf(read);
      assertThat(updater.getBeta1Schedule()).isEqualTo(BETA1);
      assertThat(updater.getBeta1()).isNaN();
    }
  }

  @Test
  void aCloneHasItsOwnScheduleOfBeta1() {
    var updater = (AdaptiveUpdater) builder().beta1Schedule(new FixedSchedule(0.5)).build();

    assertThat(updater.clone().getBeta1Schedule())
        .isEqualTo(updater.getBeta1Schedule())
        .isNotSameAs(updater.getBeta1Schedule());
    assertThat(((AdaptiveUpdater) builder().build()).clone().getBeta1Schedule()).isNull();
  }

  private GradientUpdater<?> instantiated(UpdaterConfiguration updater, DataType type) {
    return Engine.withoutWeights(updater, Nd4j.zeros(type, updater.stateSize(2)), true);
  }

  /** What an updater that was not attached says it needs the weights for. */
  String needOf(double weightDecay) {
    return "has weightDecay " + weightDecay;
  }

  @Test
  void refusesToTrainWithADecayThatWasNotAttached() {
    var updater = builder().weightDecay(0.02).build();
    INDArray gradient = Nd4j.ones(DataType.FLOAT, 2);

    assertThatIllegalStateException()
        .isThrownBy(() -> instantiated(updater, DataType.FLOAT).applyUpdater(gradient, 0, 0))
        .withMessageContaining(updater.getClass().getSimpleName() + " " + needOf(0.02))
        .withMessageContaining("DecoupledDecay.attach(");
    assertThat(gradient).isEqualTo(Nd4j.ones(DataType.FLOAT, 2));
  }

  @Test
  void refusesATypeThatCannotHoldSquaredGradients() {
    var updater = builder().weightDecay(0).build();

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                instantiated(updater, DataType.FLOAT16)
                    .applyUpdater(Nd4j.ones(DataType.FLOAT16, 2), 0, 0))
        .withMessageContaining("HALF")
        .withMessageEndingWith("Use FLOAT or DOUBLE (BFLOAT16 works only in SameDiff)");
  }

  @ParameterizedTest
  @MethodSource
  void namesTheBadArgumentItsValueAndTheRange(
      UnaryOperator<AdaptiveUpdater.Builder<?>> set, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> set.apply(builder()).build())
        .withMessage(message);
  }

  static Stream<Arguments> namesTheBadArgumentItsValueAndTheRange() {
    double nan = Double.NaN;
    double inf = Double.POSITIVE_INFINITY;
    String notNegative = " must be a finite number >= 0, but was ";
    Stream<Arguments> rates =
        Stream.of(-0.1, 1.0, 1.5, nan, inf)
            .flatMap(
                x ->
                    Stream.of(
                        bad(b -> b.beta1(x), "beta1 must be in [0, 1), but was " + x),
                        bad(b -> b.beta2(x), "beta2 must be in [0, 1), but was " + x)));
    Stream<Arguments> atLeastZero =
        Stream.of(-1e-9, nan, inf, -inf)
            .flatMap(
                x ->
                    Stream.of(
                        bad(b -> b.learningRate(x), "learningRate" + notNegative + x),
                        bad(b -> b.weightDecay(x), "weightDecay" + notNegative + x)));
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

  private static Arguments bad(UnaryOperator<AdaptiveUpdater.Builder<?>> set, String message) {
    return Arguments.of(set, message);
  }

  @Test
  void refusesAConfigurationWithBadNumbersInJson() {
    String json = Networks.mlp(builder().weightDecay(0).build()).toJson().replace("0.999", "1.999");

    assertThatThrownBy(() -> MultiLayerConfiguration.fromJson(json))
        .hasMessageContaining("beta2 must be in [0, 1), but was 1.999");
  }

  @Test
  void namesTheScheduleThatReturnsABadRate() {
    var updater = builder().weightDecay(0).learningRate(0.1).build();
    updater.setLrAndSchedule(Double.NaN, new FixedSchedule(-0.5));

    assertThatIllegalStateException()
        .isThrownBy(() -> firstUpdate(updater, 1))
        .withMessageContaining(
            "learning rate must be a finite number >= 0, but was -0.5 at iteration 0, epoch 0")
        .withMessageContaining("FixedSchedule");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, Double.NaN, Double.POSITIVE_INFINITY})
  void namesTheScheduleThatReturnsABadBeta1(double rate) {
    var updater = builder().weightDecay(0).beta1Schedule(new FixedSchedule(rate)).build();

    assertThatIllegalStateException()
        .isThrownBy(() -> firstUpdate(updater, 1))
        .withMessageContaining(
            "beta1 must be in [0, 1), but was " + rate + " at iteration 0, epoch 0")
        .withMessageContaining("FixedSchedule");
  }

  @Test
  void allowsAScheduledBeta1OfZero() {
    var scheduled = builder().weightDecay(0).beta1Schedule(new FixedSchedule(0)).build();
    var constant = builder().weightDecay(0).beta1(0).build();

    assertThat(firstUpdate(scheduled, 1, -2)).isEqualTo(firstUpdate(constant, 1, -2));
  }
}
