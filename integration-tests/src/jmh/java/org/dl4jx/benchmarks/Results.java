package org.dl4jx.benchmarks;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.dl4jx.benchmarks.Measurement.Quantity;
import org.dl4jx.benchmarks.Measurement.Task;

/**
 * What several processes measured, put together.
 *
 * @param measurements all of them
 */
record Results(List<Measurement> measurements) {

  /** The tasks of a quantity in a stable order, each once. */
  List<Task> tasks(Quantity quantity) {
    return measurements.stream()
        .filter(m -> m.quantity() == quantity)
        .map(Measurement::task)
        .distinct()
        .sorted(
            Comparator.comparing(Task::contest)
                .thenComparing(Task::type)
                .thenComparing(Task::parameters)
                .thenComparing(Task::subject)
                .thenComparing(Task::threads))
        .toList();
  }

  private Stream<Measurement> of(Task task, Contestant contestant) {
    return measurements.stream().filter(m -> m.task().equals(task) && m.contestant() == contestant);
  }

  boolean has(Task task, Contestant contestant) {
    return of(task, contestant).findAny().isPresent();
  }

  /** The median over processes of their medians. */
  double median(Task task, Contestant contestant) {
    return statistics(of(task, contestant).map(Measurement::median)).getPercentile(50);
  }

  /**
   * How many times as long the one took as the other, by the processes that measured both: a
   * statistic over the ratio of medians of each process.
   */
  DescriptiveStatistics ratio(Task task, Contestant slow, Contestant fast) {
    Map<Long, Double> slowMedians = medians(task, slow);
    Map<Long, Double> fastMedians = medians(task, fast);
    return statistics(
        slowMedians.keySet().stream()
            .filter(fastMedians::containsKey)
            .map(process -> slowMedians.get(process) / fastMedians.get(process)));
  }

  private Map<Long, Double> medians(Task task, Contestant contestant) {
    return of(task, contestant)
        .collect(
            Collectors.toMap(
                Measurement::process,
                Measurement::median,
                (first, second) -> second,
                TreeMap::new));
  }

  private static DescriptiveStatistics statistics(Stream<Double> values) {
    return new DescriptiveStatistics(values.mapToDouble(Double::doubleValue).toArray());
  }
}
