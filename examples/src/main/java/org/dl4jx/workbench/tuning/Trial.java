package org.dl4jx.workbench.tuning;

import java.util.Comparator;
import java.util.List;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.experiment.Run;

/**
 * The result of trying a learning rate and weight decay.
 *
 * @param candidate what was tried
 * @param accuracy mean over the seeds on the validation images; 0 if any run diverged
 * @param trainingLoss mean over the seeds; infinite if any run diverged
 */
public record Trial(Candidate candidate, double accuracy, double trainingLoss) {
  /** The better trial is the greater one: by accuracy, then by loss. */
  static final Comparator<Trial> BY_QUALITY =
      Comparator.comparingDouble(Trial::accuracy)
          .thenComparing(Comparator.comparingDouble(Trial::trainingLoss).reversed());

  /**
   * A trial from its runs.
   *
   * @param candidate what was tried
   * @param runs one per seed
   * @return the trial
   */
  public static Trial of(Candidate candidate, List<Run> runs) {
    if (runs.stream().anyMatch(run -> run.result().isDiverged())) {
      return new Trial(candidate, 0, Double.POSITIVE_INFINITY);
    }
    return new Trial(
        candidate,
        runs.stream().mapToDouble(run -> run.result().accuracy()).average().orElseThrow(),
        runs.stream().mapToDouble(run -> run.result().trainingLoss()).average().orElseThrow());
  }

  /**
   * Whether any of its runs diverged.
   *
   * @return true if there is no accuracy
   */
  public boolean isDiverged() {
    return trainingLoss == Double.POSITIVE_INFINITY;
  }
}
