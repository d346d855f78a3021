package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.dl4jx.schedules.WarmupCosineSchedule;
import org.dl4jx.updaters.engine.FusedSteps;
import org.dl4jx.updaters.engine.NonFinitePolicy;
import org.dl4jx.updaters.engine.Rules;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
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

/** What holds for every updater. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class UpdaterContract {
  static final ISchedule SCHEDULE =
      new WarmupCosineSchedule(ScheduleType.ITERATION, 1e-4, 1e-2, 3, 1_200, 1e-5);

  /** The updater with various parameters; all trainable as they are. */
  abstract Stream<UpdaterConfiguration> variants();

  /** One step in plain Java and double precision, written from the formula of the paper. */
  interface Reference {
    void step(double[] gradient, double[][] state, int iteration);
  }

  abstract Reference reference(UpdaterConfiguration updater);

  /** The updater with hyperparameters drawn from all that is allowed, trainable as it is. */
  abstract UpdaterConfiguration random(Random random, NonFinitePolicy policy);

  /**
   * What theory says an update cannot exceed.
   *
   * @param largest size of the largest gradient so far
   */
  abstract double bound(UpdaterConfiguration updater, int iteration, double largest);

  /** Gradients as training may bring them, in the worst case. */
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
    ALTERNATING_SIGNS(60) {
      @Override
      double at(int iteration, Random random) {
        return iteration % 2 == 0 ? 0.5 : -0.5;
      }
    },
    FROM_1E_MINUS_30_TO_1E30(60) {
      @Override
      double at(int iteration, Random random) {
        // One size a step, in an order that leaves no part of the range out for long.
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

  /**
   * Gradients too large to be squared in {@code float} are left out there by the policy. What is
   * compared to the bound, and one path to the other, may be off by rounding: each step adds at
   * most 4 roundings of 2⁻²⁴ of the bound, and 8 make the update. {@code BFLOAT16} rounds too
   * coarsely for a bound to say much.
   */
  @Property(tries = 24)
  void updatesAreFiniteAndBoundedAndPathsAgreeWhateverTheGradients(
      @ForAll Gradients gradients,
      @ForAll @IntRange(min = 1, max = 50) int length,
      @ForAll long seed) {
    Random random = new Random(seed);
    UpdaterConfiguration updater = random(random, NonFinitePolicy.SKIP);
    Path fused = new Path(updater, DataType.FLOAT, length, false);
    Path readable = new Path(updater, DataType.FLOAT, length, true);
    Path wide = new Path(updater, DataType.DOUBLE, length, true);
    Path brain = new Path(updater, DataType.BFLOAT16, length, true);
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

      double[] fromFused = fused.step(g, t);
      double[] fromReadable = readable.step(g, t);
      for (int i = 0; i < length; i++) {
        assertThat(Math.abs(fromFused[i])).isLessThanOrEqualTo(bound + rounding);
        assertThat(fromFused[i]).isCloseTo(fromReadable[i], within(rounding));
      }
      double boundInDouble = bound(updater, t, largestInDouble);
      for (double update : wide.step(g, t)) {
        assertThat(Math.abs(update)).isLessThanOrEqualTo(boundInDouble * (1 + 1e-12));
      }
      for (double update : brain.step(g, t)) {
        assertThat(update).isFinite();
      }
    }
  }

  /** An updater over a state of its own, taking one of the paths. */
  private static final class Path {
    private final GradientUpdater<?> updater;
    private final DataType type;
    private final boolean readable;
    private final int length;

    /** The readable path is taken in float as well where every second element is left out. */
    Path(UpdaterConfiguration configuration, DataType type, int length, boolean readable) {
      this.type = type;
      this.length = length;
      this.readable = readable;
      this.updater =
          configuration.instantiate(Nd4j.zeros(type, configuration.stateSize(length)), true);
    }

    double[] step(double[] gradient, int iteration) {
      INDArray g = Nd4j.zeros(type, length, 2);
      INDArray column = readable ? g.getColumn(0) : Nd4j.zeros(type, length);
      column.assign(Nd4j.createFromArray(gradient).castTo(type));
      updater.applyUpdater(column, iteration, 0);
      for (INDArray state : updater.getState().values()) {
        assertThat(state.castTo(DataType.DOUBLE).toDoubleVector())
            .as("state after iteration %d", iteration)
            .doesNotContain(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
      }
      return column.castTo(DataType.DOUBLE).toDoubleVector();
    }
  }

  /**
   * Each element keeps the sign of its gradient, so no sum in the state cancels and every operation
   * adds at most one relative rounding of 2⁻²⁴ to what it is given. A step has at most 12
   * operations on the way to a state array or the update, and a state array passes its error on to
   * the next step: 12 · steps roundings for each path, twice that between the two. What an update
   * is made of may cancel, but is not larger than its bound. Nine steps see the second cycle of
   * every average.
   */
  @Property(tries = 40)
  void fusedPathEqualsReadablePath(
      @ForAll @IntRange(max = 3) int variant,
      @ForAll("lengths") int length,
      @ForAll @IntRange(max = 40) int offset,
      @ForAll long seed) {
    UpdaterConfiguration updater = variants().toList().get(variant);
    int arrays = (int) updater.stateSize(1);
    INDArray fusedView =
        Nd4j.zeros(DataType.FLOAT, offset + (long) arrays * length)
            .get(NDArrayIndex.interval(offset, offset + (long) arrays * length));
    GradientUpdater<?> fused = updater.instantiate(fusedView, true);
    INDArray[] readableState =
        Stream.generate(() -> Nd4j.zeros(DataType.FLOAT, length))
            .limit(arrays)
            .toArray(INDArray[]::new);
    Random random = new Random(seed);
    float[] signs = new float[length];
    for (int i = 0; i < length; i++) {
      signs[i] = random.nextBoolean() ? 1 : -1;
    }

    int steps = 9;
    double relative = 2 * 12 * steps * Math.pow(2, -24);
    for (int iteration = 0; iteration < steps; iteration++) {
      INDArray parent = Nd4j.create(DataType.FLOAT, offset + length);
      INDArray g = parent.get(NDArrayIndex.interval(offset, offset + length));
      float[] drawn = new float[length];
      for (int i = 0; i < length; i++) {
        drawn[i] = signs[i] * (0.01f + random.nextFloat());
      }
      g.assign(Nd4j.createFromArray(drawn));
      INDArray readable = g.dup();

      fused.applyUpdater(g, iteration, 0);
      Rules.of(updater, iteration, 0).apply(readable, readableState);

      assertClose(g, readable, relative, bound(updater, iteration, 1.01));
      int array = 0;
      for (INDArray state : fused.getState().values()) {
        assertClose(state, readableState[array++], relative, 0);
      }
    }
  }

  /** Not to the last bit either: every element goes through the same operations. */
  @ParameterizedTest
  @MethodSource("variants")
  void fusedPathDoesNotDependOnThreadsNorOnBuffers(UpdaterConfiguration updater) {
    int length = 5 * (1 << 17) + 1_001;
    float[] expected = updatesAndState(updater, length, 1, 1 << 28);

    assertThat(updatesAndState(updater, length, 2, 1 << 28)).isEqualTo(expected);
    assertThat(updatesAndState(updater, length, 5, 1 << 28)).isEqualTo(expected);
    assertThat(updatesAndState(updater, length, 1, 1 << 15)).isEqualTo(expected);
    assertThat(updatesAndState(updater, length, 3, 1 << 18)).isEqualTo(expected);
  }

  private static float[] updatesAndState(
      UpdaterConfiguration updater, int length, int threads, int buffer) {
    int arrays = (int) updater.stateSize(1);
    INDArray all = Nd4j.zeros(DataType.FLOAT, arrays + 1, length);
    INDArray[] state = IntStream.range(0, arrays).mapToObj(all::getRow).toArray(INDArray[]::new);
    FusedSteps steps = new FusedSteps(threads, buffer, state);
    INDArray gradient = all.getRow(arrays);
    INDArray ramp = Nd4j.linspace(DataType.FLOAT, -1, 1, length);
    for (int iteration = 0; iteration < 4; iteration++) {
      gradient.assign(ramp);
      steps.apply(Rules.of(updater, iteration, 0), gradient);
    }
    return all.data().asFloat();
  }

  /** Around the boundaries of tiles and of the guard's blocks, and enough for several threads. */
  @Provide
  Arbitrary<Integer> lengths() {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(1, 9_000),
        Arbitraries.of(511, 512, 513, 2_047, 2_048, 2_049, 131_072, 131_073, 262_144, 280_001));
  }

  private static void assertClose(
      INDArray actual, INDArray expected, double relative, double scale) {
    float[] a = actual.dup().toFloatVector();
    float[] e = expected.dup().toFloatVector();
    assertThat(a).hasSameSizeAs(e);
    for (int i = 0; i < a.length; i++) {
      assertThat((double) a[i]).isCloseTo(e[i], within(relative * Math.max(scale, Math.abs(e[i]))));
    }
  }

  /**
   * In double, 12 operations a step over 1,000 steps are 12,000 roundings of 1.1e-16. They are of
   * either sign and add up like a random walk to 1.2e-14, in updates below 1; even all of one sign
   * they would make 1.3e-12.
   */
  @ParameterizedTest
  @MethodSource("variants")
  void readablePathInDoubleEqualsAReferenceFromTheFormula(UpdaterConfiguration updater) {
    int length = 11;
    int arrays = (int) updater.stateSize(1);
    GradientUpdater<?> readable =
        updater.instantiate(Nd4j.zeros(DataType.DOUBLE, (long) arrays * length), true);
    Reference reference = reference(updater);
    double[][] state = new double[arrays][length];
    Random random = new Random(12);

    for (int iteration = 0; iteration < 1_000; iteration++) {
      double[] g = random.doubles(length, -1, 1).toArray();
      INDArray actual = Nd4j.createFromArray(g.clone());

      readable.applyUpdater(actual, iteration, iteration / 100);
      reference.step(g, state, iteration);

      assertThat(actual.toDoubleVector()).containsExactly(g, within(1e-12));
    }
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
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(updater);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void isAValueThatTellsItsParameters(UpdaterConfiguration updater) {
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
