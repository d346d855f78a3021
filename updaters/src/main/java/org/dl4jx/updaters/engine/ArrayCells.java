package org.dl4jx.updaters.engine;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Cells of a whole array of type FLOAT or DOUBLE, on any backend, by ND4J operations. */
final class ArrayCells implements Cells<ArrayCells> {
  private final INDArray array;
  private ArrayCells spare;

  ArrayCells(INDArray array) {
    this.array = array;
  }

  @Override
  public ArrayCells average(double beta, ArrayCells x) {
    array.muli(beta);
    return add(1 - beta, x);
  }

  @Override
  public ArrayCells approach(double a, ArrayCells x) {
    array.addi(x.array.sub(array).muli(a));
    return this;
  }

  @Override
  public ArrayCells averageSquare(double beta, ArrayCells x) {
    array.muli(beta).addi(x.array.mul(x.array).muli(1 - beta));
    return this;
  }

  @Override
  public ArrayCells averageSquaredDifference(double beta, ArrayCells x, ArrayCells y, double a) {
    INDArray d = x.array.sub(y.array);
    array.muli(beta).addi(d.muli(d).muli(1 - beta)).addi(a);
    return this;
  }

  @Override
  public ArrayCells addSquare(ArrayCells x) {
    array.addi(x.array.mul(x.array));
    return this;
  }

  @Override
  public ArrayCells addAbsolute(ArrayCells x) {
    array.addi(Transforms.abs(x.array, true));
    return this;
  }

  @Override
  public ArrayCells max(ArrayCells x) {
    Transforms.max(array, x.array, false);
    return this;
  }

  @Override
  public ArrayCells overRoot(double a, ArrayCells x, double b, ArrayCells v, Epsilon epsilon) {
    INDArray denominator = root(v.array.mul(b), epsilon);
    array.assign(x.array).muli(a).divi(denominator);
    return this;
  }

  @Override
  public ArrayCells over(double a, ArrayCells x, double b, ArrayCells v, double c) {
    INDArray denominator = v.array.mul(b).addi(c);
    array.assign(x.array).muli(a).divi(denominator);
    return this;
  }

  @Override
  public ArrayCells timesRoots(ArrayCells u, double a, ArrayCells v, double b) {
    INDArray above = Transforms.sqrt(u.array.add(a), false);
    array.muli(above.divi(Transforms.sqrt(v.array.add(b), false)));
    return this;
  }

  @Override
  public ArrayCells damp(double a, ArrayCells x, ArrayCells v) {
    INDArray factor = Transforms.exp(v.array.neg(), false);
    array.assign(x.array).muli(a).muli(factor);
    return this;
  }

  @Override
  public ArrayCells sign(double a, ArrayCells x) {
    array.assign(Transforms.sign(x.array, true)).muli(a);
    return this;
  }

  @Override
  public ArrayCells inverseRoot(double a, ArrayCells v, Epsilon epsilon) {
    array.assign(root(v.array.dup(), epsilon).rdivi(a));
    return this;
  }

  /** In place. */
  private static INDArray root(INDArray squares, Epsilon epsilon) {
    return Transforms.sqrt(squares.addi(epsilon.inside()), false).addi(epsilon.outside());
  }

  @Override
  public ArrayCells clip(double lower, double upper) {
    Transforms.max(array, lower, false);
    Transforms.min(array, upper, false);
    return this;
  }

  @Override
  public ArrayCells times(ArrayCells x) {
    array.muli(x.array);
    return this;
  }

  @Override
  public ArrayCells add(double a, ArrayCells x) {
    Nd4j.exec(new Axpy(x.array, array, array, a));
    return this;
  }

  @Override
  public ArrayCells set(double a, ArrayCells x) {
    array.assign(x.array).muli(a);
    return this;
  }

  @Override
  public ArrayCells combine(double a, ArrayCells x, double b, ArrayCells y) {
    if (y.array == array) {
      INDArray second = array.mul(b);
      set(a, x);
      array.addi(second);
      return this;
    }
    return set(a, x).add(b, y);
  }

  @Override
  public ArrayCells fill(double a) {
    array.assign(a);
    return this;
  }

  /** In DOUBLE, whatever the type of the arrays. */
  @Override
  public double dot(ArrayCells x) {
    return array
        .castTo(DataType.DOUBLE)
        .mul(x.array.castTo(DataType.DOUBLE))
        .sumNumber()
        .doubleValue();
  }

  @Override
  public ArrayCells spare() {
    if (spare == null) {
      spare = new ArrayCells(array.ulike());
    }
    return spare;
  }
}
