package org.dl4jx.updaters.engine;

/**
 * The numbers of a gradient or a state array. Their methods express the formula of an optimizer
 * once for all types and backends.
 *
 * <p>A method goes over all cells once. Unless it says otherwise, it changes the cells that it is
 * called on, and no others, and returns them. How it treats NaN is up to the backend. Scalars are
 * rounded to the type of the cells before they are used; {@code 1 - beta} is rounded once.
 *
 * @param <C> these cells themselves
 */
public interface Cells<C extends Cells<C>> {

  /**
   * A running average: {@code this ← β this + (1 - β) x}.
   *
   * @param beta β
   * @param x what to average
   * @return this
   */
  C average(double beta, C x);

  /**
   * Goes a part of the way to others: {@code this ← this + a (x - this)}. Where both are equal,
   * nothing changes.
   *
   * @param a how far to go
   * @param x where to go
   * @return this
   */
  C approach(double a, C x);

  /**
   * A running average of squares: {@code this ← β this + (1 - β) x²}.
   *
   * @param beta β
   * @param x what to square and average
   * @return this
   */
  C averageSquare(double beta, C x);

  /**
   * A running average of squared differences: {@code this ← β this + (1 - β) (x - y)² + a}.
   *
   * @param beta β
   * @param x the minuend
   * @param y the subtrahend
   * @param a a scalar to add
   * @return this
   */
  C averageSquaredDifference(double beta, C x, C y, double a);

  /**
   * A sum of squares: {@code this ← this + x²}.
   *
   * @param x what to square and add
   * @return this
   */
  C addSquare(C x);

  /**
   * A sum of absolute values: {@code this ← this + |x|}.
   *
   * @param x whose absolute value to add
   * @return this
   */
  C addAbsolute(C x);

  /**
   * The greater of the two: {@code this ← max(this, x)}.
   *
   * @param x the other
   * @return this
   */
  C max(C x);

  /**
   * {@code this ← a x / (√(b v) + ε)}, or {@code a x / √(b v + ε)} with ε inside the root.
   *
   * @param a a scalar
   * @param x the numerator
   * @param b a scalar
   * @param v what to take the square root of
   * @param epsilon ε
   * @return this
   */
  C overRoot(double a, C x, double b, C v, Epsilon epsilon);

  /**
   * {@code this ← a x / (b v + c)}.
   *
   * @param a a scalar
   * @param x the numerator
   * @param b a scalar
   * @param v the denominator
   * @param c a scalar to add to it
   * @return this
   */
  C over(double a, C x, double b, C v, double c);

  /**
   * {@code this ← this · √(u + a) / √(v + b)}.
   *
   * @param u what to multiply by the square root of
   * @param a a scalar
   * @param v what to divide by the square root of
   * @param b a scalar
   * @return this
   */
  C timesRoots(C u, double a, C v, double b);

  /**
   * {@code this ← a x e^-v}.
   *
   * @param a a scalar
   * @param x a factor
   * @param v the exponent without its sign
   * @return this
   */
  C damp(double a, C x, C v);

  /**
   * {@code this ← a sign(x)}, where the sign is -1, 0 or 1.
   *
   * @param a a scalar
   * @param x whose sign to take
   * @return this
   */
  C sign(double a, C x);

  /**
   * {@code this ← a / (√v + ε)}, or {@code a / √(v + ε)} with ε inside the root.
   *
   * @param a a scalar
   * @param v what to take the square root of
   * @param epsilon ε
   * @return this
   */
  C inverseRoot(double a, C v, Epsilon epsilon);

  /**
   * {@code this ← min(max(this, lower), upper)}.
   *
   * @param lower the lower bound
   * @param upper the upper bound
   * @return this
   */
  C clip(double lower, double upper);

  /**
   * {@code this ← this · x}.
   *
   * @param x the other factor
   * @return this
   */
  C times(C x);

  /**
   * {@code this ← this + a x}.
   *
   * @param a a scalar
   * @param x what to add
   * @return this
   */
  C add(double a, C x);

  /**
   * {@code this ← a x}.
   *
   * @param a a scalar
   * @param x what to copy
   * @return this
   */
  C set(double a, C x);

  /**
   * {@code this ← a x + b y}.
   *
   * @param a a scalar
   * @param x what to multiply by a; may be these cells
   * @param b a scalar
   * @param y what to multiply by b; may be these cells
   * @return this
   */
  C combine(double a, C x, double b, C y);

  /**
   * {@code this ← a}.
   *
   * @param a a scalar
   * @return this
   */
  C fill(double a);

  /**
   * The sum of products, {@code Σ this · x}. It changes nothing. Products and sum are in double
   * precision where the backend has it.
   *
   * @param x the other factor; may be these cells
   * @return the sum
   */
  double dot(C x);

  /**
   * As many other cells, for intermediate results of a formula. Their initial content is undefined.
   * Every call returns the same cells.
   *
   * @return the other cells
   */
  C spare();
}
