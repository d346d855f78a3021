package org.dl4jx.workbench;

import static org.dl4jx.schedules.checks.Argument.check;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.dl4jx.workbench.data.ImageData;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.experiment.Experiment;
import org.dl4jx.workbench.experiment.RunSettings;
import org.dl4jx.workbench.experiment.RunStore;
import org.dl4jx.workbench.experiment.Setup;
import org.dl4jx.workbench.experiment.Trainer;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.ScheduleNotation;
import org.dl4jx.workbench.report.MarkdownPage;
import org.dl4jx.workbench.report.Report;
import org.dl4jx.workbench.tuning.Search;
import org.dl4jx.workbench.tuning.Trial;
import org.dl4jx.workbench.tuning.TunedRates;
import org.dl4jx.workbench.tuning.TuningReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Chooses a learning rate and weight decay for each updater and schedule. */
@Command(
    name = "tune",
    description =
        "Chooses a learning rate and weight decay for each updater and schedule by the accuracy on"
            + " held-out training images, with the same number of trials for each. The test images"
            + " are not read.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class TuneCommand implements Callable<Integer> {
  private static final int MOST_VALIDATION_EXAMPLES = 5000;

  @Spec private CommandSpec spec;

  @Mixin private DataOptions data;

  @Mixin private ModelOptions model;

  @Mixin private TrainingOptions training;

  @Option(
      names = "--validation-examples",
      paramLabel = "<n>",
      description =
          "Number of training images held out for validation, taken from the end of the order that"
              + " --train-examples uses. Default: a fifth of all, but at most "
              + MOST_VALIDATION_EXAMPLES)
  private Integer validationExamples;

  @Option(
      names = "--trials",
      paramLabel = "<n>",
      defaultValue = "" + Search.USUAL_TRIALS,
      description = "Number of trials per updater and schedule. Default: ${DEFAULT-VALUE}")
  private int trials;

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      defaultValue = "1001",
      description = "The first seed. Don't use it for compare. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = {"--seeds", "--tune-seeds"},
      paramLabel = "<n>",
      defaultValue = "2",
      converter = SeedList.Converter.class,
      description =
          "Number of seeds per trial, counted from --seed, or a list. Default: ${DEFAULT-VALUE}")
  private SeedList seeds;

  @Option(
      names = "--output",
      paramLabel = "<dir>",
      required = true,
      description = "Folder for the choice in " + TunedRates.FILE + ", a report, and every run")
  private Path output;

  @Override
  public Integer call() throws IOException {
    // Bad options are reported before looking for data.
    checked(() -> seeds.from(seed));
    checked(() -> searches(setup(null, data.mostTrainExamples(), data.mostEpochs())));
    training.startUi(spec.commandLine().getErr());
    try (OutputFolder folder =
        OutputFolder.open(
            output, TuningReport.FILES, List.of(RunStore.FOLDER, MarkdownPage.CHARTS))) {
      folder.takeAlone();
      RunStore store = RunStore.in(output, Candidate::trialKey, training.resume());
      return tune(data.images(spec.commandLine().getErr()), store);
    }
  }

  int tune(ImageData images, RunStore store) throws IOException {
    Setup plain = checked(() -> setup(images.name(), images.trainExamples(), images.usualEpochs()));
    List<Search> searches = checked(() -> searches(plain));
    Images all = images.train().stratified();
    Images train = all.first(plain.trainExamples());
    Images validation = all.last(plain.evaluationExamples());
    Setup setup = plain.with(train, validation);
    List<Long> each = seeds.from(seed);
    store.checkSettings(
        searches.stream().map(s -> new RunSettings(setup, s.first(), each.get(0))).toList());
    Map<Candidate, List<Trial>> done = new LinkedHashMap<>();
    searches.forEach(search -> done.put(search.first(), new ArrayList<>()));
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "Data      %s: %,d training images, %,d validation images%n",
        images.description(),
        train.count(),
        validation.count());
    out.printf(
        "Trials    %d for each of %d updaters and schedules, %d seeds, %s%n%n",
        trials, searches.size(), each.size(), setup.length());
    out.flush();
    try (Interruption interruption = new Interruption(spec.commandLine().getErr())) {
      Trainer trainer =
          new Trainer(
              images.shape(), train, validation, interruption::isRequested, training.watcher());
      long kept =
          store.runs().stream()
              .filter(run -> searches.stream().anyMatch(s -> s.isFor(run.settings().candidate())))
              .count();
      long runs = (long) trials * searches.size() * each.size() - kept;
      try (ExperimentProgress progress =
          new ExperimentProgress("tune", Math.max(0, runs), setup, spec.commandLine().getErr())) {
        for (Search search : searches) {
          if (!complete(search, setup, done.get(search.first()), trainer, store, progress)) {
            break;
          }
        }
      }
      return report(new TuningReport(setup, each, trials, done));
    }
  }

  /** Makes the trials of a search; false if the trainer was stopped. */
  private boolean complete(
      Search search,
      Setup setup,
      List<Trial> done,
      Trainer trainer,
      RunStore store,
      ExperimentProgress progress)
      throws IOException {
    Optional<Candidate> next = search.next(done);
    while (next.isPresent()) {
      Experiment trial = Experiment.of(setup, List.of(next.get()), seeds.from(seed));
      if (!trial.complete(trainer, store, progress)) {
        return false;
      }
      done.add(Trial.of(next.get(), trial.runs().stream().map(store::get).toList()));
      next = search.next(done);
    }
    return true;
  }

  private int report(TuningReport report) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(report.choices().toConsole());
    report.write(output);
    if (report.isComplete()) {
      out.printf("Choice: %s%n", output.resolve(TunedRates.FILE));
    } else {
      out.println("PARTIAL: continue with --resume");
    }
    out.printf("Report: %s%n", output.resolve(Report.HTML));
    out.flush();
    return report.isComplete() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private Setup setup(String name, int available, int usualEpochs) {
    int validation =
        validationExamples == null
            ? Math.min(MOST_VALIDATION_EXAMPLES, available / 5)
            : validationExamples;
    check(
        validation >= 1 && validation < available,
        "--validation-examples",
        validation,
        "a number from 1 to " + (available - 1));
    return training.setup(
        name,
        model.trainExamples(available - validation),
        "validation",
        validation,
        usualEpochs,
        model,
        data);
  }

  private List<Search> searches(Setup setup) {
    List<Search> searches = new ArrayList<>();
    for (NamedUpdater updater : model.updatersWithSchedules()) {
      for (ScheduleNotation schedule : training.schedules()) {
        check(schedule.usesRate(), "--schedules", schedule, "schedules that leave the rate out");
        Candidate usual =
            Candidate.of(
                updater,
                schedule,
                updater.usualLearningRate(),
                model.weightDecay(),
                setup.length());
        Search search = new Search(usual, trials);
        checkRates(search, setup);
        searches.add(search);
      }
    }
    return searches;
  }

  /** A schedule with numbers of its own may not go with every rate. */
  private static void checkRates(Search search, Setup setup) {
    for (Candidate extreme : search.extremes()) {
      try {
        extreme.greatestRate(setup.length());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            String.format(
                "--schedules must allow all learning rates that may be tried for %s, but at %s: %s",
                extreme.updater(), extreme.learningRate(), e.getMessage()),
            e);
      }
    }
  }

  private <T> T checked(Supplier<T> value) {
    return Usage.checked(spec, value);
  }
}
