package org.dl4jx.workbench.experiment;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.notNegative;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.workbench.data.ImageShape;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.models.NamedModel;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * The learning-rate range test: a short training in which the rate rises exponentially, from one at
 * which nothing happens to one at which the loss grows. The trained network is thrown away.
 *
 * <p>Leslie N. Smith, <a href="https://arxiv.org/abs/1506.01186">Cyclical learning rates for
 * training neural networks</a> (2017), section 3.3.
 *
 * @param from the first learning rate
 * @param to the last one
 * @param iterations the most there are
 * @param batchSize images per batch
 * @param weightDecay for updaters with weight decay
 * @param seed decides the initial weights and the order of the images
 */
public record RangeTest(
    double from, double to, int iterations, int batchSize, double weightDecay, long seed) {
  /** The share of the iterations over which losses are smoothed, and by which they lag behind. */
  private static final double SMOOTHED = 0.02;

  /** The share of the points over which the slope is measured. Over fewer, it would be noise. */
  private static final double WINDOW = 0.05;

  /** The test ends once the smoothed loss is this many times its minimum. */
  private static final double ENOUGH = 4;

  /** Checks the numbers. */
  public RangeTest {
    Candidate.representable("from", from);
    Candidate.representable("to", to);
    check(from < to, "to", to, "a number > from = " + from);
    check(iterations >= 2, "iterations", iterations, "a number >= 2");
    check(batchSize >= 1, "batchSize", batchSize, "a number >= 1");
    notNegative("weightDecay", weightDecay);
  }

  /**
   * A point of the curve.
   *
   * @param learningRate the rate
   * @param loss of the batch
   * @param smoothed exponentially weighted mean of the losses so far
   */
  public record Point(double learningRate, double loss, double smoothed) {}

  /**
   * Runs the test.
   *
   * @param model the network
   * @param shape of the images
   * @param train the training images
   * @param updater the updater
   * @return one point per iteration, up to the one that ended the test
   */
  public Curve run(NamedModel model, ImageShape shape, Images train, NamedUpdater updater) {
    double growth = Math.pow(to / from, 1.0 / (iterations - 1));
    IUpdater rising = updater.create(from, weightDecay);
    rising.setLrAndSchedule(
        Double.NaN, new ExponentialSchedule(ScheduleType.ITERATION, from, growth));
    MultiLayerNetwork network =
        updater.listen(
            model.network(shape, rising, seed, conf -> updater.attachDecay(conf, weightDecay)));
    Batches batches = new Batches(train, batchSize, seed);
    List<Point> points = new ArrayList<>();
    double smoothing = 1 - 1 / Math.max(1, SMOOTHED * iterations);
    double average = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < iterations; i++) {
      double penalty = Trainer.penalty(updater, network);
      if (!Trainer.fit(network, batches.next())) {
        break;
      }
      double loss = network.score() - penalty;
      average = smoothing * average + (1 - smoothing) * loss;
      double smoothed = average / (1 - Math.pow(smoothing, i + 1));
      points.add(new Point(from * Math.pow(growth, i), loss, smoothed));
      least = Math.min(least, smoothed);
      if (smoothed > ENOUGH * least) {
        break;
      }
    }
    return new Curve(points);
  }

  /**
   * The result of a test.
   *
   * @param points from the lowest learning rate to the highest
   */
  public record Curve(List<Point> points) {
    /**
     * The point with the lowest smoothed loss.
     *
     * @return its index in {@link #points()}; -1 if there are none
     */
    public int minimum() {
      int minimum = points.isEmpty() ? -1 : 0;
      for (int i = 1; i < points.size(); i++) {
        if (points.get(i).smoothed() < points.get(minimum).smoothed()) {
          minimum = i;
        }
      }
      return minimum;
    }

    /**
     * The learning rate before the minimum at which the smoothed loss falls fastest, over the
     * logarithm of the rate.
     *
     * @return the rate; NaN if the loss never falls
     */
    public double steepest() {
      double steepest = Double.NaN;
      double greatest = 0;
      int window = (int) Math.max(1, WINDOW * points.size());
      int first = window == 1 ? 0 : window; // The first losses are hardly smoothed.
      for (int i = first + window; i <= minimum(); i++) {
        double fall = points.get(i - window).smoothed() - points.get(i).smoothed();
        if (fall > greatest) {
          greatest = fall;
          steepest = points.get(i - window / 2).learningRate();
        }
      }
      return steepest;
    }

    /**
     * A tenth of the learning rate with the lowest smoothed loss, which keeps a distance from the
     * rates at which training diverges.
     *
     * @return the rate; NaN if the loss never falls
     */
    public double tenthOfMinimum() {
      int minimum = minimum();
      return minimum < 1 ? Double.NaN : points.get(minimum).learningRate() / 10;
    }
  }
}
