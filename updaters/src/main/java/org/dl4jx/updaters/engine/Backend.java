package org.dl4jx.updaters.engine;

import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/** Where arrays are, which decides how steps are taken on them. */
enum Backend {
  /** In main memory, where no device works on them at the same time: in tiles on the heap. */
  CPU,
  /** Anywhere else: by ND4J operations. */
  OTHER;

  static Backend current() {
    return Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU ? CPU : OTHER;
  }
}
