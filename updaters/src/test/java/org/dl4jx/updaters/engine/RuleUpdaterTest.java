package org.dl4jx.updaters.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

class RuleUpdaterTest {

  /** Counts in the state, and tells in the update which path was taken. */
  private static final class Probe extends UpdaterConfiguration {
    private static final long serialVersionUID = 1L;
    static final float FUSED = 1000;
    static final float READABLE = 2000;

    Probe(NonFinitePolicy policy) {
      super(new Builder().nonFiniteGradients(policy));
    }

    Probe() {
      this(NonFinitePolicy.FAIL);
    }

    @Override
    protected List<String> stateNames() {
      return List.of("FIRST", "SECOND");
    }

    @Override
    protected Rule rule(int iteration, int epoch) {
      return new Rule() {
        @Override
        public void apply(INDArray g, INDArray[] state) {
          state[0].addi(g);
          state[1].addi(1);
          g.addi(READABLE);
        }

        @Override
        public void apply(float[] g, float[][] state, int length) {
          for (int i = 0; i < length; i++) {
            state[0][i] += g[i];
            state[1][i] += 1;
            g[i] += FUSED;
          }
        }
      };
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

  private static INDArray ramp(DataType type, long length) {
    return Nd4j.arange(length).castTo(type).reshape(length);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        1,
        FusedStep.TILE - 1,
        FusedStep.TILE,
        FusedStep.TILE + 1,
        7 * FusedStep.TILE,
        100 * FusedStep.TILE + 13
      })
  void takesTheFusedPathOverEveryElementOfAFloatView(int length) {
    INDArray parent = ramp(DataType.FLOAT, length + 20L);
    INDArray gradient = parent.get(NDArrayIndex.interval(7, 7 + length));
    INDArray stateParent = Nd4j.zeros(DataType.FLOAT, 2L * length + 9);
    INDArray view = stateParent.get(NDArrayIndex.interval(5, 5 + 2 * length));
    GradientUpdater<?> updater = new Probe().instantiate(view, true);

    updater.applyUpdater(gradient, 0, 0);

    float[] after = parent.toFloatVector();
    float[] states = stateParent.toFloatVector();
    for (int i = 0; i < after.length; i++) {
      boolean inside = i >= 7 && i < 7 + length;
      assertThat(after[i]).isEqualTo(inside ? i + Probe.FUSED : i);
    }
    for (int i = 0; i < states.length; i++) {
      float first = i >= 5 && i < 5 + length ? i + 2 : 0;
      float second = i >= 5 + length && i < 5 + 2 * length ? 1 : 0;
      assertThat(states[i]).isEqualTo(first + second);
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
        Nd4j.zeros(DataType.FLOAT, 2L * length + stateOffset)
            .get(NDArrayIndex.interval(stateOffset, stateOffset + 2 * length));
    float[] before = gradient.dup().toFloatVector();

    new Probe().instantiate(view, true).applyUpdater(gradient, 0, 0);

    float[] after = gradient.dup().toFloatVector();
    for (int i = 0; i < length; i++) {
      assertThat(after[i]).isEqualTo(before[i] + Probe.FUSED);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"DOUBLE", "HALF", "BFLOAT16"})
  void takesTheReadablePathForOtherTypes(DataType type) {
    INDArray gradient = Nd4j.ones(type, 6);
    GradientUpdater<?> updater = new Probe().instantiate(Nd4j.ones(type, 12), true);

    updater.applyUpdater(gradient, 0, 0);

    assertThat(gradient.dataType()).isEqualTo(type);
    INDArray expected = Nd4j.valueArrayOf(new long[] {6}, Probe.READABLE + 1, type);
    assertThat(gradient).isEqualTo(expected);
    assertThat(updater.getState().get("SECOND")).isEqualTo(Nd4j.ones(type, 6));
  }

  @Test
  void takesTheReadablePathWhereTheGradientIsNotContiguous() {
    INDArray parent = Nd4j.ones(DataType.FLOAT, 4, 6);
    INDArray gradient = parent.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 4));
    GradientUpdater<?> updater = new Probe().instantiate(Nd4j.ones(DataType.FLOAT, 24), true);
    updater.setStateViewArray(Nd4j.ones(DataType.FLOAT, 24), gradient.shape(), 'c', true);

    updater.applyUpdater(gradient, 0, 0);

    assertThat(parent.getFloat(2, 0)).isEqualTo(1);
    assertThat(parent.getFloat(2, 1)).isEqualTo(1 + Probe.READABLE);
    assertThat(parent.sumNumber().doubleValue()).isEqualTo(24 + 12 * Probe.READABLE);
  }

  @Test
  void matchesElementsWhereGradientAndStateAreOrderedDifferently() {
    INDArray gradient = ramp(DataType.FLOAT, 6).reshape('c', 2, 3).dup('f');
    GradientUpdater<?> updater = new Probe().instantiate(Nd4j.ones(DataType.FLOAT, 12), true);
    updater.setStateViewArray(Nd4j.ones(DataType.FLOAT, 12), new long[] {2, 3}, 'c', true);

    updater.applyUpdater(gradient, 0, 0);

    assertThat(updater.getState().get("FIRST"))
        .isEqualTo(ramp(DataType.FLOAT, 6).reshape('c', 2, 3));
  }

  @Test
  void doesNothingForAnEmptyGradient() {
    GradientUpdater<?> updater = new Probe().instantiate((INDArray) null, true);

    updater.applyUpdater(Nd4j.empty(DataType.FLOAT), 0, 0);

    assertThat(updater.getState()).isEmpty();
  }

  @Test
  void leavesRestoredStateAlone() {
    INDArray view = ramp(DataType.FLOAT, 12);

    Map<String, INDArray> state = new Probe().instantiate(view, false).getState();

    assertThat(state.keySet()).containsExactly("FIRST", "SECOND");
    assertThat(state.get("SECOND").toFloatVector()).containsExactly(6, 7, 8, 9, 10, 11);
  }

  @Test
  void goesOnWithStateGivenByName() {
    INDArray second = Nd4j.valueArrayOf(new long[] {3}, 5f);
    Map<String, INDArray> state = Map.of("SECOND", second, "FIRST", Nd4j.zeros(3));

    new Probe().instantiate(state, false).applyUpdater(Nd4j.ones(3), 0, 0);

    assertThat(second.toFloatVector()).containsExactly(6, 6, 6);
  }

  @Test
  void namesTheStateArraysThatItMisses() {
    Map<String, INDArray> state = Map.of("M", Nd4j.zeros(3));

    assertThatIllegalStateException()
        .isThrownBy(() -> new Probe().instantiate(state, false))
        .withMessageContaining("[M]")
        .withMessageContaining("[FIRST, SECOND]");
  }

  @Test
  void refusesAGradientOfAnotherLength() {
    GradientUpdater<?> updater = new Probe().instantiate(Nd4j.zeros(DataType.FLOAT, 8), true);

    assertThatIllegalStateException()
        .isThrownBy(() -> updater.applyUpdater(Nd4j.ones(DataType.FLOAT, 3), 0, 0))
        .withMessageContaining("gradient has 3 elements")
        .withMessageContaining("made for 4");
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
      int length = 3 * FusedStep.TILE;
      INDArray view = Nd4j.rand(type, 2 * length);
      INDArray gradient = with(type, length, bad, 0, FusedStep.TILE, length - 1);
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
    INDArray view = ramp(DataType.FLOAT, 8);
    GradientUpdater<?> updater = new Probe(NonFinitePolicy.SKIP).instantiate(view, false);
    INDArray gradient = with(DataType.FLOAT, 4, Double.NaN, 2);

    updater.applyUpdater(gradient, 0, 0);

    assertThat(gradient.toFloatVector()).containsExactly(0, 0, 0, 0);
    assertThat(view).isEqualTo(ramp(DataType.FLOAT, 8));
    assertThat(StepInProgress.of(gradient.get(NDArrayIndex.interval(1, 3))).isSkipped()).isTrue();
    assertThat(StepInProgress.of(Nd4j.ones(DataType.FLOAT, 4)).isSkipped()).isFalse();

    gradient.assign(1);
    updater.applyUpdater(gradient, 1, 0);
    assertThat(StepInProgress.of(gradient).isSkipped()).isFalse();
  }

  @Test
  void looksAwayWhenAskedToPropagate() {
    INDArray gradient = with(DataType.FLOAT, 4, Double.NaN, 2);
    INDArray view = Nd4j.zeros(DataType.FLOAT, 8);

    new Probe(NonFinitePolicy.PROPAGATE).instantiate(view, true).applyUpdater(gradient, 0, 0);

    assertThat(gradient.toFloatVector()).containsExactly(1001, 1001, Float.NaN, 1001);
    assertThat(view.toFloatVector()).containsExactly(1, 1, Float.NaN, 1, 1, 1, 1, 1);
  }

  /** 1.8e19² = 3.2e38 is below the largest float, 3.4e38; 1.9e19² is above. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void countsAsNonFiniteWhatCannotBeSquared(boolean fused) {
    DataType type = fused ? DataType.FLOAT : DataType.BFLOAT16;
    GradientUpdater<?> updater = new Probe().instantiate(Nd4j.zeros(type, 8), true);

    updater.applyUpdater(with(type, 4, -1.8e19, 1), 0, 0);

    assertThatThrownBy(() -> updater.applyUpdater(with(type, 4, -1.9e19, 1), 0, 0))
        .isInstanceOf(NonFiniteGradientException.class)
        .hasMessageContaining("1 of 4 gradient elements");
  }

  @Test
  void knowsWhichPartOfAnArrayItsStepWasFor() {
    INDArray all = Nd4j.ones(DataType.FLOAT, 12);
    INDArray block = all.get(NDArrayIndex.interval(4, 8));

    new Probe().instantiate(Nd4j.zeros(DataType.FLOAT, 8), true).applyUpdater(block, 0, 0);

    assertThat(StepInProgress.of(all.get(NDArrayIndex.interval(3, 4))).isKnown()).isFalse();
    assertThat(StepInProgress.of(all.get(NDArrayIndex.interval(4, 5))).isKnown()).isTrue();
    assertThat(StepInProgress.of(all.get(NDArrayIndex.interval(7, 8))).isKnown()).isTrue();
    assertThat(StepInProgress.of(all.get(NDArrayIndex.interval(8, 9))).isKnown()).isFalse();
  }

  /** What decay does, more or less. */
  private record AddWeights() implements Rule {
    @Override
    public void apply(INDArray update, INDArray[] weights) {
      update.addi(weights[0]);
    }

    @Override
    public void apply(float[] update, float[][] weights, int length) {
      for (int i = 0; i < length; i++) {
        update[i] += weights[0][i];
      }
    }

    @Override
    public boolean changes(int array) {
      return false;
    }
  }

  /** A few small objects, whatever the number of elements; on all threads together. */
  @ParameterizedTest
  @CsvSource({"10_000, false", "10_000, true", "1_000_000, false", "1_000_000, true"})
  void allocatesNextToNothingInAStep(String count, boolean decays) {
    int length = Integer.parseInt(count.replace("_", ""));
    GradientUpdater<?> updater =
        new Probe().instantiate(Nd4j.zeros(DataType.FLOAT, 2L * length), true);
    INDArray gradient = Nd4j.zeros(DataType.FLOAT, length);
    INDArray weights = Nd4j.zeros(DataType.FLOAT, length);
    Rule rule = new AddWeights();
    int steps = 1_000;
    Runnable allSteps =
        () -> {
          for (int i = 0; i < steps; i++) {
            updater.applyUpdater(gradient, i, 0);
            if (decays) {
              StepInProgress.of(gradient).apply(rule, gradient, weights);
            }
          }
        };
    allSteps.run();

    long before = allocatedOnAllThreads();
    allSteps.run();
    long bytesPerStep = (allocatedOnAllThreads() - before) / steps;

    assertThat(bytesPerStep).isLessThan(200);
  }

  private static long allocatedOnAllThreads() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return LongStream.of(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
        .filter(bytes -> bytes > 0)
        .sum();
  }

  /** NaN at the ends of blocks, pieces and buffers, and in what is left over. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void countsEveryNonFiniteElementOnce(int threads) {
    int buffer = 1 << 18;
    int length = 5 * (1 << 17) + 1_001;
    int[] places = {
      0,
      2_047,
      2_048,
      Ranges.PIECE - 1,
      Ranges.PIECE,
      buffer - 1,
      buffer,
      length - 1_001,
      length - 1
    };
    FusedSteps steps = new FusedSteps(threads, buffer, Nd4j.zeros(DataType.FLOAT, length));
    INDArray gradient = Nd4j.ones(DataType.FLOAT, length);
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
    GradientUpdater<?> updater = new Probe().instantiate(Nd4j.zeros(DataType.FLOAT, 8), true);
    INDArray one = Nd4j.zeros(DataType.FLOAT, 4);
    INDArray other = Nd4j.zeros(DataType.FLOAT, 4);

    updater.applyUpdater(one, 0, 0);
    updater.applyUpdater(other, 1, 0);

    assertThat(one.toFloatVector()).containsOnly(Probe.FUSED);
    assertThat(other.toFloatVector()).containsOnly(Probe.FUSED);
  }
}
