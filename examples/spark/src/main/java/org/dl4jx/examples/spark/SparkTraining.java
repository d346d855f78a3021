package org.dl4jx.examples.spark;

import static org.dl4jx.schedules.checks.Argument.check;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.dl4jx.averaging.EvaluationWeights;
import org.dl4jx.workbench.data.EmbeddedMnist;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.models.NamedModel;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.RunLength;
import org.dl4jx.workbench.notation.ScheduleNotation;
import org.nd4j.linalg.dataset.DataSet;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Trains MNIST on Apache Spark, by Deeplearning4j's averaging of parameters. Every worker trains a
 * copy of the network on its own batches. After some batches, parameters and updater states are
 * replaced by their means over the workers.
 *
 * <p>Without a cluster, it runs Spark in its own process:
 *
 * <pre>{@code
 * mvn -q -Pspark -pl examples/spark -am compile exec:exec -Dspark.args="--updater adamw"
 * }</pre>
 */
@Command(
    name = "spark-training",
    description = "Trains MNIST on Apache Spark with an updater and schedule of dl4jx or DL4J.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class SparkTraining implements Callable<Integer> {
  private static final String MASTER = "spark.master";

  private static final String USUAL_SCHEDULE = "warmup-cosine";

  /** The share of a run in which a schedule warms up, unless it says otherwise. */
  private static final double WARMUP = 0.1;

  @Spec private CommandSpec spec;

  @Option(
      names = "--master",
      paramLabel = "<url>",
      description = "Spark's master. Default: what spark-submit says, else local[2]")
  private String master;

  @Option(
      names = "--updater",
      paramLabel = "<name>",
      defaultValue = "adamw",
      converter = NamedUpdater.Converter.class,
      completionCandidates = NamedUpdater.Candidates.class,
      description =
          "The updater, with settings as in adamw(beta2=0.95). Default: ${DEFAULT-VALUE}. Known,"
              + " with their usual learning rates: ${COMPLETION-CANDIDATES}")
  private NamedUpdater updater;

  @Option(
      names = "--schedule",
      paramLabel = "<schedule>",
      converter = ScheduleNotation.Converter.class,
      description =
          "The schedule of the learning rate, over the iterations of one worker. Default: "
              + USUAL_SCHEDULE
              + ", or constant for updaters that follow none")
  private ScheduleNotation schedule;

  @Option(
      names = "--learning-rate",
      paramLabel = "<rate>",
      description = "The learning rate, or the greatest one of a schedule. Default: the usual one")
  private Double learningRate;

  @Option(
      names = "--weight-decay",
      paramLabel = "<decay>",
      defaultValue = "0.01",
      description = "For updaters that have one. Default: ${DEFAULT-VALUE}")
  private double weightDecay;

  @Option(
      names = "--model",
      paramLabel = "<model>",
      defaultValue = "mlp",
      description = "The network: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  private NamedModel model;

  @Option(
      names = "--data",
      paramLabel = "<folder>",
      description =
          "Folder with the four files of MNIST, gzipped or not, which Spark reads: a path, hdfs://,"
              + " s3a://. Default: the environment variable DL4JX_DATA, on the driver, else the"
              + " images that come with the program")
  private String data;

  @Option(
      names = "--epochs",
      paramLabel = "<n>",
      defaultValue = "3",
      description = "Passes over the training images. Default: ${DEFAULT-VALUE}")
  private int epochs;

  @Option(
      names = "--batch-size",
      paramLabel = "<n>",
      defaultValue = "32",
      description = "Images per batch of one worker. Default: ${DEFAULT-VALUE}")
  private int batchSize;

  @Option(
      names = "--averaging-frequency",
      paramLabel = "<n>",
      defaultValue = "5",
      description = "Batches of a worker between two averagings. Default: ${DEFAULT-VALUE}")
  private int averagingFrequency;

  @Option(
      names = "--workers",
      paramLabel = "<n>",
      defaultValue = "2",
      description =
          "Copies of the network that train at once, best one for each core of the cluster."
              + " Default: ${DEFAULT-VALUE}")
  private int workers;

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      defaultValue = "42",
      description =
          "Decides the initial weights and the order of images. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--output",
      paramLabel = "<file>",
      defaultValue = "model.zip",
      description =
          "The trained network with the updater's state, on this machine, or as hdfs:// or s3a://."
              + " Default: ${DEFAULT-VALUE}")
  private String output;

  @Option(
      names = "--export",
      paramLabel = "<folder>",
      description =
          "Write the batches of an epoch there first, for the workers to read: a folder that all"
              + " machines see. Default: they go to the workers through Spark")
  private String export;

  @Option(names = "--verbose", description = "Print the stack trace of an error.")
  private boolean verbose;

  private SparkTraining() {}

  /**
   * Trains, and ends the program with exit code 0 if all is done, 2 for a bad command line, and 1
   * for any other error.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.exit(execute(args));
  }

  static int execute(String... args) {
    return commandLine().execute(args);
  }

  static CommandLine commandLine() {
    Locale.setDefault(Locale.ENGLISH);
    SparkTraining program = new SparkTraining();
    return new CommandLine(program)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, all) -> program.report(e, ExitCode.USAGE))
        .setExecutionExceptionHandler((e, failed, all) -> program.report(e, ExitCode.SOFTWARE));
  }

  /** A failed task's message has the stack trace of its machine after the first line. */
  private int report(Exception e, int exitCode) {
    PrintWriter err = spec.commandLine().getErr();
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    err.println("dl4jx: " + message.strip().lines().findFirst().orElse(message));
    if (verbose) {
      e.printStackTrace(err);
    }
    err.flush();
    return exitCode;
  }

  @Override
  public Integer call() throws Exception {
    SparkConf conf = new SparkConf().setAppName("dl4jx");
    if (master != null) {
      conf.setMaster(master);
    } else {
      conf.setIfMissing(MASTER, "local[2]");
    }
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      spark.setLogLevel("ERROR");
      train(spark);
    }
    return ExitCode.OK;
  }

  private void train(JavaSparkContext spark) throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    ModelFile file = ModelFile.of(output, spark.hadoopConfiguration());
    file.check();
    SparkImages images =
        data == null ? SparkImages.ofProgram(spark, workers) : SparkImages.in(spark, data, workers);
    AveragingRounds rounds = usage(() -> rounds(images));
    MultiLayerNetwork network = usage(() -> network(rounds));
    out.printf(
        "Data      %s: %,d training images, %,d test images%n",
        images.description(), images.trainExamples(), images.testExamples());
    out.printf(
        "Network   %s: %s; %,d parameters, trained with %s%n",
        model, model.description(), network.numParams(), updater);
    out.printf(
        "Training  on %s: %s on each of %d workers, batch size %d, averaged after every %d%n",
        spark.master(), length(rounds), workers, batchSize, averagingFrequency);
    out.flush();
    Progress progress = new Progress(out, epochs);
    AveragingMaster averaging = AveragingMaster.of(rounds, updater, export, progress);
    try {
      SparkDl4jMultiLayer onSpark = new SparkDl4jMultiLayer(spark, network, averaging);
      for (int epoch = 0; epoch < epochs; epoch++) {
        progress.epoch = epoch;
        onSpark.fit(EpochBatches.of(spark, images.train(), rounds, seed, epoch));
      }
    } finally {
      averaging.deleteTempFiles(spark);
    }
    file.write(network);
    JavaRDD<DataSet> test = EpochBatches.forEvaluation(images.test());
    double accuracy =
        EvaluationWeights.ofUpdaters()
            .at(network, n -> new SparkDl4jMultiLayer(spark, n, null).evaluate(test).accuracy());
    out.printf("Accuracy  %.4f on the test images%n", accuracy);
    out.printf("Model     %s%n", output);
    out.flush();
  }

  /** Tells errors in the command line from others. */
  private <T> T usage(Supplier<T> supplier) {
    try {
      return supplier.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private AveragingRounds rounds(SparkImages images) {
    return new AveragingRounds(images.trainExamples(), batchSize, workers, averagingFrequency);
  }

  private MultiLayerNetwork network(AveragingRounds rounds) {
    ScheduleNotation usual =
        ScheduleNotation.parse(updater.followsSchedules() ? USUAL_SCHEDULE : "constant");
    ScheduleNotation followed = schedule == null ? usual : schedule;
    check(
        updater.followsSchedules() || followed.isUsualConstant(),
        "--schedule",
        followed,
        "constant for " + updater + ", which follows no schedule");
    double rate = learningRate == null ? updater.usualLearningRate() : learningRate;
    RunLength length = length(rounds);
    Candidate candidate = Candidate.of(updater, followed, rate, weightDecay, length);
    return model.network(
        new EmbeddedMnist().shape(),
        updater.create(followed, candidate.learningRate(), candidate.weightDecay(), length),
        seed,
        conf -> updater.attachDecay(conf, candidate.weightDecay()));
  }

  private RunLength length(AveragingRounds rounds) {
    check(epochs >= 1, "--epochs", epochs, "a number >= 1");
    return new RunLength(rounds.iterationsPerEpoch(), epochs, WARMUP);
  }

  /** Prints a line for a round, unless the last one is less than a second old. */
  private static final class Progress implements AveragingMaster.Progress {
    private final PrintWriter out;
    private final int epochs;
    private int epoch;
    private long last = System.nanoTime();

    Progress(PrintWriter out, int epochs) {
      this.out = out;
      this.epochs = epochs;
    }

    @Override
    public void roundDone(int round, int of, double score) {
      long now = System.nanoTime();
      if (round == of || now - last >= 1_000_000_000L) {
        last = now;
        out.printf(
            "Epoch %d of %d, round %d of %d: score %.4f%n", epoch + 1, epochs, round, of, score);
        out.flush();
      }
    }
  }
}
