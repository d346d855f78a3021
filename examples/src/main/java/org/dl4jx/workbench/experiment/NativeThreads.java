package org.dl4jx.workbench.experiment;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * How many threads native operations take. In small networks, several threads spend more time
 * waiting for each other than computing, and keep the cores from everything else.
 */
public final class NativeThreads {
  private static final String VARIABLE = "OMP_NUM_THREADS";

  private NativeThreads() {}

  /** One, unless the environment variable {@code OMP_NUM_THREADS} says how many. */
  public static void useOneUnlessSet() {
    if (System.getenv(VARIABLE) == null) {
      Nd4j.factory().blas().setMaxThreads(1);
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
    }
  }
}
