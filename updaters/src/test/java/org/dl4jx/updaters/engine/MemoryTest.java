package org.dl4jx.updaters.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class MemoryTest {
  /** The last floats of 2 GiB and some more. Only these are touched, so only these take memory. */
  private static final long BEYOND = (1L << 29) - 3;

  private static INDArray all;

  @BeforeAll
  static void allocate() {
    all = Nd4j.createUninitialized(DataType.FLOAT, BEYOND + 10);
  }

  @AfterAll
  static void free() {
    all.close();
  }

  @Test
  void reachesFloatsBeyondTwoGibibytes() {
    INDArray last = all.get(NDArrayIndex.interval(BEYOND, BEYOND + 10));
    last.assign(Nd4j.arange(10));
    Memory memory = new Memory(last, 4);
    float[] four = new float[4];

    memory.read(4, four, 0, 4);
    memory.write(8, new float[] {-1, -2}, 2);

    assertThat(four).containsExactly(4, 5, 6, 7);
    assertThat(last.toFloatVector()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, -1, -2);
  }

  @Test
  void crossesFromOneBufferToTheNext() {
    Memory memory = new Memory(all, Memory.SEGMENT);
    float[] two = new float[2];

    for (long at : new long[] {0, Memory.SEGMENT - 2, Memory.SEGMENT, BEYOND + 8}) {
      memory.write(at, new float[] {at, -at}, 2);
      memory.read(at, two, 0, 2);

      assertThat(two).containsExactly(at, -at);
      assertThat(all.getFloat(at)).isEqualTo(at);
      assertThat(all.getFloat(at + 1)).isEqualTo(-at);
    }
  }

  @Test
  void readsAndWritesDoubles() {
    INDArray array = Nd4j.arange(12).castTo(DataType.DOUBLE);
    Memory memory = new Memory(array.get(NDArrayIndex.interval(2, 12)), 4);
    double[] two = new double[2];

    memory.read(6, two, 0, 2);
    memory.write(8, new double[] {-1, 1e-300}, 2);

    assertThat(two).containsExactly(8, 9);
    assertThat(array.toDoubleVector()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, 1e-300);
  }

  @Test
  void tellsItsArrayFromOthers() {
    INDArray array = Nd4j.zeros(DataType.DOUBLE, 12);
    Memory memory = new Memory(array.get(NDArrayIndex.interval(2, 8)), Memory.SEGMENT);

    assertThat(memory.isOf(array.get(NDArrayIndex.interval(2, 8)))).isTrue();
    assertThat(memory.isOf(array.get(NDArrayIndex.interval(2, 9)))).isFalse();
    assertThat(memory.isOf(array.get(NDArrayIndex.interval(3, 9)))).isFalse();
  }

  @Test
  void reachesDoublesBeyondTwoGibibytes() {
    long beyond = (1L << 28) - 3;
    try (INDArray doubles = Nd4j.createUninitialized(DataType.DOUBLE, beyond + 10)) {
      Memory memory = new Memory(doubles, Memory.SEGMENT);
      double[] two = new double[2];

      for (long at : new long[] {0, Memory.SEGMENT - 2, Memory.SEGMENT, beyond + 8}) {
        memory.write(at, new double[] {at, -at}, 2);
        memory.read(at, two, 0, 2);

        assertThat(two).containsExactly(at, -at);
        assertThat(doubles.getDouble(at + 1)).isEqualTo(-at);
      }
    }
  }
}
