package org.dl4jx.workbench.tuning;

import java.util.List;
import java.util.Locale;
import org.dl4jx.workbench.experiment.Setup;
import org.dl4jx.workbench.report.ExperimentText;

/** The sentences about a choice of learning rates: in its own report, and where it is used. */
final class TuningText {
  private TuningText() {}

  static String title(Setup setup) {
    return ExperimentText.title("Learning rates", setup);
  }

  static String setup(Setup setup, List<Long> seeds) {
    return ExperimentText.setup(setup, seeds)
        + " "
        + String.format(
            Locale.ROOT,
            """
            The best trial is the one with the highest mean accuracy on %,d validation images: \
            training images that no trial was trained on. Ties go to the lower training loss. The \
            test images were not used.""",
            setup.evaluationExamples());
  }

  static String search(int trials) {
    return String.format(
        """
        Each updater and schedule had %d trials, by the same rules: seven learning rates around \
        the usual one, in steps of √10; up to two more while the best one is at the edge; the \
        remaining trials vary the decay at the best rate for updaters with weight decay, and \
        refine the rate for the others. So the rates of updaters with weight decay stay on a grid \
        of √10, while the others search more finely. A decay of 0 is never tried.""",
        trials);
  }

  static String files() {
    return "The file tuning.csv has every trial.";
  }

  /**
   * How learning rates were chosen, for the report of what uses them.
   *
   * @param borrowed whether some schedules use the choice for a constant rate
   */
  static String origin(TunedRates rates, boolean borrowed) {
    return String.format(
            Locale.ROOT,
            """
            Learning rates and weight decays were chosen by the command tune: %d trials for each \
            updater and schedule, trained on %,d images for %s with %s, and judged by the accuracy \
            on %,d other training images.""",
            rates.trials(),
            rates.setup().trainExamples(),
            rates.setup().length(),
            ExperimentText.seeds(rates.seeds()),
            rates.setup().evaluationExamples())
        + (borrowed
            ? " Schedules without a choice of their own use the one for a constant rate."
            : "");
  }
}
