package org.dl4jx.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.averaging.ExponentialMovingAverage;
import org.dl4jx.schedules.CosineSchedule;
import org.dl4jx.schedules.ScaledSchedule;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.Lookahead;
import org.dl4jx.updaters.Muon;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

class ReduceOnPlateauTest {
  @TempDir private File folder;

  private static NeuralNetConfiguration.ListBuilder list(IUpdater updater) {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .updater(updater)
        .activation(Activation.TANH)
        .list();
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .activation(Activation.SOFTMAX)
        .nIn(5)
        .nOut(3)
        .build();
  }

  private static MultiLayerNetwork network(IUpdater updater) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            DecoupledDecay.attach(
                list(updater)
                    .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
                    .layer(output())
                    .build()));
    network.init();
    return network;
  }

  private static DataSet data() {
    INDArray labels = Nd4j.zeros(8, 3);
    for (int i = 0; i < 8; i++) {
      labels.putScalar(i, i % 3, 1);
    }
    return new DataSet(Nd4j.rand(Nd4j.getRandomFactory().getNewRandomInstance(3), 8L, 4L), labels);
  }

  private static ReduceOnPlateau impatient() {
    return ReduceOnPlateau.builder().patience(0).factor(0.25).build();
  }

  /** Makes a score that is worse than the one before. */
  private static void reduce(ReduceOnPlateau plateau, Model model) {
    assertThat(plateau.step(model, 1)).isFalse();
    assertThat(plateau.step(model, 2)).isTrue();
  }

  static Stream<IUpdater> updaters() {
    return Stream.of(
            Stream.<IUpdater>of(
                new Adam(0.1),
                new AdaMax(0.1),
                new AdaGrad(0.1),
                new Nadam(0.1),
                new Nesterovs(0.1, 0.9),
                new RmsProp(0.1),
                new Sgd(0.1),
                new AMSGrad(0.1),
                new Lookahead(new Adam(0.1)),
                new Lookahead(NamedOptimizer.ADAMW.create(0.1, 0.1))),
            Arrays.stream(NamedOptimizer.values()).map(o -> o.create(0.1, o.decays() ? 0.1 : 0)))
        .flatMap(s -> s);
  }

  /** With SophiaG, no listener estimates curvature, so it stops after some steps. */
  @ParameterizedTest
  @MethodSource("updaters")
  void lowersTheRateOfEveryUpdaterForTheNextStep(IUpdater updater) throws IOException {
    MultiLayerNetwork network = network(updater);
    MultiLayerNetwork other = network(updater);
    network.fit(data());
    other.fit(data());
    ReduceOnPlateau plateau = impatient();

    reduce(plateau, network);

    assertThat(network.getLearningRate(0)).isEqualTo(0.025);
    assertThat(network.getLearningRate(1)).isEqualTo(0.025);
    assertThat(updater.getLearningRate(0, 0)).as("the user's own").isEqualTo(0.1);
    double lowered = move(network);
    double usual = move(other);
    assertThat(lowered).isPositive().isLessThan(usual);

    File file = new File(folder, "network.zip");
    ModelSerializer.writeModel(network, file, true);
    MultiLayerNetwork restored = MultiLayerNetwork.load(file, true);
    assertThat(restored.getLearningRate(1)).isEqualTo(0.025);
    network.fit(data());
    restored.fit(data());
    assertThat(restored.params()).isEqualTo(network.params());
  }

  /** How far three more iterations, a whole cycle of an averaged momentum, move the parameters. */
  private static double move(MultiLayerNetwork network) {
    INDArray before = network.params().dup();
    for (int i = 0; i < 3; i++) {
      network.fit(data());
    }
    return network.params().distance2(before);
  }

  static Stream<ISchedule> schedules() {
    return Stream.of(
        new CosineSchedule(ScheduleType.ITERATION, 0.1, 100, 0),
        new StepSchedule(ScheduleType.ITERATION, 0.1, 0.5, 10),
        new ScaledSchedule(0.5, new CosineSchedule(ScheduleType.ITERATION, 0.2, 100, 0)));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void schedulesGoOnMultiplied(ISchedule schedule) {
    Muon muon =
        Muon.builder().learningRateSchedule(schedule).adamLearningRateSchedule(schedule).build();
    for (IUpdater updater : List.of(new Adam(schedule), muon, new Lookahead(new Sgd(schedule)))) {
      MultiLayerNetwork network = network(updater);
      ReduceOnPlateau plateau = impatient();
      reduce(plateau, network);
      reduceAgain(plateau, network);

      IUpdater lowered = updaterOf(network);
      for (int i : new int[] {0, 7, 50}) {
        // Two multiplications round differently from one.
        assertThat(lowered.getLearningRate(i, 0))
            .isCloseTo(schedule.valueAt(i, 0) / 16, within(1e-17));
        if (lowered instanceof Muon own) {
          assertThat(own.getAdamLearningRate(i, 0))
              .isCloseTo(schedule.valueAt(i, 0) / 16, within(1e-17));
        }
      }
    }
  }

  private static void reduceAgain(ReduceOnPlateau plateau, Model model) {
    assertThat(plateau.step(model, 2)).isTrue();
    assertThat(plateau.getReductions()).isEqualTo(2);
  }

  private static IUpdater updaterOf(MultiLayerNetwork network) {
    return network.getLayer(0).getConfig().getUpdaterByParam("W");
  }

  @Test
  void lowersTheConstantRateOfMuonsAdamWToo() {
    MultiLayerNetwork network =
        network(Muon.builder().learningRate(0.1).adamLearningRate(0.01).build());

    reduce(impatient(), network);

    assertThat(((Muon) updaterOf(network)).getAdamLearningRate(0, 0)).isEqualTo(0.0025);
  }

  @Test
  void reachesBiasesAndLayersInsideOthersAndKeepsTheirRatio() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            list(new Sgd(0.1))
                .layer(
                    new Bidirectional(new LSTM.Builder().nOut(5).updater(new Adam(0.01)).build()))
                .layer(
                    new RnnOutputLayer.Builder(LossFunction.MSE)
                        .biasUpdater(new Sgd(0.4))
                        .nOut(2)
                        .build())
                .setInputType(InputType.recurrent(4))
                .build());
    network.init();
    DataSet sequences = new DataSet(Nd4j.rand(2, 4, 6), Nd4j.rand(2, 2, 6));
    network.fit(sequences);
    INDArray state = network.getUpdater().getStateViewArray().dup();

    reduce(impatient(), network);

    assertThat(rate(network, 0, "fW")).isEqualTo(0.0025);
    assertThat(rate(network, 0, "bRW")).isEqualTo(0.0025);
    assertThat(rate(network, 1, "W")).isEqualTo(0.025);
    assertThat(rate(network, 1, "b")).isEqualTo(0.1);
    assertThat(network.getUpdater().getStateViewArray()).isEqualTo(state);
    network.fit(sequences);
  }

  private static double rate(MultiLayerNetwork network, int layer, String parameter) {
    return network.getLayer(layer).getConfig().getUpdaterByParam(parameter).getLearningRate(0, 0);
  }

  @Test
  void judgesTheMeanTrainingScoreOfEachEpochInNetworksAndGraphs() {
    MultiLayerNetwork network = network(new Sgd(0));
    for (Model model : List.of(network, network(new Sgd(0)).toComputationGraph())) {
      ReduceOnPlateau plateau = ReduceOnPlateau.builder().patience(1).build();
      model.setListeners(plateau);
      SingletonDataSetIterator one = new SingletonDataSetIterator(data());
      for (int epoch = 0; epoch < 4; epoch++) {
        if (model instanceof MultiLayerNetwork trained) {
          trained.fit(one);
        } else {
          ((ComputationGraph) model).fit(one);
        }
      }

      assertThat(plateau.getBest()).isCloseTo(model.score(), within(1e-6));
      assertThat(plateau.getBadScores()).isEqualTo(1);
      assertThat(plateau.getReductions()).as("a rate of 0 cannot be lowered").isZero();
    }
  }

  @Test
  void judgesEverySoManyIterations() {
    MultiLayerNetwork network = network(new Sgd(1e-30));
    ReduceOnPlateau plateau =
        ReduceOnPlateau.builder()
            .type(ScheduleType.ITERATION)
            .every(3)
            .patience(0)
            .epsilon(0)
            .factor(0.5)
            .build();
    network.setListeners(plateau);
    for (int i = 0; i < 10; i++) {
      network.fit(data());
    }

    assertThat(plateau.getReductions()).isEqualTo(2);
    assertThat(network.getLearningRate(0)).isEqualTo(0.25e-30);
  }

  @Test
  void judgesWhatACalculatorSaysAlsoAtAnAverage() {
    MultiLayerNetwork network = network(new Sgd(0.5));
    ExponentialMovingAverage average = new ExponentialMovingAverage(0.9);
    DataSetLossCalculator loss =
        new DataSetLossCalculator(new SingletonDataSetIterator(data()), true);
    ReduceOnPlateau plateau =
        ReduceOnPlateau.builder().scoreCalculator(average.scoreCalculator(loss)).build();
    network.setListeners(average, plateau);
    network.fit(new SingletonDataSetIterator(data()), 3);

    assertThat(plateau.getBest())
        .isEqualTo(average.scoreCalculator(loss).calculateScore(network))
        .isNotEqualTo(loss.calculateScore(network));
  }

  static Stream<Supplier<Model>> models() {
    return Stream.of(
        () -> network(new Adam(0.1)), () -> network(new Adam(0.1)).toComputationGraph());
  }

  @ParameterizedTest
  @MethodSource("models")
  void twentyIterationsAndTwentyAfterRestoringAreForty(Supplier<Model> maker) throws IOException {
    Supplier<ReduceOnPlateau> plateaus =
        () ->
            ReduceOnPlateau.builder()
                .type(ScheduleType.ITERATION)
                .every(3)
                .patience(1)
                .threshold(0.7)
                .cooldown(1)
                .factor(0.5)
                .build();
    Model undisturbed = maker.get();
    ReduceOnPlateau expected = plateaus.get();
    undisturbed.setListeners(expected);
    fit(undisturbed, 40);

    Model first = maker.get();
    ReduceOnPlateau saved = plateaus.get();
    CheckpointListener checkpoints =
        new CheckpointListener.Builder(folder).saveEveryNIterations(19).build();
    first.setListeners(checkpoints, saved);
    fit(first, 20);
    File checkpoint = checkpoints.getFileForCheckpoint(0);
    File file = new File(folder, "network.zip");
    ModelSerializer.writeModel(first, file, true);
    saved.addTo(file);

    for (File from : List.of(file, checkpoint)) {
      boolean isGraph = first instanceof ComputationGraph;
      Model second =
          isGraph ? ComputationGraph.load(from, true) : MultiLayerNetwork.load(from, true);
      ReduceOnPlateau restored = ReduceOnPlateau.restore(from);
      assertThat(restored).hasToString(saved.toString());
      assertThat(restored.getReductions()).isEqualTo(saved.getReductions());
      second.setListeners(restored);
      setIteration(second, 20); // A checkpoint has the parameters after 20, and 19 as their number.
      fit(second, 20);

      assertThat(second.params()).isEqualTo(undisturbed.params());
      assertThat(restored.getReductions()).isEqualTo(expected.getReductions()).isGreaterThan(1);
      assertThat(restored.getBest()).isEqualTo(expected.getBest());
      assertThat(restored.getBadScores()).isEqualTo(expected.getBadScores());
    }
  }

  private static void setIteration(Model model, int iteration) {
    if (model instanceof MultiLayerNetwork network) {
      network.setIterationCount(iteration);
    } else {
      ((ComputationGraph) model).getConfiguration().setIterationCount(iteration);
    }
  }

  private static void fit(Model model, int iterations) {
    for (int i = 0; i < iterations; i++) {
      if (model instanceof MultiLayerNetwork network) {
        network.fit(data());
      } else {
        ((ComputationGraph) model).fit(data());
      }
    }
  }

  /** The files are written before rates are lowered, in the same call. */
  @Test
  void noReductionIsLostInACheckpoint() throws IOException {
    MultiLayerNetwork network = network(new Sgd(1e-30));
    CheckpointListener checkpoints =
        new CheckpointListener.Builder(folder).saveEveryNEpochs(1).build();
    ReduceOnPlateau plateau = ReduceOnPlateau.builder().patience(1).epsilon(0).factor(0.5).build();
    network.setListeners(checkpoints, plateau);
    SingletonDataSetIterator one = new SingletonDataSetIterator(data());
    network.fit(one, 8);
    assertThat(plateau.getReductions()).isGreaterThan(2);

    for (int epoch = 1; epoch < 8; epoch++) {
      File file = checkpoints.getFileForCheckpoint(epoch - 1);
      MultiLayerNetwork restored = MultiLayerNetwork.load(file, true);
      ReduceOnPlateau again = ReduceOnPlateau.restore(file);
      restored.setListeners(again);
      restored.fit(one, 8 - epoch);
      assertThat(restored.getLearningRate(0)).as("from epoch %d", epoch).isEqualTo(rate(network));
      assertThat(again.getReductions()).isEqualTo(plateau.getReductions());
    }
  }

  private static double rate(MultiLayerNetwork network) {
    return network.getLearningRate(0);
  }

  /** Equal updaters would share a block of the state when the network is restored. */
  @Test
  void updatersThatArriveAtTheLeastRateStayDifferentAndKeepTheirState() throws IOException {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            list(new Adam(0.1))
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).updater(new Adam(0.02)).build())
                .layer(output())
                .build());
    network.init();
    network.fit(data());
    ReduceOnPlateau plateau =
        ReduceOnPlateau.builder().patience(0).factor(0.1).minLearningRate(0.01).build();

    reduce(plateau, network);

    assertThat(List.of(rate(network, 0, "W"), rate(network, 1, "W")))
        .containsExactly(0.01, Math.nextUp(0.01));
    assertThat(rate(network, 0, "b")).isEqualTo(rate(network, 0, "W"));
    File file = new File(folder, "network.zip");
    ModelSerializer.writeModel(network, file, true);
    MultiLayerNetwork restored = MultiLayerNetwork.load(file, true);
    network.fit(data());
    restored.fit(data());
    assertThat(restored.params()).isEqualTo(network.params());
  }

  /** The later layer has the greater rate, in every run. */
  @Test
  void updatersThatArriveAtTheLeastRateDoSoInTheOrderOfLayers() {
    for (int run = 0; run < 20; run++) {
      MultiLayerNetwork network = network(new Sgd(0.1));
      network.setLearningRate(0, 0.02);
      network.setLearningRate(1, 0.03);

      reduce(ReduceOnPlateau.builder().patience(0).minLearningRate(0.01).build(), network);

      assertThat(List.of(rate(network, 0, "W"), rate(network, 1, "W")))
          .containsExactly(0.01, Math.nextUp(0.01));
    }
  }

  @Test
  void anUpdaterInTwoWrappersIsLoweredOnce() {
    Adam shared = new Adam(0.1);
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            list(new Lookahead(shared, 5, 0.5))
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
                .layer(output())
                .build());
    network.init();
    IUpdater first = network.getLayer(0).getConfig().getUpdaterByParam("W");
    Adam inside = (Adam) ((Lookahead) first).getInner();
    ((BaseLayer) network.getLayer(1).conf().getLayer()).setIUpdater(new Lookahead(inside, 6, 0.5));

    reduce(impatient(), network);

    assertThat(rate(network, 0, "W")).isEqualTo(0.025);
    assertThat(rate(network, 1, "W")).isEqualTo(0.025);
  }

  @Test
  void anEpochWithoutIterationsHasNoScore() {
    MultiLayerNetwork network = network(new Sgd(0.1));
    ReduceOnPlateau plateau = new ReduceOnPlateau();
    network.setListeners(plateau);

    plateau.onEpochEnd(network);
    assertThat(plateau.getBadScores()).isZero();

    network.fit(new SingletonDataSetIterator(data()));
    assertThat(plateau.getBest()).isEqualTo(network.score());
  }

  @Test
  void stepRefusesANetworkWhoseScoresItJudgesAnyway() {
    MultiLayerNetwork network = network(new Sgd(0.1));
    ReduceOnPlateau plateau = new ReduceOnPlateau();
    network.setListeners(plateau);

    assertThatIllegalStateException()
        .isThrownBy(() -> plateau.step(network, 1))
        .withMessageContaining("every score would count twice");
    assertThat(plateau.getBest()).isInfinite();
  }

  /** An updater that does not tell its schedule, which a constant rate would replace. */
  private static final class Secretive implements IUpdater {
    private static final long serialVersionUID = 1L;

    private final Sgd sgd = new Sgd(new FixedSchedule(0.1));

    @Override
    public long stateSize(long parameters) {
      return sgd.stateSize(parameters);
    }

    @Override
    public GradientUpdater<?> instantiate(INDArray view, boolean initialize) {
      return sgd.instantiate(view, initialize);
    }

    @Override
    public GradientUpdater<?> instantiate(Map<String, INDArray> state, boolean initialize) {
      return sgd.instantiate(state, initialize);
    }

    @Override
    public IUpdater clone() {
      return new Secretive();
    }

    @Override
    public double getLearningRate(int iteration, int epoch) {
      return sgd.getLearningRate(iteration, epoch);
    }

    @Override
    public boolean hasLearningRate() {
      return true;
    }

    @Override
    public void setLrAndSchedule(double learningRate, ISchedule schedule) {
      sgd.setLrAndSchedule(learningRate, schedule);
    }
  }

  @Test
  void refusesAnUpdaterThatDoesNotTellItsSchedule() {
    MultiLayerNetwork network = network(new Secretive());
    ReduceOnPlateau plateau = impatient();
    plateau.step(network, 1);

    assertThatIllegalStateException()
        .isThrownBy(() -> plateau.step(network, 2))
        .withMessageContaining("has no public method getLearningRateSchedule");
    assertThat(rate(network, 0, "W")).isEqualTo(0.1);
  }

  @Test
  void refusesToMaximizeTrainingScores() {
    MultiLayerNetwork network = network(new Sgd(0.1));
    ReduceOnPlateau plateau = ReduceOnPlateau.builder().mode(ReduceOnPlateau.Mode.MAX).build();
    network.setListeners(plateau);

    assertThatIllegalStateException()
        .isThrownBy(() -> network.fit(data()))
        .withMessageContaining("mode MAX needs a score calculator");
    assertThat(plateau.step(network(new Sgd(0.1)), 1)).isFalse();
  }

  @Test
  void aCalculatorHasToBeGivenAgain() throws IOException {
    DataSetLossCalculator loss =
        new DataSetLossCalculator(new SingletonDataSetIterator(data()), true);
    MultiLayerNetwork network = network(new Sgd(0.1));
    File file = new File(folder, "network.zip");
    network.save(file, true);
    ReduceOnPlateau.builder().scoreCalculator(loss).build().addTo(file);

    assertThatIllegalStateException()
        .isThrownBy(() -> ReduceOnPlateau.restore(file))
        .withMessageContaining("pass it to restore(modelFile, calculator)");
    network.setListeners(ReduceOnPlateau.restore(file, loss));
    network.fit(new SingletonDataSetIterator(data()));
    assertThatIllegalArgumentException().isThrownBy(() -> ReduceOnPlateau.restore(file, null));
    new ReduceOnPlateau().addTo(file);
    assertThatIllegalStateException()
        .isThrownBy(() -> ReduceOnPlateau.restore(file, loss))
        .withMessageContaining("had no score calculator: call restore(modelFile)");
  }

  @Test
  void refusesANetworkWithoutLearningRate() {
    MultiLayerNetwork network = network(new AdaDelta());

    assertThatIllegalStateException()
        .isThrownBy(() -> new ReduceOnPlateau().step(network, 1))
        .withMessageContaining("no updater of the network has a learning rate");
  }

  @Test
  void refusesTheCopiesOfParallelWrapper() {
    MultiLayerNetwork network = network(new Sgd(0.1));
    ReduceOnPlateau plateau = new ReduceOnPlateau();
    plateau.follow(network);

    assertThatIllegalStateException()
        .isThrownBy(() -> plateau.iterationDone(network.clone(), 0, 0))
        .withMessageContaining("cannot lower the learning rates of the copies");
  }

  static Stream<Arguments> badArguments() {
    DataSetLossCalculator loss =
        new DataSetLossCalculator(new SingletonDataSetIterator(data()), true);
    return Stream.of(
        bad(b -> b.factor(1), "factor must be in (0, 1), but was 1.0"),
        bad(b -> b.factor(0), "factor must be in (0, 1), but was 0.0"),
        bad(b -> b.factor(Double.NaN), "factor must be in (0, 1), but was NaN"),
        bad(b -> b.patience(-1), "patience must be a number >= 0, but was -1"),
        bad(b -> b.threshold(-1), "threshold must be in [0, 1) if it is RELATIVE, but was -1.0"),
        bad(b -> b.threshold(1), "threshold must be in [0, 1) if it is RELATIVE, but was 1.0"),
        bad(b -> b.cooldown(-2), "cooldown must be a number >= 0, but was -2"),
        bad(b -> b.minLearningRate(Double.NaN), "minLearningRate must be"),
        bad(b -> b.epsilon(-1e-9), "epsilon must be a finite number >= 0, but was -1.0E-9"),
        bad(b -> b.every(0), "every must be a number >= 1, but was 0"),
        bad(b -> b.type(null), "type"),
        bad(b -> b.thresholdMode(null), "thresholdMode"),
        bad(b -> b.mode(null), "mode"),
        bad(
            b -> b.scoreCalculator(loss).mode(ReduceOnPlateau.Mode.MAX),
            "mode must be MIN for this score calculator, but was MAX"));
  }

  private static Arguments bad(UnaryOperator<ReduceOnPlateau.Builder> settings, String message) {
    return Arguments.of(settings, message);
  }

  @ParameterizedTest
  @MethodSource("badArguments")
  void refusesBadArguments(UnaryOperator<ReduceOnPlateau.Builder> settings, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.apply(ReduceOnPlateau.builder()).build())
        .withMessageContaining(message);
  }
}
