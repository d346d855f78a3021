package org.dl4jx.workbench.report;

import java.util.List;
import java.util.Optional;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.notation.Conversion;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.ScheduleNotation;
import picocli.CommandLine.ITypeConverter;

/**
 * What the candidates are compared with: an updater under the schedule of each candidate, or an
 * updater with one schedule for all.
 *
 * @param updater the updater
 * @param schedule null for the schedule of each candidate
 */
public record Baseline(NamedUpdater updater, ScheduleNotation schedule) {
  /**
   * The baseline of a candidate.
   *
   * @param candidate what is compared
   * @param all all candidates
   * @return the baseline; empty if there is none, or if it is the candidate itself
   */
  public Optional<Candidate> of(Candidate candidate, List<Candidate> all) {
    ScheduleNotation wanted = schedule == null ? candidate.schedule() : schedule;
    return all.stream()
        .filter(c -> c.updater().equals(updater) && c.schedule().equals(wanted))
        .findFirst()
        .filter(c -> !c.equals(candidate));
  }

  /**
   * Whether a candidate is a baseline.
   *
   * @param candidate the candidate
   * @return true if others are compared with it
   */
  public boolean includes(Candidate candidate) {
    return candidate.updater().equals(updater)
        && (schedule == null || candidate.schedule().equals(schedule));
  }

  @Override
  public String toString() {
    return updater.label() + (schedule == null ? "" : "/" + schedule);
  }

  private static Baseline parse(String text) {
    String[] parts = text.split("/", 2);
    return new Baseline(
        NamedUpdater.labelled(parts[0]),
        parts.length == 1 ? null : ScheduleNotation.parse(parts[1]));
  }

  /** Reads {@code adam} or {@code adam/constant}. */
  public static final class Converter implements ITypeConverter<Baseline> {
    /** Used by picocli. */
    public Converter() {}

    @Override
    public Baseline convert(String text) {
      return Conversion.of(text, Baseline::parse);
    }
  }
}
