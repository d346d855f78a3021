package org.dl4jx.updaters.adam;

import org.dl4jx.updaters.engine.Fused;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.api.ops.impl.updaters.AmsGradUpdater;
import org.nd4j.linalg.factory.Nd4j;

/**
 * AdamW's step, and AMSGrad's where there is a third state array, in one loop or one operation.
 *
 * @param scalars the scalars of the step
 */
public record FusedAdam(AdamScalars scalars) implements Fused {
  /** The last that Deeplearning4j's operations can be told. */
  private static final int LAST_ITERATION = Integer.MAX_VALUE - 1;

  @Override
  public boolean apply(float[] g, float[][] state, int length) {
    if (state.length == 2) {
      adam(g, state[0], state[1], length);
    } else {
      amsGrad(g, state[0], state[1], state[2], length);
    }
    return true;
  }

  private void adam(float[] g, float[] m, float[] v, int length) {
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
      g[i] = size * mi / ((float) Math.sqrt(vi * scale + inside) + outside);
    }
  }

  private void amsGrad(float[] g, float[] m, float[] v, float[] x, int length) {
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
      g[i] = size * mi / ((float) Math.sqrt(xi * scale + inside) + outside);
    }
  }

  /**
   * Deeplearning4j's own operation computes {@code a m / (√v + e)}. With {@code a = η √(1 - β2ᵗ) /
   * (1 - β1ᵗ)} and {@code e = ε √(1 - β2ᵗ)} that is {@code η m̂ / (√v̂ + ε)}. It multiplies a by
   * bias corrections of its own, in its own precision; at iteration {@link #LAST_ITERATION} they
   * are 1. It takes an a of zero for a mistake, and replaces it.
   */
  @Override
  public boolean apply(INDArray g, INDArray[] state) {
    double beta1 = scalars.beta1();
    double beta2 = scalars.beta2();
    double correction = Math.sqrt(scalars.scale());
    double rate = scalars.size() / correction;
    double e = scalars.epsilon().value() / correction;
    boolean possible =
        !scalars.epsilon().insideRoot()
            && (float) rate != 0
            && e >= Float.MIN_NORMAL
            && isForgotten(beta1)
            && isForgotten(beta2);
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

  /** Whether β to the power of the last iteration is nothing beside 1, in either type. */
  private static boolean isForgotten(double beta) {
    return Math.pow(Math.max(beta, (float) beta), LAST_ITERATION) < 0x1p-60;
  }
}
