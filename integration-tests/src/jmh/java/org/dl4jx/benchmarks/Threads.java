package org.dl4jx.benchmarks;

import java.util.List;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Gives both sides the same number of threads. */
final class Threads {
  private Threads() {}

  static int available() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** The JVM arguments with which our updaters run on that many threads. */
  static List<String> jvmArgs(int threads) {
    return List.of("-Djava.util.concurrent.ForkJoinPool.common.parallelism=" + (threads - 1));
  }

  /** Makes ND4J run on that many threads, unless it is as many as it takes of itself. */
  static void limitNd4j(int threads) {
    if (threads < available()) {
      Nd4j.getEnvironment().setMaxMasterThreads(threads);
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    }
  }
}
