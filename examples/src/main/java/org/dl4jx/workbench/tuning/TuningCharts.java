package org.dl4jx.workbench.tuning;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.RunLength;
import org.dl4jx.workbench.report.Chart;
import org.dl4jx.workbench.report.Numbers;

/**
 * The charts of a choice of learning rates, one per schedule.
 *
 * @param trials of each updater and schedule, by the candidate that the search started with
 * @param length of every trial
 */
record TuningCharts(Map<Candidate, List<Trial>> trials, RunLength length) {

  List<Chart> all() {
    List<String> schedules =
        trials.keySet().stream().map(c -> c.schedule().toString()).distinct().toList();
    return schedules.stream()
        .map(schedule -> chart(schedule, "tuning-" + (schedules.indexOf(schedule) + 1)))
        .filter(chart -> !chart.isEmpty())
        .toList();
  }

  private Chart chart(String schedule, String name) {
    Chart.Lines chart =
        new Chart.Lines(
            name,
            "Validation accuracy by learning rate, " + schedule,
            "Validation accuracy by learning rate, one line per updater with its best rate marked,"
                + " with the schedule "
                + schedule,
            "learning rate",
            "validation accuracy",
            true,
            false);
    Map<NamedUpdater, Integer> styles =
        NamedUpdater.styles(trials.keySet().stream().map(Candidate::updater).toList());
    trials.forEach(
        (first, list) -> {
          List<Trial> line =
              list.stream()
                  .filter(t -> !t.isDiverged())
                  .filter(t -> t.candidate().weightDecay() == first.weightDecay())
                  .sorted(Comparator.comparingDouble(this::rate))
                  .toList();
          if (first.schedule().toString().equals(schedule) && !line.isEmpty()) {
            Trial best = Search.best(list);
            int style = styles.get(first.updater());
            chart.line(
                first.updater().label(),
                style,
                line.stream().mapToDouble(this::rate).toArray(),
                line.stream().mapToDouble(Trial::accuracy).toArray());
            chart.point("best: " + Numbers.brief(rate(best)), style, rate(best), best.accuracy());
          }
        });
    return chart;
  }

  private double rate(Trial trial) {
    return trial.candidate().greatestRate(length);
  }
}
