package org.dl4jx.integration.soak;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.DoubleSupplier;
import org.bytedeco.javacpp.Pointer;

/** What a process may lose over time. */
enum Resource {
  /** Of reachable objects, if it is read after a collection. */
  HEAP("heap, kB", () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e3),

  /** Of arrays and workspaces. */
  OFF_HEAP("off heap, kB", () -> OffHeap.bytes() / 1e3),

  ARRAYS("arrays", OffHeap::arrays),

  /** Of all threads, also of those that have ended. */
  WORKSPACES("workspaces", OffHeap::workspaces),

  /**
   * What the operating system has given to the process, without classes and compiled code: Java
   * goes on compiling for longer than the soak takes.
   */
  RESIDENT("resident, MB", () -> (Pointer.physicalBytes() - codeBytes()) / 1e6),

  THREADS("threads", () -> ManagementFactory.getThreadMXBean().getThreadCount()),

  FILES("open files", Resource::openFiles);

  private final String label;
  private final DoubleSupplier reading;

  Resource(String label, DoubleSupplier reading) {
    this.label = label;
    this.reading = reading;
  }

  String label() {
    return label;
  }

  double read() {
    return reading.getAsDouble();
  }

  private static long codeBytes() {
    return ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getCommitted();
  }

  private static double openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }
}
