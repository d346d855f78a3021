package org.dl4jx.workbench.lab;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** A gradient that changes over time in a known way, independent of the updater. */
public enum Signal {
  /** Small and constant, with two spikes. */
  SPIKES(
      "spikes",
      "Rare spikes",
      "0.1 in every iteration, but 10 in iterations 500 and 2500",
      4500,
      new Closeup(480, 680),
      i -> i == 500 || i == 2500 ? 10 : 0.1,
      0,
      """
      Before the first spike, Adam and AMSGrad take steps of η, however small the gradient \
      is. A spike raises √V, and their steps stay small long after it. Adam forgets the \
      spike over a few thousand iterations, so its steps grow back; AMSGrad divides by the \
      largest V so far and stays slow. AdaBound does not slow down, because its lower bound \
      keeps the step up. Plain gradient descent passes the spike on, at a hundred times its \
      usual step, and has forgotten it in the next iteration; momentum takes about forty."""),
  /** Constant, with a sign that changes now and then. */
  SQUARE(
      "square",
      "A square wave",
      "1 for 40 iterations, then -1 for 40, and so on",
      240,
      new Closeup(0, 240),
      i -> i / 40 % 2 == 0 ? 1 : -1,
      0,
      """
      Plain gradient descent turns with the gradient. Momentum adds up gradients, to ten \
      times a single one, and keeps moving against the gradient for several iterations \
      before it turns; so does Adam's M. Squares do not show a change of sign: √V is 1 \
      throughout, so Adam's update is M. AdaBound's updates grow from wave to wave, because \
      its bounds rise towards a hundred times η. Averaged momentum turns last, since each of \
      its steps takes three iterations."""),
  /** A wave with noise. */
  SINE(
      "sine",
      "A noisy sine",
      "sin(2π t / 80), plus noise of standard deviation 0.5",
      240,
      new Closeup(0, 240),
      i -> Math.sin(2 * Math.PI * i / 80),
      0.5,
      """
      Plain gradient descent passes the noise on unchanged. Momentum and Adam's M follow the \
      wave beneath it, with a short delay. The steps of averaged momentum are smoother \
      still, because each is made of three gradients.""");

  private static final long SEED = 42;

  /** The iterations that are also drawn alone. */
  record Closeup(int from, int to) {
    boolean isWhole(Signal signal) {
      return from == 0 && to == signal.iterations;
    }
  }

  private final String label;
  private final String title;
  private final String formula;
  private final int iterations;
  private final Closeup closeup;
  private final IntToDoubleFunction gradient;
  private final double noise;
  private final String whatToLookFor;

  Signal(
      String label,
      String title,
      String formula,
      int iterations,
      Closeup closeup,
      IntToDoubleFunction gradient,
      double noise,
      String whatToLookFor) {
    this.label = label;
    this.title = title;
    this.formula = formula;
    this.iterations = iterations;
    this.closeup = closeup;
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

  Closeup closeup() {
    return closeup;
  }

  /** In the picture with all updaters. */
  String whatToLookFor() {
    return whatToLookFor;
  }

  /** One per iteration. */
  double[] gradients() {
    Random random = new Random(SEED);
    return IntStream.range(0, iterations)
        .mapToDouble(i -> gradient.applyAsDouble(i) + noise * random.nextGaussian())
        .toArray();
  }
}
