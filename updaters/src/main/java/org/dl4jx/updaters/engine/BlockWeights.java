package org.dl4jx.updaters.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The weights of a block of parameters that were shown before a step. */
final class BlockWeights {
  private final List<ShownWeights.Part> parts;
  private final long gradient;
  private final List<Shown> arrays;
  private final int segment;
  private final List<Piece> pieces = new ArrayList<>();
  private final boolean isPlain;
  private final long shown;
  private final long told;
  private List<Run> runs;

  /**
   * An array that was shown.
   *
   * @param from the index of its first number in the block
   * @param to the index after its last number in the block
   * @param weights its weights
   * @param decaysFrom the index in the array of the first weight that decays
   * @param decaysTo the index in the array after the last weight that decays
   * @param matrices its matrices, or null if nothing is known about them
   */
  record Shown(
      long from, long to, INDArray weights, long decaysFrom, long decaysTo, Matrices matrices) {

    /** Some of the numbers, which begin with some matrices. */
    private Shown part(long begin, long end, Matrices some) {
      long length = end - begin;
      INDArray its =
          length == to - from
              ? weights
              : weights
                  .reshape(weights.length())
                  .get(NDArrayIndex.interval(begin - from, end - from));
      long first = begin - from;
      return new Shown(
          begin,
          end,
          its,
          Math.min(Math.max(decaysFrom - first, 0), length),
          Math.min(Math.max(decaysTo - first, 0), length),
          some);
    }

    private Shown movedBy(long numbers) {
      return new Shown(from + numbers, to + numbers, weights, decaysFrom, decaysTo, matrices);
    }
  }

  /**
   * Adjacent numbers that follow the same rule: the matrices of an array, or what lies between.
   *
   * @param from the index of the first one in the block
   * @param to the index after the last one in the block
   * @param matrices the matrices, or {@link Matrices#NONE}
   * @param weights their weights
   */
  record Run(long from, long to, Matrices matrices, BlockWeights weights) {}

  /**
   * Adjacent weights that decay.
   *
   * @param from the index of the first one in the block
   * @param to the index after the last one in the block
   * @param weights the array that contains them
   * @param start the index of the first one in that array
   * @param memory their memory, or null if it cannot be read in tiles
   */
  record Piece(long from, long to, INDArray weights, long start, Memory memory) {}

  /**
   * The weights that were shown with the parts of a gradient.
   *
   * @param state an array of the state
   * @param segment how many numbers a buffer may hold; 0 if memory is not read in tiles
   */
  BlockWeights(List<ShownWeights.Part> parts, INDArray gradient, INDArray state, int segment) {
    this(
        parts,
        Memory.addressOf(gradient),
        parts.stream().map(part -> shown(part, gradient)).toList(),
        segment > 0 && parts.stream().allMatch(part -> TiledStep.isAlike(part.weights, state)),
        segment);
  }

  private BlockWeights(
      List<ShownWeights.Part> parts,
      long gradient,
      List<Shown> arrays,
      boolean isPlain,
      int segment) {
    this.parts = parts;
    this.gradient = gradient;
    this.arrays = arrays;
    this.isPlain = isPlain;
    this.segment = segment;
    long numbers = 0;
    long ofTold = 0;
    for (Shown array : arrays) {
      numbers += array.to - array.from;
      ofTold += array.matrices == null ? 0 : array.to - array.from;
      // No piece crosses the end of a buffer of the gradient, so each piece has a single buffer.
      for (long at = array.decaysFrom; at < array.decaysTo; ) {
        long offset = array.from;
        long end =
            isPlain
                ? Math.min(array.decaysTo, ((offset + at) / segment + 1) * segment - offset)
                : array.decaysTo;
        Memory memory = isPlain ? new Memory(array.weights, at, end - at, segment) : null;
        pieces.add(new Piece(offset + at, offset + end, array.weights, at, memory));
        at = end;
      }
    }
    this.shown = numbers;
    this.told = ofTold;
  }

  private static Shown shown(ShownWeights.Part part, INDArray gradient) {
    int width = gradient.dataType().width();
    long begin = Memory.addressOf(gradient);
    return new Shown(
        (part.begin - begin) / width,
        (part.end - begin) / width,
        part.weights,
        part.from,
        part.to,
        part.matrices);
  }

  /** How many of the parameters were shown, whether they decay or not. */
  long shown() {
    return shown;
  }

  /** How many of them are in arrays whose matrices are known, if they have any. */
  long told() {
    return told;
  }

  /** The arrays that were shown, in the order of the block. */
  List<Shown> arrays() {
    return arrays;
  }

  /**
   * Divides the block into runs.
   *
   * @param parameters how many numbers it has
   */
  List<Run> runs(long parameters) {
    if (runs == null) {
      runs = new ArrayList<>();
      List<Shown> between = new ArrayList<>();
      for (Shown array : arrays) {
        long end = array.from + array.matrices.numbers();
        if (end > array.from) {
          addRun(between);
          addRun(List.of(array.part(array.from, end, array.matrices)), array.matrices);
        }
        if (array.to > end) {
          between.add(array.part(end, array.to, Matrices.NONE));
        }
      }
      addRun(between);
      if (runs.isEmpty()) {
        runs.add(new Run(0, parameters, Matrices.NONE, this));
      }
    }
    return runs;
  }

  private void addRun(List<Shown> between) {
    if (!between.isEmpty()) {
      addRun(List.copyOf(between), Matrices.NONE);
      between.clear();
    }
  }

  private void addRun(List<Shown> some, Matrices matrices) {
    long from = some.get(0).from;
    List<Shown> moved = some.stream().map(array -> array.movedBy(-from)).toList();
    long to = some.get(some.size() - 1).to;
    runs.add(new Run(from, to, matrices, new BlockWeights(List.of(), 0, moved, isPlain, segment)));
  }

  /** Whether the weights are stored like the state. */
  boolean isPlain() {
    return isPlain;
  }

  /** Without gaps and overlaps, in the order of the block. */
  List<Piece> pieces() {
    return pieces;
  }

  /** The arrays that were shown. */
  List<ShownWeights.Part> parts() {
    return parts;
  }

  /** Whether a part equals another one, whose gradient may be elsewhere in memory. */
  boolean has(int index, ShownWeights.Part other, long gradientOfOther) {
    ShownWeights.Part part = parts.get(index);
    return part.begin - gradient == other.begin - gradientOfOther
        && part.end - gradient == other.end - gradientOfOther
        && part.address == other.address
        && part.from == other.from
        && part.to == other.to
        && Objects.equals(arrays.get(index).matrices, other.matrices);
  }

  /** Lets the weights decay by a rule, with ND4J operations. */
  void decay(Rule rule, double decay, INDArray update, INDArray[] state) {
    for (Piece piece : pieces) {
      INDArray weights = piece.weights.castTo(update.dataType());
      if (piece.to - piece.from == update.length()) {
        boolean sameOrder = weights.rank() < 2 || weights.ordering() == update.ordering();
        INDArray alike = sameOrder ? weights : weights.dup(update.ordering());
        decay(rule, decay, alike, update, Stream.of(state));
      } else {
        long end = piece.start + piece.to - piece.from;
        INDArray some =
            weights.reshape(weights.length()).get(NDArrayIndex.interval(piece.start, end));
        INDArrayIndex place = NDArrayIndex.interval(piece.from, piece.to);
        decay(rule, decay, some, update.get(place), Stream.of(state).map(a -> a.get(place)));
      }
    }
  }

  private static void decay(
      Rule rule, double decay, INDArray weights, INDArray update, Stream<INDArray> state) {
    rule.decay(
        decay,
        new ArrayCells(weights),
        new ArrayCells(update),
        state.map(ArrayCells::new).toList());
  }
}
