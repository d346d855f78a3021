package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.dl4jx.schedules.WarmupCosineSchedule;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.dl4jx.updaters.decay.OutOfReach;
import org.dl4jx.updaters.engine.Engine;
import org.dl4jx.updaters.engine.Fused;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.serde.json.JsonMappers;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** What every updater must do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class UpdaterContract {
  static final ISchedule SCHEDULE =
      new WarmupCosineSchedule(ScheduleType.ITERATION, 1e-4, 1e-2, 3, 1_200, 1e-5);

  /** The updater with various parameters, all trainable as they are. */
  abstract Stream<UpdaterConfiguration> chosen();

  /** These and those of the catalog that can take any number of steps on their own. */
  final Stream<UpdaterConfiguration> variants() {
    Class<?> type = chosen().findFirst().orElseThrow().getClass();
    Stream<UpdaterConfiguration> listed =
        Arrays.stream(NamedOptimizer.values())
            .filter(optimizer -> optimizer.need() != NamedOptimizer.Need.CURVATURE)
            .map(optimizer -> optimizer.create(optimizer.usualLearningRate(), 0))
            .filter(type::isInstance);
    return Stream.concat(chosen(), listed).distinct();
  }

  /** One step in plain Java and double precision, written from the formula of the paper. */
  interface Reference {
    void step(double[] gradient, double[][] state, int iteration);
  }

  abstract Reference reference(UpdaterConfiguration updater);

  /** The updater with random allowed hyperparameters, trainable as it is. */
  abstract UpdaterConfiguration random(Random random, NonFinitePolicy policy);

  /**
   * The bound on an update according to theory.
   *
   * @param largest size of the largest gradient so far
   */
  abstract double bound(UpdaterConfiguration updater, int iteration, double largest);

  /**
   * By how many times a rounding of the state may be larger in the update, if a formula takes a
   * difference that may be small.
   *
   * @param largest size of the largest gradient so far
   */
  double amplification(UpdaterConfiguration updater, double largest) {
    return 1;
  }

  /** The worst gradients that training may produce. */
  enum Gradients {
    ZEROS(40) {
      @Override
      double at(int iteration, Random random) {
        return 0;
      }
    },
    SPIKE_AFTER_A_THOUSAND_ZEROS(1_020) {
      @Override
      double at(int iteration, Random random) {
        return iteration == 1_000 ? 10 : 0;
      }
    },
    CONSTANT(40) {
      @Override
      double at(int iteration, Random random) {
        return -0.25;
      }
    },
    ALTERNATING_SIGNS(60) {
      @Override
      double at(int iteration, Random random) {
        return iteration % 2 == 0 ? 0.5 : -0.5;
      }
    },
    FROM_1E_MINUS_30_TO_1E30(60) {
      @Override
      double at(int iteration, Random random) {
        // One size per step, in an order that soon covers the whole range.
        double exponent = 60 * (iteration * 0.618034 % 1) - 30;
        return (random.nextBoolean() ? 1 : -1) * Math.pow(10, exponent);
      }
    };

    final int steps;

    Gradients(int steps) {
      this.steps = steps;
    }

    abstract double at(int iteration, Random random);
  }

  /** With a decay, and so not trainable as it is; empty if the updater has no decay. */
  Stream<UpdaterConfiguration> decaying() {
    return Stream.of();
  }

  /** An updater with a feature turned off, and the simpler one that it then equals. */
  record Simpler(
      String feature, UpdaterConfiguration without, IUpdater simpler, double tolerance) {}

  /** For every feature that can be turned off. */
  abstract Stream<Simpler> simpler();

  /**
   * The policy skips gradients that are too large to square in {@code float}. Rounding may put an
   * update beyond the bound, or two paths apart: each step adds at most 4 roundings of 2⁻²⁴ of the
   * bound, and the update has 8; between paths, they may be amplified. {@code BFLOAT16} rounds too
   * coarsely for a bound to say much.
   */
  @Property(tries = 12)
  void updatesAreFiniteAndBoundedAndPathsAgreeForAnyGradients(
      @ForAll Gradients gradients,
      @ForAll @IntRange(min = 1, max = 50) int length,
      @ForAll long seed) {
    Random random = new Random(seed);
    UpdaterConfiguration updater = random(random, NonFinitePolicy.SKIP);
    Path tiles = new Path(updater, DataType.FLOAT, length);
    Path operations = Path.onAnotherBackend(updater, DataType.FLOAT, length);
    Path wide = new Path(updater, DataType.DOUBLE, length);
    Path wideOperations = Path.onAnotherBackend(updater, DataType.DOUBLE, length);
    Path brain = new Path(updater, DataType.BFLOAT16, length);
    double largest = 0;
    double largestInDouble = 0;

    for (int t = 0; t < gradients.steps; t++) {
      double[] g = new double[length];
      for (int i = 0; i < length; i++) {
        g[i] = gradients.at(t, random);
      }
      double largestNow = Arrays.stream(g).map(Math::abs).max().orElse(0);
      largestInDouble = Math.max(largestInDouble, largestNow);
      largest = largestNow > Math.sqrt(Float.MAX_VALUE) ? largest : Math.max(largest, largestNow);
      double bound = bound(updater, t, largest);
      double rounding = (4 * t + 8) * Math.pow(2, -24) * bound;
      double apart = rounding * amplification(updater, largest);

      double[] fromTiles = tiles.step(g, t);
      double[] fromOperations = operations.step(g, t);
      for (int i = 0; i < length; i++) {
        assertThat(Math.abs(fromTiles[i])).isLessThanOrEqualTo(bound + rounding);
        assertThat(fromOperations[i]).isCloseTo(fromTiles[i], within(apart));
      }
      double boundInDouble = bound(updater, t, largestInDouble);
      double apartInDouble = boundInDouble * 1e-12 * amplification(updater, largestInDouble);
      double[] fromWide = wide.step(g, t);
      double[] fromWideOperations = wideOperations.step(g, t);
      for (int i = 0; i < length; i++) {
        assertThat(Math.abs(fromWide[i])).isLessThanOrEqualTo(boundInDouble * (1 + 1e-12));
        assertThat(fromWideOperations[i]).isCloseTo(fromWide[i], within(apartInDouble));
      }
      for (double update : brain.step(g, t)) {
        assertThat(update).isFinite();
      }
    }
  }

  /** An updater with its own state, stepped the way Deeplearning4j does. */
  private static final class Path {
    private final GradientUpdater<?> updater;
    private final DataType type;
    private final int length;

    private Path(GradientUpdater<?> updater, DataType type, int length) {
      this.updater = updater;
      this.type = type;
      this.length = length;
    }

    Path(UpdaterConfiguration configuration, DataType type, int length) {
      this(
          Engine.withoutWeights(configuration, stateOf(configuration, type, length), true),
          type,
          length);
    }

    static Path onAnotherBackend(UpdaterConfiguration configuration, DataType type, int length) {
      INDArray state = stateOf(configuration, type, length);
      return new Path(Engine.onAnotherBackend(configuration, state), type, length);
    }

    double[] step(double[] gradient, int iteration) {
      INDArray g = Nd4j.createFromArray(gradient).castTo(type);
      updater.applyUpdater(g, iteration, 0);
      for (INDArray state : updater.getState().values()) {
        double[] numbers = state.castTo(DataType.DOUBLE).toDoubleVector();
        assertThat(Arrays.stream(numbers).allMatch(Double::isFinite))
            .as("state after iteration %d is finite: %s", iteration, state)
            .isTrue();
      }
      assertThat(g.length()).isEqualTo(length);
      return g.castTo(DataType.DOUBLE).toDoubleVector();
    }
  }

  private static INDArray stateOf(IUpdater updater, DataType type, long length) {
    return Nd4j.zeros(type, updater.stateSize(length));
  }

  private static INDArray[] statesOf(UpdaterConfiguration updater, DataType type, long length) {
    return Stream.generate(() -> Nd4j.zeros(type, length))
        .limit(Engine.arrays(updater))
        .toArray(INDArray[]::new);
  }

  /** Steps in tiles, which remember scalars in some type. */
  private static Engine.Steps stepsOn(
      UpdaterConfiguration updater, DataType type, INDArray[] state) {
    return new Engine.Steps(updater, type, new Engine.Tiles(state));
  }

  /** In its own array, so that two of them can be compared. */
  private static byte[] bits(INDArray array) {
    return array.dup().data().asBytes();
  }

  /** Gradients of both signs that do not vanish. */
  private static INDArray gradient(Random random, DataType type, int length) {
    double[] drawn = new double[length];
    for (int i = 0; i < length; i++) {
      drawn[i] = (random.nextBoolean() ? 1 : -1) * (0.01 + random.nextDouble());
    }
    return Nd4j.createFromArray(drawn).castTo(type);
  }

  /** Nine steps reach the second cycle of every average. */
  private static final int STEPS = 9;

  /** Those with a loop of their own in at least one of these steps. */
  final Stream<UpdaterConfiguration> fused() {
    return variants()
        .filter(
            updater ->
                IntStream.range(0, STEPS)
                    .anyMatch(i -> Engine.rule(updater, i, 0).fused() != Fused.NONE));
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("fused")
  void fusedLoopsEqualTheFormulaBitForBit(UpdaterConfiguration updater) {
    for (int length : LENGTHS) {
      INDArray drawn = gradient(new Random(length), DataType.FLOAT, length);
      INDArray[] fusedState = statesOf(updater, DataType.FLOAT, length);
      INDArray[] formulaState = statesOf(updater, DataType.FLOAT, length);
      Engine.Steps fused = stepsOn(updater, DataType.FLOAT, fusedState);
      Engine.Steps formula = stepsOn(updater, DataType.FLOAT, formulaState);
      for (int iteration = 0; iteration < STEPS; iteration++) {
        INDArray g = drawn.mul(iteration % 3 == 1 ? -0.7 : 1 + iteration);
        INDArray h = g.dup();

        fused.take(g);
        formula.take(Engine::formula, h);

        assertThat(bits(g)).as("%d numbers", length).isEqualTo(bits(h));
        for (int i = 0; i < fusedState.length; i++) {
          assertThat(bits(fusedState[i])).isEqualTo(bits(formulaState[i]));
        }
      }
    }
  }

  /** Around the ends of tiles of 512 and 256 floats, and for several threads. */
  private static final int[] LENGTHS = {
    1, 511, 512, 513, 2_049, 131_072 + 255, 131_072 + 256, 131_072 + 257, 280_001
  };

  /**
   * As in the bounds: ND4J in FLOAT may be off by that many roundings of 2⁻²⁴, and in DOUBLE by as
   * many of 2⁻⁵³.
   */
  @ParameterizedTest
  @MethodSource("variants")
  void operationsOfOtherBackendsEqualTheFormula(UpdaterConfiguration updater) {
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      int length = 101;
      Path operations = Path.onAnotherBackend(updater, type, length);
      Path tiles = new Path(updater, type, length);
      Random random = new Random(4);
      for (int t = 0; t < 60; t++) {
        double[] g = gradient(random, DataType.DOUBLE, length).toDoubleVector();
        double bound = bound(updater, t, 1.01) * amplification(updater, 1.01);
        double tolerance =
            type == DataType.FLOAT
                ? (4 * t + 8) * Math.pow(2, -24) * bound
                : (4 * t + 8) * Math.pow(2, -53) * bound;

        assertThat(operations.step(g, t)).containsExactly(tiles.step(g, t), within(tolerance));
      }
    }
  }

  /** To the last bit, because every number goes through the same operations. */
  @ParameterizedTest
  @MethodSource("variants")
  void resultDoesNotDependOnThreadsOrBuffers(UpdaterConfiguration updater) {
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      // Five threads, each with the numbers that are worth one.
      int length = 5 * (type == DataType.FLOAT ? 1 << 17 : 3 << 14) + 1_001;
      byte[] expected = updatesAndState(updater, type, length, 1, 1 << 27);

      assertThat(updatesAndState(updater, type, length, 2, 1 << 27)).isEqualTo(expected);
      assertThat(updatesAndState(updater, type, length, 5, 1 << 27)).isEqualTo(expected);
      assertThat(updatesAndState(updater, type, length, 1, 1 << 15)).isEqualTo(expected);
      assertThat(updatesAndState(updater, type, length, 3, 1 << 18)).isEqualTo(expected);
    }
  }

  static byte[] updatesAndState(
      UpdaterConfiguration updater, DataType type, int length, int threads, int buffer) {
    int arrays = Engine.arrays(updater);
    INDArray all = Nd4j.zeros(type, arrays + 1, length);
    INDArray[] state = IntStream.range(0, arrays).mapToObj(all::getRow).toArray(INDArray[]::new);
    Engine.Steps steps = new Engine.Steps(updater, type, new Engine.Tiles(threads, buffer, state));
    INDArray gradient = all.getRow(arrays);
    INDArray ramp = Nd4j.linspace(type, -1, 1, length);
    for (int iteration = 0; iteration < 3; iteration++) {
      gradient.assign(ramp);
      steps.take(gradient);
    }
    return all.data().asBytes();
  }

  /**
   * In double, 12 operations per step over 1,000 steps are 12,000 roundings of 1.1e-16. With random
   * signs, they add up to 1.2e-14, in updates below 1. Even with equal signs, they would add up to
   * 1.3e-12.
   */
  @ParameterizedTest
  @MethodSource("variants")
  void equalsAReferenceFromTheFormulaInDouble(UpdaterConfiguration updater) {
    int length = 11;
    Path ours = new Path(updater, DataType.DOUBLE, length);
    Path onAnotherBackend = Path.onAnotherBackend(updater, DataType.DOUBLE, length);
    Reference reference = reference(updater);
    double[][] state = new double[Engine.arrays(updater)][length];
    Random random = new Random(12);

    for (int iteration = 0; iteration < 1_000; iteration++) {
      double[] g = random.doubles(length, -1, 1).toArray();
      double[] actual = ours.step(g, iteration);
      double[] fromOperations = onAnotherBackend.step(g, iteration);
      reference.step(g, state, iteration);

      assertThat(actual).containsExactly(g, within(1e-12));
      assertThat(fromOperations).containsExactly(g, within(1e-12));
    }
  }

  /**
   * Each number keeps the sign of its gradient, so no sum in the state cancels, and every operation
   * adds at most one relative rounding of 2⁻²⁴ to its input. A step has at most 12 operations on
   * the way to a state array or the update, and a state array passes its error on to the next step.
   * The terms of an update may cancel, but they are not larger than its bound.
   */
  @ParameterizedTest
  @MethodSource("variants")
  void equalsAReferenceFromTheFormulaInFloat(UpdaterConfiguration updater) {
    int length = 600;
    Path ours = new Path(updater, DataType.FLOAT, length);
    Reference reference = reference(updater);
    double[][] state = new double[Engine.arrays(updater)][length];
    Random random = new Random(13);
    double[] signs = random.doubles(length, -1, 1).map(Math::signum).toArray();

    for (int iteration = 0; iteration < 40; iteration++) {
      double[] g = new double[length];
      for (int i = 0; i < length; i++) {
        g[i] = (float) (signs[i] * (0.01 + random.nextDouble()));
      }
      double[] actual = ours.step(g, iteration);
      reference.step(g, state, iteration);

      double rounding = 12 * (iteration + 1) * Math.pow(2, -24) * amplification(updater, 1.01);
      assertThat(actual).containsExactly(g, within(rounding * bound(updater, iteration, 1.01)));
    }
  }

  /** Rounded as above, in double. A gradient of zero leads to an update of exactly zero. */
  @ParameterizedTest
  @MethodSource("variants")
  void constantGradientsEqualTheReference(UpdaterConfiguration updater) {
    for (double constant : new double[] {0, 0.5, -1e-3}) {
      Path ours = new Path(updater, DataType.DOUBLE, 3);
      Reference reference = reference(updater);
      double[][] state = new double[Engine.arrays(updater)][3];
      for (int iteration = 0; iteration < 100; iteration++) {
        double[] g = {constant, constant, constant};
        double[] actual = ours.step(g, iteration);
        reference.step(g, state, iteration);

        double size = Math.abs(constant);
        double rounding = 12 * (iteration + 1) * Math.pow(2, -53) * amplification(updater, size);
        double tolerance = rounding * bound(updater, iteration, size);
        assertThat(actual).containsExactly(g, within(tolerance));
      }
    }
  }

  /** They are stored in fewer bits but computed in FLOAT. */
  @ParameterizedTest
  @MethodSource("variants")
  void shortTypesAreComputedInFloatBitForBit(UpdaterConfiguration updater) {
    int length = 700;
    for (DataType type : new DataType[] {DataType.BFLOAT16, DataType.FLOAT16}) {
      INDArray view = stateOf(updater, type, length);
      GradientUpdater<?> ours = Engine.withoutWeights(updater, view, true);
      INDArray[] state = statesOf(updater, DataType.FLOAT, length);
      Engine.Steps inFloat = stepsOn(updater, type, state);
      Random random = new Random(5);
      for (int iteration = 0; iteration < STEPS; iteration++) {
        INDArray g = gradient(random, type, length);
        INDArray h = g.castTo(DataType.FLOAT);

        if (!trains(updater, type)) {
          assertThatIllegalStateException()
              .isThrownBy(() -> ours.applyUpdater(g, 0, 0))
              .withMessageContaining("HALF");
          break;
        }
        ours.applyUpdater(g, iteration, 0);
        inFloat.take(h);

        assertThat(bits(g)).isEqualTo(bits(h.castTo(type)));
        for (INDArray array : state) {
          array.assign(array.castTo(type).castTo(DataType.FLOAT));
        }
        INDArray arrays = view.get(NDArrayIndex.interval(0, (long) state.length * length));
        assertThat(bits(arrays)).isEqualTo(bits(Nd4j.concat(0, state).castTo(type)));
      }
    }
  }

  /** Whether the updater trains parameters of this type. */
  boolean trains(UpdaterConfiguration updater, DataType type) {
    return true;
  }

  @ParameterizedTest
  @MethodSource("variants")
  void stridedGradientsLeadToTheSameStepBitForBit(UpdaterConfiguration updater) {
    int length = 700;
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      INDArray stridedView = stateOf(updater, type, length);
      INDArray plainView = stateOf(updater, type, length);
      GradientUpdater<?> strided = Engine.withoutWeights(updater, stridedView, true);
      GradientUpdater<?> plain = Engine.withoutWeights(updater, plainView, true);
      Random random = new Random(6);
      for (int iteration = 0; iteration < STEPS; iteration++) {
        INDArray g = gradient(random, type, length);
        INDArray parent = Nd4j.ones(type, length, 2);
        INDArray column = parent.getColumn(1);
        column.assign(g);

        strided.applyUpdater(column, iteration, 0);
        plain.applyUpdater(g, iteration, 0);

        assertThat(bits(column)).isEqualTo(bits(g));
        assertThat(bits(stridedView)).isEqualTo(bits(plainView));
        assertThat(parent.getColumn(0).dup()).isEqualTo(Nd4j.ones(type, length));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void anEmptyGradientChangesNothing(UpdaterConfiguration updater) {
    GradientUpdater<?> ours = updater.instantiate((INDArray) null, true);

    ours.applyUpdater(Nd4j.empty(DataType.DOUBLE), 0, 0);

    assertThat(ours.getState()).isEmpty();
  }

  /** Twenty steps, a copy of the state, and twenty more steps equal forty steps. */
  @ParameterizedTest
  @MethodSource("variants")
  void continuesFromSavedStateAndDoesNotChangeIt(UpdaterConfiguration updater) {
    int length = 600;
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      INDArray view = stateOf(updater, type, length);
      GradientUpdater<?> whole = Engine.withoutWeights(updater, view, true);
      Random random = new Random(7);
      for (int iteration = 0; iteration < 20; iteration++) {
        whole.applyUpdater(gradient(random, type, length), iteration, 0);
      }
      INDArray saved = view.dup();
      GradientUpdater<?> restored = Engine.withoutWeights(updater.clone(), saved, false);
      Map<String, INDArray> byName = new HashMap<>();
      whole.getState().forEach((name, array) -> byName.put(name, array.dup()));
      GradientUpdater<?> restoredByName =
          OutOfReach.of(updater.clone(), length).instantiate(byName, false);
      assertThat(bits(saved)).isEqualTo(bits(view));
      byName.forEach(
          (name, array) -> assertThat(bits(array)).isEqualTo(bits(whole.getState().get(name))));

      for (int iteration = 20; iteration < 40; iteration++) {
        INDArray g = gradient(random, type, length);
        INDArray h = g.dup();
        INDArray i = g.dup();
        whole.applyUpdater(g, iteration, 0);
        restored.applyUpdater(h, iteration, 0);
        restoredByName.applyUpdater(i, iteration, 0);
        assertThat(bits(h)).isEqualTo(bits(g));
        assertThat(bits(i)).isEqualTo(bits(g));
      }
      assertThat(bits(saved)).isEqualTo(bits(view));
    }
  }

  @ParameterizedTest
  @MethodSource("simpler")
  void withAFeatureOffEqualsTheSimplerUpdater(Simpler simpler) {
    GradientUpdater<?> ours =
        Engine.withoutWeights(
            simpler.without(), stateOf(simpler.without(), DataType.DOUBLE, 5), true);
    long size = simpler.simpler().stateSize(5);
    INDArray view = size == 0 ? null : Nd4j.zeros(DataType.DOUBLE, 1, size);
    GradientUpdater<?> theirs = simpler.simpler().instantiate(view, true);
    INDArray parameters = Nd4j.zeros(DataType.DOUBLE, 5);
    INDArray simplerParameters = Nd4j.zeros(DataType.DOUBLE, 5);
    Random random = new Random(8);

    for (int t = 0; t < 60; t++) {
      INDArray g = gradient(random, DataType.DOUBLE, 5).muli(1 + t);
      INDArray h = g.dup();
      ours.applyUpdater(g, t, 0);
      theirs.applyUpdater(h, t, 0);
      parameters.subi(g);
      simplerParameters.subi(h);

      assertThat(parameters.toDoubleVector())
          .containsExactly(simplerParameters.toDoubleVector(), within(simpler.tolerance()));
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void refusesStateOfAnotherUpdaterBeforeAnythingIsWritten(UpdaterConfiguration updater) {
    List<String> names =
        List.copyOf(
            updater.instantiate(stateOf(updater, DataType.FLOAT, 3), true).getState().keySet());
    Map<String, INDArray> others = Map.of("OTHER", Nd4j.ones(3));
    assertThatIllegalStateException()
        .isThrownBy(() -> updater.instantiate(others, true))
        .withMessageContaining("must be arrays named " + names + ", but was [OTHER]");
    assertThat(others.get("OTHER")).isEqualTo(Nd4j.ones(3));
    int arrays = Engine.arrays(updater);
    boolean remembers = Engine.scalars(updater) > 0;
    assertThat(names).hasSize(arrays + (remembers ? 2 : 1)).endsWith("steps");
    assertThat(names.contains("scalars")).isEqualTo(remembers);
    Map<String, INDArray> unequal = new LinkedHashMap<>();
    for (String name : names) {
      unequal.put(name, Nd4j.ones(3 + unequal.size()));
    }
    if (arrays == 1) {
      unequal.put("steps", Nd4j.ones(6));
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> updater.instantiate(unequal, true))
        .withMessageContaining(
            arrays == 1
                ? "must have 5 numbers, but was FLOAT[6]"
                : "must have the same type and shape, but were " + names.get(0) + ": FLOAT[3]");
    unequal.values().forEach(array -> assertThat(array.minNumber().doubleValue()).isEqualTo(1));

    INDArray view = Nd4j.ones(DataType.FLOAT, arrays * 3 + 3);
    GradientUpdater<?> misfit = OutOfReach.of(updater, 3).instantiate(view, false);
    INDArray gradient = Nd4j.ones(DataType.FLOAT, 3);
    assertThatIllegalStateException()
        .isThrownBy(() -> misfit.applyUpdater(gradient, 0, 0))
        .withMessageContaining(
            String.format("must have %d numbers for each of 3 parameters", arrays));
    assertThat(view).isEqualTo(Nd4j.ones(DataType.FLOAT, arrays * 3 + 3));
    assertThat(gradient).isEqualTo(Nd4j.ones(DataType.FLOAT, 3));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void survivesJsonYamlAndJavaSerialization(UpdaterConfiguration updater) throws Exception {
    var conf = Networks.mlp(updater);

    assertThat(Networks.updaterOf(conf)).isEqualTo(updater).isNotSameAs(updater);
    assertThat(Networks.updaterOf(Networks.throughJson(conf))).isEqualTo(updater);
    assertThat(Networks.updaterOf(Networks.throughYaml(conf))).isEqualTo(updater);
    assertThat(throughJava(updater)).isEqualTo(updater).hasSameHashCodeAs(updater);
  }

  private static Object throughJava(IUpdater updater) throws Exception {
    return read(written(updater));
  }

  private static byte[] written(IUpdater updater) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(updater);
    }
    return bytes.toByteArray();
  }

  private static Object read(byte[] bytes) throws Exception {
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }

  /** Replaces every number in the bytes, in a variant where it differs from the others. */
  @Test
  void javaDeserializationRefusesTheNumbersThatTheBuilderRefuses() throws Exception {
    Set<String> numbers = new TreeSet<>();
    Set<String> refused = new TreeSet<>();
    for (UpdaterConfiguration updater : Stream.concat(variants(), decaying()).toList()) {
      byte[] bytes = written(updater);
      for (Map.Entry<String, Object> parameter : Engine.parameters(updater).entrySet()) {
        if (parameter.getValue() instanceof Double number && !number.isNaN()) {
          numbers.add(parameter.getKey());
          byte[] pattern = ByteBuffer.allocate(Double.BYTES).putDouble(number).array();
          List<Integer> places = places(bytes, pattern);
          if (places.size() == 1) {
            byte[] tampered = bytes.clone();
            ByteBuffer.wrap(tampered).putDouble(places.get(0), Double.NaN);
            assertThatThrownBy(() -> read(tampered))
                .isInstanceOf(InvalidObjectException.class)
                .hasMessageContaining(parameter.getKey() + " must be ")
                .hasMessageContaining("but was NaN");
            refused.add(parameter.getKey());
          }
        }
      }
    }
    assertThat(refused).isEqualTo(numbers).isNotEmpty();
  }

  private static List<Integer> places(byte[] bytes, byte[] pattern) {
    return IntStream.rangeClosed(0, bytes.length - pattern.length)
        .filter(at -> Arrays.equals(bytes, at, at + pattern.length, pattern, 0, pattern.length))
        .boxed()
        .toList();
  }

  @ParameterizedTest
  @MethodSource("variants")
  void jsonRefusesNullForANumber(UpdaterConfiguration updater) throws Exception {
    ObjectMapper mapper = JsonMappers.getMapper();
    for (Map.Entry<String, Object> parameter : Engine.parameters(updater).entrySet()) {
      if (parameter.getValue() instanceof Double || parameter.getValue() instanceof Boolean) {
        ObjectNode json = (ObjectNode) mapper.valueToTree(updater);
        assertThat(json.has(parameter.getKey())).as(json.toString()).isTrue();
        json.putNull(parameter.getKey());

        assertThatThrownBy(() -> mapper.treeToValue(json, IUpdater.class))
            .hasMessageContaining(parameter.getKey() + " must not be null");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void isAValueThatShowsItsParameters(UpdaterConfiguration updater) {
    assertThat(updater.clone()).isEqualTo(updater).isNotSameAs(updater);
    assertThat(variants().filter(updater::equals)).hasSize(1);
    assertThat(updater.toString())
        .startsWith(updater.getClass().getSimpleName() + "(learningRate=")
        .contains("nonFiniteGradients=" + updater.getNonFiniteGradients());
  }

  @ParameterizedTest
  @MethodSource("variants")
  void learningRateCanBeSetOnARunningNetwork(UpdaterConfiguration updater) {
    UpdaterConfiguration copy = updater.clone();

    copy.setLrAndSchedule(0.5, null);
    assertThat(copy.getLearningRate(7, 1)).isEqualTo(0.5);
    assertThat(copy).isNotEqualTo(updater);
    copy.setLrAndSchedule(Double.NaN, SCHEDULE);
    assertThat(copy.getLearningRate(7, 1)).isEqualTo(SCHEDULE.valueAt(7, 1));
  }
}
