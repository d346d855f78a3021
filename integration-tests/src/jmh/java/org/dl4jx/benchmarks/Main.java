package org.dl4jx.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dl4jx.benchmarks.Measurement.Quantity;
import org.dl4jx.benchmarks.Measurement.Task;
import org.dl4jx.schedules.checks.Argument;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the benchmarks: measures, and reports what was measured. */
@Command(
    name = "benchmarks",
    description =
        "Measures updaters of dl4jx beside those of DL4J and writes benchmarks.md, benchmarks.csv and"
            + " charts.",
    mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
  /** What can be measured; what was measured before and is not measured again is kept. */
  enum Part {
    STEPS,
    ALLOCATION,
    NETWORKS,
    AVERAGES,
    PARALLEL
  }

  private static final List<String> MEMORY = List.of("-Xmx4g");

  private static final List<Integer> SIZES =
      List.of(1_000, 10_000, 100_000, 1_000_000, 10_000_000, 25_000_000);
  private static final List<Integer> QUICK_SIZES = List.of(10_000, 1_000_000, 10_000_000);

  @Spec private CommandSpec spec;

  @Option(
      names = "--quick",
      description = "Ten minutes: fewer sizes, networks, processes and iterations.")
  private boolean quick;

  @Option(
      names = "--output",
      paramLabel = "<dir>",
      defaultValue = "target/benchmarks",
      description = "Folder for everything that is written. Default: ${DEFAULT-VALUE}")
  private Path output;

  @Option(
      names = "--parts",
      paramLabel = "<part>",
      split = ",",
      defaultValue = "steps,allocation,networks",
      description =
          "What to measure: ${COMPLETION-CANDIDATES}. Averages and parallel are printed, not"
              + " reported. Default: ${DEFAULT-VALUE}")
  private Set<Part> parts;

  @Option(
      names = "--report-only",
      description = "Measures nothing, and reports what the folder holds.")
  private boolean reportOnly;

  @Option(
      names = "--contests",
      paramLabel = "<contest>",
      split = ",",
      converter = Contest.Converter.class,
      completionCandidates = Contest.Candidates.class,
      description = "What is set against each other: ${COMPLETION-CANDIDATES}. Default: all")
  private Set<Contest> contests;

  @Option(
      names = "--types",
      paramLabel = "<type>",
      split = ",",
      defaultValue = "float,double",
      description =
          "Types of numbers for steps: ${COMPLETION-CANDIDATES}; the rest is in FLOAT. Default:"
              + " ${DEFAULT-VALUE}")
  private Set<NumberType> types;

  @Option(
      names = "--networks",
      paramLabel = "<network>",
      split = ",",
      description = "Which networks: ${COMPLETION-CANDIDATES}. Default: all")
  private Set<Network> networks;

  @Option(
      names = "--sizes",
      paramLabel = "<n>",
      split = ",",
      description =
          "Lengths of the blocks of parameters. Default: 1000 to 25000000, for DOUBLE to 10000000")
  private Set<Integer> sizes;

  @Option(
      names = "--threads",
      paramLabel = "<n>",
      split = ",",
      description = "Numbers of threads for steps. Default: 1 and all, with --quick all")
  private Set<Integer> threads;

  @Option(
      names = "--forks",
      paramLabel = "<n>",
      description = "Processes for each measurement. Default: 3, with --quick 1")
  private Integer forks;

  private Main() {}

  /**
   * Measures, and ends the program with its exit code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    // Charts need no screen, so one that is gone does no harm.
    System.setProperty("java.awt.headless", System.getProperty("java.awt.headless", "true"));
    CommandLine commandLine =
        new CommandLine(new Main())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler((e, a) -> fail(e, ExitCode.USAGE))
            .setExecutionExceptionHandler((e, c, p) -> fail(e, ExitCode.SOFTWARE));
    System.exit(commandLine.execute(args));
  }

  private static int fail(Exception e, int exitCode) {
    System.err.println("benchmarks: " + (e.getMessage() == null ? e : e.getMessage()));
    return exitCode;
  }

  @Override
  public Integer call() throws IOException, RunnerException {
    useDefaults();
    Path machineFile = output.resolve("machine.txt");
    Path file = output.resolve("benchmarks.csv");
    List<Measurement> measurements =
        new ArrayList<>(Files.exists(file) ? MeasurementFile.read(file) : List.of());
    if (!reportOnly) {
      Machine machine = Machine.current();
      if (!measurements.isEmpty() && !machine.equals(Machine.read(machineFile))) {
        throw new ParameterException(
            spec.commandLine(),
            output
                + " holds measurements under other conditions, see machine.txt there; name another"
                + " folder with --output");
      }
      machine.write(machineFile);
      for (Part part : parts) {
        List<Measurement> measured = measure(part);
        Set<Task> again = measured.stream().map(Measurement::task).collect(Collectors.toSet());
        measurements.removeIf(m -> again.contains(m.task()));
        measurements.addAll(measured);
        MeasurementFile.write(file, measurements);
      }
    }
    if (Set.of(Part.AVERAGES, Part.PARALLEL).containsAll(parts)) {
      return ExitCode.OK;
    }
    if (measurements.isEmpty()) {
      throw new ParameterException(spec.commandLine(), file + " holds no measurements");
    }
    Peers peers = Peers.read(output.resolve("torch.csv"));
    new Report(Machine.read(machineFile), measurements, peers, output).write();
    System.out.println("Written: " + output.resolve("benchmarks.md"));
    return ExitCode.OK;
  }

  private void useDefaults() {
    if (contests == null) {
      contests = new TreeSet<>(Contest.all());
    }
    if (networks == null) {
      networks = quick ? EnumSet.of(Network.SMALL_MLP) : EnumSet.allOf(Network.class);
    }
    if (threads == null) {
      threads =
          new TreeSet<>(quick ? List.of(Threads.available()) : List.of(1, Threads.available()));
    }
    if (forks == null) {
      forks = quick ? 1 : 3;
    }
    if (sizes != null) {
      positive("--sizes", sizes, Integer.MAX_VALUE);
    }
    positive("--threads", threads, Threads.available());
    positive("--forks", Set.of(forks), 100);
  }

  private void positive(String option, Collection<Integer> values, int most) {
    for (int value : values) {
      if (value < 1 || value > most) {
        throw new ParameterException(
            spec.commandLine(), Argument.refusal(option, value, "a number from 1 to " + most));
      }
    }
  }

  private List<Measurement> measure(Part part) throws IOException, RunnerException {
    return switch (part) {
      case STEPS -> measureSteps();
      case ALLOCATION -> measureAllocation();
      case NETWORKS -> measureNetworks();
      case AVERAGES -> printAverages();
      case PARALLEL -> printParallel();
    };
  }

  private List<Measurement> measureSteps() throws IOException, RunnerException {
    List<Measurement> all = new ArrayList<>();
    List<Contest> stepping = contests.stream().filter(Contest::isOfBlocks).toList();
    if (stepping.isEmpty()) {
      return all;
    }
    for (int count : threads) {
      for (NumberType type : types) {
        all.addAll(
            samplesOf(
                options(StepBenchmark.class, stepping, Threads.jvmArgs(count))
                    .param("parameters", names(sizes(type)))
                    .param("type", type.name())
                    .param("threads", String.valueOf(count))
                    .forks(forks)
                    .warmupIterations(quick ? 2 : 3)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(quick ? 2 : 5)
                    .measurementTime(TimeValue.seconds(1))));
      }
    }
    return all;
  }

  private Set<Integer> sizes(NumberType type) {
    if (sizes != null) {
      return sizes;
    }
    return (quick ? QUICK_SIZES : SIZES)
        .stream().filter(size -> size <= type.greatestSize()).collect(Collectors.toSet());
  }

  private List<Measurement> measureNetworks() throws IOException, RunnerException {
    List<Contest> trained = contests.stream().filter(Contest::hasBuiltIn).toList();
    return trained.isEmpty()
        ? List.of()
        : samplesOf(
            options(NetworkBenchmark.class, trained, List.of())
                .param("network", names(networks))
                .forks(forks)
                .warmupIterations(1)
                .warmupBatchSize(15)
                .measurementIterations(1)
                .measurementBatchSize(quick ? 40 : 60));
  }

  private List<Measurement> measureAllocation() throws RunnerException {
    List<Contest> allocating =
        contests.stream().filter(c -> c.hasBuiltIn() && c.isOfBlocks()).toList();
    if (allocating.isEmpty()) {
      return List.of();
    }
    Collection<RunResult> results =
        new Runner(
                options(AllocationBenchmark.class, allocating, List.of())
                    .param("parameters", "1000", "1000000")
                    .addProfiler(GCProfiler.class)
                    .forks(1)
                    .warmupIterations(quick ? 1 : 2)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(quick ? 2 : 3)
                    .measurementTime(TimeValue.seconds(1))
                    .build())
            .run();
    return results.stream().map(Main::allocation).toList();
  }

  private List<Measurement> printParallel() {
    ParallelThroughput.print(
        contests.stream().filter(Contest::hasBuiltIn).toList(), quick ? 5 : 15);
    return List.of();
  }

  private List<Measurement> printAverages() throws RunnerException {
    new Runner(
            options(AverageBenchmark.class)
                .forks(1)
                .warmupIterations(2)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1))
                .build())
        .run();
    new Runner(
            options(AveragedNetworkBenchmark.class)
                .param("network", names(networks))
                .forks(1)
                .warmupIterations(1)
                .warmupBatchSize(15)
                .measurementIterations(1)
                .measurementBatchSize(quick ? 40 : 60)
                .build())
        .run();
    return List.of();
  }

  private static Measurement allocation(RunResult result) {
    BenchmarkParams params = result.getParams();
    var bytes = result.getSecondaryResults().get("gc.alloc.rate.norm").getStatistics();
    return new Measurement(
        Quantity.ALLOCATION,
        Measurement.BLOCK,
        Contest.labelled(params.getParam("contest")),
        Contestant.valueOf(params.getParam("contestant")),
        NumberType.FLOAT,
        Threads.available(),
        Long.parseLong(params.getParam("parameters")),
        1,
        bytes.getPercentile(50),
        bytes.getPercentile(25),
        bytes.getPercentile(75),
        bytes.getN());
  }

  private static ChainedOptionsBuilder options(
      Class<?> benchmark, Collection<Contest> contests, List<String> jvmArgs) {
    return options(benchmark)
        .param("contest", names(contests))
        .jvmArgs(Stream.of(MEMORY, jvmArgs).flatMap(List::stream).toArray(String[]::new));
  }

  private static ChainedOptionsBuilder options(Class<?> benchmark) {
    return new OptionsBuilder()
        .include("^" + benchmark.getName() + "\\.")
        .jvmArgs(MEMORY.toArray(String[]::new))
        .shouldFailOnError(true);
  }

  private static String[] names(Collection<?> values) {
    return values.stream().sorted().map(String::valueOf).toArray(String[]::new);
  }

  /** Runs what leaves its medians in a file. */
  private static List<Measurement> samplesOf(ChainedOptionsBuilder options)
      throws IOException, RunnerException {
    Path file = Files.createTempFile("dl4jx-measurements", ".csv");
    try {
      new Runner(options.jvmArgsAppend(Samples.jvmArg(file)).build()).run();
      return MeasurementFile.readAppended(file);
    } finally {
      Files.delete(file);
    }
  }
}
