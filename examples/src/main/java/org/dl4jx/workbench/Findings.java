package org.dl4jx.workbench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.experiment.Run;
import org.dl4jx.workbench.experiment.RunResult;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.ScheduleNotation;
import org.dl4jx.workbench.report.Holm;
import org.dl4jx.workbench.report.Sample;

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
  private static final double SIGNIFICANCE = 0.05;

  /** Beyond this number of updaters, a sentence names only the extremes. */
  private static final int MOST_LISTED = 3;

  private final Map<NamedUpdater, Map<ScheduleNotation, Map<Long, RunResult>>> results =
      new HashMap<>();
  private final Collection<Run> runs;
  private final int images;
  private final NamedUpdater baseline;
  private final boolean tuned;

  /**
   * Looks at runs.
   *
   * @param runs the finished runs, at least one; there is one candidate per updater and schedule
   * @param baseline the updater that the others are compared with
   * @param tuned whether learning rates were chosen for these data
   */
  Findings(Collection<Run> runs, NamedUpdater baseline, boolean tuned) {
    for (Run run : runs) {
      Candidate candidate = run.settings().candidate();
      results
          .computeIfAbsent(candidate.updater(), u -> new HashMap<>())
          .computeIfAbsent(candidate.schedule(), s -> new HashMap<>())
          .put(run.settings().seed(), run.result());
    }
    this.runs = runs;
    this.images = runs.iterator().next().settings().setup().evaluationExamples();
    this.baseline = baseline;
    this.tuned = tuned;
  }

  /** The sentences; none if there is nothing to compare. */
  List<String> sentences() {
    List<List<Gap>> gains = schedules().map(this::gains).filter(gaps -> !gaps.isEmpty()).toList();
    List<Gap> others = schedules().flatMap(this::others).toList();
    boolean repeated =
        Stream.concat(gains.stream().flatMap(List::stream), others.stream())
            .anyMatch(Gap::isRepeated);
    List<String> sentences = new ArrayList<>();
    if (repeated) {
      Set<Gap> shown = shown(Stream.concat(gains.stream().flatMap(List::stream), others.stream()));
      gains.stream()
          .map(gaps -> gaps.stream().filter(Gap::isRepeated).toList())
          .filter(gaps -> !gaps.isEmpty())
          .forEach(gaps -> sentences.add(gainOverSeeds(gaps, shown)));
      others.stream()
          .filter(Gap::isRepeated)
          .max(Comparator.comparingDouble(Gap::size))
          .ifPresent(gap -> sentences.add(differenceOverSeeds(gap, shown)));
      if (!tuned) {
        sentences.add(
            "The learning rates are not tuned: the command tune chooses one for each updater and"
                + " schedule.");
      }
    } else {
      gains.forEach(gaps -> sentences.add(gainInOneRun(gaps)));
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

  private Stream<ScheduleNotation> schedules() {
    return results.values().stream()
        .flatMap(bySchedule -> bySchedule.keySet().stream())
        .distinct()
        .sorted(Comparator.comparing(ScheduleNotation::toString));
  }

  private Stream<NamedUpdater> updaters() {
    return results.keySet().stream().sorted(Comparator.comparingInt(NamedUpdater::number));
  }

  /**
   * How far one candidate is above another that differs in updater or schedule.
   *
   * @param updater of the one
   * @param schedule of the one
   * @param points accuracy of the one minus that of the other, in percentage points, by seed
   * @param explained points that the choice of test images explains, for one run each
   */
  private record Gap(
      NamedUpdater updater, ScheduleNotation schedule, Sample points, double explained) {
    boolean isRepeated() {
      return points.count() > 1;
    }

    /** As it is printed. */
    double rounded() {
      return Math.round(100 * points.mean()) / 100.0;
    }

    double size() {
      return Math.abs(points.mean());
    }

    /** Seeds that all differ by the same amount do not show how much they vary. */
    boolean hasInterval() {
      return !Double.isNaN(points.p());
    }

    String named(boolean signed) {
      String mean =
          signed
              ? String.format(Locale.ROOT, "%+.2f", rounded())
              : String.format(Locale.ROOT, "%.2f", Math.abs(rounded()));
      String interval =
          hasInterval() ? String.format(Locale.ROOT, " ± %.2f", points.halfWidth()) : "";
      return String.format("%s%s points (%s)", mean, interval, updater.label());
    }
  }

  /** The schedule against a constant rate, for every updater that has both. */
  private List<Gap> gains(ScheduleNotation schedule) {
    return schedule.equals(CONSTANT)
        ? List.of()
        : updaters()
            .flatMap(updater -> gap(updater, schedule, updater, CONSTANT).stream())
            .toList();
  }

  /** The other updaters against the baseline, under one schedule. */
  private Stream<Gap> others(ScheduleNotation schedule) {
    return updaters()
        .filter(updater -> updater != baseline)
        .flatMap(updater -> gap(updater, schedule, baseline, schedule).stream());
  }

  /** Empty if there is no seed that both have, or if one of both diverged with such a seed. */
  private Optional<Gap> gap(
      NamedUpdater updater,
      ScheduleNotation schedule,
      NamedUpdater otherUpdater,
      ScheduleNotation otherSchedule) {
    Map<Long, RunResult> mine = results(updater, schedule);
    Map<Long, RunResult> others = results(otherUpdater, otherSchedule);
    List<Long> seeds = mine.keySet().stream().filter(others::containsKey).sorted().toList();
    boolean diverged =
        seeds.stream().anyMatch(s -> mine.get(s).isDiverged() || others.get(s).isDiverged());
    if (seeds.isEmpty() || diverged) {
      return Optional.empty();
    }
    double[] points =
        seeds.stream()
            .mapToDouble(s -> 100 * (mine.get(s).accuracy() - others.get(s).accuracy()))
            .toArray();
    double variance =
        Stream.of(mine, others)
            .mapToDouble(results -> results.get(seeds.get(0)).accuracy())
            .map(p -> p * (1 - p) / images)
            .sum();
    return Optional.of(
        new Gap(updater, schedule, Sample.of(points), 100 * STANDARD_ERRORS * Math.sqrt(variance)));
  }

  private Map<Long, RunResult> results(NamedUpdater updater, ScheduleNotation schedule) {
    return results.getOrDefault(updater, Map.of()).getOrDefault(schedule, Map.of());
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

  /** Those that are significant after adjusting for their number. */
  private static Set<Gap> shown(Stream<Gap> gaps) {
    List<Gap> repeated = gaps.filter(Gap::isRepeated).toList();
    double[] p = Holm.adjusted(repeated.stream().mapToDouble(gap -> gap.points.p()).toArray());
    return IntStream.range(0, p.length)
        .filter(i -> p[i] < SIGNIFICANCE)
        .mapToObj(repeated::get)
        .collect(Collectors.toSet());
  }

  private static String gainOverSeeds(List<Gap> gaps, Set<Gap> shown) {
    boolean allShown = shown.containsAll(gaps);
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
              .sorted(Comparator.comparingDouble(gap -> signed ? gap.points.mean() : gap.size()))
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
        gaps.get(0).schedule,
        amounts,
        end);
  }

  private String differenceOverSeeds(Gap greatest, Set<Gap> shown) {
    return String.format(
        "Beside %s, the greatest difference%s is %s, which is %ssignificant after adjusting for the"
            + " comparisons.",
        baseline.label(),
        greatest.schedule.equals(CONSTANT) ? " at a constant rate" : " with " + greatest.schedule,
        greatest.named(true),
        shown.contains(greatest) ? "" : "not ");
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
          clearest.schedule.equals(CONSTANT) ? "At a constant rate" : "With " + clearest.schedule,
          clearest.updater.label(),
          clearest.size(),
          clearest.points.mean() > 0 ? "more" : "less",
          baseline.label(),
          tuned ? "" : " at a learning rate that is not tuned",
          tuned ? "" : ", and the command tune chooses rates");
    }
    double greatest = gaps.stream().mapToDouble(Gap::size).max().orElseThrow();
    List<String> names = gaps.stream().map(gap -> gap.updater.label()).distinct().toList();
    long schedules = gaps.stream().map(Gap::schedule).distinct().count();
    return String.format(
        Locale.ROOT,
        "%s by %s%.2f points%s, too little to tell from chance in one run each:"
            + " -Dexec.args=\"--seeds 5\" gives intervals.",
        names.size() == 1
            ? String.format("%s and %s differ", baseline.label(), names.get(0))
            : "The updaters differ from " + baseline.label(),
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
