package org.dl4jx.integration.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.dl4jx.averaging.EvaluationWeights;
import org.dl4jx.integration.Networks;
import org.dl4jx.integration.Optimizers;
import org.dl4jx.integration.distributed.AveragedWorkers.Mean;
import org.dl4jx.integration.distributed.AveragedWorkers.States;
import org.dl4jx.updaters.AMSGradDecoupled;
import org.dl4jx.updaters.AdaBound;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.LAMB;
import org.dl4jx.updaters.Lion;
import org.dl4jx.updaters.Lookahead;
import org.dl4jx.updaters.LookaheadAverage;
import org.dl4jx.updaters.Muon;
import org.dl4jx.updaters.RepeatedBatchIterator;
import org.dl4jx.updaters.SWATS;
import org.dl4jx.updaters.ScheduleFreeAdamW;
import org.dl4jx.updaters.SophiaG;
import org.dl4jx.updaters.SophiaHessian;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.dl4jx.updaters.engine.BlockState;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.dl4jx.workbench.data.EmbeddedMnist;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What averaging parameters and updater states does to each updater: docs/distributed.md. */
class AveragedWorkersTest {
  private static final int ITERATIONS = 9;

  /** Estimates of curvature are due in the middle of the rounds here. */
  private static final int K_OF_SOPHIA = 4;

  /** So that it switches within a few iterations. */
  private static final SWATS EAGER = SWATS.builder().learningRate(0.01).tolerance(0.3).build();

  static Stream<IUpdater> updaters() {
    return Stream.concat(
        Arrays.stream(NamedOptimizer.values()).map(AveragedWorkersTest::withUsualSettings),
        Stream.of(EAGER, new Lookahead(new AdamWDecoupled(0.01, 0))));
  }

  private static IUpdater withUsualSettings(NamedOptimizer optimizer) {
    UpdaterConfiguration.Builder<?> builder = optimizer.builder(Optimizers.rate(optimizer), 0.01);
    return builder instanceof SophiaG.Builder sophia
        ? sophia.k(K_OF_SOPHIA).build()
        : builder.build();
  }

  /** Whose steps, states and points are linear in gradients and states. */
  static Stream<IUpdater> linear() {
    return Stream.of(
        new Sgd(0.1),
        new Nesterovs(0.1, 0.9),
        new AveragedNesterovs(0.1, 0.9),
        AveragedNesterovs.builder().average(LookaheadAverage.QUARTERS).build(),
        new Lookahead(new Sgd(0.1)));
  }

  static Stream<IUpdater> notLinear() {
    return updaters().filter(updater -> !(updater instanceof AveragedNesterovs));
  }

  static Stream<IUpdater> trainingElsewhere() {
    return Stream.of(
        new AveragedNesterovs(0.1, 0.9),
        AveragedNesterovs.builder().average(LookaheadAverage.QUARTERS).build(),
        new Lookahead(new AdamWDecoupled(0.01, 0)),
        new ScheduleFreeAdamW(0.01));
  }

  /** Not only within a cycle. */
  static Stream<IUpdater> alwaysElsewhere() {
    return Stream.of(new AveragedNesterovs(0.1, 0.9), new ScheduleFreeAdamW(0.01));
  }

  private static MultiLayerNetwork network(IUpdater updater, DataType type) {
    MultiLayerNetwork network =
        Networks.network(DecoupledDecay.attach(Networks.classifier(Networks.with(type, updater))));
    network.setListeners(new SophiaHessian());
    return network;
  }

  private static List<DataSet> batches(DataType type, int count) {
    return IntStream.range(0, count).mapToObj(i -> Networks.batch(type, i)).toList();
  }

  /** Each batch so many times in a row, so every worker gets it. */
  private static List<DataSet> repeated(List<DataSet> batches, int times) {
    return batches.stream().flatMap(b -> Stream.generate(() -> b).limit(times)).toList();
  }

  private static MultiLayerNetwork trainedAlone(IUpdater updater, List<DataSet> batches) {
    MultiLayerNetwork network = network(updater, batches.get(0).getFeatures().dataType());
    batches.forEach(network::fit);
    return network;
  }

  private static BlockState state(MultiLayerNetwork network) {
    return BlockState.of((BaseMultiLayerUpdater<?>) network.getUpdater()).get(0);
  }

  /** θ, x, slow weights, or the parameters. */
  private static INDArray point(MultiLayerNetwork network) {
    return EvaluationWeights.ofUpdaters().at(network, n -> n.params().dup());
  }

  private static INDArray meanPoint(AveragedWorkers workers) {
    return AveragedWorkers.meanOf(
        workers.workers().stream().map(AveragedWorkersTest::point).toList());
  }

  private static double distance(INDArray one, INDArray other) {
    return Networks.largestDifference(one, other);
  }

  /** Means of 2 equal numbers are exact, however they are formed. */
  @ParameterizedTest
  @MethodSource("updaters")
  void equalWorkersTrainAsOneAloneToTheLastBit(IUpdater updater) {
    List<DataSet> batches = batches(DataType.FLOAT, ITERATIONS);
    MultiLayerNetwork alone = trainedAlone(updater, batches);
    AveragedWorkers workers =
        new AveragedWorkers(network(updater, DataType.FLOAT), 2, 3, Mean.OF_SPARK, States.AVERAGED);

    workers.fit(repeated(batches, 2));

    for (MultiLayerNetwork worker : workers.workers()) {
      assertThat(worker.params()).isEqualTo(alone.params());
      assertThat(worker.getUpdater().getStateViewArray())
          .isEqualTo(alone.getUpdater().getStateViewArray());
    }
  }

  /**
   * Means of 7 equal numbers are rounded, and so are the digits of the step count, and the steps
   * since an estimate of curvature. A mean has 8 roundings of 2⁻⁵³, there are 3 means, and
   * parameters are below 2; training may amplify that a thousandfold. An estimate that comes a step
   * late changes parameters by more than 1e-5.
   */
  @ParameterizedTest
  @MethodSource("updaters")
  void sevenEqualWorkersTakeTheStepsOfOneAlone(IUpdater updater) {
    List<DataSet> batches = batches(DataType.DOUBLE, ITERATIONS);
    MultiLayerNetwork alone = trainedAlone(updater, batches);
    MultiLayerNetwork oneOfSeven = network(updater, DataType.DOUBLE);
    for (int i = 0; i < ITERATIONS; i++) {
      oneOfSeven.fit(batches.get(i));
      if (i % 3 == 2) {
        becomeTheMeanOfSeven(oneOfSeven.params());
        becomeTheMeanOfSeven(oneOfSeven.getUpdater().getStateViewArray());
      }
    }

    assertThat(state(oneOfSeven).steps().get()).isEqualTo(ITERATIONS);
    assertThat(distance(oneOfSeven.params(), alone.params()))
        .isLessThan(3 * 8 * 0x1p-53 * 2 * 1_000);
  }

  /** The others need not be trained, since they are equal. */
  private static void becomeTheMeanOfSeven(INDArray array) {
    List<INDArray> copies = Stream.generate(array::dup).limit(7).toList();
    Mean.OF_PARALLEL_WRAPPER.propagate(copies);
    array.assign(copies.get(0));
  }

  /**
   * The gradient of the joined batch is the mean of the workers' gradients. In DOUBLE, sums over 32
   * examples are rounded by 32 · 2⁻⁵³ at most, in another order. 9 steps of 0.1 take that in, and
   * momentum ten times as much.
   */
  @ParameterizedTest
  @MethodSource("linear")
  void averagingEveryIterationIsTrainingOnTheJoinedBatches(IUpdater updater) {
    assertThat(distanceFromTheJoinedBatches(updater)).isLessThan(9 * 0.1 * 10 * 32 * 0x1p-53);
  }

  /** Signs, roots, and norms are taken by each worker on its own. */
  @ParameterizedTest
  @MethodSource("notLinear")
  void averagingEveryIterationIsSomethingElseIfUpdatersAreNotLinear(IUpdater updater) {
    assertThat(distanceFromTheJoinedBatches(updater)).isGreaterThan(1e-4);
  }

  private static double distanceFromTheJoinedBatches(IUpdater updater) {
    int count = 2;
    List<DataSet> batches = batches(DataType.DOUBLE, ITERATIONS * count);
    List<DataSet> joined =
        IntStream.range(0, ITERATIONS)
            .mapToObj(i -> DataSet.merge(batches.subList(i * count, (i + 1) * count)))
            .toList();
    AveragedWorkers workers = new AveragedWorkers(network(updater, DataType.DOUBLE), count, 1);

    workers.fit(batches);

    return distance(workers.worker(0).params(), trainedAlone(updater, joined).params());
  }

  /** Gradients that have nothing in common, like those of noise, and equal ones. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 100})
  void vIsUpToTheNumberOfWorkersTimesThatOfTheJoinedBatch(int workers) {
    UpdaterConfiguration adam = new AdamWDecoupled(0.1, 0);
    List<INDArray> unlike =
        IntStream.range(0, workers)
            .mapToObj(i -> Nd4j.zeros(DataType.DOUBLE, workers).putScalar(i, 1))
            .toList();
    List<INDArray> alike = IntStream.range(0, workers).mapToObj(i -> unlike.get(0)).toList();

    // Up to the rounding of one mean.
    assertThat(meanV(adam, unlike) / v(adam, AveragedWorkers.meanOf(unlike)))
        .isCloseTo(workers, within(1e-12 * workers));
    assertThat(meanV(adam, alike) / v(adam, AveragedWorkers.meanOf(alike)))
        .isCloseTo(1, within(1e-12));
  }

  private static double meanV(UpdaterConfiguration adam, List<INDArray> gradients) {
    return gradients.stream().mapToDouble(gradient -> v(adam, gradient)).average().orElseThrow();
  }

  /** The sum of v after one step. */
  private static double v(UpdaterConfiguration adam, INDArray gradient) {
    long length = gradient.length();
    INDArray view = Nd4j.zeros(DataType.DOUBLE, adam.stateSize(length));
    adam.instantiate(view, true).applyUpdater(gradient.dup(), 0, 0);
    return new BlockState(adam, 0, length, view).array("V").sumNumber().doubleValue();
  }

  static Stream<IUpdater> withMaximum() {
    return Stream.of(
        AMSGradDecoupled.builder().learningRate(0.05).beta2(0.5).weightDecay(0).build(),
        AdaBound.builder().learningRate(0.05).beta2(0.5).amsBound(true).build());
  }

  /**
   * A worker's maximum is at least its v, so the mean of maxima is at least every mean of v. It
   * never falls either: after a round, all workers start from it. The means here have 4 roundings.
   */
  @ParameterizedTest
  @MethodSource("withMaximum")
  void theMeanOfMaximaIsAnUpperBoundOfAllMeansOfV(IUpdater updater) {
    AveragedWorkers workers = new AveragedWorkers(network(updater, DataType.DOUBLE), 3, 4);
    INDArray greatest = null;
    INDArray before = null;
    boolean isAbove = false;
    for (int i = 0; i < 24; i++) {
      workers.fit(batches(DataType.DOUBLE, 3 * (i + 1)).subList(3 * i, 3 * (i + 1)));
      INDArray v = meanArray(workers, "V");
      INDArray x = meanArray(workers, "X");
      greatest = greatest == null ? v : Transforms.max(greatest, v);
      before = before == null ? x : before;

      assertThat(x.sub(greatest.mul(1 - 4 * 0x1p-53)).minNumber().doubleValue())
          .isGreaterThanOrEqualTo(0);
      assertThat(x.sub(before.mul(1 - 4 * 0x1p-53)).minNumber().doubleValue())
          .isGreaterThanOrEqualTo(0);
      isAbove |= x.sub(greatest).maxNumber().doubleValue() > 1e-6;
      before = x;
    }
    assertThat(isAbove).as("it is greater than the maximum of the means").isTrue();
  }

  private static INDArray meanArray(AveragedWorkers workers, String name) {
    return AveragedWorkers.meanOf(
        workers.workers().stream().map(w -> state(w).array(name).dup()).toList());
  }

  @ParameterizedTest
  @MethodSource("trainingElsewhere")
  void theMeanOfStatesIsEvaluatedAtTheMeanOfThePointsWhereverACycleIs(IUpdater updater) {
    // In the first cycle, the points do not move yet.
    for (int k = 5; k <= 8; k++) {
      AveragedWorkers workers = new AveragedWorkers(network(updater, DataType.DOUBLE), 3, 1_000);
      workers.fit(batches(DataType.DOUBLE, 3 * k));
      INDArray mean = meanPoint(workers);
      assertThat(distance(mean, point(workers.worker(0)))).isGreaterThan(1e-4);

      workers.average();

      // A few roundings of numbers below 2.
      assertThat(distance(mean, point(workers.worker(2)))).isLessThan(1e-14);
    }
  }

  /**
   * One worker has taken a step more than the other, so the mean of their counts is in one place of
   * a cycle, and half of the parameters in another.
   */
  @Test
  void unequalNumbersOfStepsMoveThetaOfAveragedNesterovsByAPartOfItsLookAhead() {
    MultiLayerNetwork network = network(new AveragedNesterovs(0.1, 0.9), DataType.DOUBLE);
    AveragedWorkers workers = new AveragedWorkers(network, 2, 1_000);
    workers.fit(batches(DataType.DOUBLE, 2 * 3 + 1));
    INDArray mean = meanPoint(workers);
    double lookAhead =
        workers.workers().stream()
            .mapToDouble(w -> state(w).array("V").amaxNumber().doubleValue())
            .max()
            .orElseThrow();

    workers.average();

    // The places of THIRDS are a third of the look-ahead apart, for half of the workers.
    assertThat(distance(mean, point(network)))
        .isGreaterThan(1e-3)
        .isLessThanOrEqualTo(lookAhead / 3 / 2 * (1 + 1e-9));
  }

  @Test
  void unequalNumbersOfStepsLeaveSlowWeightsAndXWhereTheyAre() {
    for (IUpdater updater :
        List.of(new Lookahead(new AdamWDecoupled(0.01, 0)), new ScheduleFreeAdamW(0.01))) {
      AveragedWorkers workers = new AveragedWorkers(network(updater, DataType.DOUBLE), 2, 1_000);
      workers.fit(batches(DataType.DOUBLE, 2 * 3 + 1));
      INDArray mean = meanPoint(workers);

      workers.average();

      assertThat(distance(mean, point(workers.worker(0)))).isLessThan(1e-14);
    }
  }

  /**
   * With {@code saveUpdater(false)}, each round starts at the first probe, without a look-ahead.
   */
  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "3, true"})
  void withoutItsStateAveragedNesterovsMovesOnlyInRoundsOfAWholeCycle(int k, boolean moves) {
    MultiLayerNetwork network = network(new AveragedNesterovs(0.1, 0.9), DataType.DOUBLE);
    INDArray start = network.params().dup();
    AveragedWorkers workers =
        new AveragedWorkers(network, 2, k, Mean.OF_SPARK, States.STARTED_ANEW);

    workers.fit(batches(DataType.DOUBLE, 2 * ITERATIONS));

    assertThat(network.params().equals(start)).isEqualTo(!moves);
  }

  /** Its k is 5, so there is no step back in rounds of 4. */
  @Test
  void withoutItsStateLookaheadIsItsInnerUpdaterInRoundsShorterThanItsCycle() {
    INDArray[] ends = new INDArray[2];
    for (int i = 0; i < 2; i++) {
      IUpdater inner = new AdamWDecoupled(0.01, 0);
      MultiLayerNetwork network =
          network(i == 0 ? inner : new Lookahead(inner, 5, 0.5), DataType.DOUBLE);
      new AveragedWorkers(network, 2, 4, Mean.OF_SPARK, States.STARTED_ANEW)
          .fit(batches(DataType.DOUBLE, 2 * ITERATIONS));
      ends[i] = network.params();
    }

    assertThat(ends[1]).isEqualTo(ends[0]);
  }

  @Test
  void withoutItsStateSophiaForgetsEveryEstimate() {
    IUpdater sophia = SophiaG.builder().learningRate(0.01).k(K_OF_SOPHIA).weightDecay(0).build();
    for (States states : List.of(States.STARTED_ANEW, States.AVERAGED)) {
      MultiLayerNetwork network = network(sophia, DataType.DOUBLE);
      new AveragedWorkers(network, 2, K_OF_SOPHIA, Mean.OF_SPARK, states)
          .fit(batches(DataType.DOUBLE, 2 * ITERATIONS));

      assertThat(state(network).array("H").maxNumber().doubleValue() > 0)
          .isEqualTo(states == States.AVERAGED);
    }
  }

  /** Batches are dealt in turn, so the repeats that one worker needs go to its neighbours. */
  @Test
  void dealtInTurnRepeatedBatchesTrainThreeWorkersLikeOne() {
    AveragedNesterovs updater = new AveragedNesterovs(0.1, 0.9);
    List<DataSet> batches = batches(DataType.DOUBLE, ITERATIONS);
    DataSetIterator repeated =
        new RepeatedBatchIterator(
            new ExistingDataSetIterator(batches), LookaheadAverage.THIRDS.probes());
    List<DataSet> dealt = new ArrayList<>();
    repeated.forEachRemaining(dealt::add);
    AveragedWorkers workers = new AveragedWorkers(network(updater, DataType.DOUBLE), 3, 1_000);

    workers.fit(dealt);

    INDArray alone = trainedAlone(updater, batches).params();
    assertThat(workers.workers()).extracting(MultiLayerNetwork::params).containsOnly(alone);
  }

  /** The first worker always gets the same batch, so its γ settles soon. */
  @Test
  void onceAWorkerOfSwatsHasSwitchedAllAreSgdAtItsRate() {
    SWATS swats = SWATS.builder().learningRate(0.01).tolerance(1e-2).build();
    AveragedWorkers workers = new AveragedWorkers(network(swats, DataType.DOUBLE), 3, 1_000);
    int steps = 0;
    while (switched(workers).isEmpty()) {
      workers.fit(
          List.of(
              Networks.batch(DataType.DOUBLE, 0),
              Networks.batch(DataType.DOUBLE, 2 * steps + 1),
              Networks.batch(DataType.DOUBLE, 2 * steps + 2)));
      steps++;
    }
    List<Double> found = switched(workers);
    assertThat(found).as("found by one or two of three workers").hasSizeBetween(1, 2);

    workers.average();

    double mean = found.stream().mapToDouble(rate -> rate).average().orElseThrow();
    assertThat(switched(workers)).hasSize(3);
    // Three parts of a double hold it, and each mean rounds a few times.
    assertThat(switched(workers)).allSatisfy(r -> assertThat(r).isCloseTo(mean, within(1e-13)));
    workers.fit(batches(DataType.DOUBLE, 3));
    workers.average();
    assertThat(switched(workers)).allSatisfy(r -> assertThat(r).isCloseTo(mean, within(1e-13)));
    assertThat(state(workers.worker(0)).steps().get()).isEqualTo(steps + 1);
  }

  /** The rates of SGD of the workers that have switched. */
  private static List<Double> switched(AveragedWorkers workers) {
    return workers.workers().stream()
        .map(SWATS::learningRateOfSgd)
        .filter(rates -> !rates.isEmpty())
        .map(rates -> rates.get("0_W"))
        .toList();
  }

  /** Otherwise, each worker votes with a step of its own. */
  @Test
  void averagedEveryIterationAStepOfLionIsAVote() {
    double rate = 0.01;
    MultiLayerNetwork network = network(new Lion(rate, 0), DataType.DOUBLE);
    INDArray before = network.params().dup();

    new AveragedWorkers(network, 3, 1).fit(batches(DataType.DOUBLE, 3));

    // 3 : 0 votes move by η, 2 : 1 by η / 3, up to the rounding of parameters below 2.
    List<Double> votes =
        Arrays.stream(Transforms.abs(before.sub(network.params())).divi(rate).toDoubleVector())
            .boxed()
            .toList();
    assertThat(votes).allMatch(v -> Math.abs(v - 1) < 1e-12 || Math.abs(v - 1.0 / 3) < 1e-12);
    assertThat(votes).anyMatch(v -> v < 0.5).anyMatch(v -> v > 0.5);
  }

  /** The norm of a mean is at most the mean of the norms. */
  @Test
  void averagedStepsOfNormBasedUpdatersAreShorter() {
    for (IUpdater updater :
        List.of(new LAMB.Builder().learningRate(0.01).weightDecay(0).build(), new Muon(0.02, 0))) {
      AveragedWorkers workers = new AveragedWorkers(network(updater, DataType.DOUBLE), 8, 1_000);
      INDArray before = workers.worker(0).getParam("0_W").dup();
      workers.fit(batches(DataType.DOUBLE, 8));
      double[] own =
          workers.workers().stream()
              .mapToDouble(w -> w.getParam("0_W").distance2(before))
              .toArray();

      workers.average();

      double averaged = workers.worker(0).getParam("0_W").distance2(before);
      double mean = Arrays.stream(own).average().orElseThrow();
      assertThat(averaged).isBetween(mean / 8, mean * 0.99);
    }
  }

  /** That of one worker is far from it. */
  @Test
  void theCurvatureOfSophiaIsTheMeanOfAllEstimates() {
    IUpdater sophia = SophiaG.builder().learningRate(0.01).k(1).weightDecay(0).build();
    AveragedWorkers workers = new AveragedWorkers(network(sophia, DataType.DOUBLE), 8, 1_000);
    workers.fit(batches(DataType.DOUBLE, 8));
    INDArray mean = meanArray(workers, "H");
    double spread =
        state(workers.worker(0)).array("H").distance2(mean) / mean.norm2Number().doubleValue();

    workers.average();

    assertThat(spread).isGreaterThan(0.1);
    assertThat(distance(state(workers.worker(7)).array("H"), mean)).isLessThan(1e-14);
  }

  /** Who guesses has a loss of ln 10. */
  @ParameterizedTest
  @MethodSource("updaters")
  void everyUpdaterLearnsDigitsWhenTwoWorkersAverageEveryFifthIteration(IUpdater updater)
      throws IOException {
    List<DataSet> batches = new EmbeddedMnist().train().batches(2 * 30 * 10, 10).toList();
    DataSet all = DataSet.merge(batches);
    MultiLayerNetwork network =
        Networks.network(
            DecoupledDecay.attach(
                new NeuralNetConfiguration.Builder()
                    .seed(7)
                    .updater(updater)
                    .list()
                    .layer(
                        new OutputLayer.Builder(LossFunction.MCXENT)
                            .activation(Activation.SOFTMAX)
                            .nIn(28 * 28)
                            .nOut(10)
                            .build())
                    .build()));
    network.setListeners(new SophiaHessian());

    new AveragedWorkers(network, 2, 5).fit(batches);

    double after = EvaluationWeights.ofUpdaters().at(network, n -> n.score(all));
    assertThat(after).isLessThan(0.9 * Math.log(10));
  }

  /** What is averaged is the parameters and all of the state. */
  @ParameterizedTest
  @EnumSource
  void theStateHasSoManyNumbersForEachParameter(NamedOptimizer optimizer) {
    Map<Integer, List<NamedOptimizer>> others =
        Map.of(
            1, List.of(NamedOptimizer.LION, NamedOptimizer.ADAGRAD),
            3, List.of(NamedOptimizer.AMSGRAD, NamedOptimizer.AMSBOUND));
    int expected =
        others.entrySet().stream()
            .filter(entry -> entry.getValue().contains(optimizer))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(2);
    IUpdater updater = optimizer.create(0.1, 0);
    IUpdater wrapped =
        optimizer.label().startsWith("nesterovs") || optimizer == NamedOptimizer.SCHEDULE_FREE_ADAMW
            ? null
            : new Lookahead(updater);

    assertThat(updater.stateSize(1_001) - updater.stateSize(1)).isEqualTo(1_000L * expected);
    if (wrapped != null) {
      assertThat(wrapped.stateSize(1_001) - wrapped.stateSize(1))
          .isEqualTo(1_000L * (expected + 1));
    }
    // Besides, at most 4 remembered numbers of 3 parts, and 2 counts of 5, for each array.
    assertThat(updater.stateSize(1) - expected).isBetween(5L, 17L);
  }

  /** The mean of 6 equal marks is rounded. */
  @Test
  void parallelWrapperTrainsWithSixWorkers() {
    MultiLayerNetwork network = network(new AdamWDecoupled(0.05, 0), DataType.FLOAT);
    DataSet batch = Networks.batch(DataType.FLOAT, 1);
    double before = network.score(batch);

    fit(network, 6, List.of(repeated(List.of(batch), 6 * 10)));

    assertThat(network.score(batch)).isLessThan(before / 2);
  }

  /** It drops the updater of the network at the end of every fit. */
  @ParameterizedTest
  @MethodSource("alwaysElsewhere")
  void parallelWrapperLosesTheStateUnlessTheUpdaterIsSetAgain(IUpdater updater) {
    List<DataSet> epoch = batches(DataType.DOUBLE, 2 * 3);
    MultiLayerNetwork lost = network(updater, DataType.DOUBLE);
    fit(lost, 2, List.of(epoch));
    MultiLayerNetwork kept = network(updater, DataType.DOUBLE);
    Updater first = kept.getUpdater();
    fit(kept, 2, List.of(epoch));
    kept.setUpdater(first);

    assertThatIllegalStateException()
        .isThrownBy(() -> point(lost))
        .withMessageContaining("not the updater state from its training")
        .withMessageContaining("ParallelWrapper");
    assertThat(state(lost).steps().get()).isZero();
    // The second worker may copy the state before or after the first step of the first one.
    assertThat(state(kept).steps().get()).isBetween(3L, 4L);
    assertThat(distance(point(kept), kept.params())).isGreaterThan(1e-4);
    fit(kept, 2, List.of(epoch));
    kept.setUpdater(first);
    assertThat(state(kept).steps().get()).isBetween(6L, 8L);
  }

  private static void fit(MultiLayerNetwork network, int workers, List<List<DataSet>> epochs) {
    ParallelWrapper wrapper =
        new ParallelWrapper.Builder<>(network)
            .workers(workers)
            .averagingFrequency(1)
            .prefetchBuffer(0)
            .build();
    try {
      for (List<DataSet> epoch : epochs) {
        List<DataSet> own = epoch.stream().map(DataSet::copy).toList();
        wrapper.fit(new ExistingDataSetIterator(own));
      }
    } finally {
      wrapper.shutdown();
    }
  }
}
