package org.dl4jx.workbench.experiment;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.averaging.BatchNormalizationStatistics;
import org.dl4jx.averaging.WeightAverage;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.experiment.RunResult.AtAverage;
import org.dl4jx.workbench.experiment.RunResult.Point;
import org.dl4jx.workbench.notation.NamedAverage;
import org.nd4j.linalg.dataset.DataSet;

/** The averages of one run, and what is measured at them. */
final class Averages {
  private final MultiLayerNetwork network;
  private final Images images;
  private final int batchSize;
  private final Map<NamedAverage, WeightAverage> averages = new LinkedHashMap<>();
  private final Map<NamedAverage, List<Point>> accuracies = new LinkedHashMap<>();

  private Averages(MultiLayerNetwork network, Images images, int batchSize) {
    this.network = network;
    this.images = images;
    this.batchSize = batchSize;
  }

  /**
   * Adds the averages of a setup to the listeners of a network.
   *
   * @param images from which to estimate the statistics of batch normalization
   */
  static Averages of(Setup setup, MultiLayerNetwork network, Images images) {
    Averages all = new Averages(network, images, setup.batchSize());
    for (NamedAverage named : setup.averages()) {
      WeightAverage average = named.create(setup.length());
      network.addListeners(average);
      all.averages.put(named, average);
      all.accuracies.put(named, new ArrayList<>());
    }
    return all;
  }

  /** Says that an epoch has ended, as {@code fit(iterator)} does. */
  void epochEnd() {
    averages.values().forEach(average -> average.onEpochEnd(network));
  }

  /** Measures the accuracy at each average. */
  void measure(int iteration, ToDoubleFunction<MultiLayerNetwork> accuracy) {
    averages.forEach(
        (named, average) -> {
          double there =
              average.at(network, n -> hasStatistics(n) ? accuracy.applyAsDouble(n) : Double.NaN);
          accuracies.get(named).add(new Point(iteration, there));
        });
  }

  /** Estimates them anew; false if activations are not finite. */
  private boolean hasStatistics(MultiLayerNetwork there) {
    try {
      BatchNormalizationStatistics.estimate(there, new ExistingDataSetIterator(batches()));
      return true;
    } catch (IllegalStateException notFinite) {
      return false;
    }
  }

  private Iterator<DataSet> batches() {
    int count = images.count();
    int[] order = IntStream.range(0, count).toArray();
    return IntStream.iterate(0, from -> from < count, from -> from + batchSize)
        .mapToObj(from -> images.batch(order, from, Math.min(count, from + batchSize)))
        .iterator();
  }

  /** Whether an accuracy is not a number, because the output is not finite. */
  boolean isLost() {
    return accuracies.values().stream()
        .flatMap(List::stream)
        .anyMatch(point -> Double.isNaN(point.value()));
  }

  /** What was measured; the last accuracy is that of the end. */
  List<AtAverage> results() {
    return accuracies.entrySet().stream()
        .map(
            entry -> {
              List<Point> points = entry.getValue();
              double end = points.get(points.size() - 1).value();
              return new AtAverage(entry.getKey(), end, List.copyOf(points));
            })
        .toList();
  }
}
