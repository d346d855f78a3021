package org.dl4jx.workbench;

import static org.dl4jx.schedules.checks.Argument.check;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.dl4jx.workbench.data.DamagedFileException;
import org.dl4jx.workbench.data.ImageData;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.experiment.Experiment;
import org.dl4jx.workbench.experiment.Run;
import org.dl4jx.workbench.experiment.RunSettings;
import org.dl4jx.workbench.experiment.RunStore;
import org.dl4jx.workbench.experiment.Setup;
import org.dl4jx.workbench.experiment.Trainer;
import org.dl4jx.workbench.notation.NamedAverage;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.ScheduleNotation;
import org.dl4jx.workbench.report.Baseline;
import org.dl4jx.workbench.report.ComparisonReport;
import org.dl4jx.workbench.report.MarkdownPage;
import org.dl4jx.workbench.report.Report;
import org.dl4jx.workbench.tuning.TunedRates;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains one network with several updaters, schedules and seeds, and compares the results. */
@Command(
    name = "compare",
    description =
        "Trains a network once per updater, schedule and seed, and compares the results. Runs with"
            + " the same seed start from the same weights and see the same batches.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private DataOptions data;

  @Mixin private ModelOptions model;

  @Mixin private TrainingOptions training;

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      defaultValue = "42",
      description = "The first seed. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--seeds",
      paramLabel = "<n>",
      defaultValue = "1",
      converter = SeedList.Converter.class,
      description =
          "Number of seeds, counted from --seed, or a list such as 1,2,7. A seed decides the initial"
              + " weights and the order of the images. Default: ${DEFAULT-VALUE}")
  private SeedList seeds;

  @Option(
      names = "--baseline",
      paramLabel = "<updater>",
      converter = Baseline.Converter.class,
      description =
          "What the others are compared with: an updater, under the same schedule as each of them,"
              + " or an updater with one schedule for all, such as adam/constant. Default: the"
              + " first of --updaters")
  private Baseline baseline;

  @Option(
      names = "--learning-rate",
      paramLabel = "<rate>",
      description =
          "The constant rate, or the peak of a schedule, for all updaters. Default: the usual rate"
              + " of each updater")
  private Double learningRate;

  @Option(
      names = "--learning-rates",
      paramLabel = "<file>",
      description =
          "Learning rates and weight decays per updater and schedule, as written by the command"
              + " tune. A schedule that is not in the file uses those chosen for constant")
  private Path learningRates;

  private TunedRates tuned;

  @Option(
      names = "--average",
      paramLabel = "<average>",
      converter = NamedAverage.ListConverter.class,
      completionCandidates = NamedAverage.Candidates.class,
      description =
          "Averages of weights, separated by commas: ${COMPLETION-CANDIDATES}. Each adds rows with"
              + " the accuracy of the same runs at the average; swa starts after 75 %% of a run."
              + " Default: none")
  private List<NamedAverage> averages;

  @Option(
      names = "--output",
      paramLabel = "<dir>",
      description =
          "Folder for a report, as report.html and report.md, with charts, tables and every run")
  private Path output;

  @Override
  public Integer call() throws IOException {
    // Bad options are reported before looking for data.
    if (learningRates != null) {
      tuned = TunedRates.read(learningRates, "--learning-rates");
      checked(
          () ->
              check(
                  Collections.disjoint(tuned.seeds(), seeds.from(seed)),
                  "--seeds",
                  seeds.from(seed),
                  "other seeds than those of --learning-rates, " + tuned.seeds()));
    }
    checked(() -> seeds.from(seed));
    checked(() -> candidates(setup(null, data.mostTrainExamples(), 1, data.mostEpochs())));
    checked(
        () ->
            check(
                !training.resume() || output != null,
                "--output",
                "not given",
                "a folder with --resume"));
    training.startUi(spec.commandLine().getErr());
    try (OutputFolder folder = folder()) {
      return compare(folder);
    }
  }

  private OutputFolder folder() throws IOException {
    return output == null
        ? null
        : OutputFolder.open(
            output, ComparisonReport.FILES, List.of(RunStore.FOLDER, MarkdownPage.CHARTS));
  }

  /**
   * Compares.
   *
   * @param folder where to write to; null for nowhere
   */
  private int compare(OutputFolder folder) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    RunStore store =
        folder == null
            ? RunStore.inMemory(Candidate::key)
            : RunStore.in(output, Candidate::key, training.resume());
    ImageData images = data.images(err);
    Setup plain =
        checked(
            () ->
                setup(
                    images.name(),
                    images.trainExamples(),
                    images.testExamples(),
                    images.usualEpochs()));
    List<Candidate> candidates = checked(() -> candidates(plain));
    Images train = images.train().stratified().first(plain.trainExamples());
    Images test = images.test().stratified();
    Setup setup = plain.with(train, test);
    Experiment experiment = Experiment.of(setup, candidates, seeds.from(seed));
    if (folder != null) {
      folder.share(terms -> store.join(experiment.runs(), terms));
      store.refresh();
    }
    store.checkSettings(experiment.runs());
    checked(() -> checkBaseline(Stream.concat(candidates.stream(), candidates(store))));
    try (Interruption interruption = new Interruption(err)) {
      Trainer trainer =
          new Trainer(images.shape(), train, test, interruption::isRequested, training.watcher());
      store.checkConfigurations(experiment.runs(), trainer::configuration);
      describe(images, experiment, trainer);
      boolean complete;
      try (ExperimentProgress progress =
          new ExperimentProgress("compare", experiment.missing(store).size(), setup, err)) {
        complete = experiment.complete(trainer, store, progress);
      }
      if (folder == null) {
        report(experiment, store);
      } else {
        folder.write(
            () -> {
              refresh(store);
              report(experiment, store);
            });
      }
      return complete ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }

  /** What another process has damaged must not keep this one's runs from their report. */
  private void refresh(RunStore store) throws IOException {
    try {
      store.refresh();
    } catch (DamagedFileException e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("dl4jx: left out: " + e.getMessage());
      err.flush();
    }
  }

  private Setup setup(String name, int available, int testExamples, int usualEpochs) {
    Setup setup =
        training
            .setup(
                name,
                model.trainExamples(available),
                "test",
                testExamples,
                usualEpochs,
                model,
                data)
            .at(averages());
    if (tuned != null && name != null) {
      Usage.from("--learning-rates", learningRates, () -> tuned.checkedFor(setup));
    }
    return setup;
  }

  private List<Candidate> candidates(Setup setup) {
    check(
        learningRate == null || tuned == null,
        "--learning-rate",
        learningRate,
        "left out beside --learning-rates");
    List<Candidate> candidates = new ArrayList<>();
    for (NamedUpdater updater : model.updaters()) {
      for (ScheduleNotation schedule : training.schedulesOf(updater)) {
        candidates.add(candidate(updater, schedule, setup));
      }
    }
    if (!training.resume()) {
      checkBaseline(candidates.stream());
    }
    return candidates;
  }

  /** None by default, but not an empty list. */
  private List<NamedAverage> averages() {
    return averages == null ? List.of() : Usage.once("--average", averages, NamedAverage::label);
  }

  private static Stream<Candidate> candidates(RunStore store) {
    return store.runs().stream().map(run -> run.settings().candidate());
  }

  private Baseline checkBaseline(Stream<Candidate> candidates) {
    return check(
        candidates.anyMatch(baseline()::includes),
        "--baseline",
        baseline(),
        "an updater and schedule that are compared");
  }

  private Candidate candidate(NamedUpdater updater, ScheduleNotation schedule, Setup setup) {
    check(
        learningRate == null || schedule.usesRate(),
        "--learning-rate",
        learningRate,
        "left out beside " + schedule);
    double rate = learningRate == null ? updater.usualLearningRate() : learningRate;
    double decay = model.weightDecay();
    if (tuned != null && schedule.usesRate() && updater.hasLearningRate()) {
      Candidate choice =
          Usage.from("--learning-rates", learningRates, () -> tuned.of(updater, schedule));
      rate = choice.learningRate();
      decay = choice.weightDecay();
    }
    return Candidate.of(updater, schedule, rate, decay, setup.length());
  }

  private Baseline baseline() {
    return baseline == null ? new Baseline(model.updaters().get(0), null) : baseline;
  }

  /** Reports a bad argument as wrong usage. */
  private <T> T checked(Supplier<T> value) {
    return Usage.checked(spec, value);
  }

  private void describe(ImageData images, Experiment experiment, Trainer trainer) {
    PrintWriter out = spec.commandLine().getOut();
    Setup setup = experiment.runs().get(0).setup();
    out.printf(
        Locale.ROOT,
        "Data      %s: %,d training images, %,d test images%n",
        images.description(),
        setup.trainExamples(),
        setup.evaluationExamples());
    out.printf(
        Locale.ROOT,
        "Network   %s: %s; %,d parameters%n",
        setup.model(),
        setup.model().description(),
        trainer.network(experiment.runs().get(0)).numParams());
    out.printf(
        Locale.ROOT,
        "Training  %s, batch size %d, %d runs%n%n",
        setup.length(),
        setup.batchSize(),
        experiment.runs().size());
    out.flush();
  }

  /** The number of runs of every requested or stored candidate with every such seed. */
  private static int full(Experiment experiment, RunStore store) {
    List<RunSettings> all =
        Stream.concat(experiment.runs().stream(), store.runs().stream().map(run -> run.settings()))
            .toList();
    long candidates = all.stream().map(RunSettings::candidate).distinct().count();
    long seeds = all.stream().map(RunSettings::seed).distinct().count();
    return Math.toIntExact(candidates * seeds);
  }

  /** Where the rates of all stored runs come from, whichever command has made them. */
  private String rates(RunStore store) {
    List<Candidate> all =
        candidates(store).filter(c -> c.schedule().usesRate()).distinct().toList();
    if (tuned != null) {
      return tuned.describe(all.stream());
    } else if (all.stream().allMatch(c -> c.learningRate() == c.updater().usualLearningRate())) {
      return "Learning rates and weight decays are the usual ones, not tuned on these data.";
    } else if (all.stream().mapToDouble(Candidate::learningRate).distinct().count() == 1) {
      return "All updaters use the learning rate given by --learning-rate.";
    }
    return "Learning rates and weight decays were given for each updater.";
  }

  private void report(Experiment experiment, RunStore store) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Collection<Run> done = store.runs();
    int all = full(experiment, store);
    if (done.size() < all) {
      out.printf("PARTIAL: %d of %d runs%n%n", done.size(), all);
    }
    if (!done.isEmpty()) {
      ComparisonReport report = new ComparisonReport(done, all, baseline(), rates(store));
      // Milliseconds need the caveat that the written report has beside them.
      out.println(report.results().without("ms/iteration").toConsole());
      if (done.size() > report.candidates()) {
        out.println(report.differences().toConsole());
      }
      if (!averages().isEmpty() && done.size() > report.candidates()) {
        out.println(report.averages().toConsole());
      }
      out.println("The training loss is the mean over the last epoch.");
      new Findings(done, baseline().updater(), tuned != null).sentences().forEach(out::println);
      if (output != null) {
        report.write(output);
        out.printf("Report: %s%n", output.resolve(Report.HTML));
      }
    }
    out.flush();
  }
}
