package org.dl4jx.updaters.adam;

import org.dl4jx.updaters.engine.Epsilon;

/**
 * The scalars of one step of Adam, or of a relative that differs only in its second moment.
 *
 * @param beta1 β1
 * @param beta2 β2
 * @param size {@code η / (1 - β1ᵗ)}, so that {@code size · m} is {@code η m̂}
 * @param scale {@code 1 / (1 - β2ᵗ)}, so that {@code scale · v} is {@code v̂}
 * @param epsilon ε
 */
public record AdamScalars(double beta1, double beta2, double size, double scale, Epsilon epsilon) {}
