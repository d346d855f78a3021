package org.dl4jx.updaters.adam;

import org.dl4jx.updaters.engine.Epsilon;

/**
 * The scalars of one step of AdaBound.
 *
 * @param beta1 β1
 * @param beta2 β2
 * @param size {@code η √(1 - β2ᵗ) / (1 - β1ᵗ)}
 * @param lower the lower bound
 * @param upper the upper bound
 * @param epsilon ε
 */
public record AdaBoundScalars(
    double beta1, double beta2, double size, double lower, double upper, Epsilon epsilon) {}
