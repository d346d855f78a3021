package org.dl4jx.updaters.engine;

/** Lets tests of updaters in other packages see a rule. */
public final class Rules {
  private Rules() {}

  /** The rule of one step of that updater. */
  public static Rule of(UpdaterConfiguration updater, int iteration, int epoch) {
    return updater.rule(iteration, epoch);
  }
}
