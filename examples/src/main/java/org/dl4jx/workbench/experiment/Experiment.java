package org.dl4jx.workbench.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs that belong together.
 *
 * @param runs what is asked for
 */
public record Experiment(List<RunSettings> runs) {
  /** Is told how far an experiment is. */
  public interface Progress {
    /**
     * A run begins.
     *
     * @param settings of the run
     */
    void start(RunSettings settings);

    /** An iteration has ended. */
    void step();

    /**
     * A run has ended with fewer iterations than it might have had.
     *
     * @param iterations that are left out
     */
    void skip(int iterations);
  }

  /**
   * Every candidate with every seed. All candidates of one seed come before the next seed, so that
   * the runs of an experiment that is interrupted can be compared.
   *
   * @param setup what all have in common
   * @param candidates what is compared
   * @param seeds of the runs
   * @return the experiment
   */
  public static Experiment of(Setup setup, List<Candidate> candidates, List<Long> seeds) {
    List<RunSettings> runs = new ArrayList<>();
    for (long seed : seeds) {
      for (Candidate candidate : candidates) {
        runs.add(new RunSettings(setup, candidate, seed));
      }
    }
    return new Experiment(runs);
  }

  /**
   * The runs that are still to be made.
   *
   * @param store the runs that have been made
   * @return what is missing
   */
  public List<RunSettings> missing(RunStore store) {
    return runs.stream().filter(settings -> !store.contains(settings)).toList();
  }

  /**
   * Makes the missing runs.
   *
   * @param trainer makes them
   * @param store keeps them, each as soon as it is finished
   * @param progress is told about them
   * @return false if the trainer was stopped
   * @throws IOException if a run cannot be kept
   */
  public boolean complete(Trainer trainer, RunStore store, Progress progress) throws IOException {
    for (RunSettings settings : missing(store)) {
      progress.start(settings);
      Optional<Run> run = trainer.run(settings, progress::step);
      if (run.isEmpty()) {
        return false;
      }
      store.add(run.get());
      progress.skip(settings.setup().length().iterations() - run.get().result().iterations());
    }
    return true;
  }
}
