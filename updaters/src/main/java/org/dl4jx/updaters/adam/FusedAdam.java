package org.dl4jx.updaters.adam;

import org.dl4jx.updaters.engine.Fused;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.api.ops.impl.updaters.AmsGradUpdater;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The step of AdamW, or of AMSGrad if there is a third state array, in one loop or one operation.
 *
 * @param scalars the scalars of the step
 */
public record FusedAdam(AdamScalars scalars) implements Fused {
  /** The last iteration that Deeplearning4j's operations accept. */
  private static final int LAST_ITERATION = Integer.MAX_VALUE - 1;

  /** The relative error allowed in an average, so that state can move between backends. */
  private static final double MOST_OFF = 1e-3;

  @Override
  public boolean apply(float[] g, float[][] state, float[] w, float decay, int length) {
    if (state.length == 2) {
      adam(g, state[0], state[1], w, decay, length);
    } else {
      amsGrad(g, state[0], state[1], state[2], w, decay, length);
    }
    return true;
  }

  private void adam(float[] g, float[] m, float[] v, float[] w, float decay, int length) {
    float b1 = (float) scalars.beta1();
    float c1 = (float) (1 - scalars.beta1());
    float b2 = (float) scalars.beta2();
    float c2 = (float) (1 - scalars.beta2());
    float size = (float) scalars.size();
    float scale = (float) scalars.scale();
    float inside = (float) scalars.epsilon().inside();
    float outside = (float) scalars.epsilon().outside();
    for (int i = 0; i < length; i++) {
      float mi = b1 * m[i] + c1 * g[i];
      float vi = b2 * v[i] + c2 * (g[i] * g[i]);
      m[i] = mi;
      v[i] = vi;
      g[i] = size * mi / ((float) Math.sqrt(vi * scale + inside) + outside) + decay * w[i];
    }
  }

  private void amsGrad(
      float[] g, float[] m, float[] v, float[] x, float[] w, float decay, int length) {
    float b1 = (float) scalars.beta1();
    float c1 = (float) (1 - scalars.beta1());
    float b2 = (float) scalars.beta2();
    float c2 = (float) (1 - scalars.beta2());
    float size = (float) scalars.size();
    float scale = (float) scalars.scale();
    float inside = (float) scalars.epsilon().inside();
    float outside = (float) scalars.epsilon().outside();
    for (int i = 0; i < length; i++) {
      float mi = b1 * m[i] + c1 * g[i];
      float vi = b2 * v[i] + c2 * (g[i] * g[i]);
      float xi = Math.max(x[i], vi);
      m[i] = mi;
      v[i] = vi;
      x[i] = xi;
      g[i] = size * mi / ((float) Math.sqrt(xi * scale + inside) + outside) + decay * w[i];
    }
  }

  @Override
  public boolean apply(double[] g, double[][] state, double[] w, double decay, int length) {
    if (state.length == 2) {
      adam(g, state[0], state[1], w, decay, length);
    } else {
      amsGrad(g, state[0], state[1], state[2], w, decay, length);
    }
    return true;
  }

  private void adam(double[] g, double[] m, double[] v, double[] w, double decay, int length) {
    double b1 = scalars.beta1();
    double c1 = 1 - scalars.beta1();
    double b2 = scalars.beta2();
    double c2 = 1 - scalars.beta2();
    double size = scalars.size();
    double scale = scalars.scale();
    double inside = scalars.epsilon().inside();
    double outside = scalars.epsilon().outside();
    for (int i = 0; i < length; i++) {
      double mi = b1 * m[i] + c1 * g[i];
      double vi = b2 * v[i] + c2 * (g[i] * g[i]);
      m[i] = mi;
      v[i] = vi;
      g[i] = size * mi / (Math.sqrt(vi * scale + inside) + outside) + decay * w[i];
    }
  }

  private void amsGrad(
      double[] g, double[] m, double[] v, double[] x, double[] w, double decay, int length) {
    double b1 = scalars.beta1();
    double c1 = 1 - scalars.beta1();
    double b2 = scalars.beta2();
    double c2 = 1 - scalars.beta2();
    double size = scalars.size();
    double scale = scalars.scale();
    double inside = scalars.epsilon().inside();
    double outside = scalars.epsilon().outside();
    for (int i = 0; i < length; i++) {
      double mi = b1 * m[i] + c1 * g[i];
      double vi = b2 * v[i] + c2 * (g[i] * g[i]);
      double xi = Math.max(x[i], vi);
      m[i] = mi;
      v[i] = vi;
      x[i] = xi;
      g[i] = size * mi / (Math.sqrt(xi * scale + inside) + outside) + decay * w[i];
    }
  }

  /**
   * Deeplearning4j's own operation computes {@code a m / (√v + e)}. With {@code a = η √(1 - β2ᵗ) /
   * (1 - β1ᵗ)} and {@code e = ε √(1 - β2ᵗ)}, that is {@code η m̂ / (√v̂ + ε)}.
   *
   * <ul>
   *   <li>It multiplies a by its own bias corrections. At iteration {@link #LAST_ITERATION}, they
   *       are 1.
   *   <li>In FLOAT, it rounds β before it computes 1 - β, so m and v are too large by the factors
   *       k1 and k2. {@code a √k2 / k1} and {@code e √k2} make up for that. If β1 follows a
   *       schedule, earlier steps had another k1. Then m is off by at most {@code 2⁻²⁴ / (1 - β1)}
   *       for the greatest β1, which is one rounding for each step that it remembers.
   *   <li>It treats an a of zero or infinity as a mistake and replaces it.
   * </ul>
   */
  @Override
  public boolean apply(INDArray g, INDArray[] state) {
    boolean isFloat = g.dataType() == DataType.FLOAT;
    double beta1 = isFloat ? (float) scalars.beta1() : scalars.beta1();
    double beta2 = isFloat ? (float) scalars.beta2() : scalars.beta2();
    double k1 = (1 - beta1) / (1 - scalars.beta1());
    double k2 = (1 - beta2) / (1 - scalars.beta2());
    double root = Math.sqrt(k2 / scalars.scale());
    double rate = scalars.size() * root / k1;
    double e = scalars.epsilon().outside() * root;
    boolean possible =
        scalars.epsilon().inside() == 0
            && isNormal(rate, isFloat)
            && isNormal(e, isFloat)
            && isForgotten(beta1)
            && isForgotten(beta2)
            && Math.abs(k1 - 1) < MOST_OFF
            && Math.abs(k2 - 1) < MOST_OFF;
    if (!possible) {
      return false;
    }
    INDArray m = state[0];
    INDArray v = state[1];
    if (state.length == 2) {
      Nd4j.exec(new AdamUpdater(g, v, m, rate, beta1, beta2, e, LAST_ITERATION));
    } else {
      Nd4j.exec(new AmsGradUpdater(g, v, m, state[2], rate, beta1, beta2, e, LAST_ITERATION));
    }
    return true;
  }

  private static boolean isNormal(double number, boolean isFloat) {
    return isFloat
        ? (float) number >= Float.MIN_NORMAL && (float) number <= Float.MAX_VALUE
        : number >= Double.MIN_NORMAL && number <= Double.MAX_VALUE;
  }

  /** Whether β to the power of the last iteration is negligible compared with 1. */
  private static boolean isForgotten(double beta) {
    return Math.pow(beta, LAST_ITERATION) < 0x1p-60;
  }
}
