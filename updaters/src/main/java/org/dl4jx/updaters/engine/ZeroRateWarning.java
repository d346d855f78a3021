package org.dl4jx.updaters.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs a warning if the first steps of an updater all have a learning rate of 0. */
final class ZeroRateWarning {
  private static final Logger LOG = LoggerFactory.getLogger(UpdaterConfiguration.class);

  /** After how many steps to warn. */
  static final int STEPS = 10;

  /** What was logged since an updater started: the blocks of one network would say the same. */
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private boolean wasPositive;

  /** Called after each step. */
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
    // Looks back too, because an updater may be created again before every step.
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
        isConstant ? "the rate is constant" : updater.getLearningRateSchedule() + " returns 0",
        step.iteration(),
        step.epoch(),
        isConstant
            ? "Set a learning rate above 0."
            : "The usual cause is a schedule by EPOCH that warms up from 0 while no epoch ends, as in"
                + " the first epoch, in fit(DataSet) or in pretraining. Use ScheduleType.ITERATION or"
                + " call incrementEpochCount(). With external errors, pass on the iteration.");
  }
}
