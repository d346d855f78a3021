package org.dl4jx.updaters.adam;

import org.dl4jx.updaters.engine.Fused;

/**
 * The step of AdaBound, or of AMSBound if there is a third state array. The clip has a loop of its
 * own, because the JIT compiler makes it slow in a loop with the square root.
 *
 * @param scalars the scalars of the step
 */
public record FusedAdaBound(AdaBoundScalars scalars) implements Fused {

  @Override
  public boolean apply(float[] g, float[][] state, float[] w, float decay, int length) {
    float[] m = state[0];
    if (state.length == 2) {
      adaBound(g, m, state[1], length);
    } else {
      amsBound(g, m, state[1], state[2], length);
    }
    float least = (float) scalars.lower();
    float greatest = (float) scalars.upper();
    for (int i = 0; i < length; i++) {
      g[i] = Math.min(Math.max(g[i], least), greatest) * m[i] + decay * w[i];
    }
    return true;
  }

  private void adaBound(float[] g, float[] m, float[] v, int length) {
    float b1 = (float) scalars.beta1();
    float c1 = (float) (1 - scalars.beta1());
    float b2 = (float) scalars.beta2();
    float c2 = (float) (1 - scalars.beta2());
    float size = (float) scalars.size();
    float inside = (float) scalars.epsilon().inside();
    float outside = (float) scalars.epsilon().outside();
    for (int i = 0; i < length; i++) {
      float mi = b1 * m[i] + c1 * g[i];
      float vi = b2 * v[i] + c2 * (g[i] * g[i]);
      m[i] = mi;
      v[i] = vi;
      g[i] = size / ((float) Math.sqrt(vi + inside) + outside);
    }
  }

  private void amsBound(float[] g, float[] m, float[] v, float[] x, int length) {
    float b1 = (float) scalars.beta1();
    float c1 = (float) (1 - scalars.beta1());
    float b2 = (float) scalars.beta2();
    float c2 = (float) (1 - scalars.beta2());
    float size = (float) scalars.size();
    float inside = (float) scalars.epsilon().inside();
    float outside = (float) scalars.epsilon().outside();
    for (int i = 0; i < length; i++) {
      float mi = b1 * m[i] + c1 * g[i];
      float vi = b2 * v[i] + c2 * (g[i] * g[i]);
      float xi = Math.max(x[i], vi);
      m[i] = mi;
      v[i] = vi;
      x[i] = xi;
      g[i] = size / ((float) Math.sqrt(xi + inside) + outside);
    }
  }
}
