package org.dl4jx.workbench.tuning;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.experiment.Setup;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.ScheduleNotation;

/**
 * Learning rates and decays as {@code tune} writes them and {@code compare} reads them.
 *
 * @param setup on what they were chosen
 * @param seeds of the runs
 * @param trials number of trials an updater and schedule
 * @param chosen the best of each
 */
public record TunedRates(Setup setup, List<Long> seeds, int trials, List<Candidate> chosen) {
  /** Checks that a file has what every choice has. */
  public TunedRates {
    Objects.requireNonNull(setup, "setup is missing");
    Objects.requireNonNull(seeds, "seeds are missing");
    Objects.requireNonNull(chosen, "chosen is missing");
  }

  /** The name of the file. */
  public static final String FILE = "learning-rates.json";

  /**
   * The choice for an updater and schedule; if there was none for the schedule, that for a constant
   * rate.
   *
   * @param updater the updater
   * @param schedule the schedule
   * @return the choice
   * @throws IllegalArgumentException if there is none
   */
  public Candidate of(NamedUpdater updater, ScheduleNotation schedule) {
    Optional<Candidate> same = find(updater, schedule.toString());
    Optional<Candidate> found = same.isPresent() ? same : find(updater, "constant");
    return found.orElseThrow(
        () ->
            new IllegalArgumentException(
                String.format(
                    "no choice for %s, %s, nor for %1$s, constant", updater.label(), schedule)));
  }

  private Optional<Candidate> find(NamedUpdater updater, String schedule) {
    return chosen.stream()
        .filter(c -> c.updater() == updater && c.schedule().toString().equals(schedule))
        .findFirst();
  }

  /**
   * How the choice was made.
   *
   * @param compared what has its rates from here
   * @return sentences for a report
   */
  public String describe(Stream<Candidate> compared) {
    boolean borrowed = compared.anyMatch(c -> find(c.updater(), c.schedule().toString()).isEmpty());
    return TuningText.origin(this, borrowed);
  }

  /**
   * Refuses what was chosen on something else. The number of images and epochs may differ: a choice
   * is often made on less than what is compared in the end.
   *
   * @param asked on what runs are to be made
   * @return these rates
   * @throws IllegalArgumentException if data, network or batch size differ
   */
  public TunedRates checkedFor(Setup asked) {
    if (!what(setup).equals(what(asked))) {
      throw new IllegalArgumentException(
          String.format("the choice is for %s, not for %s", what(setup), what(asked)));
    }
    return this;
  }

  private static String what(Setup setup) {
    return String.format(
        "%s with %s and batch size %d", setup.data(), setup.model(), setup.batchSize());
  }
}
