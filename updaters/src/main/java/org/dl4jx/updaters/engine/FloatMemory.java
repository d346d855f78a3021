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
   * Floats in one buffer, since Java's buffers end at 2 GiB. A multiple of what is read and written
   * at once, so that nothing crosses from one buffer into the next.
   */
  static final int SEGMENT = 1 << 28;

  private final long address;
  private final long length;
  private final int segment;
  private final FloatBuffer[] floats;

  FloatMemory(INDArray array, int segment) {
    this.address = addressOf(array);
    this.length = array.length();
    this.segment = segment;
    int segments = (int) ((length + segment - 1) / segment);
    this.floats = new FloatBuffer[segments];
    for (int i = 0; i < segments; i++) {
      long from = (long) i * segment;
      // A buffer reaches from the address of its pointer to the limit, so it is the address that
      // has to move: a position beyond 2 GiB would leave nothing of the buffer.
      ByteBuffer bytes =
          new FloatPointer(array.data().pointer())
              .getPointer(array.offset() + from)
              .limit(Math.min(length - from, segment))
              .asByteBuffer()
              .order(ByteOrder.nativeOrder());
      floats[i] = bytes.asFloatBuffer();
    }
  }

  /** Whether this is the memory of that array. */
  boolean isOf(INDArray array) {
    return addressOf(array) == address && array.length() == length;
  }

  static long addressOf(INDArray array) {
    return array.data().pointer().address() + array.offset() * Float.BYTES;
  }

  void read(long from, float[] into, int count) {
    floats[(int) (from / segment)].get((int) (from % segment), into, 0, count);
  }

  void write(long from, float[] values, int count) {
    floats[(int) (from / segment)].put((int) (from % segment), values, 0, count);
  }
}
