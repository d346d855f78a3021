package org.dl4jx.workbench.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.dl4jx.workbench.experiment.Candidate;

/**
 * A candidate compared with its baseline, seed by seed.
 *
 * @param candidate what is compared
 * @param baseline what it is compared with
 * @param sample the differences of the pairs, candidate minus baseline
 * @param unpaired number of seeds left out because one of the two runs diverged
 * @param wins number of seeds on which the candidate is better
 * @param ties number of seeds on which both are equal
 * @param losses number of seeds on which the baseline is better
 * @param adjustedP p-value of the mean difference, adjusted for the number of comparisons; NaN if
 *     there is none
 * @param verdict what may be concluded
 */
public record Difference(
    Candidate candidate,
    Candidate baseline,
    Sample sample,
    int unpaired,
    int wins,
    int ties,
    int losses,
    double adjustedP,
    Verdict verdict) {
  private static final double SIGNIFICANCE = 0.05;

  /** What may be concluded. */
  public enum Verdict {
    BETTER("better"),
    WORSE("worse"),
    NOT_SHOWN("no difference shown"),
    ONE_PAIR("not judged: fewer than 2 pairs"),
    ALL_EQUAL("not judged: all pairs differ alike"),
    DIVERGED("not judged: diverged");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  static Difference of(
      Candidate candidate, Candidate baseline, double[] differences, int unpaired, Metric metric) {
    return new Difference(
        candidate,
        baseline,
        Sample.of(differences),
        unpaired,
        count(differences, metric, 1),
        count(differences, metric, 0),
        count(differences, metric, -1),
        Double.NaN,
        null);
  }

  private static int count(double[] differences, Metric metric, int sign) {
    return (int) DoubleStream.of(differences).filter(d -> metric.sign(d) == sign).count();
  }

  /**
   * Judges by p-values that are adjusted for the number of comparisons.
   *
   * @param differences all that are reported together
   * @param metric by which they were taken
   * @return the same differences with verdicts
   */
  public static List<Difference> judged(List<Difference> differences, Metric metric) {
    double[] adjusted =
        Holm.adjusted(differences.stream().mapToDouble(d -> d.sample.p()).toArray());
    return IntStream.range(0, adjusted.length)
        .mapToObj(i -> differences.get(i).judged(adjusted[i], metric))
        .toList();
  }

  private Difference judged(double p, Metric metric) {
    Verdict verdict;
    if (unpaired > 0) {
      verdict = Verdict.DIVERGED;
    } else if (Double.isNaN(p)) {
      verdict = pairs() < 2 ? Verdict.ONE_PAIR : Verdict.ALL_EQUAL;
    } else if (p >= SIGNIFICANCE) {
      verdict = Verdict.NOT_SHOWN;
    } else {
      verdict = metric.sign(sample.mean()) > 0 ? Verdict.BETTER : Verdict.WORSE;
    }
    return new Difference(candidate, baseline, sample, unpaired, wins, ties, losses, p, verdict);
  }

  /**
   * The number of seeds that were compared.
   *
   * @return the number
   */
  @JsonIgnore
  public int pairs() {
    return sample.count();
  }
}
