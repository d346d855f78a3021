package org.dl4jx.listeners;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.dl4jx.schedules.ScaledSchedule;
import org.dl4jx.updaters.engine.Models;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.dl4jx.updaters.engine.UpdaterWrapper;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The learning rates of a network's updaters. They are changed in place: {@code
 * network.setLearningRate} misses bias updaters and layers inside others, and may lose the state.
 */
final class LearningRates {
  private LearningRates() {}

  /** The updaters of a network that have a learning rate, each once. */
  static Set<IUpdater> updaters(Model model) {
    Set<IUpdater> updaters = Collections.newSetFromMap(new IdentityHashMap<>());
    Models.layers(model)
        .forEach(
            layer ->
                layer.paramTable(false).keySet().stream()
                    .map(name -> layer.getConfig().getUpdaterByParam(name))
                    .forEach(updaters::add));
    BaseMultiLayerUpdater<?> running = Models.updaters(model);
    if (running != null) {
      for (UpdaterBlock block : running.getUpdaterBlocks()) {
        if (block.getGradientUpdater() != null) {
          updaters.add(block.getGradientUpdater().getConfig());
        }
      }
    }
    updaters.removeIf(updater -> updater == null || !updater.hasLearningRate());
    return updaters;
  }

  /** Lowers all learning rates of an updater in proportion; a schedule goes on, multiplied. */
  static void lower(IUpdater updater, double from, double to) {
    IUpdater inside = UpdaterWrapper.unwrap(updater);
    if (inside instanceof UpdaterConfiguration ours) {
      ours.lowerLearningRate(from, to);
      return;
    }
    ISchedule schedule = schedule(inside);
    if (schedule == null) {
      inside.setLrAndSchedule(to, null);
    } else {
      inside.setLrAndSchedule(Double.NaN, ScaledSchedule.times(to / from, schedule));
    }
  }

  /** Deeplearning4j's updaters all have this method, but share no interface with it. */
  private static ISchedule schedule(IUpdater updater) {
    try {
      return (ISchedule) updater.getClass().getMethod("getLearningRateSchedule").invoke(updater);
    } catch (NoSuchMethodException e) {
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(updater + " does not give its schedule", e);
    }
  }
}
