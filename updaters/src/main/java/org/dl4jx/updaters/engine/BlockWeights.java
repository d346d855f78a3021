package org.dl4jx.updaters.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The weights of a block of parameters that were shown before a step. */
final class BlockWeights {
  private final List<ShownWeights.Part> parts;
  private final long gradient;
  private final List<Piece> pieces = new ArrayList<>();
  private final boolean isPlain;
  private final long shown;

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
    this.parts = parts;
    this.gradient = Memory.addressOf(gradient);
    this.isPlain =
        segment > 0 && parts.stream().allMatch(part -> TiledStep.isAlike(part.weights, state));
    int width = gradient.dataType().width();
    long numbers = 0;
    for (ShownWeights.Part part : parts) {
      long offset = (part.begin - this.gradient) / width;
      numbers += (part.end - part.begin) / width;
      // No piece crosses the end of a buffer of the gradient, so each piece has a single buffer.
      for (long at = part.from; at < part.to; ) {
        long end =
            isPlain ? Math.min(part.to, ((offset + at) / segment + 1) * segment - offset) : part.to;
        Memory memory = isPlain ? new Memory(part.weights, at, end - at, segment) : null;
        pieces.add(new Piece(offset + at, offset + end, part.weights, at, memory));
        at = end;
      }
    }
    this.shown = numbers;
  }

  /** How many of the parameters were shown, whether they decay or not. */
  long shown() {
    return shown;
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
        && part.to == other.to;
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
