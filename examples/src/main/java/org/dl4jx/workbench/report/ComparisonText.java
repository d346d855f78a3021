package org.dl4jx.workbench.report;

import java.util.Locale;

/**
 * The sentences of the report of a comparison, in the order of the page.
 *
 * @param learningRates sentences that tell where the learning rates come from
 */
record ComparisonText(Comparison comparison, String learningRates) {

  String title() {
    return ExperimentText.title("Updaters", comparison.setup());
  }

  String setup() {
    return ExperimentText.setup(comparison.setup(), comparison.seeds())
        + " "
        + String.format(
            Locale.ROOT,
            """
            Runs with the same seed start from the same weights and see the same batches in the \
            same order. Accuracy is measured on %,d %s images after the last iteration; it is not \
            the best accuracy along the way.""",
            comparison.setup().evaluationExamples(),
            comparison.setup().evaluatedOn());
  }

  String results() {
    return """
        Mean ± standard deviation (n - 1) over the seeds. Training loss is the mean over the last \
        epoch, without weight penalties. A run that diverged has neither loss nor accuracy; the \
        numbers in its row are those of the other runs. A run "at chance" has learned nothing, but \
        counts like any other. All candidates ran for the same number of iterations, with one \
        gradient each; nesterovs-averaged and nesterovs-quarters take one step per three \
        gradients. Their accuracy is that of their parameters θ, while their training loss is \
        measured at the probe points. Deeplearning4j's Nesterovs keeps its parameters at the \
        look-ahead point, where both are measured.""";
  }

  String averages() {
    return """
        Rows such as "adamw at ema" are those of the same runs, evaluated at an average of their \
        weights. Here, each is compared with the same runs at their own weights; in the tables of \
        differences below, with the baseline. The time per iteration includes all averages. Statistics of batch normalization are estimated anew at an average, from the first \
        2,000 training images.""";
  }

  String accuracies() {
    return """
        The same accuracies, with one column per schedule. A + marks a candidate that is better \
        than the baseline, a - one that is worse, as judged below.""";
  }

  String differences() {
    return """
        Each candidate minus its baseline, paired by seed: the mean, its 95 % interval by \
        Student's t distribution, and on how many seeds the candidate was better, equal and worse. \
        The intervals are not adjusted for the number of comparisons. The p-values are, by Holm's \
        method over all rows of the table. The verdict is "better" or "worse" only if p is below \
        0.05, and then the interval excludes zero.""";
  }

  String limits() {
    return """
        The runs of a candidate differ in their initial weights and in the order of the images. So \
        the results say nothing about other images or other learning rates. The statistics assume \
        that differences are normally distributed. With few seeds, only large differences show up: \
        "no difference shown" does not prove that there is none.""";
  }

  String oneRunEach() {
    return "One run each: no intervals and no conclusions.";
  }

  String curves() {
    return "Each curve is the mean over the runs that did not diverge.";
  }

  String time() {
    return """
        Median time per iteration, excluding data loading and evaluation. Don't read it as a \
        benchmark: other programs may have been running on the machine.""";
  }

  String environment() {
    return """
        The folder runs has one file per run, with its learning rates, its curves, its checksums, \
        and the network's configuration in Deeplearning4j's JSON.""";
  }
}
