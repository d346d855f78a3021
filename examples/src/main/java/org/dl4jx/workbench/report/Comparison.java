package org.dl4jx.workbench.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.experiment.Run;
import org.dl4jx.workbench.experiment.RunResult;
import org.dl4jx.workbench.experiment.RunResult.AtAverage;
import org.dl4jx.workbench.experiment.RunResult.Point;
import org.dl4jx.workbench.experiment.RunSettings;
import org.dl4jx.workbench.experiment.Setup;
import org.dl4jx.workbench.notation.NamedAverage;
import org.dl4jx.workbench.notation.NamedUpdater;

/** Finished runs by candidate and seed, and their statistics. */
public final class Comparison {
  private static final Comparator<Candidate> ORDER =
      Comparator.comparing((Candidate c) -> c.schedule().toString())
          .thenComparing(c -> c.updater().number())
          .thenComparing(c -> c.updater().label())
          .thenComparing(Candidate::learningRate)
          .thenComparing(Candidate::weightDecay);

  /** Chance is 0.1; three standard deviations of a share of 1,000 images are 0.03. */
  private static final double NOT_LEARNED = 0.13;

  private final Map<Candidate, Map<Long, Run>> runs = new TreeMap<>(ORDER);
  private final Map<Candidate, Double> greatestRates = new HashMap<>();
  private final Baseline baseline;
  private final Setup setup;

  /**
   * Takes runs.
   *
   * @param runs the finished runs, at least one; all have the same setup
   * @param baseline what candidates are compared with
   */
  public Comparison(Collection<Run> runs, Baseline baseline) {
    for (Run run : runs) {
      add(run);
      for (AtAverage average : run.result().averages()) {
        add(at(average.average(), run.result().at(average), run));
      }
      if (run.result().isDiverged()) {
        for (NamedAverage average : run.settings().setup().averages()) {
          add(at(average, run.result(), run));
        }
      }
    }
    this.baseline = baseline;
    this.setup = runs.iterator().next().settings().setup();
  }

  private void add(Run run) {
    runs.computeIfAbsent(run.settings().candidate(), c -> new TreeMap<>())
        .put(run.settings().seed(), run);
  }

  /** The same run, for a row of its own. */
  private static Run at(NamedAverage average, RunResult result, Run run) {
    RunSettings settings = run.settings();
    Candidate raw = settings.candidate();
    Candidate averaged =
        new Candidate(
            raw.updater().at(average), raw.schedule(), raw.learningRate(), raw.weightDecay());
    return new Run(
        new RunSettings(settings.setup(), averaged, settings.seed()),
        result,
        run.environment(),
        run.finished(),
        run.configuration());
  }

  Setup setup() {
    return setup;
  }

  /**
   * What is compared, by schedule and then by updater.
   *
   * @return the candidates
   */
  public List<Candidate> candidates() {
    return List.copyOf(runs.keySet());
  }

  /** The greatest learning rate of its runs. */
  double greatestRate(Candidate candidate) {
    return greatestRates.computeIfAbsent(candidate, c -> c.greatestRate(setup.length()));
  }

  /** What is compared under any schedule, in the order of the tables. */
  List<NamedUpdater> updaters() {
    return runs.keySet().stream()
        .map(Candidate::updater)
        .distinct()
        .sorted(Comparator.comparing(NamedUpdater::number).thenComparing(NamedUpdater::label))
        .toList();
  }

  List<String> schedules() {
    return runs.keySet().stream().map(c -> c.schedule().toString()).distinct().toList();
  }

  /** The candidates with a schedule. */
  List<Candidate> candidates(String schedule) {
    return runs.keySet().stream().filter(c -> c.schedule().toString().equals(schedule)).toList();
  }

  Collection<Run> runs(Candidate candidate) {
    return runs.get(candidate).values();
  }

  /** All runs; those that are evaluated at averages too are there once for each. */
  List<Run> runs() {
    return runs.values().stream().flatMap(seeds -> seeds.values().stream()).toList();
  }

  /** The runs that were made. */
  List<Run> trainings() {
    return runs().stream()
        .filter(run -> !run.settings().candidate().updater().isAveraged())
        .toList();
  }

  /**
   * What was trained, without further rows for averages.
   *
   * @return the candidates, by schedule and then by updater
   */
  public List<Candidate> trained() {
    return runs.keySet().stream().filter(c -> !c.updater().isAveraged()).toList();
  }

  List<Run> finished(Candidate candidate) {
    return runs(candidate).stream().filter(run -> !run.result().isDiverged()).toList();
  }

  int diverged(Candidate candidate) {
    return runs(candidate).size() - finished(candidate).size();
  }

  /** The number of runs that did not diverge, but learned nothing. */
  long atChance(Candidate candidate) {
    return finished(candidate).stream()
        .filter(run -> run.result().accuracy() <= NOT_LEARNED)
        .count();
  }

  /**
   * The mean of a curve over the runs that did not diverge. All curves have points at the same
   * iterations, since all runs have the same length.
   */
  List<Point> meanCurve(Candidate candidate, Function<RunResult, List<Point>> curve) {
    return finished(candidate).stream()
        .flatMap(run -> curve.apply(run.result()).stream())
        .collect(
            Collectors.groupingBy(
                Point::iteration, LinkedHashMap::new, Collectors.averagingDouble(Point::value)))
        .entrySet()
        .stream()
        .map(entry -> new Point(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Over the runs that did not diverge. */
  Sample sample(Candidate candidate, Metric metric) {
    return Sample.of(
        finished(candidate).stream()
            .filter(run -> metric.isOf(run.result()))
            .mapToDouble(run -> metric.of(run.result()))
            .toArray());
  }

  Sample milliseconds(Candidate candidate) {
    return Sample.of(
        runs(candidate).stream()
            .mapToDouble(run -> run.result().millisecondsPerIteration())
            .toArray());
  }

  /** Each candidate that has a baseline, compared with it. */
  List<Difference> differences(Metric metric) {
    List<Difference> differences = new ArrayList<>();
    for (Candidate candidate : metric == Metric.ACCURACY ? candidates() : trained()) {
      Optional<Candidate> other = baseline.of(candidate, candidates());
      other.ifPresent(o -> differences.add(difference(candidate, o, metric)));
    }
    return Difference.judged(differences, metric);
  }

  /** The accuracy at each average, compared with that of the same runs without it. */
  List<Difference> atAverages() {
    List<Difference> differences = new ArrayList<>();
    for (Candidate raw : trained()) {
      for (NamedAverage average : setup.averages()) {
        runs.keySet().stream()
            .filter(c -> c.updater().equals(raw.updater().at(average)))
            .filter(c -> c.schedule().equals(raw.schedule()))
            .forEach(c -> differences.add(difference(c, raw, Metric.ACCURACY)));
      }
    }
    return Difference.judged(differences, Metric.ACCURACY);
  }

  /**
   * A candidate compared with another by the seeds that both have. It is not judged.
   *
   * @param candidate the one
   * @param other the other
   * @param metric by what
   * @return the difference
   */
  public Difference difference(Candidate candidate, Candidate other, Metric metric) {
    Map<Long, Run> mine = runs.get(candidate);
    Map<Long, Run> others = runs.get(other);
    List<Long> seeds = seeds(candidate, other);
    List<Long> paired =
        seeds.stream()
            .filter(
                seed ->
                    !mine.get(seed).result().isDiverged()
                        && !others.get(seed).result().isDiverged())
            .toList();
    double[] differences =
        paired.stream()
            .mapToDouble(
                seed -> metric.of(mine.get(seed).result()) - metric.of(others.get(seed).result()))
            .toArray();
    return Difference.of(candidate, other, differences, seeds.size() - paired.size(), metric);
  }

  /**
   * The seeds with which both candidates have a run.
   *
   * @param candidate the one
   * @param other the other
   * @return the seeds in ascending order
   */
  public List<Long> seeds(Candidate candidate, Candidate other) {
    return runs.get(candidate).keySet().stream().filter(runs.get(other)::containsKey).toList();
  }

  /**
   * A run's result.
   *
   * @param candidate of the run
   * @param seed of the run
   * @return the result
   */
  public RunResult result(Candidate candidate, long seed) {
    return runs.get(candidate).get(seed).result();
  }

  List<Long> seeds() {
    return runs.values().stream()
        .flatMap(seeds -> seeds.keySet().stream())
        .distinct()
        .sorted()
        .toList();
  }
}
