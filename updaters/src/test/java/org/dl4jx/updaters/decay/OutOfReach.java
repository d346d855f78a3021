package org.dl4jx.updaters.decay;

import org.dl4jx.updaters.engine.UpdaterConfiguration;

/** Lets tests take steps on parameters that are shown to no updater. */
public final class OutOfReach {
  private OutOfReach() {}

  /**
   * The updater as it is for a layer that no regularization reaches, if it needs the weights for
   * more than a decay; else the updater itself.
   */
  public static UpdaterConfiguration of(UpdaterConfiguration updater, long parameters) {
    return updater instanceof DecayingUpdater u && u.needsWeights() && u.getWeightDecay() == 0
        ? u.attached(parameters)
        : updater;
  }
}
