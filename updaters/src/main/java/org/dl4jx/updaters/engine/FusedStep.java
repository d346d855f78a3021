package org.dl4jx.updaters.engine;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The fused path: copies a tile of the gradient and of every state array into the heap, where the
 * JIT compiler vectorizes a rule's loop, and copies the results back, so that memory is read and
 * written once. Ranges of tiles run on several threads; the result does not depend on how many,
 * because a rule treats every element alike.
 */
final class FusedStep {
  /** Floats in a tile: gradient and three state arrays of this size fit a level-1 cache. */
  static final int TILE = 2048;

  private static final ThreadLocal<Tiles> TILES = ThreadLocal.withInitial(Tiles::new);

  private final INDArray[] state;
  private final FloatMemory[] stateMemory;
  private FloatMemory gradientMemory;

  private FusedStep(INDArray[] state) {
    this.state = state;
    this.stateMemory = new FloatMemory[state.length];
    for (int i = 0; i < state.length; i++) {
      stateMemory[i] = new FloatMemory(state[i]);
    }
  }

  /** The fused path over these state arrays, or null if they do not allow it. */
  static FusedStep over(INDArray... state) {
    for (INDArray array : state) {
      if (!isPlainFloat(array) || !sameLayout(array, state[0])) {
        return null;
      }
    }
    return state.length == 0 ? null : new FusedStep(state);
  }

  /** Whether the gradient lies in memory as the state does. */
  boolean accepts(INDArray gradient) {
    return isPlainFloat(gradient) && sameLayout(gradient, state[0]);
  }

  /** Contiguous floats in the memory of this machine, where no device works on them meanwhile. */
  private static boolean isPlainFloat(INDArray array) {
    return array.dataType() == DataType.FLOAT
        && (array.length() == 1 || array.elementWiseStride() == 1)
        && Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU;
  }

  private static boolean sameLayout(INDArray array, INDArray other) {
    return array.rank() <= 1 || array.ordering() == other.ordering();
  }

  void apply(Rule rule, INDArray gradient) {
    FloatMemory memory = memoryOf(gradient);
    try {
      Ranges.sum(
          gradient.length(), TILE, (from, to) -> applyToRange(rule, memory, stateMemory, from, to));
    } finally {
      Reference.reachabilityFence(gradient);
    }
  }

  /** How many elements have no finite square. */
  long countNonFinite(INDArray gradient) {
    FloatMemory memory = memoryOf(gradient);
    try {
      return Ranges.sum(gradient.length(), TILE, (from, to) -> nonFinite(memory, from, to));
    } finally {
      Reference.reachabilityFence(gradient);
    }
  }

  /** Deeplearning4j hands over the same memory in every step, so looking it up once is enough. */
  private FloatMemory memoryOf(INDArray gradient) {
    if (gradientMemory == null || !gradientMemory.isOf(gradient)) {
      gradientMemory = new FloatMemory(gradient);
    }
    return gradientMemory;
  }

  private static long applyToRange(
      Rule rule, FloatMemory gradient, FloatMemory[] state, long from, long to) {
    Tiles tiles = TILES.get();
    float[] g = tiles.gradient;
    float[][] s = tiles.state(state.length);
    for (long at = from; at < to; at += TILE) {
      int length = (int) Math.min(TILE, to - at);
      gradient.read(at, g, length);
      for (int i = 0; i < s.length; i++) {
        state[i].read(at, s[i], length);
      }
      rule.apply(g, s, length);
      gradient.write(at, g, length);
      for (int i = 0; i < s.length; i++) {
        state[i].write(at, s[i], length);
      }
    }
    return 0;
  }

  private static long nonFinite(FloatMemory gradient, long from, long to) {
    float[] g = TILES.get().gradient;
    if (squaresAreFinite(gradient, from, to)) {
      return 0;
    }
    long count = 0;
    for (long at = from; at < to; at += TILE) {
      int length = (int) Math.min(TILE, to - at);
      gradient.read(at, g, length);
      for (int i = 0; i < length; i++) {
        count += Float.isFinite(g[i] * g[i]) ? 0 : 1;
      }
    }
    return count;
  }

  /**
   * A finite square times zero is zero, anything else times zero is NaN, and NaN stays in a sum.
   * There are as many sums as a tile has elements, because the JIT compiler does not vectorize a
   * single one.
   */
  private static boolean squaresAreFinite(FloatMemory gradient, long from, long to) {
    Tiles tiles = TILES.get();
    float[] g = tiles.gradient;
    float[] sums = tiles.sums;
    int used = (int) Math.min(TILE, to - from);
    Arrays.fill(sums, 0, used, 0);
    for (long at = from; at < to; at += TILE) {
      int length = (int) Math.min(TILE, to - at);
      gradient.read(at, g, length);
      for (int i = 0; i < length; i++) {
        sums[i] += g[i] * g[i] * 0;
      }
    }
    boolean finite = true;
    for (int i = 0; i < used; i++) {
      finite &= sums[i] == 0;
    }
    return finite;
  }

  /** The heap arrays of one thread. */
  private static final class Tiles {
    final float[] gradient = new float[TILE];
    final float[] sums = new float[TILE];
    private float[][] state = {};

    float[][] state(int arrays) {
      if (state.length != arrays) {
        state = new float[arrays][TILE];
      }
      return state;
    }
  }
}
