package org.dl4jx.workbench.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.dl4jx.workbench.experiment.Setup;

/** The sentences that the reports of all experiments share. */
public final class ExperimentText {
  private ExperimentText() {}

  /**
   * A report's title.
   *
   * @param subject what the report is about
   * @param setup what all runs have in common
   * @return a title such as "Learning rates on mnist with mlp"
   */
  public static String title(String subject, Setup setup) {
    return String.format("%s on %s with %s", subject, setup.data(), setup.model());
  }

  /**
   * The notice above a report that was written before the last run.
   *
   * @param done how many are finished
   * @param requested how many there will be
   * @param what is counted, in the plural
   * @return a notice such as "PARTIAL: 2 of 7 runs"
   */
  public static String partial(int done, int requested, String what) {
    return String.format("PARTIAL: %d of %d %s", done, requested, what);
  }

  /**
   * What all runs have in common.
   *
   * @param setup of the runs
   * @param seeds of the runs
   * @return one sentence
   */
  public static String setup(Setup setup, List<Long> seeds) {
    return String.format(
        Locale.ROOT,
        "The network %s (%s) is trained on %,d images for %s, with batch size %d and %s.",
        setup.model(),
        setup.model().description(),
        setup.trainExamples(),
        setup.length(),
        setup.batchSize(),
        seeds(seeds));
  }

  /**
   * Seeds in a sentence.
   *
   * @param seeds at least one
   * @return a phrase such as "seeds 1, 2"
   */
  public static String seeds(List<Long> seeds) {
    return (seeds.size() == 1 ? "seed " : "seeds ")
        + seeds.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
