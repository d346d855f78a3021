package org.dl4jx.updaters.lookahead;

import org.dl4jx.updaters.engine.Fused;

/**
 * The last iteration in a cycle of averaged Nesterov momentum, as one loop.
 *
 * @param size the weight of the last gradient, times the learning rate
 * @param momentum the momentum of the next cycle
 * @param first the first probe point
 * @param last the last probe point
 */
public record FusedFinish(double size, double momentum, double first, double last)
    implements Fused {

  @Override
  public boolean apply(float[] g, float[][] state, float[] w, float decay, int length) {
    float[] v = state[0];
    float[] a = state[1];
    float factor = (float) size;
    float next = (float) momentum;
    float ahead = (float) (1 + first * momentum);
    float back = (float) -last;
    for (int i = 0; i < length; i++) {
      float step = a[i] + v[i] + factor * g[i];
      g[i] = ahead * step + back * v[i] + decay * w[i];
      v[i] = next * step;
      a[i] = 0;
    }
    return true;
  }
}
