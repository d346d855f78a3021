package org.dl4jx.updaters.engine;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Memory for the intermediate results of a block, as large as its largest matrix needs it. */
final class SpareMatrices {
  private final List<INDArray> memory = new ArrayList<>();

  INDArray matrix(int index, DataType type, long rows, long columns) {
    while (memory.size() <= index) {
      memory.add(null);
    }
    INDArray flat = memory.get(index);
    if (flat == null || flat.dataType() != type || flat.length() < rows * columns) {
      flat = allocated(type, rows * columns);
      memory.set(index, flat);
    }
    return flat.get(NDArrayIndex.interval(0, rows * columns)).reshape('f', rows, columns);
  }

  /** Outside of any workspace, which would take the memory back after the step. */
  private static INDArray allocated(DataType type, long numbers) {
    MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces();
    try {
      return Nd4j.createUninitialized(type, numbers);
    } finally {
      outside.close();
    }
  }
}
