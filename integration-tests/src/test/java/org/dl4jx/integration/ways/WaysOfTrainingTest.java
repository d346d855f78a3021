package org.dl4jx.integration.ways;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.integration.ways.WaysOfTraining.Updater;
import org.dl4jx.updaters.AdamWDecoupled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Every way of training does what docs/training.md says of it, with every updater. With -Pways, all
 * pairs run. In {@code verify}, each way runs with AdamW and with one other; they take turns.
 */
class WaysOfTrainingTest {
  private static final boolean ALL_PAIRS = Boolean.getBoolean("ways.all");

  private static final double WEIGHT_DECAY = 0.01;

  /** Of the score, in 18 steps; guessing changes it by less. */
  private static final double LEARNED = 0.9;

  /** More than SophiaG's k, which is 10. */
  private static final int BATCHES = 3;

  private static final int EPOCHS = 6;

  private static final Map<String, TreeSet<String>> REFUSED = DocumentedWays.refused();

  /** What {@code fit(DataSet)} leads to. */
  private static final Map<String, double[]> FITTED = new HashMap<>();

  static Stream<Arguments> cells() {
    List<Way> ways = WaysOfTraining.all();
    List<Updater> updaters = WaysOfTraining.updaters();
    return IntStream.range(0, ways.size() * updaters.size())
        .filter(pair -> ALL_PAIRS || isInSlice(pair / updaters.size(), pair % updaters.size()))
        .mapToObj(
            pair ->
                Arguments.of(
                    ways.get(pair / updaters.size()), updaters.get(pair % updaters.size())));
  }

  private static boolean takesLong(Way way) {
    return way.name().startsWith("ResNet50");
  }

  /** AdamW, which is the first, and another. */
  private static boolean isInSlice(int way, int updater) {
    int others = WaysOfTraining.updaters().size() - 1;
    return !takesLong(WaysOfTraining.all().get(way))
        && (updater == 0 || updater == 1 + way % others);
  }

  private static boolean isRefused(Way way, String updater) {
    TreeSet<String> refused = REFUSED.get(way.name());
    return REFUSED.containsKey(way.name()) && (refused == null || refused.contains(updater));
  }

  static Stream<Arguments> trained() {
    return cells().filter(cell -> !isRefused((Way) cell.get()[0], cell.get()[1].toString()));
  }

  static Stream<Arguments> refused() {
    return cells().filter(cell -> isRefused((Way) cell.get()[0], cell.get()[1].toString()));
  }

  static Stream<Way> waysOfDeeplearning4j() {
    return WaysOfTraining.all().stream()
        .filter(way -> ALL_PAIRS || !takesLong(way))
        .filter(way -> REFUSED.get(way.name()) != null);
  }

  @Test
  void documentListsAllWaysOnce() {
    assertThat(REFUSED.keySet())
        .containsExactlyElementsOf(WaysOfTraining.all().stream().map(Way::name).toList());
    Set<String> names =
        new TreeSet<>(WaysOfTraining.updaters().stream().map(Updater::name).toList());
    assertThat(REFUSED.values()).allMatch(some -> some == null || names.containsAll(some));
  }

  @ParameterizedTest
  @MethodSource("trained")
  void trains(Way way, Updater updater) throws Exception {
    Trained trained = way.training().train(run(updater));

    assertLearned(way, trained);
    if (way.result() == Way.Result.SAME_AS_FIT) {
      assertThat(trained.end()).isEqualTo(fitted(updater));
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refuses(Way way, Updater updater) {
    assertThatThrownBy(() -> way.training().train(run(updater)))
        .extracting(WaysOfTrainingTest::root)
        .isInstanceOf(IllegalStateException.class)
        .extracting(Throwable::getMessage, InstanceOfAssertFactories.STRING)
        .containsAnyOf(reasons(way));
  }

  private static String[] reasons(Way way) {
    if (way.name().startsWith("optimizationAlgo")) {
      return new String[] {"cannot train with LBFGS"};
    }
    // That message is Deeplearning4j's.
    return way.name().startsWith("setLearningRate(layer")
        ? new String[] {"Updater state array lengths should be equal"}
        : new String[] {"SophiaHessian"};
  }

  private static Throwable root(Throwable thrown) {
    return thrown.getCause() == null ? thrown : root(thrown.getCause());
  }

  private static void assertLearned(Way way, Trained trained) {
    if (way.result() == Way.Result.MOVES) {
      assertThat(trained.end()).isNotEqualTo(trained.start());
      assertThat(trained.scoreAfter()).isFinite();
    } else if (way.result() == Way.Result.UNLEARNS) {
      assertThat(trained.scoreAfter()).isGreaterThan(trained.scoreBefore());
    } else {
      assertThat(trained.scoreAfter()).isLessThan(LEARNED * trained.scoreBefore());
    }
  }

  private static Run run(Updater updater) {
    return new Run(updater.create().apply(WEIGHT_DECAY), DataType.FLOAT, BATCHES, EPOCHS);
  }

  private static double[] fitted(Updater updater) throws Exception {
    if (!FITTED.containsKey(updater.name())) {
      Way fit = WaysOfTraining.all().get(0);
      FITTED.put(updater.name(), fit.training().train(run(updater)).end());
    }
    return FITTED.get(updater.name());
  }

  static Stream<Arguments> decayed() {
    return trained()
        .filter(cell -> ((Way) cell.get()[0]).result() == Way.Result.ONE_STEP)
        .filter(cell -> subtractsItsDecay((Updater) cell.get()[1]));
  }

  /** LAMB rescales its decay, and averaged momentum waits with it for the last probe. */
  private static boolean subtractsItsDecay(Updater updater) {
    return !Set.of("LAMB", "AveragedNesterovs").contains(updater.name());
  }

  /**
   * After one step with a decay and one without, weights differ by ηλθ, and nothing else does. Each
   * weight is the result of three additions of numbers below 2, so rounding is below 3 · 2⁻⁵².
   */
  @ParameterizedTest
  @MethodSource("decayed")
  void weightsAndNothingElseDecay(Way way, Updater updater) throws Exception {
    Trained with = way.training().train(oneBatch(updater, WEIGHT_DECAY));
    Trained without = way.training().train(oneBatch(updater, 0));

    assertThat(with.decays()).contains(true);
    assertThat(with.start()).isEqualTo(without.start());
    for (int i = 0; i < with.end().length; i++) {
      double decay = without.end()[i] - with.end()[i];
      double expected = with.decays()[i] ? updater.rate() * WEIGHT_DECAY * with.start()[i] : 0;
      // Muon trains what is not a hidden matrix with AdamW, at a twentieth of its rate.
      boolean byAdamW = updater.name().equals("Muon") && Math.abs(decay) < Math.abs(expected) / 2;
      assertThat(decay).isCloseTo(byAdamW ? expected / 20 : expected, within(3 * 0x1p-52));
    }
  }

  private static Run oneBatch(Updater updater, double weightDecay) {
    return new Run(updater.create().apply(weightDecay), DataType.DOUBLE, 1, 1);
  }

  /** What fails here is no fault of dl4jx. */
  @ParameterizedTest
  @MethodSource("waysOfDeeplearning4j")
  void trainsWithAdamOfDeeplearning4j(Way way) throws Exception {
    assertLearned(
        way, way.training().train(new Run(new Adam(1e-2), DataType.FLOAT, BATCHES, EPOCHS)));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STOCHASTIC_GRADIENT_DESCENT")
  void aSolverWithLineSearchIsRefusedBeforeAnythingMoves(OptimizationAlgorithm solver) {
    Run run = new Run(new AdamWDecoupled(1e-2, 0), DataType.FLOAT, 1, 1);
    MultiLayerNetwork network = run.network(run.builder().optimizationAlgo(solver));
    INDArray before = network.params().dup();

    assertThatThrownBy(() -> network.fit(run.all()))
        .hasMessageContaining("AdamWDecoupled")
        .hasMessageContaining("cannot train with LBFGS")
        .hasMessageContaining("STOCHASTIC_GRADIENT_DESCENT");

    assertThat(network.params()).isEqualTo(before);
  }
}
