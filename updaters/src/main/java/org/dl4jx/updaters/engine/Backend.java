package org.dl4jx.updaters.engine;

import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/** Where arrays live, and so how steps are taken on them. */
enum Backend {
  /** In this machine's memory, where no device works on them meanwhile: in tiles on the heap. */
  CPU,
  /** Anywhere else: in operations of ND4J. */
  OTHER;

  static Backend current() {
    return Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU ? CPU : OTHER;
  }
}
