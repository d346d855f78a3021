package org.dl4jx.workbench.tuning;

import static org.dl4jx.schedules.checks.Argument.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.dl4jx.workbench.experiment.Candidate;

/**
 * Decides what to try for an updater and schedule. All updaters have the same number of trials and
 * the same rules:
 *
 * <ol>
 *   <li>Seven learning rates around the usual one, in steps of √10.
 *   <li>While the best rate is the lowest or the highest so far: the next one beyond it, at most
 *       twice.
 *   <li>With the remaining trials, for updaters with weight decay: at the best rate, the decay
 *       times 10, 1/10, √10 and 1/√10. For the others: the best rate times 10 to the power of 1/4,
 *       -1/4, 1/8 and -1/8.
 * </ol>
 *
 * @param first the candidate with the usual learning rate and decay
 * @param trials number of trials
 */
public record Search(Candidate first, int trials) {
  /** The default number of trials. */
  public static final int USUAL_TRIALS = 11;

  private static final int RATES = 7;
  private static final int MOST_EXTENSIONS = 2;
  private static final double[] DECAY_EXPONENTS = {1, -1, 0.5, -0.5};
  private static final double[] RATE_EXPONENTS = {0.25, -0.25, 0.125, -0.125};

  /** Checks the number. */
  public Search {
    checkTrials(trials);
  }

  static void checkTrials(int trials) {
    check(
        trials >= RATES && trials <= USUAL_TRIALS,
        "trials",
        trials,
        "a number from " + RATES + " to " + USUAL_TRIALS);
  }

  /**
   * The lowest and the highest learning rate that may be tried.
   *
   * @return both
   */
  public List<Candidate> extremes() {
    double furthest = (RATES / 2 + MOST_EXTENSIONS) / 2.0 + RATE_EXPONENTS[0];
    return List.of(rate(first.learningRate(), -furthest), rate(first.learningRate(), furthest));
  }

  /**
   * What to try next.
   *
   * @param done the trials so far, in the order in which this method returned them
   * @return the next candidate; empty if all trials have been made
   */
  public Optional<Candidate> next(List<Trial> done) {
    if (done.size() == trials) {
      return Optional.empty();
    }
    if (done.size() < RATES) {
      return Optional.of(rate(first.learningRate(), (done.size() - RATES / 2) / 2.0));
    }
    int extensions = extensions(done);
    List<Trial> coarse = done.subList(0, RATES + extensions);
    boolean fine = done.size() > coarse.size();
    if (!fine && extensions < MOST_EXTENSIONS && isAtEdge(coarse)) {
      double best = best(coarse).candidate().learningRate();
      return Optional.of(rate(best, best == least(coarse) ? -0.5 : 0.5));
    }
    Candidate best = best(coarse).candidate();
    int step = done.size() - coarse.size();
    return Optional.of(
        first.updater().decaysWeights()
            ? decay(best, DECAY_EXPONENTS[step])
            : rate(best.learningRate(), RATE_EXPONENTS[step]));
  }

  /**
   * Whether a candidate has the updater and schedule of this search.
   *
   * @param trial any candidate
   * @return true if it does
   */
  public boolean isFor(Candidate trial) {
    return trial.updater().equals(first.updater()) && trial.schedule().equals(first.schedule());
  }

  /** How many of the trials after the first seven went beyond an edge. */
  private static int extensions(List<Trial> done) {
    int extensions = 0;
    while (extensions < MOST_EXTENSIONS && RATES + extensions < done.size()) {
      List<Trial> before = done.subList(0, RATES + extensions);
      double next = done.get(before.size()).candidate().learningRate();
      if (next >= least(before) && next <= greatest(before)) {
        break;
      }
      extensions++;
    }
    return extensions;
  }

  private Candidate rate(double rate, double exponent) {
    return new Candidate(
        first.updater(),
        first.schedule(),
        rounded(rate * Math.pow(10, exponent)),
        first.weightDecay());
  }

  private static Candidate decay(Candidate best, double exponent) {
    return new Candidate(
        best.updater(),
        best.schedule(),
        best.learningRate(),
        rounded(best.weightDecay() * Math.pow(10, exponent)));
  }

  /** With three digits, so that names and files are readable. */
  private static double rounded(double value) {
    return Double.parseDouble(String.format(Locale.ROOT, "%.3g", value));
  }

  /**
   * The best trial.
   *
   * @param trials at least one
   * @return the one with the highest accuracy
   */
  public static Trial best(List<Trial> trials) {
    return Collections.max(trials, Trial.BY_QUALITY);
  }

  /**
   * Whether the best learning rate is the lowest or the highest that was tried, so that there may
   * be a better one beyond it.
   *
   * @param trials at least one
   * @return true if it is
   */
  public static boolean isAtEdge(List<Trial> trials) {
    double best = best(trials).candidate().learningRate();
    return best == least(trials) || best == greatest(trials);
  }

  private static double least(List<Trial> trials) {
    return rates(trials).get(0);
  }

  private static double greatest(List<Trial> trials) {
    List<Double> rates = rates(trials);
    return rates.get(rates.size() - 1);
  }

  private static List<Double> rates(List<Trial> trials) {
    List<Double> rates = new ArrayList<>();
    trials.forEach(trial -> rates.add(trial.candidate().learningRate()));
    Collections.sort(rates);
    return rates;
  }
}
