package org.dl4jx.updaters.adam;

import org.dl4jx.updaters.engine.Epsilon;
import org.dl4jx.updaters.engine.Fused;

/**
 * AdaBound's step, and AMSBound's where there is a third state array. The clip has a loop of its
 * own: in one with the root the JIT compiler makes it slow.
 *
 * @param beta1 β1
 * @param beta2 β2
 * @param stepSize {@code η √(1 - β2ᵗ) / (1 - β1ᵗ)}
 * @param lower the lower bound
 * @param upper the upper bound
 * @param epsilon ε
 */
public record FusedAdaBound(
    double beta1, double beta2, double stepSize, double lower, double upper, Epsilon epsilon)
    implements Fused {

  @Override
  public boolean apply(float[] g, float[][] state, int length) {
    float[] m = state[0];
    if (state.length == 2) {
      adaBound(g, m, state[1], length);
    } else {
      amsBound(g, m, state[1], state[2], length);
    }
    float least = (float) lower;
    float greatest = (float) upper;
    for (int i = 0; i < length; i++) {
      g[i] = Math.min(Math.max(g[i], least), greatest) * m[i];
    }
    return true;
  }

  private void adaBound(float[] g, float[] m, float[] v, int length) {
    float b1 = (float) beta1;
    float c1 = (float) (1 - beta1);
    float b2 = (float) beta2;
    float c2 = (float) (1 - beta2);
    float size = (float) stepSize;
    float inside = (float) epsilon.inside();
    float outside = (float) epsilon.outside();
    for (int i = 0; i < length; i++) {
      float mi = b1 * m[i] + c1 * g[i];
      float vi = b2 * v[i] + c2 * (g[i] * g[i]);
      m[i] = mi;
      v[i] = vi;
      g[i] = size / ((float) Math.sqrt(vi + inside) + outside);
    }
  }

  private void amsBound(float[] g, float[] m, float[] v, float[] x, int length) {
    float b1 = (float) beta1;
    float c1 = (float) (1 - beta1);
    float b2 = (float) beta2;
    float c2 = (float) (1 - beta2);
    float size = (float) stepSize;
    float inside = (float) epsilon.inside();
    float outside = (float) epsilon.outside();
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
