package org.dl4jx.updaters.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

class RunningArrayTest {

  /** Long enough for several threads, and not a multiple of a tile. */
  private static final int LENGTH = 300_007;

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void hasTheSameBitsOnAllBackendsAndLeavesTheOtherArrayAlone(DataType type) {
    Random random = Nd4j.getRandomFactory().getNewRandomInstance(5);
    INDArray start = Nd4j.rand(random, (long) LENGTH).castTo(type);
    INDArray other = Nd4j.rand(random, 1L, LENGTH).castTo(type);
    INDArray copy = other.dup();
    INDArray inTiles = start.dup();
    INDArray byOperations = start.dup();

    new RunningArray(inTiles, Backend.CPU).approach(0.001, other);
    new RunningArray(byOperations, Backend.OTHER).approach(0.001, other);

    assertThat(inTiles).isEqualTo(byOperations).isNotEqualTo(start);
    assertThat(other).isEqualTo(copy);
    for (int i : new int[] {0, 1, LENGTH / 2, LENGTH - 1}) {
      double expected =
          type == DataType.FLOAT
              ? start.getFloat(i) + 0.001f * (other.getFloat(0, i) - start.getFloat(i))
              : start.getDouble(i) + 0.001 * (other.getDouble(0, i) - start.getDouble(i));
      assertThat(inTiles.getDouble(i)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Backend.class,
      names = {"CPU", "OTHER"})
  void followsArraysOfOtherTypesAndStrides(Backend backend) {
    INDArray array = Nd4j.zeros(DataType.FLOAT, 4);
    RunningArray running = new RunningArray(array, backend);

    running.approach(0.5, Nd4j.createFromArray(1.0, 2.0, 3.0, 4.0).castTo(DataType.FLOAT16));
    assertThat(array.toFloatVector()).containsExactly(0.5f, 1, 1.5f, 2);
    INDArray matrix = Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}});
    running.approach(1, matrix.getColumn(1));
    assertThat(array.toFloatVector()).containsExactly(2, 4, 6, 8);
    assertThat(matrix.getFloat(3, 1)).isEqualTo(8);
  }
}
