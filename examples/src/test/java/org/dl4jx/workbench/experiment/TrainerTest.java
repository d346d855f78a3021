package org.dl4jx.workbench.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.dl4jx.workbench.data.EmbeddedMnist;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.experiment.RunResult.AtAverage;
import org.dl4jx.workbench.experiment.RunResult.Point;
import org.dl4jx.workbench.models.NamedModel;
import org.dl4jx.workbench.notation.NamedAverage;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.RunLength;
import org.dl4jx.workbench.notation.ScheduleNotation;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.regularization.WeightDecay;

class TrainerTest {
  private static final ScheduleNotation CONSTANT = ScheduleNotation.parse("constant");
  private static Images train;
  private static Images test;

  @BeforeAll
  static void read() throws IOException {
    EmbeddedMnist embedded = new EmbeddedMnist();
    train = embedded.train().first(150);
    test = embedded.test().first(100);
  }

  private static RunSettings settings(NamedUpdater updater, int evaluations) {
    return settings(NamedModel.MLP, updater, CONSTANT, evaluations, 1);
  }

  private static RunSettings settings(
      NamedModel model,
      NamedUpdater updater,
      ScheduleNotation schedule,
      int evaluations,
      long seed) {
    Setup setup =
        new Setup("mnist-embedded", 150, null, "test", 100, null, model, 2, 32, evaluations, 0.1)
            .with(train, test);
    return new RunSettings(
        setup,
        Candidate.of(updater, schedule, updater.usualLearningRate(), 0.01, setup.length()),
        seed);
  }

  private static Trainer trainer() throws IOException {
    return new Trainer(new EmbeddedMnist().shape(), train, test, () -> false, n -> {});
  }

  private static RunResult run(RunSettings settings) throws IOException {
    return trainer().run(settings, () -> {}).orElseThrow().result();
  }

  @ParameterizedTest
  @EnumSource
  void everyModelStartsFromTheSameWeightsForAllUpdatersOfASeed(NamedModel model)
      throws IOException {
    Trainer trainer = trainer();
    RunSettings adam = settings(model, NamedUpdater.ADAM, CONSTANT, 1, 1);
    RunSettings averaged =
        settings(model, NamedUpdater.of(NamedOptimizer.NESTEROVS_AVERAGED), CONSTANT, 1, 1);
    RunSettings otherSeed = settings(model, NamedUpdater.ADAM, CONSTANT, 1, 2);

    assertThat(trainer.network(averaged).params())
        .isEqualTo(trainer.network(adam).params())
        .isNotEqualTo(trainer.network(otherSeed).params());
  }

  @ParameterizedTest
  @EnumSource
  void everyModelTrainsTwiceToTheSameBits(NamedModel model) throws IOException {
    RunSettings settings = settings(model, NamedUpdater.of(NamedOptimizer.ADAMW), CONSTANT, 1, 1);

    RunResult result = run(settings);

    assertThat(result.finalSha256()).isNotEqualTo(result.initialSha256());
    assertThat(run(settings).finalSha256()).isEqualTo(result.finalSha256());
  }

  @ParameterizedTest
  @MethodSource("org.dl4jx.workbench.notation.NamedUpdater#values")
  void evaluatingOnTheWayChangesNothing(NamedUpdater updater) throws IOException {
    RunResult once = run(settings(updater, 1));
    RunResult often = run(settings(updater, 10));

    assertThat(often.finalSha256()).isEqualTo(once.finalSha256());
    assertThat(often.accuracy()).isEqualTo(once.accuracy());
    assertThat(often.accuracies())
        .extracting(Point::iteration)
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(once.accuracies()).containsExactly(new Point(10, once.accuracy()));
  }

  /** The network with batch normalization, whose statistics are estimated at each average. */
  @Test
  void averagesChangeNothingOfTheRunAndAreMeasuredWhenItIs() throws IOException {
    RunSettings plain = settings(NamedModel.CNN, NamedUpdater.ADAM, CONSTANT, 2, 1);
    List<NamedAverage> averages =
        List.of(
            NamedAverage.labelled("ema(decay=0)"),
            NamedAverage.labelled("ema(decay=0.5)"),
            NamedAverage.labelled("swa(type=epoch,start=1)"));
    RunSettings averaged = new RunSettings(plain.setup().at(averages), plain.candidate(), 1);

    RunResult without = run(plain);
    RunResult with = run(averaged);

    assertThat(with.finalSha256()).isEqualTo(without.finalSha256());
    assertThat(with.accuracies()).isEqualTo(without.accuracies());
    assertThat(with.averages()).extracting(AtAverage::average).isEqualTo(averages);
    for (AtAverage average : with.averages()) {
      assertThat(average.accuracies())
          .extracting(Point::iteration)
          .isEqualTo(with.accuracies().stream().map(Point::iteration).toList());
    }
    // Both are the last weights: an average of the newest, and of the second of two epochs.
    assertThat(with.averages().get(2).accuracy()).isEqualTo(with.averages().get(0).accuracy());
    assertThat(with.averages().get(1).accuracies())
        .isNotEqualTo(with.averages().get(0).accuracies());
  }

  @Test
  void everyIterationIsCountedAndTimed() throws IOException {
    AtomicInteger steps = new AtomicInteger();

    RunResult result =
        trainer()
            .run(settings(NamedUpdater.ADAM, 1), steps::incrementAndGet)
            .orElseThrow()
            .result();

    // 150 images are four batches of 32 and one of 22.
    assertThat(steps).hasValue(2 * 5);
    assertThat(result.iterations()).isEqualTo(10);
    assertThat(result.seconds()).isPositive();
    assertThat(result.millisecondsPerIteration()).isPositive();
  }

  @Test
  void theTrainingLossIsTheMeanOfTheLastEpoch() throws IOException {
    RunResult result = run(settings(NamedUpdater.ADAM, 1));

    List<Double> losses = result.losses().stream().map(Point::value).toList();
    assertThat(losses).hasSize(10);
    double mean = losses.subList(5, 10).stream().mapToDouble(v -> v).average().orElseThrow();
    // The sum of five numbers in another order.
    assertThat(result.trainingLoss()).isBetween(mean * (1 - 1e-15), mean * (1 + 1e-15));
  }

  @Test
  void theLossOfDeeplearning4jsDecayIsWithoutItsPenalty() throws IOException {
    RunResult plain = run(settings(NamedUpdater.ADAM, 1));
    RunResult decayed = run(settings(NamedUpdater.ADAM_WEIGHT_DECAY, 1));

    // Before the first step both networks are equal; the penalty is 0.01 / 2 times the squared
    // weights, of which there are hundreds. Scores are floats.
    assertThat(decayed.losses().get(0).value())
        .isBetween(plain.losses().get(0).value() - 1e-5, plain.losses().get(0).value() + 1e-5);
  }

  @Test
  void learningRatesAreThoseOfTheSchedule() throws IOException {
    ScheduleNotation schedule = ScheduleNotation.parse("cosine(by=epoch)");
    RunSettings settings = settings(NamedModel.MLP, NamedUpdater.SGD, schedule, 1, 1);

    assertThat(run(settings).learningRates())
        .extracting(Point::value)
        .containsExactly(0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.05);
  }

  @Test
  void aRunThatDivergesSaysWhere() throws IOException {
    ScheduleNotation schedule = ScheduleNotation.parse("constant(value=1e30)");

    RunResult result = run(settings(NamedModel.MLP, NamedUpdater.SGD, schedule, 1, 1));

    assertThat(result.isDiverged()).isTrue();
    assertThat(result.divergedAt()).isEqualTo(result.iterations()).isBetween(2, 5);
    assertThat(result.accuracy()).isNull();
    assertThat(result.trainingLoss()).isNull();
  }

  @Test
  void aRunThatIsStoppedLeavesNothing() throws IOException {
    AtomicInteger steps = new AtomicInteger();
    Trainer trainer =
        new Trainer(new EmbeddedMnist().shape(), train, test, () -> steps.get() == 3, n -> {});

    assertThat(trainer.run(settings(NamedUpdater.ADAM, 1), steps::incrementAndGet)).isEmpty();
    assertThat(steps).hasValue(3);
  }

  @ParameterizedTest
  @MethodSource("org.dl4jx.workbench.notation.NamedUpdater#values")
  void everyUpdaterHasTheScheduleThatIsAsked(NamedUpdater updater) throws IOException {
    assumeTrue(updater.followsSchedules(), "Deeplearning4j's fault");
    ScheduleNotation schedule = ScheduleNotation.parse("one-cycle(max=0.01)");
    RunSettings settings = settings(NamedModel.MLP, updater, schedule, 1, 1);
    RunLength length = settings.setup().length();

    assertThat(trainer().network(settings).getLearningRate(0))
        .isEqualTo(schedule.schedule(length, 1).valueAt(0, 0));
  }

  /** 256 · 784 + 256 · 128 + 128 · 10 weights; a bias must not be decayed. */
  @Test
  void deeplearning4jsDecayIsOnceOnWeightsAlone() throws IOException {
    RunSettings settings = settings(NamedModel.CNN, NamedUpdater.ADAM_WEIGHT_DECAY, CONSTANT, 1, 1);
    List<String> decayed = new ArrayList<>();
    trainer()
        .network(settings)
        .getLayerWiseConfigurations()
        .getConfs()
        .forEach(
            conf -> {
              if (conf.getLayer() instanceof BaseLayer layer) {
                for (String name : layer.initializer().paramKeys(layer)) {
                  if (layer.getRegularizationByParam(name) != null
                      && !layer.getRegularizationByParam(name).isEmpty()) {
                    assertThat(layer.getRegularizationByParam(name))
                        .containsExactly(new WeightDecay(0.01, true));
                    decayed.add(layer.getClass().getSimpleName() + " " + name);
                  }
                }
              }
            });

    assertThat(decayed)
        .containsExactly(
            "ConvolutionLayer W",
            "ConvolutionLayer W",
            "ConvolutionLayer W",
            "DenseLayer W",
            "OutputLayer W");
  }
}
