package org.dl4jx.updaters.adam;

import org.dl4jx.updaters.engine.Step;

/**
 * How far the average of squares can be relied on after some steps, by Liu et al., <a
 * href="https://arxiv.org/abs/1908.03265">On the Variance of the Adaptive Learning Rate and
 * Beyond</a> (2020).
 *
 * @param rho ρ, over how many gradients a plain average would vary as much
 * @param r by what to multiply a step so it varies no more than later ones; NaN unless {@code ρ >
 *     4}
 */
public record Rectification(double rho, double r) {

  /**
   * The rectification of a step.
   *
   * @param beta2 β2, the rate of the average of squares
   * @param step which step it is
   * @return {@code ρ = ρ∞ - 2 t β2ᵗ / (1 - β2ᵗ)} and {@code r = √[(ρ - 4) (ρ - 2) ρ∞ / ((ρ∞ - 4)
   *     (ρ∞ - 2) ρ)]}, where {@code ρ∞ = 2 / (1 - β2) - 1}
   */
  public static Rectification of(double beta2, Step step) {
    double most = 2 / (1 - beta2) - 1;
    double rho = most - 2 * step.t() * Math.pow(beta2, step.t()) / step.biasCorrection(beta2);
    return new Rectification(
        rho,
        rho > 4
            ? Math.sqrt((rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho))
            : Double.NaN);
  }

  /**
   * The scalars of a rectified step.
   *
   * @param relies whether to divide by the root of the average of squares
   * @param adam the scalars of Adam in this step
   * @param step which step it is
   * @return scalars for {@code η m̂ r √(1 - β2ᵗ) / (√v + ε)} or {@code η m̂}
   */
  public RectifiedScalars applied(boolean relies, AdamScalars adam, Step step) {
    double size =
        relies ? adam.size() * r * Math.sqrt(step.biasCorrection(adam.beta2())) : adam.size();
    return new RectifiedScalars(
        new AdamScalars(adam.beta1(), adam.beta2(), size, 1, adam.epsilon()), relies);
  }
}
