package org.dl4jx.updaters.engine;

import org.nd4j.linalg.learning.config.IUpdater;

/** An updater around another one, whose updates it changes. */
public interface UpdaterWrapper extends IUpdater {

  /**
   * The updater inside.
   *
   * @return the updater, not a copy
   */
  IUpdater inner();

  /**
   * The same wrapper around another updater.
   *
   * @param other the other updater
   * @return a new wrapper
   */
  UpdaterWrapper around(IUpdater other);

  /**
   * Takes the wrapper off.
   *
   * @param updater an updater or null
   * @return the updater inside, or the updater itself if it is not a wrapper
   */
  static IUpdater unwrap(IUpdater updater) {
    return updater instanceof UpdaterWrapper wrapper ? wrapper.inner() : updater;
  }

  /**
   * Exchanges an updater that may be inside a wrapper.
   *
   * @param updater the updater or its wrapper
   * @param other what to have in place of the {@link #unwrap unwrapped} updater
   * @return {@code other}, in the same wrapper
   */
  static IUpdater exchange(IUpdater updater, IUpdater other) {
    return updater instanceof UpdaterWrapper wrapper ? wrapper.around(other) : other;
  }
}
