package org.dl4jx.benchmarks;

import org.nd4j.linalg.api.buffer.DataType;

/** The types in which steps are measured. */
public enum NumberType {
  FLOAT(DataType.FLOAT, 25_000_000),
  DOUBLE(DataType.DOUBLE, 10_000_000);

  private final DataType dataType;
  private final int greatestSize;

  NumberType(DataType dataType, int greatestSize) {
    this.dataType = dataType;
    this.greatestSize = greatestSize;
  }

  DataType dataType() {
    return dataType;
  }

  int bytes() {
    return dataType.width();
  }

  /** The length of the longest block that is measured unless somebody asks for more. */
  int greatestSize() {
    return greatestSize;
  }
}
