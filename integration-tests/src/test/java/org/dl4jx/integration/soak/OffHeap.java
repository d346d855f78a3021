package org.dl4jx.integration.soak;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.memory.Deallocatable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.deallocation.DeallocatableReference;
import org.nd4j.linalg.api.memory.deallocation.DeallocatorService;
import org.nd4j.linalg.factory.Nd4j;

/** What ND4J has in memory off the heap. It keeps a list, but shows it to nobody. */
final class OffHeap {
  private OffHeap() {}

  private static Map<String, DeallocatableReference> list() {
    try {
      Field list = DeallocatorService.class.getDeclaredField("referenceMap");
      list.setAccessible(true);
      @SuppressWarnings("unchecked")
      Map<String, DeallocatableReference> map =
          (Map<String, DeallocatableReference>) list.get(Nd4j.getDeallocatorService());
      return map;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this ND4J keeps no list of its arrays", e);
    }
  }

  private static Stream<Deallocatable> alive() {
    return list().values().stream().map(DeallocatableReference::get).filter(Objects::nonNull);
  }

  /**
   * Takes from the list what the collector has found dead. ND4J does, but not for workspaces: it
   * gives each two names, and looks for one under the other. That is half a kilobyte of heap for
   * each workspace of each thread that has ended, whichever updater trained there.
   */
  static void forgetTheDead() {
    list().values().removeIf(reference -> reference.get() == null);
  }

  static double arrays() {
    return alive().filter(DataBuffer.class::isInstance).count();
  }

  static double workspaces() {
    return alive().filter(MemoryWorkspace.class::isInstance).count();
  }

  static double bytes() {
    return Pointer.totalBytes() + alive().mapToLong(OffHeap::bytes).sum();
  }

  private static long bytes(Deallocatable alive) {
    return alive instanceof DataBuffer array
        ? array.length() * array.getElementSize()
        : alive instanceof MemoryWorkspace workspace ? workspace.getCurrentSize() : 0;
  }
}
