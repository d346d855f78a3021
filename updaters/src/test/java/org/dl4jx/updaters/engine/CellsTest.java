package org.dl4jx.updaters.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Compares every method of every kind of cells to plain arithmetic. */
class CellsTest {
  private static final double[] A = {0.5, -2, 3, 0, 7.25};
  private static final double[] X = {4, 1, -1.5, 2, -0.125};
  private static final double[] V = {4, 0.25, 9, 0, 2.25};
  private static final Epsilon OUTSIDE = Epsilon.of(0.125, false);
  private static final Epsilon INSIDE = Epsilon.of(0.75, true);

  /** Calls a method on cells that contain {@link #A}, with others that contain X and V. */
  private interface Verb {
    <C extends Cells<C>> C on(C a, C x, C v);
  }

  /** What the method has to compute for one number each. */
  private interface Expected {
    double of(double a, double x, double v);
  }

  private static Arguments verb(String name, Verb verb, Expected expected) {
    return Arguments.of(name, verb, expected);
  }

  static Stream<Arguments> verbs() {
    return Stream.of(
        verb("average", new Average(), (a, x, v) -> 0.75 * a + 0.25 * x),
        verb("approach", new Approach(), (a, x, v) -> a + 0.25 * (x - a)),
        verb("averageSquare", new AverageSquare(), (a, x, v) -> 0.75 * a + 0.25 * x * x),
        verb(
            "averageSquaredDifference",
            new AverageSquaredDifference(),
            (a, x, v) -> 0.75 * a + 0.25 * (x - v) * (x - v) + 0.5),
        verb("addSquare", new AddSquare(), (a, x, v) -> a + x * x),
        verb("addAbsolute", new AddAbsolute(), (a, x, v) -> a + Math.abs(x)),
        verb("over", new Over(), (a, x, v) -> 3 * x / (0.5 * v + 0.125)),
        verb("over itself", new OverItself(), (a, x, v) -> 3 * a / (0.5 * v + 0.125)),
        verb(
            "timesRoots",
            new TimesRoots(),
            (a, x, v) -> a * Math.sqrt(v + 0.5) / Math.sqrt(v + 0.125)),
        verb("damp", new Damp(), (a, x, v) -> 3 * x * Math.exp(-v)),
        verb("sign", new Sign(), (a, x, v) -> 0.125 * Math.signum(x)),
        verb("sign of itself", new SignOfItself(), (a, x, v) -> -0.125 * Math.signum(a)),
        verb("max", new Max(), (a, x, v) -> Math.max(a, x)),
        verb("overRoot", new OverRoot(OUTSIDE), (a, x, v) -> 3 * x / (Math.sqrt(0.5 * v) + 0.125)),
        verb(
            "overRoot, ε inside",
            new OverRoot(INSIDE),
            (a, x, v) -> 3 * x / Math.sqrt(0.5 * v + 0.75)),
        verb("inverseRoot", new InverseRoot(OUTSIDE), (a, x, v) -> 3 / (Math.sqrt(v) + 0.125)),
        verb(
            "inverseRoot, ε inside", new InverseRoot(INSIDE), (a, x, v) -> 3 / Math.sqrt(v + 0.75)),
        verb("clip", new Clip(), (a, x, v) -> Math.min(Math.max(a, -1), 2)),
        verb("times", new Times(), (a, x, v) -> a * x),
        verb("add", new Add(), (a, x, v) -> a - 0.5 * x),
        verb("set", new SetTo(), (a, x, v) -> -0.5 * x),
        verb("combine", new Combine(), (a, x, v) -> 3 * x - 0.5 * v),
        verb("combine with itself first", new CombineFirst(), (a, x, v) -> 3 * a - 0.5 * x),
        verb("combine with itself second", new CombineSecond(), (a, x, v) -> 3 * x - 0.5 * a),
        verb("fill", new Fill(), (a, x, v) -> 1.5),
        verb("spare", new Spare(), (a, x, v) -> a + 2 * (3 * x)));
  }

  /** One rounding of 2⁻²⁴ or 2⁻⁵³ for each of at most six operations on numbers below 50. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("verbs")
  void computesItsFormula(String name, Verb verb, Expected expected) {
    double[] numbers = new double[A.length];
    for (int i = 0; i < A.length; i++) {
      numbers[i] = expected.of(A[i], X[i], V[i]);
    }
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      double tolerance = 6 * 50 * (type == DataType.FLOAT ? 0x1p-24 : 0x1p-53);

      assertThat(inTiles(verb, type)).containsExactly(numbers, within(tolerance));
      assertThat(inOperations(verb, type)).containsExactly(numbers, within(tolerance));
    }
  }

  private static INDArray array(DataType type, double[] numbers) {
    return Nd4j.createFromArray(numbers).castTo(type);
  }

  private static double[] inOperations(Verb verb, DataType type) {
    INDArray x = array(type, X);
    INDArray v = array(type, V);
    INDArray a = array(type, A);
    ArrayCells cells = new ArrayCells(a);

    assertThat(verb.on(cells, new ArrayCells(x), new ArrayCells(v))).isSameAs(cells);

    assertThat(x).isEqualTo(array(type, X));
    assertThat(v).isEqualTo(array(type, V));
    return a.castTo(DataType.DOUBLE).toDoubleVector();
  }

  /** With room for more than is in use; the rest must not change. */
  private static double[] inTiles(Verb verb, DataType type) {
    return type == DataType.FLOAT
        ? inTiles(verb, type, FloatCells::new, (cells, i) -> cells.values[i])
        : inTiles(verb, type, DoubleCells::new, (cells, i) -> cells.values[i]);
  }

  private static <C extends TileCells<C>> double[] inTiles(
      Verb verb, DataType type, Function<Integer, C> room, ToDoubleBiFunction<C, Integer> value) {
    INDArray all = Nd4j.concat(0, array(type, A), array(type, X), array(type, V));
    Memory memory = new Memory(all, Memory.SEGMENT);
    int n = A.length;
    C a = room.apply(n + 3);
    C x = room.apply(n + 3);
    C v = room.apply(n + 3);
    a.read(memory, 2, n + 3);
    x.read(memory, 0, n + 3);
    v.read(memory, 0, n + 3);
    x.read(memory, n, n);
    v.read(memory, 2L * n, n);
    a.read(memory, 0, n);
    assertThat(a.isChanged()).isFalse();

    assertThat(verb.on(a, x, v)).isSameAs(a);

    assertThat(a.isChanged()).isTrue();
    assertThat(x.isChanged()).isFalse();
    assertThat(v.isChanged()).isFalse();
    assertThat(a.length()).isEqualTo(n);
    assertThat(value.applyAsDouble(a, n)).isEqualTo(X[2]);
    x.copyTo(memory, n);
    v.copyTo(memory, 2L * n);
    a.copyTo(memory, 0);
    double[] after = all.castTo(DataType.DOUBLE).toDoubleVector();
    assertThat(Arrays.copyOfRange(after, n, 2 * n)).containsExactly(X);
    assertThat(Arrays.copyOfRange(after, 2 * n, 3 * n)).containsExactly(V);
    return Arrays.copyOf(after, n);
  }

  /** Of lengths around multiples of four; exact, because products and sums are small integers. */
  @Test
  void dotIsTheSumOfProductsOfTheCellsInUse() {
    for (int n = 1; n <= 9; n++) {
      double[] one = IntStream.rangeClosed(1, n).mapToDouble(i -> i).toArray();
      double[] other = IntStream.rangeClosed(1, n).mapToDouble(i -> 10 - 3 * i).toArray();
      double expected = IntStream.rangeClosed(1, n).mapToDouble(i -> i * (10 - 3 * i)).sum();
      for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
        assertThat(dotInTiles(type, one, other)).isEqualTo(expected);
        assertThat(new ArrayCells(array(type, one)).dot(new ArrayCells(array(type, other))))
            .isEqualTo(expected);
      }
    }
  }

  /** In FLOAT, the square of 2¹² + 1 is rounded, and the small number is lost beside it. */
  @Test
  void dotIsInDoubleForFloats() {
    double[] numbers = {4097, 0x1p-13};
    double expected = 4097.0 * 4097 + 0x1p-26;

    assertThat(dotInTiles(DataType.FLOAT, numbers, numbers)).isEqualTo(expected);
    INDArray array = array(DataType.FLOAT, numbers);
    assertThat(new ArrayCells(array).dot(new ArrayCells(array))).isEqualTo(expected);
    assertThat(array).isEqualTo(array(DataType.FLOAT, numbers));
  }

  private static double dotInTiles(DataType type, double[] one, double[] other) {
    return type == DataType.FLOAT
        ? dotInTiles(new FloatCells(12), new FloatCells(12), type, one, other)
        : dotInTiles(new DoubleCells(12), new DoubleCells(12), type, one, other);
  }

  private static <C extends TileCells<C>> double dotInTiles(
      C a, C x, DataType type, double[] one, double[] other) {
    Memory rest = new Memory(Nd4j.ones(type, 12), Memory.SEGMENT);
    a.read(rest, 0, 12);
    x.read(rest, 0, 12);
    a.read(new Memory(array(type, one), Memory.SEGMENT), 0, one.length);
    x.read(new Memory(array(type, other), Memory.SEGMENT), 0, other.length);

    double dot = a.dot(x);

    assertThat(a.isChanged()).isFalse();
    assertThat(x.isChanged()).isFalse();
    return dot;
  }

  /** From the least number of each type to the greatest, and both zeros. */
  @Test
  void everyNumberButZeroHasASign() {
    double[] floats = {Float.MIN_VALUE, -Float.MIN_VALUE, 1e-31, -1e30, Float.MAX_VALUE, 0, -0.0};
    double[] doubles = {Double.MIN_VALUE, -Double.MIN_VALUE, 1e-300, -1e30, Double.MAX_VALUE, 0, 0};
    double[] signs = {1, -1, 1, -1, 1, 0, 0};

    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      INDArray numbers = array(type, type == DataType.FLOAT ? floats : doubles);
      INDArray byTile = numbers.dup();
      Memory memory = new Memory(byTile, Memory.SEGMENT);
      TileCells<?> tile = type == DataType.FLOAT ? new FloatCells(8) : new DoubleCells(8);
      tile.read(memory, 0, signs.length);
      signOfItself(tile);
      tile.copyTo(memory, 0);
      signOfItself(new ArrayCells(numbers));

      assertThat(byTile.castTo(DataType.DOUBLE).toDoubleVector())
          .containsExactly(signs, within(0.0));
      assertThat(numbers.castTo(DataType.DOUBLE).toDoubleVector())
          .containsExactly(signs, within(0.0));
    }
  }

  @SuppressWarnings("unchecked")
  private static <C extends Cells<C>> void signOfItself(Cells<C> cells) {
    cells.sign(1, (C) cells);
  }

  /** The fourth square is not finite in FLOAT, the fifth not even in DOUBLE. */
  @Test
  void tellWhetherSquaresAreFinite() {
    double[] numbers = {Double.NaN, 1, Double.NEGATIVE_INFINITY, 1e20, 1e200, -3};

    assertTells(new FloatCells(8), array(DataType.FLOAT, numbers), 4);
    assertTells(new DoubleCells(8), array(DataType.DOUBLE, numbers), 3);
  }

  private static <C extends TileCells<C>> void assertTells(C cells, INDArray array, int expected) {
    Memory memory = new Memory(array, Memory.SEGMENT);
    C sums = cells.another();
    cells.read(memory, 0, 6);
    assertThat(cells.countNonFiniteSquares()).isEqualTo(expected);
    sums.addZeroTimesSquares(cells);
    assertThat(sums.areZero(1)).isFalse();
    sums.zero(1);
    assertThat(sums.areZero(2)).isTrue();
    assertThat(sums.areZero(3)).isFalse();

    cells.read(memory, 1, 1);
    sums.zero(6);
    sums.addZeroTimesSquares(cells);
    assertThat(sums.areZero(6)).isTrue();
    assertThat(cells.countNonFiniteSquares()).isZero();
  }

  @Test
  void readingResetsTheChangedMark() {
    INDArray array = Nd4j.ones(DataType.FLOAT, 4);
    Memory memory = new Memory(array, Memory.SEGMENT);
    FloatCells cells = new FloatCells(4);
    cells.read(memory, 0, 3);
    cells.fill(2);

    cells.read(memory, 1, 2);

    assertThat(cells.isChanged()).isFalse();
    assertThat(cells.length()).isEqualTo(2);
  }

  @Test
  void epsilonIsAddedInOnePlace() {
    assertThat(OUTSIDE.inside()).isZero();
    assertThat(OUTSIDE.outside()).isEqualTo(0.125);
    assertThat(INSIDE.inside()).isEqualTo(0.75);
    assertThat(INSIDE.outside()).isZero();
  }

  @Test
  void biasIsCorrectedByThePowerOfTheStep() {
    assertThat(new Step(3, 7, 1).biasCorrection(0.5)).isEqualTo(0.875);
    assertThat(new Step(1, 0, 0).biasCorrection(0)).isEqualTo(1);
  }

  private record Average() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.average(0.75, x);
    }
  }

  private record Approach() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.approach(0.25, x);
    }
  }

  private record AverageSquare() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.averageSquare(0.75, x);
    }
  }

  private record AverageSquaredDifference() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.averageSquaredDifference(0.75, x, v, 0.5);
    }
  }

  private record AddSquare() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.addSquare(x);
    }
  }

  private record AddAbsolute() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.addAbsolute(x);
    }
  }

  private record Over() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.over(3, x, 0.5, v, 0.125);
    }
  }

  private record OverItself() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.over(3, a, 0.5, v, 0.125);
    }
  }

  private record TimesRoots() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.timesRoots(v, 0.5, v, 0.125);
    }
  }

  private record Damp() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.damp(3, x, v);
    }
  }

  private record Sign() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.sign(0.125, x);
    }
  }

  private record SignOfItself() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.sign(-0.125, a);
    }
  }

  private record Max() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.max(x);
    }
  }

  private record OverRoot(Epsilon epsilon) implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.overRoot(3, x, 0.5, v, epsilon);
    }
  }

  private record InverseRoot(Epsilon epsilon) implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.inverseRoot(3, v, epsilon);
    }
  }

  private record Clip() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.clip(-1, 2);
    }
  }

  private record Times() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.times(x);
    }
  }

  private record Add() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.add(-0.5, x);
    }
  }

  private record SetTo() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.set(-0.5, x);
    }
  }

  private record Combine() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.combine(3, x, -0.5, v);
    }
  }

  private record CombineFirst() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.combine(3, a, -0.5, x);
    }
  }

  private record CombineSecond() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.combine(3, x, -0.5, a);
    }
  }

  private record Fill() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      return a.fill(1.5);
    }
  }

  private record Spare() implements Verb {
    @Override
    public <C extends Cells<C>> C on(C a, C x, C v) {
      a.spare().set(3, x);
      return a.add(2, a.spare());
    }
  }
}
