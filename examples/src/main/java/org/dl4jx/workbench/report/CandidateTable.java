package org.dl4jx.workbench.report;

import java.util.stream.Stream;
import org.dl4jx.workbench.experiment.Candidate;

/** A table whose rows start with a candidate's updater and schedule. */
public final class CandidateTable {
  private static final int OWN_COLUMNS = 2;

  private final Table table;

  /**
   * A table without rows.
   *
   * @param textColumns how many of the further columns hold text; they come first
   * @param columns names of the columns after updater and schedule
   */
  public CandidateTable(int textColumns, String... columns) {
    table =
        new Table(
            OWN_COLUMNS + textColumns,
            Stream.concat(Stream.of("updater", "schedule"), Stream.of(columns))
                .toArray(String[]::new));
  }

  /**
   * Adds a row.
   *
   * @param candidate whose row it is
   * @param cells one per further column
   * @return this table
   */
  public CandidateTable row(Candidate candidate, Object... cells) {
    table.row(
        Stream.concat(
                Stream.of(candidate.updater().label(), candidate.schedule()), Stream.of(cells))
            .toArray());
    return this;
  }

  /**
   * The learning rate as a cell.
   *
   * @param candidate whose rate it is
   * @param rate the rate
   * @return the rate, or a dash for updaters that have none
   */
  public static Object learningRate(Candidate candidate, double rate) {
    return candidate.updater().hasLearningRate() ? Numbers.brief(rate) : "-";
  }

  /**
   * The weight decay as a cell.
   *
   * @param candidate whose decay it is
   * @return the decay, or a dash for updaters that have none
   */
  public static Object weightDecay(Candidate candidate) {
    return candidate.updater().decaysWeights() ? candidate.weightDecay() : "-";
  }

  /**
   * The table for a page or a file.
   *
   * @return header and rows
   */
  public Table toTable() {
    return table;
  }
}
