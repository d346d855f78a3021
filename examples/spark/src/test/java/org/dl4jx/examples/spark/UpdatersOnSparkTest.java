package org.dl4jx.examples.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.dl4jx.averaging.EvaluationWeights;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.dl4jx.workbench.data.EmbeddedMnist;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.experiment.NativeThreads;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.RunLength;
import org.dl4jx.workbench.notation.ScheduleNotation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import scala.Tuple2;

/** On local[2], for every updater of dl4jx. */
class UpdatersOnSparkTest {
  private static final int IMAGES = 400;
  private static final int EPOCHS = 2;
  private static final long SEED = 5;
  private static final double DECAY = 0.01;

  /** 20 iterations per epoch, of which the last two are a shorter round. */
  private static final AveragingRounds ROUNDS = new AveragingRounds(IMAGES, 10, 2, 6);

  private static final Map<NamedUpdater, MultiLayerNetwork> TRAINED = new HashMap<>();

  private static JavaSparkContext spark;
  private static List<LabelledImage> images;

  @TempDir Path folder;

  @BeforeAll
  static void startSpark() throws IOException {
    NativeThreads.useOneUnlessSet();
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setAppName("test")
                .setMaster("local[2]")
                .set("spark.ui.enabled", "false"));
    Images train = new EmbeddedMnist().train();
    images =
        IntStream.range(0, IMAGES)
            .mapToObj(i -> new LabelledImage(train.pixels(i), train.label(i)))
            .toList();
  }

  @AfterAll
  static void stopSpark() {
    TRAINED.clear();
    spark.close();
  }

  static Stream<NamedUpdater> updaters() {
    return Stream.concat(
        Arrays.stream(NamedOptimizer.values()).map(NamedUpdater::of),
        Stream.of("lookahead", "lookahead(of=adamw)", "adam").map(NamedUpdater::labelled));
  }

  private static MultiLayerNetwork network(NamedUpdater updater) {
    return network(updater, "warmup-cosine(floor=1e-5)", updater.usualLearningRate());
  }

  private static MultiLayerNetwork network(NamedUpdater updater, String schedule, double rate) {
    RunLength length = new RunLength(ROUNDS.iterationsPerEpoch(), EPOCHS, 0.1);
    MultiLayerConfiguration conf =
        new NeuralNetConfiguration.Builder()
            .seed(SEED)
            .updater(updater.create(ScheduleNotation.parse(schedule), rate, DECAY, length))
            .weightInit(WeightInit.XAVIER)
            .activation(Activation.TANH)
            .list()
            .layer(new DenseLayer.Builder().nIn(28 * 28).nOut(12).build())
            .layer(
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nIn(12)
                    .nOut(10)
                    .activation(Activation.SOFTMAX)
                    .build())
            .build();
    MultiLayerNetwork network = new MultiLayerNetwork(updater.attachDecay(conf, DECAY));
    network.init();
    return network;
  }

  private static MultiLayerNetwork trainOnSpark(
      MultiLayerNetwork network,
      NamedUpdater updater,
      AveragingRounds rounds,
      String export,
      int epochs) {
    List<Tuple2<Integer, LabelledImage>> numbered = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      numbered.add(new Tuple2<>(i, images.get(i)));
    }
    JavaPairRDD<Integer, LabelledImage> spread = spark.parallelizePairs(numbered, 3);
    AveragingMaster master = AveragingMaster.of(rounds, updater, export, (round, of, score) -> {});
    SparkDl4jMultiLayer onSpark = new SparkDl4jMultiLayer(spark, network, master);
    for (int epoch = 0; epoch < epochs; epoch++) {
      onSpark.fit(EpochBatches.of(spark, spread, rounds, SEED, epoch));
    }
    master.deleteTempFiles(spark);
    return network;
  }

  private static MultiLayerNetwork trained(NamedUpdater updater) {
    return TRAINED.computeIfAbsent(updater, u -> trainOnSpark(network(u), u, ROUNDS, null, EPOCHS));
  }

  private static INDArray state(MultiLayerNetwork network) {
    return network.getUpdater().getStateViewArray();
  }

  private static void assertEqualBits(MultiLayerNetwork actual, MultiLayerNetwork expected) {
    assertThat(actual.params().toFloatVector()).containsExactly(expected.params().toFloatVector());
    assertThat(state(actual).toFloatVector()).containsExactly(state(expected).toFloatVector());
    assertThat(actual.getIterationCount()).isEqualTo(expected.getIterationCount());
    assertThat(actual.getEpochCount()).isEqualTo(expected.getEpochCount());
  }

  /**
   * Bit for bit: the sum of two numbers has no order, and half of it is exact. So nothing may
   * differ if the workers get the same parameters, state, iteration, and batches.
   */
  @ParameterizedTest
  @MethodSource("updaters")
  void givesWhatOneMachineGivesThatAveragesLikewise(NamedUpdater updater) {
    MultiLayerNetwork expected =
        OneMachine.train(network(updater), updater, images, ROUNDS, SEED, EPOCHS);

    assertEqualBits(trained(updater), expected);
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void lowersTheScore(NamedUpdater updater) {
    DataSet all = LabelledImage.batch(images);
    EvaluationWeights weights = EvaluationWeights.ofUpdaters();

    double before = network(updater).score(all);
    double after = weights.at(trained(updater), network -> network.score(all));

    assertThat(after).isLessThan(before);
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void savesAStateThatTrainingGoesOnFrom(NamedUpdater updater) throws IOException {
    MultiLayerNetwork trained = trained(updater);
    Path file = folder.resolve("model.zip");
    ModelFile.of(file.toString(), spark.hadoopConfiguration()).write(trained);

    MultiLayerNetwork loaded = MultiLayerNetwork.load(file.toFile(), true);

    assertEqualBits(loaded, trained);
    assertThat(state(loaded).length()).isEqualTo(state(network(updater)).length());
    assertThat(state(loaded).amaxNumber().doubleValue()).isPositive();
    DataSet batch = LabelledImage.batch(images.subList(0, 10));
    MultiLayerNetwork again = updater.listen(OneMachine.copy(trained));
    updater.listen(loaded).fit(batch);
    again.fit(batch);
    assertEqualBits(loaded, again);
    assertThat(loaded.params().toFloatVector()).isNotEqualTo(trained.params().toFloatVector());
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void keepsItsConfigurationInJson(NamedUpdater updater) {
    MultiLayerConfiguration conf = trained(updater).getLayerWiseConfigurations();

    assertThat(MultiLayerConfiguration.fromJson(conf.toJson())).isEqualTo(conf);
  }

  @Test
  void exportedBatchesGiveTheSame() {
    NamedUpdater adamW = NamedUpdater.of(NamedOptimizer.ADAMW);

    MultiLayerNetwork exported =
        trainOnSpark(network(adamW), adamW, ROUNDS, folder.toUri().toString(), EPOCHS);

    assertEqualBits(exported, trained(adamW));
    assertThat(folder.toFile().list()).hasSizeLessThan(2);
  }

  /**
   * Spark adds results in the order in which they come. All numbers are below 2. A sum of three has
   * two roundings, each by at most 2⁻²⁴ of 6, so two sums differ by at most 24 · 2⁻²⁴, and a third
   * of them by 8 · 2⁻²⁴. The divisions add 2 · 2⁻²⁴ each, and 2⁻²⁰ is more than all of that.
   */
  @Test
  void threeWorkersAddInAnyOrder() {
    NamedUpdater adamW = NamedUpdater.of(NamedOptimizer.ADAMW);
    AveragingRounds oneRound = new AveragingRounds(IMAGES, 10, 3, 13);
    MultiLayerNetwork start = network(adamW);

    INDArray expected = OneMachine.train(start, adamW, images, oneRound, SEED, 1).params();
    INDArray actual = trainOnSpark(start, adamW, oneRound, null, 1).params();

    assertThat(oneRound.perEpoch()).isEqualTo(1);
    assertThat(expected.amaxNumber().doubleValue()).isLessThan(1.9);
    assertThat(actual.sub(expected).amaxNumber().doubleValue()).isLessThan(0x1p-20);
  }
}
