package org.dl4jx.updaters.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.dl4jx.updaters.NonFiniteGradientException;
import org.dl4jx.updaters.NonFinitePolicy;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

class RuleUpdaterTest {

  /** Counts in the state, and shows in the update which form was used. */
  private static final class Probe extends UpdaterConfiguration {
    private static final long serialVersionUID = 1L;
    static final float FORMULA = 1000;
    static final float LOOP = 2000;
    static final float OPERATION = 3000;

    private final boolean isFused;

    Probe(NonFinitePolicy policy, boolean isFused) {
      super(new Builder().nonFiniteGradients(policy));
      this.isFused = isFused;
    }

    Probe(NonFinitePolicy policy) {
      this(policy, true);
    }

    Probe() {
      this(NonFinitePolicy.FAIL);
    }

    @Override
    protected List<String> stateNames() {
      return List.of("FIRST", "SECOND");
    }

    @Override
    protected Rule rule(Step step) {
      return new Rule() {
        @Override
        public <C extends Cells<C>> void apply(C g, List<C> state) {
          state.get(0).add(1, g);
          state.get(1).add(1, g.spare().fill(1));
          g.add(1, g.spare().fill(FORMULA));
        }

        @Override
        public Fused fused() {
          return isFused ? new Loops() : Fused.NONE;
        }
      };
    }

    private static final class Loops implements Fused {
      @Override
      public boolean apply(float[] g, float[][] state, float[] w, float decay, int length) {
        for (int i = 0; i < length; i++) {
          state[0][i] += g[i];
          state[1][i] += 1;
          g[i] += LOOP + decay * w[i];
        }
        return true;
      }

      @Override
      public boolean apply(INDArray g, INDArray[] state) {
        state[0].addi(g);
        state[1].addi(1);
        g.addi(OPERATION);
        return true;
      }
    }

    private static final class Builder extends UpdaterConfiguration.Builder<Builder> {
      Builder() {
        super(1);
      }

      @Override
      public Probe build() {
        throw new UnsupportedOperationException("not needed in this test");
      }
    }
  }

  /** Zeros, for some parameters in one array. */
  private static INDArray stateOf(DataType type, long parameters) {
    return Nd4j.zeros(type, new Probe().stateSize(parameters));
  }

  private static INDArray ramp(DataType type, long length) {
    return Nd4j.arange(length).castTo(type).reshape(length);
  }

  /** Around the ends of tiles: 512 numbers, or 256 floats or 128 doubles for long arrays. */
  static IntStream lengths() {
    int longest = 1 << 17;
    return IntStream.of(
        1,
        511,
        512,
        513,
        7 * 512,
        100 * 512 + 13,
        longest,
        longest + 127,
        longest + 128,
        longest + 129,
        longest + 255,
        longest + 256,
        longest + 257);
  }

  @ParameterizedTest
  @MethodSource("lengths")
  void usesTheLoopForEveryNumberOfAView(int length) {
    assertTakes(true, Probe.LOOP, DataType.FLOAT, length);
    assertTakes(true, Probe.FORMULA, DataType.DOUBLE, length);
  }

  @ParameterizedTest
  @MethodSource("lengths")
  void usesTheFormulaIfThereIsNoLoop(int length) {
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      assertTakes(false, Probe.FORMULA, type, length);
    }
  }

  private static void assertTakes(boolean isFused, float form, DataType type, int length) {
    INDArray parent = ramp(type, length + 20L);
    INDArray gradient = parent.get(NDArrayIndex.interval(7, 7 + length));
    INDArray stateParent = Nd4j.zeros(type, 2L * length + StepCount.NUMBERS + 9);
    INDArray view = stateParent.get(NDArrayIndex.interval(5, 5 + 2 * length + StepCount.NUMBERS));
    GradientUpdater<?> updater = new Probe(NonFinitePolicy.FAIL, isFused).instantiate(view, true);

    updater.applyUpdater(gradient, 0, 0);

    double[] after = parent.castTo(DataType.DOUBLE).toDoubleVector();
    double[] states = stateParent.castTo(DataType.DOUBLE).toDoubleVector();
    for (int i = 0; i < after.length; i++) {
      boolean inside = i >= 7 && i < 7 + length;
      assertThat(after[i]).isEqualTo(inside ? i + form : i);
    }
    int mark = 5 + 2 * length + StepCount.NUMBERS - 1;
    assertThat(states[mark]).isPositive();
    states[mark] = 0;
    for (int i = 0; i < states.length; i++) {
      double first = i >= 5 && i < 5 + length ? i + 2 : 0;
      double second = i >= 5 + length && i < 5 + 2 * length ? 1 : 0;
      double step = i == 5 + 2 * length ? 1 : 0;
      assertThat(states[i]).isEqualTo(first + second + step);
    }
  }

  @Property(tries = 50)
  void doesNotDependOnWhereTheArraysBegin(
      @ForAll @IntRange(min = 1, max = 10_000) int length,
      @ForAll @IntRange(max = 50) int gradientOffset,
      @ForAll @IntRange(max = 50) int stateOffset) {
    INDArray gradient =
        ramp(DataType.FLOAT, length + gradientOffset)
            .get(NDArrayIndex.interval(gradientOffset, gradientOffset + length));
    INDArray view =
        Nd4j.zeros(DataType.FLOAT, 2L * length + StepCount.NUMBERS + stateOffset)
            .get(NDArrayIndex.interval(stateOffset, stateOffset + 2 * length + StepCount.NUMBERS));
    float[] before = gradient.dup().toFloatVector();

    new Probe().instantiate(view, true).applyUpdater(gradient, 0, 0);

    float[] after = gradient.dup().toFloatVector();
    for (int i = 0; i < length; i++) {
      assertThat(after[i]).isEqualTo(before[i] + Probe.LOOP);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"HALF", "BFLOAT16"})
  void usesTheLoopForShortTypesToo(DataType type) {
    INDArray gradient = Nd4j.ones(type, 6);
    GradientUpdater<?> updater = new Probe().instantiate(stateOf(type, 6), true);

    updater.applyUpdater(gradient, 0, 0);

    assertThat(gradient.dataType()).isEqualTo(type);
    INDArray expected = Nd4j.valueArrayOf(new long[] {6}, Probe.LOOP + 1, type);
    assertThat(gradient).isEqualTo(expected);
    assertThat(updater.getState().get("SECOND")).isEqualTo(Nd4j.ones(type, 6));
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE", "HALF", "BFLOAT16"})
  void usesTheOperationOrTheFormulaOnAnotherBackend(DataType type) {
    for (boolean isFused : new boolean[] {true, false}) {
      INDArray parent = Nd4j.ones(type, 6, 2);
      INDArray gradient = parent.getColumn(1);
      Probe probe = new Probe(NonFinitePolicy.FAIL, isFused);
      GradientUpdater<?> updater = Engine.onAnotherBackend(probe, stateOf(type, 6));

      updater.applyUpdater(gradient, 0, 0);

      float form = isFused ? Probe.OPERATION : Probe.FORMULA;
      assertThat(gradient.dup())
          .isEqualTo(Nd4j.valueArrayOf(new long[] {6}, form + 1, DataType.FLOAT).castTo(type));
      assertThat(parent.getColumn(0).dup()).isEqualTo(Nd4j.ones(type, 6));
      assertThat(updater.getState().get("FIRST")).isEqualTo(Nd4j.ones(type, 6));
      assertThat(updater.getState().get("SECOND")).isEqualTo(Nd4j.ones(type, 6));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void stepsIfTheGradientIsNotContiguous(DataType type) {
    INDArray parent = Nd4j.ones(type, 4, 6);
    INDArray gradient = parent.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 4));
    GradientUpdater<?> updater = new Probe().instantiate(stateOf(type, 12), true);
    updater.setStateViewArray(stateOf(type, 12), gradient.shape(), 'c', true);

    updater.applyUpdater(gradient, 0, 0);

    assertThat(parent.getDouble(2, 0)).isEqualTo(1);
    float form = type == DataType.FLOAT ? Probe.LOOP : Probe.FORMULA;
    assertThat(parent.getDouble(2, 1)).isEqualTo(1 + form);
    assertThat(parent.sumNumber().doubleValue()).isEqualTo(24 + 12 * form);
  }

  @Test
  void stepsIfTheStateIsNotContiguous() {
    INDArray parent = Nd4j.zeros(DataType.FLOAT, 4, 2);
    INDArray first = parent.getColumn(0);
    INDArray second = parent.getColumn(1);
    GradientUpdater<?> updater =
        new Probe()
            .instantiate(
                Map.of("FIRST", first, "SECOND", second, "steps", Nd4j.zeros(StepCount.NUMBERS)),
                false);

    updater.applyUpdater(Nd4j.valueArrayOf(new long[] {4}, 5f), 0, 0);

    assertThat(parent.toFloatMatrix())
        .isDeepEqualTo(new float[][] {{5, 1}, {5, 1}, {5, 1}, {5, 1}});
  }

  @Test
  void computesInTheTypeOfTheState() {
    GradientUpdater<?> updater = new Probe().instantiate(stateOf(DataType.DOUBLE, 3), true);
    INDArray gradient = Nd4j.ones(DataType.FLOAT, 3);

    updater.applyUpdater(gradient, 0, 0);

    assertThat(gradient.dataType()).isEqualTo(DataType.FLOAT);
    assertThat(gradient.toFloatVector()).containsOnly(1 + Probe.FORMULA);
    assertThat(updater.getState().get("FIRST")).isEqualTo(Nd4j.ones(DataType.DOUBLE, 3));
  }

  /** A variable of SameDiff may have the shape []. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE", "BFLOAT16"})
  void aScalarIsOneNumber(DataType type) {
    INDArray view = Nd4j.ones(type, 1, 2 + StepCount.NUMBERS);
    GradientUpdater<?> updater = new Probe().instantiate(view, false);
    updater.setStateViewArray(view, new long[0], 'c', true);
    INDArray gradient = Nd4j.scalar(type, 3);

    updater.applyUpdater(gradient, 0, 0);

    float form = type == DataType.DOUBLE ? Probe.FORMULA : Probe.LOOP;
    assertThat(gradient).isEqualTo(Nd4j.scalar(DataType.FLOAT, 3 + form).castTo(type));
    assertThat(view.castTo(DataType.DOUBLE).toDoubleVector()).startsWith(3, 1, 1, 0, 0, 0);
    assertThat(updater.getState().get("FIRST").shape()).isEmpty();
  }

  @Test
  void matchesElementsIfGradientAndStateHaveDifferentOrders() {
    INDArray gradient = ramp(DataType.FLOAT, 6).reshape('c', 2, 3).dup('f');
    GradientUpdater<?> updater = new Probe().instantiate(stateOf(DataType.FLOAT, 6), true);
    updater.setStateViewArray(stateOf(DataType.FLOAT, 6), new long[] {2, 3}, 'c', true);

    updater.applyUpdater(gradient, 0, 0);

    assertThat(updater.getState().get("FIRST"))
        .isEqualTo(ramp(DataType.FLOAT, 6).reshape('c', 2, 3));
    assertThat(gradient.getFloat(1, 0)).isEqualTo(3 + Probe.LOOP);
  }

  @Test
  void anEmptyGradientDoesNotChangeTheState() {
    GradientUpdater<?> updater = new Probe().instantiate(Nd4j.ones(DataType.FLOAT, 13), false);

    updater.applyUpdater(Nd4j.empty(DataType.FLOAT), 0, 0);

    assertThat(updater.getState().get("SECOND")).isEqualTo(Nd4j.ones(DataType.FLOAT, 4));
  }

  @Test
  void doesNothingForAnEmptyGradient() {
    GradientUpdater<?> updater = new Probe().instantiate((INDArray) null, true);

    updater.applyUpdater(Nd4j.empty(DataType.FLOAT), 0, 0);

    assertThat(updater.getState()).isEmpty();
  }

  @Test
  void doesNotChangeRestoredState() {
    INDArray view = ramp(DataType.FLOAT, 17);

    Map<String, INDArray> state = new Probe().instantiate(view, false).getState();

    assertThat(state.keySet()).containsExactly("FIRST", "SECOND", "steps");
    assertThat(state.get("SECOND").toFloatVector()).containsExactly(6, 7, 8, 9, 10, 11);
    assertThat(state.get("steps").toFloatVector()).containsExactly(12, 13, 14, 15, 16);
  }

  @Test
  void continuesWithStateGivenByName() {
    INDArray second = Nd4j.valueArrayOf(new long[] {3}, 5f);
    INDArray steps = Nd4j.zeros(StepCount.NUMBERS);
    Map<String, INDArray> state = Map.of("SECOND", second, "FIRST", Nd4j.zeros(3), "steps", steps);

    new Probe().instantiate(state, false).applyUpdater(Nd4j.ones(3), 0, 0);

    assertThat(second.toFloatVector()).containsExactly(6, 6, 6);
    assertThat(steps.toFloatVector()).startsWith(1, 0, 0, 0);
  }

  @Test
  void refusesAGradientOfAnotherLength() {
    GradientUpdater<?> updater = new Probe().instantiate(stateOf(DataType.FLOAT, 4), true);

    assertThatIllegalStateException()
        .isThrownBy(() -> updater.applyUpdater(Nd4j.ones(DataType.FLOAT, 3), 0, 0))
        .withMessageContaining(
            "must have 2 numbers for each of 3 parameters and 5 for each of their arrays, but had"
                + " 13 in total");
  }

  @Test
  void refusesStateArraysOfDifferentTypesOrShapes() {
    INDArray ones = Nd4j.ones(DataType.FLOAT, 6);
    for (INDArray other : List.of(Nd4j.ones(DataType.DOUBLE, 6), Nd4j.ones(DataType.FLOAT, 2, 3))) {
      Map<String, INDArray> state =
          Map.of("FIRST", ones, "SECOND", other, "steps", Nd4j.zeros(StepCount.NUMBERS));

      assertThatIllegalStateException()
          .isThrownBy(() -> new Probe().instantiate(state, true))
          .withMessageContaining(
              "must have the same type and shape, but were FIRST: FLOAT[6], SECOND: ");
      assertThat(ones).isEqualTo(Nd4j.ones(DataType.FLOAT, 6));
    }
    Map<String, INDArray> incomplete = new HashMap<>(Map.of("FIRST", ones));
    incomplete.put("SECOND", null);
    incomplete.put("steps", null);
    assertThatIllegalStateException()
        .isThrownBy(() -> new Probe().instantiate(incomplete, true))
        .withMessageContaining("SECOND: null");
  }

  private static INDArray with(DataType type, int length, double bad, int... at) {
    INDArray gradient = Nd4j.ones(type, length);
    IntStream.of(at).forEach(i -> gradient.putScalar(i, bad));
    return gradient;
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void failsOnNonFiniteGradientsWithStateAndGradientUntouched(double bad) {
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE, DataType.BFLOAT16}) {
      int length = 1536;
      INDArray view = Nd4j.rand(type, 2 * length + StepCount.NUMBERS);
      INDArray gradient = with(type, length, bad, 0, 512, length - 1);
      INDArray viewBefore = view.dup();
      INDArray gradientBefore = gradient.dup();
      GradientUpdater<?> updater = new Probe().instantiate(view, false);

      assertThatThrownBy(() -> updater.applyUpdater(gradient, 41, 3))
          .isInstanceOfSatisfying(
              NonFiniteGradientException.class,
              e -> {
                assertThat(e.count()).isEqualTo(3);
                assertThat(e.iteration()).isEqualTo(41);
              })
          .hasMessageContaining("3 of 1,536 gradient elements")
          .hasMessageContaining("iteration 41, epoch 3");

      assertThat(view.data().asBytes()).isEqualTo(viewBefore.data().asBytes());
      assertThat(gradient.data().asBytes()).isEqualTo(gradientBefore.data().asBytes());
    }
  }

  @Test
  void skipsAStepWithNonFiniteGradients() {
    INDArray view = stateOf(DataType.FLOAT, 4);
    view.get(NDArrayIndex.interval(0, 8)).assign(ramp(DataType.FLOAT, 8));
    INDArray before = view.dup();
    GradientUpdater<?> updater = new Probe(NonFinitePolicy.SKIP).instantiate(view, false);
    INDArray gradient = with(DataType.FLOAT, 4, Double.NaN, 2);

    updater.applyUpdater(gradient, 0, 0);

    assertThat(gradient.toFloatVector()).containsExactly(0, 0, 0, 0);
    assertThat(view).isEqualTo(before);
  }

  @Test
  void doesNotCheckWithPropagate() {
    INDArray gradient = with(DataType.FLOAT, 4, Double.NaN, 2);
    INDArray view = stateOf(DataType.FLOAT, 4);

    new Probe(NonFinitePolicy.PROPAGATE).instantiate(view, true).applyUpdater(gradient, 0, 0);

    assertThat(gradient.toFloatVector()).containsExactly(2001, 2001, Float.NaN, 2001);
    assertThat(view.toFloatVector()).startsWith(1, 1, Float.NaN, 1, 1, 1, 1, 1, 1, 0, 0, 0);
  }

  /**
   * 1.8e19² = 3.2e38 is below the largest float, 3.4e38, and 1.9e19² is above it. Likewise,
   * 1.3e154² is below the largest double, 1.8e308, and 1.4e154² is above it.
   */
  @ParameterizedTest
  @CsvSource({"FLOAT, 1.8e19, 1.9e19", "BFLOAT16, 1.8e19, 1.9e19", "DOUBLE, 1.3e154, 1.4e154"})
  void countsAsNonFiniteWhatCannotBeSquared(DataType type, double below, double above) {
    INDArray view = stateOf(type, 4);
    for (GradientUpdater<?> updater :
        List.of(new Probe().instantiate(view, true), Engine.onAnotherBackend(new Probe(), view))) {
      updater.applyUpdater(with(type, 4, -below, 1), 0, 0);

      assertThatThrownBy(() -> updater.applyUpdater(with(type, 4, -above, 1), 0, 0))
          .isInstanceOf(NonFiniteGradientException.class)
          .hasMessageContaining("1 of 4 gradient elements");
    }
  }

  /** A few small objects on all threads together, for any number of elements. */
  @ParameterizedTest
  @MethodSource("org.dl4jx.updaters.catalog.NamedOptimizer#ofGradientsAlone")
  void allocatesAlmostNothingInAStep(NamedOptimizer optimizer) {
    UpdaterConfiguration configuration = optimizer.create(1e-3, 0);
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      assertThat(bytesPerStep(configuration, type, 1_000, 20_000, false)).isLessThan(250);
      assertThat(bytesPerStep(configuration, type, 300_000, 500, false)).isLessThan(250);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void allocatesAlmostNothingInAStepWithADecay(DataType type) {
    UpdaterConfiguration configuration = NamedOptimizer.ADAMW.create(1e-3, 0.01);
    assertThat(bytesPerStep(configuration, type, 1_000, 20_000, true)).isLessThan(250);
    assertThat(bytesPerStep(configuration, type, 300_000, 500, true)).isLessThan(250);
  }

  private static long bytesPerStep(
      UpdaterConfiguration configuration, DataType type, int length, int steps, boolean decays) {
    INDArray view = Nd4j.zeros(type, configuration.stateSize(length));
    GradientUpdater<?> updater = configuration.instantiate(view, true);
    INDArray gradient = Nd4j.zeros(type, length);
    INDArray weights = Nd4j.zeros(type, length);
    Runnable allSteps =
        () -> {
          for (int i = 0; i < steps; i++) {
            if (decays) {
              ShownWeights.show(null, weights, gradient, 0, length, null, i, 0);
            }
            updater.applyUpdater(gradient, i, 0);
          }
        };
    allSteps.run();

    long before = allocatedOnAllThreads();
    allSteps.run();
    return (allocatedOnAllThreads() - before) / steps;
  }

  private static long allocatedOnAllThreads() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return LongStream.of(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
        .filter(bytes -> bytes > 0)
        .sum();
  }

  /** NaN at the ends of blocks, pieces and buffers, and in the remainder. */
  @ParameterizedTest
  @CsvSource({"FLOAT, 1", "FLOAT, 2", "FLOAT, 5", "DOUBLE, 1", "DOUBLE, 5"})
  void countsEveryNonFiniteElementOnce(DataType type, int threads) {
    int buffer = 1 << 18;
    int length = 5 * (1 << 17) + 1_001;
    int[] places = {
      0,
      1_023,
      1_024,
      2_047,
      2_048,
      TiledStep.FLOATS_IN_A_PIECE - 1,
      TiledStep.FLOATS_IN_A_PIECE,
      buffer - 1,
      buffer,
      length - 1_001,
      length - 1
    };
    Engine.Tiles steps = new Engine.Tiles(threads, buffer, Nd4j.zeros(type, length));
    INDArray gradient = Nd4j.ones(type, length);
    assertThat(steps.countNonFinite(gradient)).isZero();

    for (int place : places) {
      gradient.putScalar(place, Float.NaN);
      assertThat(steps.countNonFinite(gradient)).isEqualTo(1);
      gradient.putScalar(place, 1);
    }
    for (int place : places) {
      gradient.putScalar(place, Float.NEGATIVE_INFINITY);
    }
    assertThat(steps.countNonFinite(gradient)).isEqualTo(places.length);
  }

  @Test
  void followsTheGradientToAnotherArray() {
    GradientUpdater<?> updater = new Probe().instantiate(stateOf(DataType.FLOAT, 4), true);
    INDArray one = Nd4j.zeros(DataType.FLOAT, 4);
    INDArray other = Nd4j.zeros(DataType.FLOAT, 4);

    updater.applyUpdater(one, 0, 0);
    updater.applyUpdater(other, 1, 0);

    assertThat(one.toFloatVector()).containsOnly(Probe.LOOP);
    assertThat(other.toFloatVector()).containsOnly(Probe.LOOP);
  }
}
