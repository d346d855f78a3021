package org.dl4jx.updaters.engine;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A parameter array and its update, for the second part of an {@link ArrayRule}. */
public final class ParameterArray {
  private final INDArray update;
  private final INDArray weights;
  private final Matrices matrices;
  private final SpareMatrices spare;

  /**
   * An array.
   *
   * @param update its update, contiguous
   * @param weights its weights, or null if they were not shown
   * @param matrices its matrices
   */
  ParameterArray(INDArray update, INDArray weights, Matrices matrices, SpareMatrices spare) {
    this.update = update;
    this.weights = weights;
    this.matrices = matrices;
    this.spare = spare;
  }

  /**
   * Whether its weights are known.
   *
   * @return false if no regularization of Deeplearning4j reaches them
   */
  public boolean isShown() {
    return weights != null;
  }

  /**
   * The Euclidean norm of the weights, summed in double precision.
   *
   * @return ‖θ‖
   */
  public double normOfWeights() {
    return Norm.of(weights);
  }

  /**
   * The Euclidean norm of the update, summed in double precision.
   *
   * @return ‖u‖
   */
  public double normOfUpdate() {
    return Norm.of(update);
  }

  /**
   * Multiplies the update.
   *
   * @param factor the factor
   */
  public void scale(double factor) {
    update.muli(factor);
  }

  /**
   * How many matrices it has.
   *
   * @return the number, all of the same size
   */
  public long matrices() {
    return matrices.count();
  }

  /**
   * How many outputs a matrix has.
   *
   * @return the number
   */
  public long outputs() {
    return matrices.outputs();
  }

  /**
   * How many inputs a matrix has.
   *
   * @return the number
   */
  public long inputs() {
    return matrices.inputs();
  }

  /**
   * Copies a matrix of the update.
   *
   * @param index which one
   * @param into gets the matrix, of shape {@code [inputs, outputs]} in 'f' order
   */
  public void read(long index, INDArray into) {
    outputsFirst(into).assign(matrix(index));
  }

  /**
   * Replaces a matrix of the update.
   *
   * @param index which one
   * @param by the new matrix, of shape {@code [inputs, outputs]} in 'f' order
   */
  public void write(long index, INDArray by) {
    matrix(index).assign(outputsFirst(by));
  }

  /** A view of a matrix of the update with the shape {@code [outputs, before, after]}. */
  private INDArray matrix(long index) {
    long numbers = matrices.numbers() / matrices.count();
    INDArray flat = update.reshape(update.ordering(), true, update.length());
    return flat.get(NDArrayIndex.interval(index * numbers, (index + 1) * numbers))
        .reshape('c', true, matrices.before(), matrices.outputs(), matrices.after())
        .permute(1, 0, 2);
  }

  /** The same memory in 'c' order, where outputs come first. */
  private INDArray outputsFirst(INDArray matrix) {
    return matrix
        .transpose()
        .reshape('c', true, matrices.outputs(), matrices.before(), matrices.after());
  }

  /**
   * A matrix for intermediate results, in 'f' order and of the type of the update. Its content is
   * undefined. All arrays of a block share it.
   *
   * @param index which one; each index has its own memory
   * @param rows how many rows
   * @param columns how many columns
   * @return the matrix
   */
  public INDArray spare(int index, long rows, long columns) {
    return spare.matrix(index, update.dataType(), rows, columns);
  }
}
