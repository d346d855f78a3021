package org.dl4jx.examples;

import static org.dl4jx.schedules.checks.Argument.check;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.deeplearning4j.datasets.fetchers.MnistDataFetcher;
import org.dl4jx.examples.data.AtomicFile;
import org.dl4jx.examples.data.DigitImages;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains the same network once per updater and shows how each did. */
@Command(
    name = "compare",
    description =
        "Trains the same small network from the same initial weights on the same batches, once per"
            + " updater, and prints a table.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class CompareCommand implements Callable<Integer> {
  private static final int MILLIS_BETWEEN_LOG_LINES = 10_000;

  @Spec private CommandSpec spec;

  @Mixin private DataOptions data;

  @Option(
      names = "--updaters",
      paramLabel = "<name>",
      split = ",",
      defaultValue = "adam,adamw",
      converter = NamedUpdater.Converter.class,
      completionCandidates = NamedUpdater.Candidates.class,
      description =
          "The updaters, separated by commas. Default: ${DEFAULT-VALUE}. There are, with their"
              + " learning rates: ${COMPLETION-CANDIDATES}")
  private List<NamedUpdater> updaters;

  @Option(
      names = "--train-examples",
      paramLabel = "<n>",
      description = "Images to train on. Default: all, 60000 of MNIST or 10000 drawn digits")
  private Integer trainExamples;

  @Option(
      names = "--epochs",
      paramLabel = "<n>",
      defaultValue = "5",
      description = "How often every image is trained on. Default: ${DEFAULT-VALUE}")
  private int epochs;

  @Option(
      names = "--batch-size",
      paramLabel = "<n>",
      defaultValue = "128",
      description = "Images in a batch. Default: ${DEFAULT-VALUE}")
  private int batchSize;

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      defaultValue = "42",
      description = "Decides initial weights and order of images. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--learning-rate",
      paramLabel = "<rate>",
      description =
          "The constant rate, or the peak of a schedule, for all updaters. Default: the usual one"
              + " of each, which the list of updaters shows")
  private Double learningRate;

  @Option(
      names = "--schedule",
      paramLabel = "<schedule>",
      converter = ScheduleNotation.Converter.class,
      description =
          "The learning rates for all updaters, as the command schedules reads and draws them."
              + " Default: the usual schedule of each. A total may be left out")
  private ScheduleNotation schedule;

  @Option(
      names = "--weight-decay",
      paramLabel = "<decay>",
      defaultValue = "0.01",
      description = "For the updaters that decay weights. Default: ${DEFAULT-VALUE}")
  private double weightDecay;

  @Option(
      names = "--warmup",
      paramLabel = "<share>",
      defaultValue = "0.1",
      description =
          "Share of all iterations in which a schedule with warm-up rises, from 0 to below 1."
              + " Default: ${DEFAULT-VALUE}")
  private double warmup;

  @Option(
      names = "--output",
      paramLabel = "<dir>",
      description =
          "Folder in which the table is also written, as comparison.csv and comparison.md")
  private Path output;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    // A bad number is found out before data are looked for.
    plan(MnistDataFetcher.NUM_EXAMPLES, Integer.MAX_VALUE);
    if (output != null) {
      OutputFolder.checkWritable(output);
    }
    DigitImages images = data.images(spec.commandLine().getErr());
    TrainingPlan plan = plan(images.trainExamples(), images.trainExamples());
    Comparison comparison = new Comparison(images, plan);
    out.printf(
        Locale.ROOT,
        "Data      %s: %,d training images, %,d test images%n",
        images.description(),
        plan.trainExamples(),
        images.testExamples());
    out.printf("Network   %s, seed %d%n", comparison.network(), plan.seed());
    out.printf(
        "Training  %d epochs of %d iterations, batch size %d, weight decay %s, warm-up of %d"
            + " iterations%n%n",
        plan.epochs(),
        plan.iterationsPerEpoch(),
        plan.batchSize(),
        plan.weightDecay(),
        plan.warmupIterations());
    out.flush();

    ResultTable table = new ResultTable();
    for (NamedUpdater updater : updaters) {
      try (ProgressBar progress = progress(updater.label(), plan.iterations())) {
        table.add(updater, plan, comparison.run(updater, progress::step));
      }
    }
    out.print(table.toMarkdown());
    out.println();
    out.println("Training loss: mean over the last epoch. Seconds: without reading and testing.");
    out.flush();
    if (output != null) {
      write(output.resolve("comparison.csv"), table.toCsv());
      write(output.resolve("comparison.md"), table.toMarkdown());
    }
    return ExitCode.OK;
  }

  private TrainingPlan plan(int defaultExamples, int available) {
    int examples = trainExamples == null ? defaultExamples : trainExamples;
    try {
      check(examples <= available, "--train-examples", examples, "1 to " + available);
      check(
          schedule == null || learningRate == null,
          "--learning-rate",
          learningRate,
          "none beside --schedule");
      return new TrainingPlan(
          examples, epochs, batchSize, seed, learningRate, schedule, weightDecay, warmup);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static void write(Path file, String text) throws IOException {
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** On a terminal a bar that moves, elsewhere, as in the log of a build, a line now and then. */
  private ProgressBar progress(String name, int iterations) {
    ProgressBarBuilder builder =
        new ProgressBarBuilder()
            .setTaskName(name)
            .setInitialMax(iterations)
            .setUnit(" iterations", 1)
            .setSpeedUnit(ChronoUnit.SECONDS)
            .showSpeed();
    if (!Ansi.AUTO.enabled()) {
      PrintWriter err = spec.commandLine().getErr();
      AtomicReference<String> last = new AtomicReference<>();
      // The library renders the end of a bar twice.
      Consumer<String> log =
          line -> {
            if (!line.equals(last.getAndSet(line))) {
              err.println(line);
            }
          };
      builder
          .setConsumer(new DelegatingProgressBarConsumer(log, 100))
          .setUpdateIntervalMillis(MILLIS_BETWEEN_LOG_LINES);
    }
    return builder.build();
  }
}
