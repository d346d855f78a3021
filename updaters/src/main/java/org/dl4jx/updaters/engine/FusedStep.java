package org.dl4jx.updaters.engine;

import java.lang.ref.Reference;
import java.util.concurrent.ForkJoinPool;
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
  /** Floats in a tile: gradient and three state arrays fill a quarter of a level-1 cache. */
  static final int TILE = 512;

  /**
   * Floats in a tile of what is too much for a level-2 cache: so few that the processor, while it
   * computes on one tile, already waits for the next.
   */
  private static final int SHORT_TILE = 256;

  private static final long IN_CACHE = 1 << 17;

  private final INDArray[] state;
  private final FloatMemory[] stateMemory;
  private final int segment;
  private final Ranges ranges;
  private final int tileLength;
  private final Tile[] tiles;
  private final NonFinite[] guards;
  private FloatMemory gradientMemory;

  private FusedStep(INDArray[] state, int threads, int segment) {
    this.state = state;
    this.stateMemory = new FloatMemory[state.length];
    for (int i = 0; i < state.length; i++) {
      stateMemory[i] = new FloatMemory(state[i], segment);
    }
    this.segment = segment;
    long length = state[0].length();
    this.ranges = new Ranges(length, threads);
    this.tileLength = length <= IN_CACHE ? TILE : SHORT_TILE;
    this.tiles = new Tile[ranges.threads()];
    this.guards = new NonFinite[ranges.threads()];
    for (int i = 0; i < tiles.length; i++) {
      tiles[i] = new Tile(new float[tileLength], new float[state.length][tileLength]);
    }
  }

  /** The fused path over these state arrays, or null if they do not allow it. */
  static FusedStep over(INDArray... state) {
    // The pool tells at least 1, even on a single core.
    int pool = ForkJoinPool.getCommonPoolParallelism() + 1;
    int cores = Runtime.getRuntime().availableProcessors();
    return over(Math.min(pool, cores), FloatMemory.SEGMENT, state);
  }

  static FusedStep over(int threads, int segment, INDArray... state) {
    for (INDArray array : state) {
      if (!isPlainFloat(array) || !sameLayout(array, state[0])) {
        return null;
      }
    }
    return state.length == 0 ? null : new FusedStep(state, threads, segment);
  }

  /** Whether the gradient lies in memory as the state does. */
  boolean accepts(INDArray gradient) {
    return gradient.length() == state[0].length()
        && isPlainFloat(gradient)
        && sameLayout(gradient, state[0]);
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
      ranges.sum((thread, from, to) -> applyToRange(tiles[thread], rule, memory, from, to));
    } finally {
      Reference.reachabilityFence(gradient);
    }
  }

  /** How many elements have no finite square. */
  long countNonFinite(INDArray gradient) {
    FloatMemory memory = memoryOf(gradient);
    try {
      return ranges.sum((thread, from, to) -> guard(thread).count(memory, from, to));
    } finally {
      Reference.reachabilityFence(gradient);
    }
  }

  private NonFinite guard(int thread) {
    if (guards[thread] == null) {
      guards[thread] = new NonFinite();
    }
    return guards[thread];
  }

  /** Whether this works on the memory of that array, its only state. */
  boolean isOver(INDArray array) {
    return stateMemory.length == 1 && stateMemory[0].isOf(array);
  }

  /** Deeplearning4j hands over the same memory in every step, so looking it up once is enough. */
  private FloatMemory memoryOf(INDArray gradient) {
    if (gradientMemory == null || !gradientMemory.isOf(gradient)) {
      gradientMemory = new FloatMemory(gradient, segment);
    }
    return gradientMemory;
  }

  private long applyToRange(Tile tile, Rule rule, FloatMemory gradient, long from, long to) {
    float[] g = tile.gradient();
    float[][] s = tile.state();
    for (long at = from; at < to; at += tileLength) {
      int length = (int) Math.min(tileLength, to - at);
      gradient.read(at, g, length);
      for (int i = 0; i < s.length; i++) {
        stateMemory[i].read(at, s[i], length);
      }
      rule.apply(g, s, length);
      gradient.write(at, g, length);
      for (int i = 0; i < s.length; i++) {
        if (rule.changes(i)) {
          stateMemory[i].write(at, s[i], length);
        }
      }
    }
    return 0;
  }

  /** The heap arrays of one thread. */
  private record Tile(float[] gradient, float[][] state) {}
}
