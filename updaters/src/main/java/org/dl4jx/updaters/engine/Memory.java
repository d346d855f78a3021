package org.dl4jx.updaters.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The native memory of a contiguous array of type FLOAT or DOUBLE. Any number of threads can read
 * and write it in pieces. It does not keep the array alive.
 */
final class Memory {
  /**
   * How many numbers are in one buffer, because Java's buffers end at 2 GiB. It is a power of two
   * and a multiple of what is read and written at once, so nothing crosses from one buffer to the
   * next.
   */
  static final int SEGMENT = 1 << 27;

  private final long address;
  private final long length;
  private final int segment;
  private final int shift;
  private final int mask;
  private final FloatBuffer[] floats;
  private final DoubleBuffer[] doubles;

  Memory(INDArray array, int segment) {
    this(array, 0, array.length(), segment);
  }

  /** The memory of some numbers of an array, starting at an index. */
  Memory(INDArray array, long start, long length, int segment) {
    this.address = addressOf(array) + start * array.dataType().width();
    this.length = length;
    this.segment = segment;
    this.shift = Integer.numberOfTrailingZeros(segment);
    this.mask = segment - 1;
    int segments = (int) ((length + segment - 1) / segment);
    ByteBuffer[] bytes =
        IntStream.range(0, segments)
            .mapToObj(i -> bytes(array, start + (long) i * segment, start + length))
            .toArray(ByteBuffer[]::new);
    boolean isFloat = array.dataType() == DataType.FLOAT;
    this.floats = new FloatBuffer[isFloat ? segments : 0];
    this.doubles = new DoubleBuffer[isFloat ? 0 : segments];
    for (int i = 0; i < segments; i++) {
      if (isFloat) {
        floats[i] = bytes[i].asFloatBuffer();
      } else {
        doubles[i] = bytes[i].asDoubleBuffer();
      }
    }
  }

  /**
   * A buffer reaches from the address of its pointer to the limit, so the address has to move: a
   * position beyond 2 GiB would leave nothing of the buffer.
   */
  private ByteBuffer bytes(INDArray array, long from, long end) {
    Pointer all = array.data().pointer();
    Pointer typed =
        array.dataType() == DataType.FLOAT ? new FloatPointer(all) : new DoublePointer(all);
    return typed
        .getPointer(array.offset() + from)
        .limit(Math.min(end - from, segment))
        .asByteBuffer()
        .order(ByteOrder.nativeOrder());
  }

  /** Whether this is the memory of an array. */
  boolean isOf(INDArray array) {
    return addressOf(array) == address && array.length() == length;
  }

  /** The address of the first number of an array. */
  static long addressOf(INDArray array) {
    return array.data().pointer().address() + array.offset() * array.dataType().width();
  }

  /** A shift, and a mask below: divisions would take a tenth of the time of a step. */
  private int buffer(long from) {
    return (int) (from >> shift);
  }

  private int index(long from) {
    return (int) (from & mask);
  }

  void read(long from, float[] into, int at, int count) {
    floats[buffer(from)].get(index(from), into, at, count);
  }

  void write(long from, float[] values, int count) {
    floats[buffer(from)].put(index(from), values, 0, count);
  }

  void read(long from, double[] into, int at, int count) {
    doubles[buffer(from)].get(index(from), into, at, count);
  }

  void write(long from, double[] values, int count) {
    doubles[buffer(from)].put(index(from), values, 0, count);
  }
}
