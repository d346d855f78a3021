package org.dl4jx.workbench;

import static org.dl4jx.workbench.report.Numbers.number;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.dl4jx.workbench.data.AtomicFile;
import org.dl4jx.workbench.data.ImageData;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.experiment.RangeTest;
import org.dl4jx.workbench.models.NamedModel;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.RunLength;
import org.dl4jx.workbench.report.Chart;
import org.dl4jx.workbench.report.Page;
import org.dl4jx.workbench.report.Report;
import org.dl4jx.workbench.report.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes the learning-rate range test. */
@Command(
    name = "lr-find",
    description =
        "Trains with a learning rate that rises exponentially until the loss grows, and suggests a"
            + " rate (Smith 2017).",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class LrFindCommand implements Callable<Integer> {
  private static final String HOW =
      "The learning rate rises exponentially over the iterations; the curve is the smoothed loss."
          + " Steepest is where it falls fastest; a tenth of the minimum is a tenth of the rate with"
          + " the least loss. Both are where to begin, not what is best: tune chooses.";

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
      description = "How long the rate rises. Default: once over the training images")
  private Integer iterations;

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      defaultValue = "1001",
      description = "Decides initial weights and order of images. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--output",
      paramLabel = "<dir>",
      description = "Folder for a report with the chart, and for the curves as lr-find.csv")
  private Path output;

  @Override
  public Integer call() throws IOException {
    // What is wrong with the options is found out before data are looked for.
    checked(() -> test(data.usualTrainExamples()));
    checked(model::updaters);
    if (output != null) {
      OutputFolder.checkWritable(output);
    }
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
    out.println(suggestions(curves).toMarkdown());
    out.println(HOW);
    if (output != null) {
      write(
          curves, String.format("Learning-rate range test on %s with %s", images.name(), network));
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
        iterations == null ? pass : iterations,
        model.batchSize(),
        model.weightDecay(),
        seed);
  }

  private static Table suggestions(Map<NamedUpdater, RangeTest.Curve> curves) {
    Table table =
        new Table(1, "updater", "steepest", "a tenth of the minimum", "iterations", "least loss");
    curves.forEach(
        (updater, curve) ->
            table.row(
                updater.label(),
                number("%.2g", curve.steepest()),
                number("%.2g", curve.tenthOfMinimum()),
                curve.points().size(),
                curve.points().isEmpty()
                    ? "-"
                    : number("%.4f", curve.points().get(curve.minimum()).smoothed())));
    return table;
  }

  private void write(Map<NamedUpdater, RangeTest.Curve> curves, String title) throws IOException {
    Report report = new Report(output, title);
    fill(report, curves);
    report.write();
    Table csv = new Table(1, "updater", "learning_rate", "loss", "smoothed_loss");
    curves.forEach(
        (updater, curve) ->
            curve
                .points()
                .forEach(p -> csv.row(updater.label(), p.learningRate(), p.loss(), p.smoothed())));
    AtomicFile.write(output.resolve("lr-find.csv"), csv.toCsv());
  }

  private static void fill(Page page, Map<NamedUpdater, RangeTest.Curve> curves)
      throws IOException {
    page.paragraph(HOW).table(suggestions(curves));
    Chart.Lines chart =
        new Chart.Lines(
            "lr-find",
            "Smoothed training loss by learning rate",
            "Smoothed training loss by learning rate, a line an updater",
            "learning rate",
            "smoothed training loss",
            true,
            false);
    curves.forEach(
        (updater, curve) -> {
          if (!curve.points().isEmpty()) {
            chart.line(
                updater.label(),
                updater.number(),
                curve.points().stream().mapToDouble(RangeTest.Point::learningRate).toArray(),
                curve.points().stream().mapToDouble(RangeTest.Point::smoothed).toArray());
          }
        });
    page.chart(chart);
  }

  private <T> T checked(Supplier<T> value) {
    return Usage.checked(spec, value);
  }
}
