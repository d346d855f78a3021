package org.dl4jx.updaters.engine;

import static org.dl4jx.schedules.checks.Argument.check;

import java.io.Serializable;
import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The matrices that a parameter array begins with, one after another. A matrix maps inputs to
 * outputs. In memory, it has the shape {@code [before, outputs, after]} in 'c' order, and {@code
 * before · after} inputs.
 *
 * @param count how many matrices there are
 * @param before the size of the inputs that come before the outputs
 * @param outputs how many outputs a matrix has
 * @param after the size of the inputs that come after the outputs
 */
public record Matrices(
    @Given long count, @Given long before, @Given long outputs, @Given long after)
    implements Serializable {

  /** No matrix. */
  public static final Matrices NONE = new Matrices(0, 0, 0, 0);

  /**
   * Matrices of some size.
   *
   * @param count how many matrices there are
   * @param before the size of the inputs that come before the outputs
   * @param outputs how many outputs a matrix has
   * @param after the size of the inputs that come after the outputs
   * @throws IllegalArgumentException if a number is negative
   */
  public Matrices {
    check(count >= 0, "count", count, "a number >= 0");
    check(before >= 0, "before", before, "a number >= 0");
    check(outputs >= 0, "outputs", outputs, "a number >= 0");
    check(after >= 0, "after", after, "a number >= 0");
  }

  /**
   * An array as a single matrix.
   *
   * @param shape its shape
   * @param order how it is stored, 'c' or 'f'
   * @param axis the axis of the outputs; all others are inputs
   * @return the matrix, or {@link #NONE} if it has a single input or output and so is a vector
   */
  public static Matrices of(long[] shape, char order, int axis) {
    long smaller = 1;
    long larger = 1;
    for (int i = 0; i < axis; i++) {
      smaller *= shape[i];
    }
    for (int i = axis + 1; i < shape.length; i++) {
      larger *= shape[i];
    }
    return order == 'c' ? of(1, smaller, shape[axis], larger) : of(1, larger, shape[axis], smaller);
  }

  /**
   * Matrices with contiguous inputs, such as those of the gates of an LSTM.
   *
   * @param count how many matrices there are
   * @param outputs how many outputs a matrix has
   * @param inputs how many inputs a matrix has
   * @return the matrices, or {@link #NONE} if they are vectors
   */
  public static Matrices of(long count, long outputs, long inputs) {
    return of(count, 1, outputs, inputs);
  }

  private static Matrices of(long count, long before, long outputs, long after) {
    boolean areVectors = outputs < 2 || before * after < 2;
    return areVectors ? NONE : new Matrices(count, before, outputs, after);
  }

  /**
   * An array as a matrix whose last axis has the outputs, as in SameDiff.
   *
   * @param array the array
   * @return the matrix, or {@link #NONE} if it is a vector
   */
  public static Matrices of(INDArray array) {
    return array.rank() < 2 ? NONE : of(array.shape(), array.ordering(), array.rank() - 1);
  }

  long inputs() {
    return before * after;
  }

  /**
   * How many numbers are in these matrices.
   *
   * @return the number
   */
  public long numbers() {
    return count * before * outputs * after;
  }
}
