package org.dl4jx.updaters.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log if the first steps of an updater all have a learning rate of 0. */
final class ZeroRateWarning {
  private static final Logger LOG = LoggerFactory.getLogger(UpdaterConfiguration.class);

  /** After so many steps. */
  static final int STEPS = 10;

  /** What was said since an updater began: the blocks of one network would say the same. */
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private int zeros;

  /** Looks at the learning rate of a step. */
  void watch(UpdaterConfiguration updater, int iteration, int epoch) {
    if (zeros < 0) {
      return;
    }
    if (zeros == 0) {
      SAID.clear();
    }
    if (updater.getLearningRate(iteration, epoch) > 0) {
      zeros = -1;
      return;
    }
    zeros++;
    if (zeros == STEPS) {
      zeros = -1;
      String message = message(updater, iteration, epoch);
      if (SAID.add(message)) {
        LOG.warn(message);
      }
    }
  }

  private static String message(UpdaterConfiguration updater, int iteration, int epoch) {
    boolean isConstant = updater.getLearningRateSchedule() == null;
    return String.format(
        "%s has taken %d steps with a learning rate of 0, so nothing was trained: %s at iteration"
            + " %d, epoch %d. %s",
        updater.getClass().getSimpleName(),
        STEPS,
        isConstant ? "the rate is constant" : updater.getLearningRateSchedule() + " gives 0",
        iteration,
        epoch,
        isConstant
            ? "Set a learning rate above 0."
            : "Usually a schedule by EPOCH warms up from 0 while no epoch ends, as in a first epoch,"
                + " in fit(DataSet) or in pretraining; use ScheduleType.ITERATION, or call"
                + " incrementEpochCount(). With external errors, pass the iteration on.");
  }
}
