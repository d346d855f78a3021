package org.dl4jx.workbench.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs that belong together.
 *
 * @param runs the requested runs
 */
public record Experiment(List<RunSettings> runs) {
  /** Follows the progress of an experiment. */
  public interface Progress {
    /**
     * Called when a run starts.
     *
     * @param settings of the run
     */
    void start(RunSettings settings);

    /** Called after each iteration. */
    void step();

    /**
     * Called after a run that ended early.
     *
     * @param iterations how many it did not make
     */
    void skip(int iterations);
  }

  /**
   * Every candidate with every seed. All candidates run with one seed before the next seed starts,
   * so that the runs of an interrupted experiment can be compared.
   *
   * @param setup what all runs have in common
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
   * The runs that are still missing.
   *
   * @param store the finished runs
   * @return the missing ones
   */
  public List<RunSettings> missing(RunStore store) {
    return runs.stream().filter(settings -> !store.contains(settings)).toList();
  }

  /**
   * Makes the missing runs.
   *
   * @param trainer makes them
   * @param store keeps each of them as soon as it is finished
   * @param progress follows them
   * @return false if the trainer was stopped
   * @throws IOException if a run cannot be stored
   */
  public boolean complete(Trainer trainer, RunStore store, Progress progress) throws IOException {
    for (RunSettings settings : missing(store)) {
      progress.start(settings);
      if (store.load(settings)) {
        // Another process that shares the folder has made it.
        store.checkConfigurations(List.of(settings), trainer::configuration);
        progress.skip(settings.setup().length().iterations());
        continue;
      }
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
