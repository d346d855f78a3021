package org.dl4jx.updaters.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log if the first steps of an updater all have a learning rate of 0. */
final class ZeroRateWarning {
  private static final Logger LOG = LoggerFactory.getLogger(UpdaterConfiguration.class);

  /** After so many steps. */
  static final int STEPS = 10;

  /** What was said since an updater began: the blocks of one network would say the same. */
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private boolean wasPositive;

  /** Looks at a step that was taken. */
  void watch(UpdaterConfiguration updater, Step step) {
    if (step.t() > STEPS || wasPositive) {
      return;
    }
    wasPositive = updater.getLearningRate(step) > 0;
    if (wasPositive) {
      return;
    }
    if (step.t() == 1) {
      SAID.clear();
    }
    // Looks back as well, since an updater may be made anew before every step.
    boolean allZero =
        step.t() == STEPS
            && IntStream.range(0, STEPS)
                .map(ago -> Math.max(0, step.iteration() - ago))
                .allMatch(iteration -> updater.getLearningRate(iteration, step.epoch()) == 0);
    if (allZero) {
      String message = message(updater, step);
      if (SAID.add(message)) {
        LOG.warn(message);
      }
    }
  }

  private static String message(UpdaterConfiguration updater, Step step) {
    boolean isConstant = updater.getLearningRateSchedule() == null;
    return String.format(
        "%s has taken %d steps with a learning rate of 0, so nothing was trained: %s at iteration"
            + " %d, epoch %d. %s",
        updater.getClass().getSimpleName(),
        STEPS,
        isConstant ? "the rate is constant" : updater.getLearningRateSchedule() + " gives 0",
        step.iteration(),
        step.epoch(),
        isConstant
            ? "Set a learning rate above 0."
            : "Usually a schedule by EPOCH warms up from 0 while no epoch ends, as in a first epoch,"
                + " in fit(DataSet) or in pretraining; use ScheduleType.ITERATION, or call"
                + " incrementEpochCount(). With external errors, pass the iteration on.");
  }
}
