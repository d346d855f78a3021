package org.dl4jx.workbench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.experiment.Run;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.ScheduleNotation;
import org.dl4jx.workbench.report.Baseline;
import org.dl4jx.workbench.report.Comparison;
import org.dl4jx.workbench.report.Difference;
import org.dl4jx.workbench.report.Difference.Verdict;
import org.dl4jx.workbench.report.Metric;

/**
 * What the accuracies of a comparison show about schedules and updaters, and what to try next, in a
 * few sentences.
 *
 * <p>One run each says nothing about other seeds. All it allows is a look at the test images: on n
 * of them, an accuracy p has a standard error of √(p (1 - p) / n), and the difference of two
 * accuracies has the root of the sum of both squares. Twice that is taken for what the choice of
 * images explains, which is rather too much, since the images are the same for both. Where there
 * are several seeds, the differences within each seed have a 95 % interval by Student's t instead.
 */
final class Findings {
  private static final ScheduleNotation CONSTANT = ScheduleNotation.parse("constant");
  private static final double STANDARD_ERRORS = 2;

  /** Beyond this number of updaters, a sentence names only the extremes. */
  private static final int MOST_LISTED = 3;

  private final Comparison comparison;
  private final Collection<Run> runs;
  private final int images;
  private final Baseline baseline;
  private final boolean tuned;

  /**
   * Looks at runs.
   *
   * @param runs the finished runs, at least one; there is one candidate per updater and schedule
   * @param baseline the updater that the others are compared with
   * @param tuned whether learning rates were chosen for these data
   */
  Findings(Collection<Run> runs, NamedUpdater baseline, boolean tuned) {
    this.runs = runs;
    this.images = runs.iterator().next().settings().setup().evaluationExamples();
    this.baseline = new Baseline(baseline, null);
    this.comparison = new Comparison(runs, this.baseline);
    this.tuned = tuned;
  }

  /** The sentences; none if there is nothing to compare. */
  List<String> sentences() {
    List<Gap> all = gaps();
    boolean repeated = all.stream().anyMatch(Gap::isRepeated);
    List<Gap> gaps = repeated ? all.stream().filter(Gap::isRepeated).toList() : all;
    Collection<List<Gap>> gains =
        gaps.stream()
            .filter(Gap::isGain)
            .collect(Collectors.groupingBy(Gap::schedule, LinkedHashMap::new, Collectors.toList()))
            .values();
    List<Gap> others = gaps.stream().filter(gap -> !gap.isGain()).toList();
    List<String> sentences = new ArrayList<>();
    if (repeated) {
      gains.forEach(gain -> sentences.add(gainOverSeeds(gain)));
      others.stream()
          .max(Comparator.comparingDouble(Gap::size))
          .ifPresent(gap -> sentences.add(differenceOverSeeds(gap)));
      if (!tuned) {
        sentences.add(
            "The learning rates are not tuned: the command tune chooses one for each updater and"
                + " schedule.");
      }
    } else {
      gains.forEach(gain -> sentences.add(gainInOneRun(gain)));
      if (!others.isEmpty()) {
        sentences.add(differenceInOneRun(others));
      } else if (!gains.isEmpty()) {
        sentences.add("That is one run each: -Dexec.args=\"--seeds 5\" gives intervals.");
      }
    }
    long diverged = runs.stream().filter(run -> run.result().isDiverged()).count();
    if (diverged > 0) {
      sentences.add(
          String.format(
              "Runs that diverged (%d of %d) are not compared: lr-find suggests a learning rate.",
              diverged, runs.size()));
    }
    return sentences;
  }

  /**
   * Every schedule against a constant rate, and the updaters against the baseline under the same
   * schedule, judged together. Pairs of which one diverged are left out.
   */
  private List<Gap> gaps() {
    Stream<Difference> gains = differences(c -> new Baseline(c.updater(), CONSTANT));
    Stream<Difference> others = differences(c -> baseline);
    List<Difference> differences =
        Stream.concat(gains, others).filter(d -> d.pairs() > 0 && d.unpaired() == 0).toList();
    return Difference.judged(differences, Metric.ACCURACY).stream()
        .map(d -> new Gap(d, explained(d.candidate(), d.baseline())))
        .toList();
  }

  private Stream<Difference> differences(Function<Candidate, Baseline> baselines) {
    List<Candidate> candidates = comparison.trained();
    return candidates.stream()
        .flatMap(
            c ->
                baselines.apply(c).of(c, candidates).stream()
                    .map(other -> comparison.difference(c, other, Metric.ACCURACY)));
  }

  /** The points that the choice of test images explains, for one run each. */
  private double explained(Candidate candidate, Candidate other) {
    long seed = comparison.seeds(candidate, other).get(0);
    double variance =
        Stream.of(candidate, other)
            .mapToDouble(c -> comparison.result(c, seed).accuracy())
            .map(p -> p * (1 - p) / images)
            .sum();
    return 100 * STANDARD_ERRORS * Math.sqrt(variance);
  }

  /**
   * How far one candidate is above another that differs in updater or schedule, in percentage
   * points.
   *
   * @param difference in accuracy, judged
   * @param explained points that the choice of test images explains, for one run each
   */
  private record Gap(Difference difference, double explained) {
    NamedUpdater updater() {
      return difference.candidate().updater();
    }

    ScheduleNotation schedule() {
      return difference.candidate().schedule();
    }

    /** Whether it is a schedule against a constant rate, and not one updater against another. */
    boolean isGain() {
      return difference.baseline().updater().equals(updater());
    }

    boolean isRepeated() {
      return difference.pairs() > 1;
    }

    double mean() {
      return 100 * difference.sample().mean();
    }

    /** As it is printed. */
    double rounded() {
      return Math.round(100 * mean()) / 100.0;
    }

    double size() {
      return Math.abs(mean());
    }

    boolean isShown() {
      return difference.verdict() == Verdict.BETTER || difference.verdict() == Verdict.WORSE;
    }

    /** Seeds that all differ by the same amount do not show how much they vary. */
    boolean hasInterval() {
      return !Double.isNaN(difference.adjustedP());
    }

    String named(boolean signed) {
      String mean =
          signed
              ? String.format(Locale.ROOT, "%+.2f", rounded())
              : String.format(Locale.ROOT, "%.2f", Math.abs(rounded()));
      String interval =
          hasInterval()
              ? String.format(Locale.ROOT, " ± %.2f", 100 * difference.sample().halfWidth())
              : "";
      return String.format("%s%s points (%s)", mean, interval, updater().label());
    }
  }

  private String gainInOneRun(List<Gap> gaps) {
    double explained = gaps.stream().mapToDouble(Gap::explained).max().orElseThrow();
    long beyond = gaps.stream().filter(gap -> gap.size() > explained).count();
    String form;
    if (beyond == gaps.size()) {
      form = ", beyond the ±%2$.2f points that the choice of %1$,d test images explains";
    } else if (beyond == 0) {
      form = ", within the ±%2$.2f points that the choice of %1$,d test images explains";
    } else {
      form = "; the choice of %1$,d test images explains ±%2$.2f points";
    }
    return gain(
        "From the same weights and batches",
        gaps,
        true,
        String.format(Locale.ROOT, form, images, explained));
  }

  private static String gainOverSeeds(List<Gap> gaps) {
    boolean allShown = gaps.stream().allMatch(Gap::isShown);
    return gain(
        "Over the seeds",
        gaps,
        allShown,
        " (means with 95 % intervals)"
            + (allShown ? "" : "; not all of it is significant after adjusting for the comparisons")
            + (gaps.stream().allMatch(Gap::hasInterval)
                ? ""
                : "; where all seeds differ by the same amount, there is no interval"));
  }

  /**
   * The sentence on a schedule.
   *
   * @param clear whether it may be called more or less accurate, if it is so for all
   */
  private static String gain(String start, List<Gap> gaps, boolean clear, String end) {
    List<Double> signs = gaps.stream().map(gap -> Math.signum(gap.rounded())).distinct().toList();
    boolean signed = !clear || signs.size() > 1 || signs.get(0) == 0;
    String amounts;
    if (gaps.size() > MOST_LISTED) {
      List<Gap> sorted =
          gaps.stream()
              .sorted(Comparator.comparingDouble(gap -> signed ? gap.mean() : gap.size()))
              .toList();
      amounts =
          String.format(
              "between %s and %s",
              sorted.get(0).named(signed), sorted.get(sorted.size() - 1).named(signed));
    } else {
      amounts = listed(gaps.stream().map(gap -> gap.named(signed)).toList());
    }
    return String.format(
        signed
            ? "%s, %s changes the accuracy by %s compared with a constant rate%s."
            : "%s, training with %s ends %s "
                + (signs.get(0) > 0 ? "more" : "less")
                + " accurate than at a constant rate%s.",
        start,
        gaps.get(0).schedule(),
        amounts,
        end);
  }

  private String differenceOverSeeds(Gap greatest) {
    return String.format(
        "Beside %s, the greatest difference%s is %s, which is %ssignificant after adjusting for the"
            + " comparisons.",
        baseline.updater().label(),
        greatest.schedule().equals(CONSTANT)
            ? " at a constant rate"
            : " with " + greatest.schedule(),
        greatest.named(true),
        greatest.isShown() ? "" : "not ");
  }

  private String differenceInOneRun(List<Gap> gaps) {
    Gap clearest =
        gaps.stream()
            .max(Comparator.comparingDouble(gap -> gap.size() / gap.explained))
            .orElseThrow();
    if (clearest.size() > clearest.explained) {
      return String.format(
          Locale.ROOT,
          "%s, %s ends %.2f points %s accurate than %s, more than the choice of test images explains,"
              + " but in one run%s: -Dexec.args=\"--seeds 5\" gives intervals%s.",
          clearest.schedule().equals(CONSTANT)
              ? "At a constant rate"
              : "With " + clearest.schedule(),
          clearest.updater().label(),
          clearest.size(),
          clearest.mean() > 0 ? "more" : "less",
          baseline.updater().label(),
          tuned ? "" : " at a learning rate that is not tuned",
          tuned ? "" : ", and the command tune chooses rates");
    }
    double greatest = gaps.stream().mapToDouble(Gap::size).max().orElseThrow();
    List<String> names = gaps.stream().map(gap -> gap.updater().label()).distinct().toList();
    long schedules = gaps.stream().map(Gap::schedule).distinct().count();
    return String.format(
        Locale.ROOT,
        "%s by %s%.2f points%s, too little to tell from chance in one run each:"
            + " -Dexec.args=\"--seeds 5\" gives intervals.",
        names.size() == 1
            ? String.format("%s and %s differ", baseline.updater().label(), names.get(0))
            : "The updaters differ from " + baseline.updater().label(),
        gaps.size() == 1 ? "" : "at most ",
        greatest,
        schedules == 1 ? "" : " under the same schedule");
  }

  private static String listed(List<String> parts) {
    int last = parts.size() - 1;
    return last == 0
        ? parts.get(0)
        : String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
  }
}
