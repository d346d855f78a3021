package org.dl4jx.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dl4jx.averaging.Nets.data;
import static org.dl4jx.averaging.Nets.graph;
import static org.dl4jx.averaging.Nets.iterator;
import static org.dl4jx.averaging.Nets.network;
import static org.dl4jx.averaging.Nets.parameters;
import static org.dl4jx.averaging.Nets.state;
import static org.dl4jx.averaging.Nets.train;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingModelSaver;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.saver.LocalFileModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.InvocationType;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.Lookahead;
import org.dl4jx.updaters.ScheduleFreeAdamW;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonMultiDataSetIterator;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

class EvaluationWeightsTest {
  private static final DataSet TEST = data(99, DataType.FLOAT);

  @TempDir private File folder;

  /** A trained network or graph, and weights at which to evaluate it. */
  private record Trained(Model model, EvaluationWeights weights) {

    double[] there() {
      return weights.at(model, Nets::parameters);
    }
  }

  /** Each kind of weights in a network and in a graph, with each kind of updater. */
  static Stream<Supplier<Trained>> kinds() {
    return Stream.<Function<IUpdater, Model>>of(
            updater -> network(updater, DataType.FLOAT), updater -> graph(updater, DataType.DOUBLE))
        .flatMap(EvaluationWeightsTest::kinds);
  }

  private static Stream<Supplier<Trained>> kinds(Function<IUpdater, Model> maker) {
    List<Supplier<Trained>> kinds = new ArrayList<>();
    for (IUpdater updater : updaters()) {
      kinds.add(() -> trained(maker.apply(updater), new ExponentialMovingAverage(0.9)));
      kinds.add(() -> trained(maker.apply(updater), new StochasticWeightAverage(2, 2)));
    }
    for (IUpdater updater : trainingElsewhere()) {
      kinds.add(() -> new Trained(trained(maker.apply(updater)), (EvaluationWeights) updater));
      kinds.add(() -> new Trained(trained(maker.apply(updater)), EvaluationWeights.ofUpdaters()));
    }
    return kinds.stream();
  }

  private static List<IUpdater> trainingElsewhere() {
    return List.of(
        new AveragedNesterovs(0.1, 0.9),
        new ScheduleFreeAdamW(0.1),
        new Lookahead(new Adam(0.1), 4, 0.5));
  }

  private static List<IUpdater> updaters() {
    List<IUpdater> updaters = new ArrayList<>(trainingElsewhere());
    updaters.addAll(
        List.of(new Adam(0.1), new Sgd(0.1), new AdamWDecoupled(0.1, 0), new Nesterovs(0.1, 0.9)));
    return updaters;
  }

  private static Model trained(Model model) {
    train(model, 7);
    return model;
  }

  private static Trained trained(Model model, WeightAverage average) {
    model.setListeners(average);
    return new Trained(trained(model), average);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void putsEveryBitBack(Supplier<Trained> kind) {
    Trained trained = kind.get();
    double[] parameters = parameters(trained.model);
    double[] state = state(trained.model);

    double[] there = trained.there();

    assertThat(there).isNotEqualTo(parameters);
    assertUnchanged(trained.model, parameters, state);
    train(trained.model, 5);
    Trained undisturbed = kind.get();
    train(undisturbed.model, 5);
    assertUnchanged(trained.model, parameters(undisturbed.model), state(undisturbed.model));
    assertThat(trained.there()).isEqualTo(undisturbed.there());
  }

  private static void assertUnchanged(Model model, double[] parameters, double[] state) {
    assertThat(parameters(model)).isEqualTo(parameters);
    assertThat(state(model)).isEqualTo(state);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void putsEveryBitBackIfTheEvaluationFails(Supplier<Trained> kind) {
    Trained trained = kind.get();
    double[] parameters = parameters(trained.model);
    double[] state = state(trained.model);

    assertThatThrownBy(
            () ->
                trained.weights.at(
                    trained.model,
                    there -> {
                      there.params().assign(3);
                      throw new StackOverflowError("as any other");
                    }))
        .isInstanceOf(StackOverflowError.class)
        .hasMessage("as any other")
        .hasNoSuppressedExceptions();

    assertUnchanged(trained.model, parameters, state);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void refusesToTrainThereBeforeAnythingMoves(Supplier<Trained> kind) {
    Trained trained = kind.get();
    double[] parameters = parameters(trained.model);
    double[] state = state(trained.model);
    int iteration = iteration(trained.model);

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                trained.weights.at(
                    trained.model,
                    there -> {
                      train(there, 1);
                      return null;
                    }))
        .withMessageContaining("cannot train while it is evaluated at");

    assertUnchanged(trained.model, parameters, state);
    assertThat(iteration(trained.model)).isEqualTo(iteration);
    train(trained.model, 1);
    assertThat(iteration(trained.model)).isEqualTo(iteration + 1);
  }

  private static int iteration(Model model) {
    return model instanceof MultiLayerNetwork network
        ? network.getIterationCount()
        : ((ComputationGraph) model).getIterationCount();
  }

  /** Nobody can stop it: the average is no listener, and the updater is Deeplearning4j's. */
  @Test
  void saysThatTheNetworkWasTrainedThereIfItCouldNotBeRefused() {
    MultiLayerNetwork network = network(new Adam(0.1));
    ExponentialMovingAverage average = new ExponentialMovingAverage(0.9);
    network.setListeners(average);
    train(network, 3);
    network.setListeners(List.of());

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                average.at(
                    network,
                    there -> {
                      train(there, 2);
                      return null;
                    }))
        .withMessageContaining("has trained it, from iteration 3 to 5")
        .withMessageContaining("stay as they are now");
    assertThat(network.getIterationCount()).isEqualTo(5);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void putsEveryBitBackInAnIteration(Supplier<Trained> kind) {
    Trained trained = kind.get();
    Trained undisturbed = kind.get();
    List<double[]> there = new ArrayList<>();
    trained.model.addListeners(
        new BaseTrainingListener() {
          @Override
          public void iterationDone(Model model, int iteration, int epoch) {
            there.add(trained.there());
          }
        });

    for (int i = 0; i < 6; i++) {
      train(trained.model, 1);
      train(undisturbed.model, 1);
      assertUnchanged(trained.model, parameters(undisturbed.model), state(undisturbed.model));
      assertThat(there.get(i)).isEqualTo(undisturbed.there());
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void evaluationsMayBeNested(Supplier<Trained> kind) {
    Trained trained = kind.get();
    double[] parameters = parameters(trained.model);
    double[] there = trained.there();
    List<double[]> seen = new ArrayList<>();

    trained.weights.at(
        trained.model,
        once -> {
          seen.add(trained.there());
          seen.add(EvaluationWeights.ofUpdaters().at(once, Nets::parameters));
          assertThatIllegalStateException().isThrownBy(() -> train(once, 1));
          return null;
        });

    assertThat(seen).containsExactly(there, there);
    assertThat(parameters(trained.model)).isEqualTo(parameters);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void movesForGood(Supplier<Trained> kind) {
    Trained trained = kind.get();
    double[] there = trained.there();

    assertThat(trained.weights.moveTo(trained.model)).isSameAs(trained.model);

    assertThat(parameters(trained.model)).isEqualTo(there);
    assertThat(EvaluationWeights.ofUpdaters().<Model, double[]>at(trained.model, Nets::parameters))
        .isEqualTo(there);
    train(trained.model, 3);
    assertThat(parameters(trained.model)).isNotEqualTo(there);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void savesWhatToServeWhileTrainingGoesOn(Supplier<Trained> kind) throws IOException {
    Trained trained = kind.get();
    double[] parameters = parameters(trained.model);
    File file = new File(folder, "served.zip");

    trained.weights.save(trained.model, file);

    assertThat(parameters(trained.model)).isEqualTo(parameters);
    Model served =
        trained.model instanceof MultiLayerNetwork
            ? MultiLayerNetwork.load(file, false)
            : ComputationGraph.load(file, false);
    assertThat(parameters(served)).isEqualTo(trained.there());
    assertThat(folder.list()).containsExactly("served.zip");
  }

  @Test
  void leavesAFileAsItWasIfItCannotSave() throws IOException {
    Trained trained = trained(network(new Sgd(0.1)), new ExponentialMovingAverage(0.9));
    File file = new File(folder, "served.zip");
    Files.writeString(file.toPath(), "before");
    EvaluationWeights broken =
        model -> {
          throw new IllegalStateException("no weights");
        };

    assertThatIllegalStateException().isThrownBy(() -> broken.save(trained.model, file));
    assertThat(file).hasContent("before");
    assertThat(folder.list()).containsExactly("served.zip");
    File nowhere = new File(new File(folder, "nowhere"), "served.zip");
    assertThatThrownBy(() -> trained.weights.save(trained.model, nowhere))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void networksOfOtherUpdatersAreEvaluatedWhereTheyAre() {
    MultiLayerNetwork network = network(new Adam(0.1));
    double[] untrained = parameters(network);
    assertThat(EvaluationWeights.ofUpdaters().<Model, double[]>at(network, Nets::parameters))
        .isEqualTo(untrained);
    train(network, 3);
    double[] parameters = parameters(network);

    EvaluationWeights.ofUpdaters().moveTo(network);

    assertThat(parameters(network)).isEqualTo(parameters);
  }

  /** Every layer goes to its own updater's point. */
  @Test
  void movesEveryLayerWhereItsOwnUpdaterWantsIt() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            Nets.with(new Adam(0.1), DataType.FLOAT)
                .list()
                .layer(
                    new DenseLayer.Builder()
                        .nIn(4)
                        .nOut(4)
                        .updater(new ScheduleFreeAdamW(0.1))
                        .build())
                .layer(
                    new DenseLayer.Builder()
                        .nIn(4)
                        .nOut(4)
                        .updater(new Lookahead(new Sgd(0.1), 5, 0.5))
                        .build())
                .layer(Nets.output(4))
                .build());
    network.init();
    train(network, 7);
    double[] raw = parameters(network);
    double[] there = EvaluationWeights.ofUpdaters().at(network, Nets::parameters);
    double[] x = ScheduleFreeAdamW.atX(network, Nets::parameters);
    double[] slow = Lookahead.atSlowWeights(network, Nets::parameters);

    assertThat(Arrays.copyOfRange(there, 0, 20)).isEqualTo(Arrays.copyOfRange(x, 0, 20));
    assertThat(Arrays.copyOfRange(there, 20, 40)).isEqualTo(Arrays.copyOfRange(slow, 20, 40));
    assertThat(Arrays.copyOfRange(there, 40, 55)).isEqualTo(Arrays.copyOfRange(raw, 40, 55));
    assertThat(x).isNotEqualTo(raw);
    assertThat(slow).isNotEqualTo(raw);
  }

  @Test
  void acceptsWeightsOfTheUser() {
    MultiLayerNetwork network = network(new ScheduleFreeAdamW(0.1));
    train(network, 3);
    double[] before = parameters(network);
    EvaluationWeights halves =
        model -> EvaluationPoint.of(model, model.params().mul(0).addi(0.5), "halves");

    double[] there = halves.at(network, Nets::parameters);

    assertThat(there).containsOnly(0.5);
    assertThat(parameters(network)).isEqualTo(before);
    EvaluationWeights tooFew =
        model -> EvaluationPoint.of(model, model.params().getScalar(0), "too few");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tooFew.moveTo(network))
        .withMessage("the number of parameters must be 43, as in the network, but was 1");
  }

  @Test
  void evaluatesWhatAlsoGetsAnotherUpdater() {
    MultiLayerNetwork network = network(new AdamWDecoupled(0.1, 0.1));
    DecoupledDecay.attach(network);
    ExponentialMovingAverage average = new ExponentialMovingAverage(0.9);
    network.setListeners(average);
    train(network, 3);
    double[] parameters = parameters(network);
    double[] state = state(network);

    average.at(network, DecoupledDecay::attach);

    assertUnchanged(network, parameters, state);
  }

  @Test
  void refusesOtherModels() {
    Model layer = network(new Sgd(0.1)).getLayer(0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EvaluationWeights.ofUpdaters().moveTo(layer))
        .withMessageContaining("must be a MultiLayerNetwork or ComputationGraph");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EvaluationWeights.ofUpdaters().moveTo(null))
        .withMessageContaining("network");
    MultiLayerNetwork untouched =
        new MultiLayerNetwork(network(new Sgd(0.1)).getLayerWiseConfigurations());
    assertThatIllegalStateException()
        .isThrownBy(() -> EvaluationWeights.ofUpdaters().moveTo(untouched))
        .withMessageContaining("call init() first");
  }

  /** Scores from a list, so the best epoch is known, and notes the weights that it scored. */
  private static final class Scripted implements ScoreCalculator<MultiLayerNetwork> {
    private static final long serialVersionUID = 1L;

    private final double[] scores;
    private final transient List<double[]> scored = new ArrayList<>();

    Scripted(double... scores) {
      this.scores = scores;
    }

    @Override
    public double calculateScore(MultiLayerNetwork network) {
      scored.add(parameters(network));
      return scores[scored.size() - 1];
    }

    @Override
    public boolean minimizeScore() {
      return false;
    }

    double[] scoredAt(int epoch) {
      return scored.get(epoch);
    }
  }

  @Test
  void earlyStoppingPicksTheEpochWhoseAverageIsBest() {
    MultiLayerNetwork network = network(new Adam(0.05));
    ExponentialMovingAverage average = new ExponentialMovingAverage(0.9);
    network.setListeners(average);
    List<double[]> raw = new ArrayList<>();
    network.addListeners(
        new BaseTrainingListener() {
          @Override
          public void onEpochEnd(Model model) {
            raw.add(parameters(model));
          }
        });
    Scripted scripted = new Scripted(0.1, 0.5, 0.9, 0.3);

    EarlyStoppingResult<MultiLayerNetwork> result =
        stopEarly(network, average, scripted, new InMemoryModelSaver<>(), 4);

    assertThat(result.getBestModelEpoch()).isEqualTo(2);
    assertThat(parameters(result.getBestModel())).isEqualTo(scripted.scoredAt(2));
    assertThat(scripted.scoredAt(2)).isNotEqualTo(raw.get(2));
    assertThat(parameters(network)).isEqualTo(raw.get(3));
  }

  @Test
  void earlyStoppingSavesTheBestAverageInAFile() {
    MultiLayerNetwork network = network(new ScheduleFreeAdamW(0.05));
    EvaluationWeights x = EvaluationWeights.ofUpdaters();
    Scripted scripted = new Scripted(0.1, 0.9, 0.3);

    EarlyStoppingResult<MultiLayerNetwork> result =
        stopEarly(network, x, scripted, new LocalFileModelSaver(folder.getPath()), 3);

    assertThat(parameters(result.getBestModel())).isEqualTo(scripted.scoredAt(1));
    assertThat(parameters(network)).isNotEqualTo(scripted.scoredAt(2));
  }

  private static EarlyStoppingResult<MultiLayerNetwork> stopEarly(
      MultiLayerNetwork network,
      EvaluationWeights weights,
      Scripted scores,
      EarlyStoppingModelSaver<MultiLayerNetwork> saver,
      int epochs) {
    EarlyStoppingConfiguration<MultiLayerNetwork> configuration =
        new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
            .scoreCalculator(weights.scoreCalculator(scores))
            .modelSaver(weights.modelSaver(saver))
            .epochTerminationConditions(new MaxEpochsTerminationCondition(epochs))
            .build();
    return new EarlyStoppingTrainer(configuration, network, iterator(data(1, DataType.FLOAT)))
        .fit();
  }

  @Test
  void scoresThereWithTheCalculatorsOfDeeplearning4j() {
    Trained trained = trained(network(new Sgd(0.5)), new ExponentialMovingAverage(0.9));
    MultiLayerNetwork network = (MultiLayerNetwork) trained.model;
    DataSetLossCalculator loss = new DataSetLossCalculator(iterator(TEST), true);

    double there = trained.weights.scoreCalculator(loss).calculateScore(network);
    double raw = loss.calculateScore(network);
    trained.weights.moveTo(network);

    assertThat(there).isEqualTo(loss.calculateScore(network)).isNotEqualTo(raw);
  }

  @Test
  void evaluatesThereAlongTheWay() {
    for (boolean isGraph : new boolean[] {false, true}) {
      Model model = isGraph ? graph(new Sgd(0.5), DataType.FLOAT) : network(new Sgd(0.5));
      ExponentialMovingAverage average = new ExponentialMovingAverage(0.9);
      EvaluativeListener listener =
          isGraph
              ? average.evaluativeListener(
                  new SingletonMultiDataSetIterator(TEST.toMultiDataSet()),
                  3,
                  InvocationType.ITERATION_END)
              : average.evaluativeListener(iterator(TEST), 3, InvocationType.ITERATION_END);
      List<double[]> seen = new ArrayList<>();
      listener.setCallback(
          (from, evaluated, calls, evaluations) -> {
            seen.add(parameters(evaluated));
            assertThat(((Evaluation) evaluations[0]).getNumRowCounter()).isEqualTo(8);
          });
      model.setListeners(average, listener);
      List<double[]> averages = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        train(model, 1);
        averages.add(Nets.numbers(average.getAverage()));
      }

      assertThat(seen).containsExactly(averages.get(0), averages.get(3), averages.get(6));
      assertThat(parameters(model)).isNotEqualTo(averages.get(6));
    }
  }

  @Test
  void refusesAnImpossibleFrequency() {
    EvaluationWeights weights = EvaluationWeights.ofUpdaters();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> weights.evaluativeListener(iterator(TEST), 0, InvocationType.EPOCH_END))
        .withMessage("frequency must be a number >= 1, but was 0");
  }
}
