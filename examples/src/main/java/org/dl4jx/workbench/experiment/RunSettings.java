package org.dl4jx.workbench.experiment;

import static org.dl4jx.schedules.checks.Argument.given;

import java.util.List;

/**
 * Everything that decides the result of a run.
 *
 * @param setup what it has in common with the other runs
 * @param candidate what is compared
 * @param seed decides the initial weights and the order of the images
 */
public record RunSettings(Setup setup, Candidate candidate, long seed) {
  /** Checks that nothing is missing. */
  public RunSettings {
    given("setup", setup);
    given("candidate", candidate);
  }

  /**
   * Checks settings that were read from a file.
   *
   * @param setup what the candidates have in common
   * @param candidates the candidates
   * @throws IllegalArgumentException that names what is missing or impossible
   */
  public static void check(Setup setup, List<Candidate> candidates) {
    RunCheck.checkSetup(setup);
    candidates.forEach(candidate -> RunCheck.checkCandidate(candidate, setup));
  }
}
