package org.dl4jx.workbench.report;

import java.util.List;
import java.util.Optional;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.notation.Conversion;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.ScheduleNotation;
import picocli.CommandLine.ITypeConverter;

/**
 * What the others are compared with: an updater, which each is compared with under its own
 * schedule, or one updater with one schedule, which all are compared with.
 *
 * @param updater the updater
 * @param schedule null for the schedule of what is compared
 */
public record Baseline(NamedUpdater updater, ScheduleNotation schedule) {
  /**
   * What a candidate is compared with.
   *
   * @param candidate what is compared
   * @param all all there are
   * @return the candidate to compare it with; empty if there is none, or if it is {@code candidate}
   */
  Optional<Candidate> of(Candidate candidate, List<Candidate> all) {
    ScheduleNotation wanted = schedule == null ? candidate.schedule() : schedule;
    List<Candidate> mine = all.stream().filter(c -> c.updater() == updater).toList();
    Optional<Candidate> same = mine.stream().filter(c -> c.schedule().equals(wanted)).findFirst();
    // The updaters may have a schedule each, the usual one.
    Optional<Candidate> found =
        same.isPresent() || schedule != null || mine.size() != 1 ? same : mine.stream().findFirst();
    return found.filter(c -> !c.equals(candidate));
  }

  /**
   * Whether a candidate is compared with.
   *
   * @param candidate the candidate
   * @return true if it is a baseline of others
   */
  public boolean includes(Candidate candidate) {
    return candidate.updater() == updater
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
