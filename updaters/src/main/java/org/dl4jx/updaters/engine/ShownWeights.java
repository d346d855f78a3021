package org.dl4jx.updaters.engine;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * The weights that regularizations have shown on this thread, for the updater that takes the next
 * step. Deeplearning4j does not pass the weights to updaters. But before each step of a block of
 * parameters, it calls the regularizations of its arrays with weights and gradient, in the order of
 * their memory. The updater takes those that are within its own gradient. Weights that nobody takes
 * have no effect.
 *
 * <p>A thread keeps weights that nobody took until a regularization shows others.
 */
public final class ShownWeights {
  private static final ThreadLocal<ShownWeights> OF_THREAD =
      ThreadLocal.withInitial(ShownWeights::new);

  /** Each begins in memory where the previous one ends. Kept for the next step. */
  private Part[] run = new Part[8];

  private int length;

  private ShownWeights() {}

  /**
   * Shows the weights that belong to a gradient.
   *
   * @param by the regularization
   * @param weights all weights of an array
   * @param gradient their gradient
   * @param from the index of the first weight that decays
   * @param to the index after the last weight that decays; {@code from} if none does
   * @param matrices the matrices that the array begins with, or null if nothing is known about them
   * @param iteration Deeplearning4j's iteration
   * @param epoch Deeplearning4j's epoch
   */
  public static void show(
      Regularization by,
      INDArray weights,
      INDArray gradient,
      long from,
      long to,
      Matrices matrices,
      int iteration,
      int epoch) {
    ShownWeights shown = OF_THREAD.get();
    long begin = Memory.addressOf(gradient);
    if (!shown.goesOnAt(begin)) {
      shown.clear();
    }
    if (shown.length == shown.run.length) {
      shown.run = Arrays.copyOf(shown.run, 2 * shown.length);
    }
    long end = begin + gradient.length() * gradient.dataType().width();
    long address = Memory.addressOf(weights);
    Part part = shown.run[shown.length];
    if (part == null || !part.isOf(by, begin, end, address, from, to)) {
      part = new Part(by, begin, end, address, from, to);
      shown.run[shown.length] = part;
    }
    part.weights = weights;
    part.matrices = matrices;
    part.iteration = iteration;
    part.epoch = epoch;
    shown.length++;
  }

  /**
   * How many arrays a regularization has already shown in the memory that leads up to a gradient.
   *
   * @param by the regularization
   * @param gradient the gradient
   * @return how many
   */
  public static int shownBefore(Regularization by, INDArray gradient) {
    ShownWeights shown = OF_THREAD.get();
    if (!shown.goesOnAt(Memory.addressOf(gradient))) {
      return 0;
    }
    int count = 0;
    for (int i = 0; i < shown.length; i++) {
      count += shown.run[i].by == by ? 1 : 0;
    }
    return count;
  }

  private void clear() {
    for (int i = 0; i < length; i++) {
      run[i].weights = null;
    }
    length = 0;
  }

  private boolean goesOnAt(long address) {
    return length > 0 && run[length - 1].end == address;
  }

  /**
   * Takes what was shown for this step within a gradient.
   *
   * @param before what was taken for the previous step, or null
   * @param maker creates the weights again if they have changed
   */
  static BlockWeights take(
      INDArray gradient, int iteration, int epoch, BlockWeights before, Maker maker) {
    ShownWeights shown = OF_THREAD.get();
    long begin = Memory.addressOf(gradient);
    long end = begin + gradient.length() * gradient.dataType().width();
    int last = shown.length;
    int first = last;
    while (first > 0 && shown.run[first - 1].isWithin(begin, end, iteration, epoch)) {
      first--;
    }
    boolean same = before != null && before.parts().size() == last - first;
    for (int i = first; i < last && same; i++) {
      same = before.has(i - first, shown.run[i], begin);
    }
    BlockWeights taken =
        same
            ? before
            : maker.weightsOf(gradient, List.of(Arrays.copyOfRange(shown.run, first, last)));
    for (int i = first; i < last; i++) {
      shown.run[i].weights = null;
    }
    return taken;
  }

  /** Creates the weights of a block from the arrays that were shown. */
  interface Maker {
    BlockWeights weightsOf(INDArray gradient, List<Part> parts);
  }

  /** An array of weights and its place in memory. */
  static final class Part {
    private final Regularization by;

    /** Where the gradient of the weights begins. */
    final long begin;

    /** Where the gradient ends. */
    final long end;

    /** Where the weights begin. */
    final long address;

    /** The index of the first weight that decays. */
    final long from;

    /** The index after the last weight that decays. */
    final long to;

    /** The weights; null once they have been taken. */
    INDArray weights;

    /** Its matrices, or null if nothing is known about them. */
    Matrices matrices;

    private int iteration;
    private int epoch;

    private Part(Regularization by, long begin, long end, long address, long from, long to) {
      this.by = by;
      this.begin = begin;
      this.end = end;
      this.address = address;
      this.from = from;
      this.to = to;
    }

    private boolean isOf(
        Regularization by, long begin, long end, long address, long from, long to) {
      return this.by == by
          && this.begin == begin
          && this.end == end
          && this.address == address
          && this.from == from
          && this.to == to;
    }

    private boolean isWithin(long begin, long end, int iteration, int epoch) {
      return weights != null
          && this.begin >= begin
          && this.end <= end
          && this.iteration == iteration
          && this.epoch == epoch;
    }
  }
}
