package org.dl4jx.listeners;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.optimize.solvers.BaseOptimizer;
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

  /**
   * The updaters of a network that have a learning rate, each once, without their wrappers, in the
   * order of its layers.
   */
  static List<IUpdater> updaters(Model model) {
    Stream<IUpdater> configured =
        Models.layers(model)
            .flatMap(
                layer ->
                    layer.paramTable(false).keySet().stream()
                        .map(name -> layer.getConfig().getUpdaterByParam(name)));
    BaseMultiLayerUpdater<?> updater = Models.updaters(model);
    Stream<IUpdater> running =
        updater == null
            ? Stream.empty()
            : updater.getUpdaterBlocks().stream()
                .map(block -> block.getGradientUpdater().getConfig());
    Set<IUpdater> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    return Stream.concat(configured, running)
        .map(UpdaterWrapper::unwrap)
        .filter(own -> own != null && own.hasLearningRate() && seen.add(own))
        .toList();
  }

  /**
   * Lowers the rates of a network in place. Whether updaters are equal decides how a restored
   * network divides its state. So equal ones stay equal, and different ones stay different: if they
   * arrive at the same rate, one gets a rate that is greater by as little as a number can be.
   *
   * @param lowered the rate to lower a rate to; the same one to leave it
   * @return what has changed, in words; nothing twice
   */
  static Collection<String> lower(Model model, DoubleUnaryOperator lowered) {
    int iteration = BaseOptimizer.getIterationCount(model);
    int epoch = BaseOptimizer.getEpochCount(model);
    Map<IUpdater, List<IUpdater>> equal = new LinkedHashMap<>();
    for (IUpdater updater : updaters(model)) {
      equal.computeIfAbsent(updater, u -> new ArrayList<>()).add(updater);
    }
    List<List<IUpdater>> groups = List.copyOf(equal.values());
    Set<String> changes = new LinkedHashSet<>();
    for (List<IUpdater> group : groups) {
      double from = group.get(0).getLearningRate(iteration, epoch);
      double to = lowered.applyAsDouble(from);
      if (to != from) {
        group.forEach(updater -> lower(updater, from, to));
        changes.add(from + " to " + to);
      }
    }
    for (int i = 0; i < groups.size(); i++) {
      while (equalsOneOf(groups.subList(0, i), groups.get(i).get(0))) {
        double rate = groups.get(i).get(0).getLearningRate(iteration, epoch);
        groups.get(i).forEach(updater -> lower(updater, rate, Math.nextUp(rate)));
      }
    }
    return changes;
  }

  private static boolean equalsOneOf(List<List<IUpdater>> groups, IUpdater updater) {
    return groups.stream().anyMatch(group -> group.get(0).equals(updater));
  }

  /** Changes all learning rates of an updater in proportion; a schedule goes on, multiplied. */
  private static void lower(IUpdater updater, double from, double to) {
    ISchedule schedule = schedule(updater);
    if (schedule == null) {
      updater.setLrAndSchedule(to, null);
    } else {
      updater.setLrAndSchedule(Double.NaN, ScaledSchedule.times(to / from, schedule));
    }
    if (updater instanceof UpdaterConfiguration ours) {
      ours.scaleOtherLearningRates(to / from);
    }
  }

  /** All updaters have this method, but Deeplearning4j has no interface with it. */
  private static ISchedule schedule(IUpdater updater) {
    try {
      return (ISchedule) updater.getClass().getMethod("getLearningRateSchedule").invoke(updater);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          String.format(
              "%s has no public method getLearningRateSchedule, as the updaters of Deeplearning4j"
                  + " have, so it would lose its schedule",
              updater.getClass().getName()),
          e);
    }
  }
}
