package org.dl4jx.workbench.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.averaging.BatchNormalizationStatistics;
import org.dl4jx.averaging.WeightAverage;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.experiment.RunResult.AtAverage;
import org.dl4jx.workbench.experiment.RunResult.Point;
import org.dl4jx.workbench.notation.NamedAverage;

/** The averages of one run, and what is measured at them. */
final class Averages {
  private final MultiLayerNetwork network;
  private final Images images;
  private final int batchSize;
  private final List<Measured> averages = new ArrayList<>();

  /** An average with the accuracies so far. */
  private record Measured(NamedAverage named, WeightAverage average, List<Point> accuracies) {}

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
      all.averages.add(new Measured(named, average, new ArrayList<>()));
    }
    return all;
  }

  /** Says that an epoch has ended, as {@code fit(iterator)} does. */
  void epochEnd() {
    averages.forEach(measured -> measured.average.onEpochEnd(network));
  }

  /** Measures the accuracy at each average. */
  void measure(int iteration, ToDoubleFunction<MultiLayerNetwork> accuracy) {
    for (Measured measured : averages) {
      double there =
          measured.average.at(
              network, n -> hasStatistics(n) ? accuracy.applyAsDouble(n) : Double.NaN);
      measured.accuracies.add(new Point(iteration, there));
    }
  }

  /** Estimates them anew; false if activations are not finite. */
  private boolean hasStatistics(MultiLayerNetwork there) {
    try {
      BatchNormalizationStatistics.estimate(
          there, new ExistingDataSetIterator(images.batches(images.count(), batchSize).iterator()));
      return true;
    } catch (IllegalStateException notFinite) {
      return false;
    }
  }

  /** Whether an accuracy is not a number, because the output is not finite. */
  boolean isLost() {
    return averages.stream()
        .flatMap(measured -> measured.accuracies.stream())
        .anyMatch(point -> Double.isNaN(point.value()));
  }

  /** What was measured; the last accuracy is that of the end. */
  List<AtAverage> results() {
    return averages.stream()
        .map(
            measured -> {
              List<Point> points = measured.accuracies;
              double end = points.get(points.size() - 1).value();
              return new AtAverage(measured.named, end, List.copyOf(points));
            })
        .toList();
  }
}
