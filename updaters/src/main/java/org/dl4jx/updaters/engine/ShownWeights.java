package org.dl4jx.updaters.engine;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * The weights that regularizations have shown on this thread, for the updater that takes the next
 * step. Deeplearning4j hands an updater no weights; but before each step of a block of parameters
 * it calls the regularizations of its arrays, in the order in which these lie in memory, with
 * weights and gradient. The updater takes those that lie within its own gradient. What nobody takes
 * has no effect.
 *
 * <p>A thread holds on to weights that nobody took until a regularization shows others.
 */
public final class ShownWeights {
  private static final ThreadLocal<ShownWeights> OF_THREAD =
      ThreadLocal.withInitial(ShownWeights::new);

  /** Each begins in memory where the one before ends. */
  private final List<Part> run = new ArrayList<>();

  private ShownWeights() {}

  /**
   * Shows the weights that belong to a gradient.
   *
   * @param by the regularization
   * @param weights all weights of an array
   * @param gradient their gradient
   * @param from the first of the weights that decays
   * @param to the end of those that decay; {@code from} if none does
   * @param iteration Deeplearning4j's iteration
   * @param epoch Deeplearning4j's epoch
   */
  public static void show(
      Regularization by,
      INDArray weights,
      INDArray gradient,
      long from,
      long to,
      int iteration,
      int epoch) {
    ShownWeights shown = OF_THREAD.get();
    long address = Memory.addressOf(gradient);
    if (!shown.goesOnAt(address)) {
      shown.run.clear();
    }
    long end = address + gradient.length() * gradient.dataType().width();
    shown.run.add(new Part(by, weights, address, end, from, to, iteration, epoch));
  }

  /**
   * How many arrays a regularization has shown before in the memory that leads up to a gradient.
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
    return (int) shown.run.stream().filter(part -> part.by == by).count();
  }

  private boolean goesOnAt(long address) {
    return !run.isEmpty() && run.get(run.size() - 1).end == address;
  }

  /** Takes what was shown for this step within a gradient, in the order of memory. */
  static List<Part> take(INDArray gradient, int iteration, int epoch) {
    List<Part> run = OF_THREAD.get().run;
    long begin = Memory.addressOf(gradient);
    long end = begin + gradient.length() * gradient.dataType().width();
    int first = run.size();
    while (first > 0 && run.get(first - 1).begin >= begin) {
      first--;
    }
    if (first == run.size()) {
      return List.of();
    }
    List<Part> taken = new ArrayList<>(run.size() - first);
    for (int i = first; i < run.size(); i++) {
      Part part = run.get(i);
      if (part.weights == null) {
        continue;
      }
      if (part.end <= end && part.iteration == iteration && part.epoch == epoch) {
        taken.add(part);
      }
      run.set(i, part.taken());
    }
    return taken;
  }

  /**
   * An array of weights.
   *
   * @param by the regularization that has shown it
   * @param weights the weights, or null if they were taken
   * @param begin the address of their gradient
   * @param end where their gradient ends
   * @param from the first that decays
   * @param to the end of those that decay
   * @param iteration Deeplearning4j's iteration
   * @param epoch Deeplearning4j's epoch
   */
  record Part(
      Regularization by,
      INDArray weights,
      long begin,
      long end,
      long from,
      long to,
      int iteration,
      int epoch) {

    private Part taken() {
      return new Part(by, null, begin, end, from, to, iteration, epoch);
    }
  }
}
