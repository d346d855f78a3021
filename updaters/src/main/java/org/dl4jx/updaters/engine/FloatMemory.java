package org.dl4jx.updaters.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The native memory of a contiguous float array, read and written in pieces by any number of
 * threads. It does not keep the array alive.
 */
final class FloatMemory {
  /**
   * Floats in one buffer, since Java's buffers end at 2 GiB. A multiple of the tile, so that no
   * tile crosses from one buffer into the next.
   */
  private static final int SEGMENT = 1 << 28;

  private final long address;
  private final long length;
  private final FloatBuffer[] floats;

  FloatMemory(INDArray array) {
    this.address = addressOf(array);
    this.length = array.length();
    int segments = (int) ((length + SEGMENT - 1) / SEGMENT);
    this.floats = new FloatBuffer[segments];
    for (int i = 0; i < segments; i++) {
      long from = (long) i * SEGMENT;
      ByteBuffer bytes =
          new FloatPointer(array.data().pointer())
              .position(array.offset() + from)
              .limit(array.offset() + Math.min(length, from + SEGMENT))
              .asByteBuffer()
              .order(ByteOrder.nativeOrder());
      floats[i] = bytes.asFloatBuffer();
    }
  }

  /** Whether this is the memory of that array. */
  boolean isOf(INDArray array) {
    return addressOf(array) == address && array.length() == length;
  }

  private static long addressOf(INDArray array) {
    return array.data().pointer().address() + array.offset() * Float.BYTES;
  }

  void read(long from, float[] into, int count) {
    floats[(int) (from / SEGMENT)].get((int) (from % SEGMENT), into, 0, count);
  }

  void write(long from, float[] values, int count) {
    floats[(int) (from / SEGMENT)].put((int) (from % SEGMENT), values, 0, count);
  }
}
