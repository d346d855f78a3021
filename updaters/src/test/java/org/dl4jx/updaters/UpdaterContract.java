package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.dl4jx.schedules.WarmupCosineSchedule;
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

  /**
   * Each element keeps the sign of its gradient, so no sum cancels and every operation adds at most
   * one relative rounding of 2⁻²⁴ to what it is given. A step has at most 12 operations on the way
   * to a state array or the update, and a state array passes its error on to the next step: 12 ·
   * steps roundings for each path, twice that between the two.
   */
  @Property(tries = 60)
  void fusedPathEqualsReadablePath(
      @ForAll @IntRange(max = 3) int variant,
      @ForAll @IntRange(min = 1, max = 9_000) int length,
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

    int steps = 5;
    double relative = 2 * 12 * steps * Math.pow(2, -24);
    for (int iteration = 0; iteration < steps; iteration++) {
      INDArray parent = Nd4j.create(DataType.FLOAT, offset + length);
      INDArray g = parent.get(NDArrayIndex.interval(offset, offset + length));
      for (int i = 0; i < length; i++) {
        g.putScalar(i, signs[i] * (0.01f + random.nextFloat()));
      }
      INDArray readable = g.dup();

      fused.applyUpdater(g, iteration, 0);
      Rules.of(updater, iteration, 0).apply(readable, readableState);

      assertClose(g, readable, relative);
      int array = 0;
      for (INDArray state : fused.getState().values()) {
        assertClose(state, readableState[array++], relative);
      }
    }
  }

  private static void assertClose(INDArray actual, INDArray expected, double relative) {
    float[] a = actual.dup().toFloatVector();
    float[] e = expected.dup().toFloatVector();
    assertThat(a).hasSameSizeAs(e);
    for (int i = 0; i < a.length; i++) {
      assertThat((double) a[i]).isCloseTo(e[i], within(relative * Math.abs(e[i])));
    }
  }

  /**
   * In double, 12 operations a step over 1,000 steps keep the state to 1.3e-12 of its size; the
   * updates are at most 1e-2, so 1e-12 leaves a factor of 75.
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
        .startsWith(updater.getClass().getSimpleName() + "(learningRate=");
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
