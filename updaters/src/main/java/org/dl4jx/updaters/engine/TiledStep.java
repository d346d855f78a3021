package org.dl4jx.updaters.engine;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Takes steps on the CPU. It copies a tile of the gradient and of every state array to the heap,
 * where the JIT compiler vectorizes the loops of a formula, and copies back what has changed. So
 * memory is read and written once. Ranges of tiles run on several threads. The result does not
 * depend on their number, because a rule treats all numbers alike, and sums are formed by piece.
 *
 * @param <C> the type of the cells
 */
final class TiledStep<C extends TileCells<C>> {
  /** Numbers in a tile. With doubles and three state arrays, it fills half of a level-1 cache. */
  static final int TILE = 512;

  /**
   * Bytes in a tile if the arrays exceed the caches. They are so few that the processor already
   * loads the next tile while it computes on this one.
   */
  private static final int SHORT_TILE_BYTES = 1024;

  /** Up to this many numbers of either type, long tiles are faster. */
  private static final long IN_CACHE = 1 << 17;

  /** Numbers that are worth waking a thread for: about 100 microseconds of work. */
  static final long FLOATS_FOR_A_THREAD = 1 << 17;

  static final long DOUBLES_FOR_A_THREAD = 3 << 14;

  static final int FLOATS_IN_A_PIECE = 1 << 15;

  static final int DOUBLES_IN_A_PIECE = 1 << 14;

  private static final double[] NO_SUMS = {};

  private final INDArray[] state;
  private final Memory[] stateMemory;
  private final int segment;
  private final Ranges ranges;
  private final int tileLength;
  private final List<Tile<C>> tiles = new ArrayList<>();
  private final Ranges.Task stepping = this::step;
  private final Ranges.Task counting = this::countNonFinite;
  private Memory gradientMemory;
  private Rule rule;
  private Fused fused;
  private int sums;

  /** The sums of the first piece, then those of the second, and so on. */
  private double[] parts = NO_SUMS;

  private double decay;
  private List<BlockWeights.Piece> weights = List.of();

  private TiledStep(INDArray[] state, int threads, int segment, TileMaker<C> maker) {
    this.state = state;
    this.stateMemory = new Memory[state.length];
    for (int i = 0; i < state.length; i++) {
      stateMemory[i] = new Memory(state[i], segment);
    }
    this.segment = segment;
    int bytes = state[0].dataType().width();
    long length = state[0].length();
    this.ranges =
        bytes == Float.BYTES
            ? new Ranges(length, FLOATS_IN_A_PIECE, FLOATS_FOR_A_THREAD, threads)
            : new Ranges(length, DOUBLES_IN_A_PIECE, DOUBLES_FOR_A_THREAD, threads);
    this.tileLength = length <= IN_CACHE ? TILE : SHORT_TILE_BYTES / bytes;
    for (int i = 0; i < ranges.threads(); i++) {
      tiles.add(maker.tile(state.length, tileLength));
    }
  }

  /** Creates a tile for some state arrays, with room for some numbers of each. */
  private interface TileMaker<C extends TileCells<C>> {
    Tile<C> tile(int states, int room);
  }

  /** Steps over these state arrays, or null if their memory cannot be read in tiles. */
  static TiledStep<?> over(INDArray... state) {
    return over(threads(), Memory.SEGMENT, state);
  }

  /** How many threads a step may use. */
  static int threads() {
    // The pool reports at least 1, even on a single core.
    int pool = ForkJoinPool.getCommonPoolParallelism() + 1;
    int cores = Runtime.getRuntime().availableProcessors();
    return Math.min(pool, cores);
  }

  static TiledStep<?> over(int threads, int segment, INDArray... state) {
    for (INDArray array : state) {
      if (!isAlike(array, state[0]) || array.length() != state[0].length()) {
        return null;
      }
    }
    if (state.length == 0) {
      return null;
    }
    return state[0].dataType() == DataType.FLOAT
        ? new TiledStep<>(state, threads, segment, FloatTile::new)
        : new TiledStep<>(state, threads, segment, DoubleTile::new);
  }

  /** Whether the gradient is stored like the state. */
  boolean accepts(INDArray gradient) {
    return isAlike(gradient, state[0]) && gradient.length() == state[0].length();
  }

  /** Whether an array can be read in tiles, in the order of another. */
  static boolean isAlike(INDArray array, INDArray other) {
    return isPlain(array) && isLike(array, other);
  }

  /** How many numbers are in one buffer. */
  int segment() {
    return segment;
  }

  /** Whether its numbers are contiguous and of a type that tiles support. */
  private static boolean isPlain(INDArray array) {
    DataType type = array.dataType();
    return (type == DataType.FLOAT || type == DataType.DOUBLE)
        && (array.length() == 1 || array.elementWiseStride() == 1);
  }

  private static boolean isLike(INDArray array, INDArray other) {
    return array.dataType() == other.dataType()
        && (array.rank() <= 1 || array.ordering() == other.ordering());
  }

  double[] apply(Rule rule, INDArray gradient) {
    return apply(rule, gradient, 0, List.of());
  }

  /**
   * Applies the rule, adds a multiple of the weights to the update, and returns the rule's sums.
   */
  double[] apply(Rule rule, INDArray gradient, double decay, List<BlockWeights.Piece> weights) {
    this.rule = rule;
    this.fused = rule.fused();
    this.decay = decay;
    this.weights = decay == 0 ? List.of() : weights;
    this.sums = rule.sums();
    if (sums > 0) {
      clearParts(Math.multiplyExact(sums, ranges.pieces()));
    }
    sum(stepping, gradient);
    return sums > 0 ? Sums.total(parts, sums) : NO_SUMS;
  }

  private void clearParts(int count) {
    if (parts.length == count) {
      Arrays.fill(parts, 0);
    } else {
      parts = new double[count];
    }
  }

  /** How many numbers have a square that is not finite. */
  long countNonFinite(INDArray gradient) {
    return sum(counting, gradient);
  }

  private long countNonFinite(int thread, long from, long to) {
    return tiles.get(thread).guard().count(gradientMemory, from, to);
  }

  /** Deeplearning4j passes the same memory in every step, so looking it up once is enough. */
  private long sum(Ranges.Task task, INDArray gradient) {
    if (gradientMemory == null || !gradientMemory.isOf(gradient)) {
      gradientMemory = new Memory(gradient, segment);
    }
    try {
      return ranges.sum(task);
    } finally {
      Reference.reachabilityFence(gradient);
    }
  }

  private long step(int thread, long from, long to) {
    Tile<C> tile = tiles.get(thread);
    int next = 0;
    for (long at = from; at < to; at += tileLength) {
      while (next < weights.size() && weights.get(next).to() <= at) {
        next++;
      }
      if (sums > 0) {
        tile.sums.into(parts, sums * ranges.pieceOf(at));
      }
      step(tile, at, (int) Math.min(tileLength, to - at), next);
    }
    return 0;
  }

  private void step(Tile<C> tile, long at, int length, int piece) {
    C g = tile.gradient;
    List<C> s = tile.state;
    g.read(gradientMemory, at, length);
    for (int i = 0; i < stateMemory.length; i++) {
      s.get(i).read(stateMemory[i], at, length);
    }
    boolean decays = piece < weights.size() && weights.get(piece).from() < at + length;
    C w = decays ? readWeights(tile.weights(), at, length, piece) : tile.zeros();
    boolean isFused = tile.apply(fused, w, decays ? decay : -0.0);
    if (!isFused) {
      rule.apply(g, s, tile.sums);
    }
    if (!isFused && decays) {
      rule.decay(decay, w, g, s); // g ← g + η λ θ
    }
    if (isFused || g.isChanged()) {
      g.copyTo(gradientMemory, at);
    }
    for (int i = 0; i < stateMemory.length; i++) {
      C cells = s.get(i);
      if (isFused || cells.isChanged()) {
        cells.copyTo(stateMemory[i], at);
      }
    }
  }

  /** Reads the weights of a tile that decay, starting with the first piece that reaches into it. */
  private C readWeights(C w, long at, int length, int firstPiece) {
    w.begin(length);
    int done = 0;
    for (int i = firstPiece; i < weights.size() && weights.get(i).from() < at + length; i++) {
      BlockWeights.Piece piece = weights.get(i);
      int from = (int) Math.max(0, piece.from() - at);
      int to = (int) Math.min(length, piece.to() - at);
      w.leaveOut(done, from);
      w.copyFrom(piece.memory(), at + from - piece.from(), from, to - from);
      done = to;
    }
    w.leaveOut(done, length);
    return w;
  }
}
