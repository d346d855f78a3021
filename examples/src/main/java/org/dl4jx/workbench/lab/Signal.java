package org.dl4jx.workbench.lab;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** A gradient that changes over time in a known way, whatever the updater does. */
public enum Signal {
  /** Small and constant, with two spikes. */
  SPIKES(
      "spikes",
      "Rare spikes",
      "0.1 in every iteration, but 10 in iterations 500 and 2500",
      4500,
      i -> i == 500 || i == 2500 ? 10 : 0.1,
      0,
      "In front of the first spike Adam and AMSGrad take steps of η, however small the "
          + "gradient is. A spike raises √V, and for long after it their steps are small. Adam "
          + "forgets the spike over some thousand iterations, and its steps grow back; AMSGrad "
          + "divides by the greatest V there was, and stays slow. AdaBound does not slow down, "
          + "because its lower bound holds the step up. Plain gradient descent passes the spike "
          + "on, a hundred times its usual step, and has forgotten it in the next iteration; "
          + "momentum forgets it over some forty."),
  /** Constant, with a sign that changes now and then. */
  SQUARE(
      "square",
      "A square wave",
      "1 for 40 iterations, then -1 for 40, and so on",
      240,
      i -> i / 40 % 2 == 0 ? 1 : -1,
      0,
      "Plain gradient descent turns with the gradient. What has momentum sums up "
          + "gradients, to ten times one of them, and runs on against the gradient for several "
          + "iterations before it turns; so does Adam's M. Squares do not show a change of "
          + "sign: √V is 1 throughout, so Adam's update is M. AdaBound's updates grow from wave "
          + "to wave, because its bounds rise towards a hundred times η. The averaged ones turn "
          + "latest: each of their steps takes three iterations."),
  /** A wave under noise. */
  SINE(
      "sine",
      "A sine with noise",
      "sin(2π t / 80), plus noise of standard deviation 0.5",
      240,
      i -> Math.sin(2 * Math.PI * i / 80),
      0.5,
      "Plain gradient descent hands the noise on as it is. Momentum and Adam's M follow "
          + "the wave below it, a little late. The steps of averaged momentum are smoother "
          + "still, because each is made of three gradients.");

  private static final long SEED = 42;

  private final String label;
  private final String title;
  private final String formula;
  private final int iterations;
  private final IntToDoubleFunction gradient;
  private final double noise;
  private final String whatToLookFor;

  Signal(
      String label,
      String title,
      String formula,
      int iterations,
      IntToDoubleFunction gradient,
      double noise,
      String whatToLookFor) {
    this.label = label;
    this.title = title;
    this.formula = formula;
    this.iterations = iterations;
    this.gradient = gradient;
    this.noise = noise;
    this.whatToLookFor = whatToLookFor;
  }

  /**
   * The name on the command line.
   *
   * @return the name
   */
  public String label() {
    return label;
  }

  String title() {
    return title;
  }

  String formula() {
    return formula;
  }

  /** In the picture of all updaters. */
  String whatToLookFor() {
    return whatToLookFor;
  }

  /** One an iteration. */
  double[] gradients() {
    Random random = new Random(SEED);
    return IntStream.range(0, iterations)
        .mapToDouble(i -> gradient.applyAsDouble(i) + noise * random.nextGaussian())
        .toArray();
  }
}
