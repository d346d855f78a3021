package org.dl4jx.workbench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.dl4jx.workbench.data.ImageData;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.experiment.NativeThreads;
import org.dl4jx.workbench.experiment.RangeTest;
import org.dl4jx.workbench.experiment.RunStore;
import org.dl4jx.workbench.experiment.RunStoreException;
import org.dl4jx.workbench.experiment.RunStoreException.Reason;
import org.dl4jx.workbench.models.NamedModel;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.RunLength;
import org.dl4jx.workbench.report.MarkdownPage;
import org.dl4jx.workbench.report.RangeTestReport;
import org.dl4jx.workbench.report.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the learning-rate range test. */
@Command(
    name = "lr-find",
    description =
        "Trains with a learning rate that rises exponentially until the loss grows, and suggests"
            + " rates to start from (Smith 2017).",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class LrFindCommand implements Callable<Integer> {
  /** Less than about fifty iterations for a factor of ten is mostly noise. */
  private static final int FEWEST_ITERATIONS = 400;

  @Spec private CommandSpec spec;

  @Mixin private DataOptions data;

  @Mixin private ModelOptions model;

  @Option(
      names = "--from",
      paramLabel = "<rate>",
      defaultValue = "1e-6",
      description = "The first learning rate. Default: ${DEFAULT-VALUE}")
  private double from;

  @Option(
      names = "--to",
      paramLabel = "<rate>",
      defaultValue = "10",
      description = "The last learning rate. Default: ${DEFAULT-VALUE}")
  private double to;

  @Option(
      names = "--iterations",
      paramLabel = "<n>",
      description =
          "Number of iterations in which the rate rises. Default: one epoch, but at least "
              + FEWEST_ITERATIONS)
  private Integer iterations;

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      defaultValue = "1001",
      description =
          "Decides the initial weights and the order of the images. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--output",
      paramLabel = "<dir>",
      description = "Folder for a report with a chart, and for the curves in lr-find.csv")
  private Path output;

  @Override
  public Integer call() throws IOException {
    // Bad options are reported before looking for data.
    checked(() -> test(data.mostTrainExamples()));
    checked(model::updatersWithSchedules);
    if (output == null) {
      return find();
    }
    try (OutputFolder folder =
        OutputFolder.open(output, RangeTestReport.FILES, List.of(MarkdownPage.CHARTS))) {
      folder.takeAlone();
      if (Files.exists(output.resolve(RunStore.FOLDER))) {
        throw new RunStoreException(
            Reason.OTHER_SETTINGS, output + " has the runs and the report of another command");
      }
      return find();
    }
  }

  private int find() throws IOException {
    NativeThreads.useOneUnlessSet();
    ImageData images = data.images(spec.commandLine().getErr());
    RangeTest test = checked(() -> test(images.trainExamples()));
    Images train = images.train().stratified().first(model.trainExamples(images.trainExamples()));
    NamedModel network = model.model(data);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "Data      %s: %,d training images%nNetwork   %s: %s%n%n",
        images.description(),
        train.count(),
        network,
        network.description());
    out.flush();
    Map<NamedUpdater, RangeTest.Curve> curves = new LinkedHashMap<>();
    for (NamedUpdater updater : model.updaters()) {
      curves.put(updater, test.run(network, images.shape(), train, updater));
    }
    RangeTestReport report =
        new RangeTestReport(
            String.format("Learning-rate range test on %s with %s", images.name(), network),
            curves);
    out.println(report.suggestions().toConsole());
    out.println(RangeTestReport.EXPLANATION);
    if (output != null) {
      report.write(output);
      out.printf("Report: %s%n", output.resolve(Report.HTML));
    }
    out.flush();
    return ExitCode.OK;
  }

  private RangeTest test(int available) {
    int examples = model.trainExamples(available);
    int pass = RunLength.iterationsPerEpoch(examples, Math.max(1, model.batchSize()));
    return new RangeTest(
        from,
        to,
        iterations == null ? Math.max(pass, FEWEST_ITERATIONS) : iterations,
        model.batchSize(),
        model.weightDecay(),
        seed);
  }

  private <T> T checked(Supplier<T> value) {
    return Usage.checked(spec, value);
  }
}
