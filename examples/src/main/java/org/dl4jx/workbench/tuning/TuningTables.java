package org.dl4jx.workbench.tuning;

import static org.dl4jx.workbench.report.Numbers.number;

import java.util.Collection;
import java.util.List;
import org.dl4jx.workbench.notation.RunLength;
import org.dl4jx.workbench.report.CandidateTable;
import org.dl4jx.workbench.report.Numbers;
import org.dl4jx.workbench.report.Table;

/**
 * The tables of a choice of learning rates.
 *
 * @param trials of each updater and schedule
 * @param length of every trial
 */
record TuningTables(Collection<List<Trial>> trials, RunLength length) {

  /** One row per updater and schedule, with the best trial so far. */
  Table choices() {
    CandidateTable table =
        new CandidateTable(
            0, "learning rate", "weight decay", "validation accuracy", "trials", "note");
    for (List<Trial> list : trials) {
      if (!list.isEmpty()) {
        Trial best = Search.best(list);
        table.row(
            best.candidate(),
            Numbers.brief(best.candidate().greatestRate(length)),
            CandidateTable.weightDecay(best.candidate()),
            number("%.4f", best.accuracy()),
            list.size(),
            note(list, best));
      }
    }
    return table.toTable();
  }

  private static String note(List<Trial> list, Trial best) {
    if (best.isDiverged()) {
      return "all diverged";
    }
    return Search.isAtEdge(list) ? "best rate is at the edge" : "";
  }

  /** One row per trial, for programs. */
  Table all() {
    CandidateTable table =
        new CandidateTable(
            0, "learning_rate", "weight_decay", "validation_accuracy", "training_loss", "chosen");
    for (List<Trial> list : trials) {
      for (Trial trial : list) {
        table.row(
            trial.candidate(),
            trial.candidate().greatestRate(length),
            trial.candidate().weightDecay(),
            trial.isDiverged() ? "diverged" : trial.accuracy(),
            trial.isDiverged() ? "diverged" : trial.trainingLoss(),
            trial == Search.best(list));
      }
    }
    return table.toTable();
  }
}
