package org.dl4jx.updaters;

import org.dl4jx.updaters.engine.Norm;
import org.dl4jx.updaters.engine.ParameterArray;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The nearest matrix with equal singular values, roughly, by Newton-Schulz iterations. They work
 * alike on a matrix and its transpose, so they may take the one with the smaller {@code X Xᵀ}.
 */
final class NewtonSchulz {
  private static final int ITERATIONS = 5;

  private static final double A = 3.4445;
  private static final double B = -4.7750;
  private static final double C = 2.0315;

  /** Keeps the norm from zero. */
  private static final double EPSILON = 1e-7;

  private NewtonSchulz() {}

  /** Replaces every matrix of an update. */
  static void apply(ParameterArray u, double size) {
    for (long i = 0; i < u.matrices(); i++) {
      apply(u, i, size);
    }
  }

  private static void apply(ParameterArray u, long index, double size) {
    INDArray x = u.spare(0, u.inputs(), u.outputs());
    INDArray next = u.spare(1, u.inputs(), u.outputs());
    boolean isTall = u.inputs() > u.outputs();
    long shorter = Math.min(u.inputs(), u.outputs());
    INDArray a = u.spare(2, shorter, shorter);
    INDArray b = u.spare(3, shorter, shorter);
    u.read(index, x);
    x.divi(Norm.of(x) + EPSILON); // X = U / (‖U‖ + ε)
    for (int i = 0; i < ITERATIONS; i++) {
      Nd4j.gemm(x, x, a, isTall, !isTall, 1, 0); // A = X Xᵀ
      Nd4j.gemm(a, a, b.assign(a), false, false, C, B); // b A + c A²
      next.assign(x);
      if (isTall) {
        Nd4j.gemm(x, b, next, false, false, 1, A);
      } else {
        Nd4j.gemm(b, x, next, false, false, 1, A); // X ← a X + (b A + c A²) X
      }
      INDArray before = x;
      x = next;
      next = before;
    }
    u.write(index, x.muli(size));
  }
}
