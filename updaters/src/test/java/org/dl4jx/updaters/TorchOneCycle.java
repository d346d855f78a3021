package org.dl4jx.updaters;

/**
 * PyTorch's {@code OneCycleLR(optimizer, max_lr, total_steps)} with everything else at its default:
 * two phases with cosines, and a momentum (β1 for Adam and its relatives) that cycles from 0.95 to
 * 0.85 and back. It is written from PyTorch's source, in the same order of operations.
 */
final class TorchOneCycle {
  static final double MAX_LR = 0.1;
  static final int STEPS = 100;

  private static final double INITIAL_LR = MAX_LR / 25;
  private static final double MIN_LR = INITIAL_LR / 1e4;
  private static final double BASE_MOMENTUM = 0.85;
  private static final double MAX_MOMENTUM = 0.95;
  private static final double END_OF_RISE = 0.3 * STEPS - 1;
  private static final double END = STEPS - 1;

  private TorchOneCycle() {}

  static double lr(int step) {
    return step <= END_OF_RISE
        ? annealed(INITIAL_LR, MAX_LR, step / END_OF_RISE)
        : annealed(MAX_LR, MIN_LR, (step - END_OF_RISE) / (END - END_OF_RISE));
  }

  static double beta1(int step) {
    return step <= END_OF_RISE
        ? annealed(MAX_MOMENTUM, BASE_MOMENTUM, step / END_OF_RISE)
        : annealed(BASE_MOMENTUM, MAX_MOMENTUM, (step - END_OF_RISE) / (END - END_OF_RISE));
  }

  private static double annealed(double start, double end, double pct) {
    return end + (start - end) / 2 * (Math.cos(Math.PI * pct) + 1);
  }
}
