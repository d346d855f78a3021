package org.dl4jx.workbench.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dl4jx.workbench.data.EmbeddedMnist;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.experiment.RangeTest.Curve;
import org.dl4jx.workbench.experiment.RangeTest.Point;
import org.dl4jx.workbench.models.NamedModel;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.junit.jupiter.api.Test;

class RangeTestTest {
  private static final EmbeddedMnist MNIST = new EmbeddedMnist();

  /** A smoothed loss for each rate 1, 10, 100, ... */
  private static Curve curve(double... losses) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < losses.length; i++) {
      points.add(new Point(Math.pow(10, i), losses[i], losses[i]));
    }
    return new Curve(points);
  }

  @Test
  void theSteepestFallAndATenthOfTheMinimumAreSuggested() {
    Curve curve = curve(2.3, 2.2, 1.5, 1.2, 1.1, 3);

    assertThat(curve.steepest()).isEqualTo(100);
    assertThat(curve.tenthOfMinimum()).isEqualTo(1000);
  }

  /** The fall of 1 / (1 + x) over the logarithm of x is steepest at x = 1. */
  @Test
  void noiseDoesNotMislead() {
    Random random = new Random(3);
    List<Point> points = new ArrayList<>();
    double average = 0;
    for (int i = 0; i < 470; i++) {
      double rate = Math.pow(10, -4 + i / 67.0);
      double loss = 2 / (1 + rate) + 0.02 * random.nextGaussian();
      average = i == 0 ? loss : 0.9 * average + 0.1 * loss;
      points.add(new Point(rate, loss, average));
    }

    // The average is ten iterations late, which is a factor of 1.4.
    assertThat(new Curve(points).steepest()).isBetween(0.5, 2.0);
  }

  @Test
  void aLossThatNeverFallsSuggestsNothing() {
    assertThat(curve(1, 2, 3).steepest()).isNaN();
    assertThat(curve(1, 2, 3).tenthOfMinimum()).isNaN();
    assertThat(curve().steepest()).isNaN();
    assertThat(curve().tenthOfMinimum()).isNaN();
  }

  @Test
  void theRateRisesExponentiallyUntilTheLossIsFarAboveItsMinimum() throws IOException {
    Images train = MNIST.train().first(640);
    RangeTest test = new RangeTest(1e-5, 1e5, 101, 32, 0, 1);

    List<Point> points = test.run(NamedModel.MLP, MNIST.shape(), train, NamedUpdater.SGD).points();

    assertThat(points).hasSizeBetween(30, 100);
    for (int i = 0; i < points.size(); i++) {
      double rate = Math.pow(10, -5 + i / 10.0);
      assertThat(points.get(i).learningRate()).isCloseTo(rate, within(1e-12 * rate));
    }
    double least = points.stream().mapToDouble(Point::smoothed).min().orElseThrow();
    assertThat(points.get(points.size() - 2).smoothed()).isLessThanOrEqualTo(4 * least);
  }

  @Test
  void theFirstSmoothedLossIsTheLoss() throws IOException {
    Images train = MNIST.train().first(64);
    RangeTest test = new RangeTest(1e-5, 1, 10, 32, 0, 1);

    Point first = test.run(NamedModel.MLP, MNIST.shape(), train, NamedUpdater.ADAM).points().get(0);

    assertThat(first.smoothed()).isCloseTo(first.loss(), within(1e-12));
  }
}
