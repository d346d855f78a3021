package org.dl4jx.workbench.tuning;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dl4jx.workbench.data.DamagedFileException;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.experiment.Json;
import org.dl4jx.workbench.experiment.RunSettings;
import org.dl4jx.workbench.experiment.Setup;
import org.dl4jx.workbench.files.FileErrors;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.ScheduleNotation;

/**
 * The learning rates and weight decays that {@code tune} writes and {@code compare} reads.
 *
 * @param setup of the trials
 * @param seeds of the trials
 * @param trials number of trials per updater and schedule
 * @param chosen the best candidate of each updater and schedule
 */
public record TunedRates(Setup setup, List<Long> seeds, int trials, List<Candidate> chosen) {
  /** The name of the file. */
  public static final String FILE = "learning-rates.json";

  /** Checks that nothing is missing or impossible. */
  public TunedRates {
    given("setup", setup);
    check(!given("seeds", seeds).isEmpty(), "seeds", seeds, "a list of at least one");
    distinct("seeds", seeds);
    Search.checkTrials(trials);
    given("chosen", chosen).forEach(choice -> given("a choice", choice));
    distinct("chosen", chosen.stream().map(Candidate::label).toList());
  }

  private static void distinct(String name, List<?> values) {
    values.forEach(value -> given("one of " + name, value));
    check(Set.copyOf(values).size() == values.size(), name, values, "all different");
  }

  /**
   * Reads the file.
   *
   * @param file the file
   * @param option that names it
   * @return its content
   * @throws DamagedFileException if it holds something else
   * @throws IOException if it cannot be read
   */
  public static TunedRates read(Path file, String option) throws IOException {
    String advice = option + " takes a file written by the command tune";
    try {
      TunedRates rates = Json.read(file, TunedRates.class, advice);
      rates.checkNumbers(file, advice);
      return rates;
    } catch (DamagedFileException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          String.format("%s cannot be read: %s; %s", file, FileErrors.reason(e, file), advice), e);
    }
  }

  private void checkNumbers(Path file, String advice) throws DamagedFileException {
    try {
      RunSettings.check(setup, chosen);
      check(
          setup.evaluatedOn().equals("validation"),
          "setup.evaluatedOn",
          setup.evaluatedOn(),
          "validation");
    } catch (IllegalArgumentException e) {
      throw new DamagedFileException(
          String.format("%s cannot be read: %s; %s", file, e.getMessage(), advice), e);
    }
  }

  /**
   * The choice for an updater and schedule. A schedule without a choice of its own uses the one for
   * a constant rate.
   *
   * @param updater the updater
   * @param schedule the schedule
   * @return the choice
   * @throws IllegalArgumentException if there is neither
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
        .filter(c -> c.updater().equals(updater) && c.schedule().toString().equals(schedule))
        .findFirst();
  }

  /**
   * How the choice was made.
   *
   * @param compared the candidates that use it
   * @return sentences for a report
   */
  public String describe(Stream<Candidate> compared) {
    boolean borrowed = compared.anyMatch(c -> find(c.updater(), c.schedule().toString()).isEmpty());
    return TuningText.origin(this, borrowed);
  }

  /**
   * Checks that the rates were chosen for the same data, network and batch size. The number of
   * images and epochs may differ, since rates are often chosen with fewer of them.
   *
   * @param wanted the setup that will use the rates
   * @return these rates
   * @throws IllegalArgumentException if data, network or batch size differ
   */
  public TunedRates checkedFor(Setup wanted) {
    if (!what(setup).equals(what(wanted))) {
      throw new IllegalArgumentException(
          String.format("the choice is for %s, not for %s", what(setup), what(wanted)));
    }
    return this;
  }

  private static String what(Setup setup) {
    return String.format(
        "%s with %s and batch size %d", setup.data(), setup.model(), setup.batchSize());
  }
}
