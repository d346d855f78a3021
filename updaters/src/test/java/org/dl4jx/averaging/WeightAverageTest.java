package org.dl4jx.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.dl4jx.averaging.Nets.data;
import static org.dl4jx.averaging.Nets.graph;
import static org.dl4jx.averaging.Nets.iterator;
import static org.dl4jx.averaging.Nets.network;
import static org.dl4jx.averaging.Nets.numbers;
import static org.dl4jx.averaging.Nets.parameters;
import static org.dl4jx.averaging.Nets.train;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.Lookahead;
import org.dl4jx.updaters.NonFinitePolicy;
import org.dl4jx.updaters.ScheduleFreeAdamW;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ScheduleType;

class WeightAverageTest {

  /** An average of weights, the first of which comes first, as its definition says. */
  private interface Definition {
    double of(double[] weights);
  }

  private static Arguments average(
      String name, Supplier<WeightAverage> average, Definition definition) {
    return Arguments.of(Named.of(name, average), definition);
  }

  static Stream<Arguments> averages() {
    return Stream.of(
        average("mean", () -> new StochasticWeightAverage(0, 1), WeightAverageTest::mean),
        average(
            "exponential",
            () -> new ExponentialMovingAverage(0.75),
            weights -> exponential(weights, 0.75)),
        average(
            "debiased",
            () -> ExponentialMovingAverage.builder().decay(0.75).debias(true).build(),
            weights -> weighted(weights, 0.75, false)),
        average(
            "with warm-up",
            () -> ExponentialMovingAverage.builder().decay(0.5).warmup(true).build(),
            weights -> {
              double e = weights[0];
              for (int t = 2; t <= weights.length; t++) {
                double d = Math.min(0.5, (1.0 + t) / (10.0 + t));
                e = d * e + (1 - d) * weights[t - 1];
              }
              return e;
            }),
        average(
            "debiased with warm-up",
            () -> ExponentialMovingAverage.builder().decay(0.5).warmup(true).debias(true).build(),
            weights -> weighted(weights, 0.5, true)),
        average(
            "of the newest",
            () -> new ExponentialMovingAverage(0),
            weights -> weights[weights.length - 1]));
  }

  private static double mean(double... weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    return sum / weights.length;
  }

  private static double exponential(double[] weights, double decay) {
    double e = weights[0];
    for (int i = 1; i < weights.length; i++) {
      e = decay * e + (1 - decay) * weights[i];
    }
    return e;
  }

  /** A weighted mean whose weights are those of an exponential average from 0. */
  private static double weighted(double[] weights, double decay, boolean warmup) {
    double e = 0;
    double product = 1;
    for (int t = 1; t <= weights.length; t++) {
      double d = warmup ? Math.min(decay, (1.0 + t) / (10.0 + t)) : decay;
      e = d * e + (1 - d) * weights[t - 1];
      product *= d;
    }
    return e / (1 - product);
  }

  /**
   * Twelve steps of at most five roundings each of numbers below 2 make an error of at most 120
   * units of 2⁻⁵³ or 2⁻²⁴.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("averages")
  void isWhatItsDefinitionSays(Supplier<WeightAverage> supplier, Definition definition) {
    for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
      for (Model model : List.of(network(new Adam(0.1), type), graph(new Adam(0.1), type))) {
        WeightAverage average = supplier.get();
        List<double[]> weights = trainAndRecord(model, average, 12);

        double[] averaged = numbers(average.getAverage());
        double tolerance = 120 * (type == DataType.FLOAT ? 0x1p-24 : 0x1p-53);
        for (int i = 0; i < averaged.length; i++) {
          int parameter = i;
          double[] history = weights.stream().mapToDouble(w -> w[parameter]).toArray();
          assertThat(averaged[i]).isCloseTo(definition.of(history), within(tolerance));
        }
        assertThat(average.getAverage().dataType()).isEqualTo(type);
      }
    }
  }

  /** The weights after each iteration. */
  private static List<double[]> trainAndRecord(Model model, WeightAverage average, int iterations) {
    List<double[]> weights = new ArrayList<>();
    model.setListeners(
        average,
        new BaseTrainingListener() {
          @Override
          public void iterationDone(Model trained, int iteration, int epoch) {
            weights.add(parameters(trained));
          }
        });
    train(model, iterations);
    return weights;
  }

  @Test
  void weightsThatStayAreTheirOwnAverageBitForBit() {
    MultiLayerNetwork network = network(new Sgd(0));
    ExponentialMovingAverage average = new ExponentialMovingAverage(0.999);
    network.addListeners(average);
    train(network, 50);

    assertThat(numbers(average.getAverage())).isEqualTo(parameters(network));
  }

  @Test
  void countsFromItsStartAndTakesEveryNth() {
    MultiLayerNetwork network = network(new Sgd(0.5), DataType.DOUBLE);
    WeightAverage average = new StochasticWeightAverage(3, 4);
    List<double[]> weights = trainAndRecord(network, average, 10);

    assertThat(average.getAveraged()).isEqualTo(2);
    double[] averaged = numbers(average.getAverage());
    for (int i = 0; i < averaged.length; i++) {
      // A sum and a half are exact but for one rounding each of numbers below 2.
      assertThat(averaged[i])
          .isCloseTo((weights.get(3)[i] + weights.get(7)[i]) / 2, within(4 * 0x1p-53));
    }
  }

  @Test
  void averagesAfterEpochs() {
    MultiLayerNetwork network = network(new Sgd(0.5), DataType.DOUBLE);
    WeightAverage average = new StochasticWeightAverage(ScheduleType.EPOCH, 1, 1);
    network.addListeners(average);
    List<double[]> weights = new ArrayList<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      network.fit(iterator(data(epoch, DataType.DOUBLE)));
      weights.add(parameters(network));
    }

    assertThat(average.getAveraged()).isEqualTo(2);
    double[] averaged = numbers(average.getAverage());
    for (int i = 0; i < averaged.length; i++) {
      assertThat(averaged[i])
          .isCloseTo((weights.get(1)[i] + weights.get(2)[i]) / 2, within(4 * 0x1p-53));
    }
  }

  @Test
  void isTheWeightsThemselvesBeforeItStarts() {
    MultiLayerNetwork network = network(new Sgd(0.5));
    WeightAverage average = new StochasticWeightAverage(100, 1);
    network.addListeners(average);
    train(network, 3);

    double[] there = average.at(network, Nets::parameters);
    assertThat(there).isEqualTo(parameters(network));
    assertThatIllegalStateException()
        .isThrownBy(average::getAverage)
        .withMessageContaining("has seen 3 of its network's iterations, and starts after 100");
    assertThatIllegalStateException().isThrownBy(() -> average.moveTo(network));
    assertThatIllegalStateException()
        .isThrownBy(() -> average.save(network, new File("never-written.zip")))
        .withMessageContaining("has not averaged any weights yet");
  }

  @Test
  void goesOnIfAnUpdaterSkipsItsFirstSteps() {
    MultiLayerNetwork network =
        network(
            ScheduleFreeAdamW.builder().nonFiniteGradients(NonFinitePolicy.SKIP).build(),
            DataType.FLOAT);
    ExponentialMovingAverage average = new ExponentialMovingAverage(0.9);
    network.setListeners(average);
    DataSet bad = data(1, DataType.FLOAT);
    bad.getFeatures().putScalar(0, Double.NaN);
    network.fit(bad);
    network.fit(bad);

    assertThat(average.getAveraged()).isEqualTo(2);
    assertThat(numbers(average.getAverage())).isEqualTo(parameters(network));
  }

  /** The half-precision types cannot hold steps of a thousandth. */
  @Test
  void keepsFloatsForHalfPrecision() {
    MultiLayerNetwork network = network(new Sgd(0.1), DataType.FLOAT16);
    ExponentialMovingAverage average = new ExponentialMovingAverage(0.999);
    List<double[]> weights = trainAndRecord(network, average, 5);

    assertThat(average.getAverage().dataType()).isEqualTo(DataType.FLOAT);
    double[] averaged = numbers(average.getAverage());
    for (int i = 0; i < averaged.length; i++) {
      int parameter = i;
      double[] history = weights.stream().mapToDouble(w -> w[parameter]).toArray();
      // Five steps with five roundings each of numbers below 2.
      assertThat(averaged[i]).isCloseTo(exponential(history, 0.999), within(50 * 0x1p-24));
    }
    double[] there = average.at(network, Nets::parameters);
    assertThat(there).isNotEqualTo(parameters(network));
  }

  static Stream<IUpdater> trainingElsewhere() {
    return Stream.of(
        new AveragedNesterovs(0.1, 0.9),
        ScheduleFreeAdamW.builder().learningRate(0.1).build(),
        new Lookahead(new Adam(0.1), 3, 0.5));
  }

  @ParameterizedTest
  @MethodSource("trainingElsewhere")
  void averagesWhereTheUpdaterWantsToBeEvaluated(IUpdater updater) {
    MultiLayerNetwork network = network(updater, DataType.DOUBLE);
    List<double[]> points = new ArrayList<>();
    StochasticWeightAverage average = new StochasticWeightAverage(0, 1);
    network.setListeners(
        average,
        new BaseTrainingListener() {
          @Override
          public void iterationDone(Model model, int iteration, int epoch) {
            points.add(EvaluationWeights.ofUpdaters().at(model, Nets::parameters));
          }
        });
    train(network, 7);
    double[] before = parameters(network);
    double[] averaged = average.at(network, Nets::parameters);

    for (int i = 0; i < averaged.length; i++) {
      int parameter = i;
      // Seven steps with three roundings each of numbers below 4.
      assertThat(averaged[i])
          .isCloseTo(
              mean(points.stream().mapToDouble(p -> p[parameter]).toArray()), within(84 * 0x1p-53));
    }
    assertThat(parameters(network)).isEqualTo(before);
    average.moveTo(network);
    assertThat(EvaluationWeights.ofUpdaters().<Model, double[]>at(network, Nets::parameters))
        .isEqualTo(averaged);
  }

  @Test
  void leavesPretrainingAlone() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            Nets.with(new Sgd(0.1), DataType.FLOAT)
                .list()
                .layer(new AutoEncoder.Builder().nIn(4).nOut(5).build())
                .layer(Nets.output(5))
                .build());
    network.init();
    ExponentialMovingAverage average = new ExponentialMovingAverage(0.9);
    network.addListeners(average);
    network.pretrain(iterator(data(1, DataType.FLOAT)));
    assertThat(average.getAveraged()).isZero();

    train(network, 2);
    assertThat(average.getAveraged()).isEqualTo(2);
  }

  @Test
  void followsOneNetworkAndSaysSo() {
    ExponentialMovingAverage average = new ExponentialMovingAverage(0.9);
    MultiLayerNetwork first = network(new Sgd(0.1));
    MultiLayerNetwork second = network(new Sgd(0.1));
    first.addListeners(average);
    second.addListeners(average);
    train(first, 2);

    assertThatIllegalStateException()
        .isThrownBy(() -> train(second, 1))
        .withMessageContaining("follows one network")
        .withMessageContaining("follow(network)");
    average.follow(second);
    train(first, 1);
    assertThat(average.getAveraged()).isEqualTo(2);
    train(second, 1);
    assertThat(average.getAveraged()).isEqualTo(3);
  }

  @Test
  void refusesANetworkThatHasTrainedWithoutIt() {
    MultiLayerNetwork network = network(new Sgd(0.1));
    ExponentialMovingAverage average = new ExponentialMovingAverage(0.9);
    train(network, 1);

    assertThatIllegalStateException()
        .isThrownBy(() -> average.moveTo(network))
        .withMessageContaining("has not seen the network train")
        .withMessageContaining("add it to the network's listeners");
  }

  @Test
  void refusesANetworkOfAnotherSizeOrType() {
    ExponentialMovingAverage average = new ExponentialMovingAverage(0.9);
    MultiLayerNetwork network = network(new Sgd(0.1));
    network.addListeners(average);
    train(network, 1);
    MultiLayerNetwork larger =
        new MultiLayerNetwork(
            Nets.with(new Sgd(0.1), DataType.FLOAT).list().layer(Nets.output(4)).build());
    larger.init();

    assertThatIllegalStateException()
        .isThrownBy(() -> average.at(larger, Nets::parameters))
        .withMessageContaining("is of 43 parameters of type FLOAT, but the network has 15");
    MultiLayerNetwork doubles = network(new Sgd(0.1), DataType.DOUBLE);
    assertThatIllegalStateException()
        .isThrownBy(() -> average.at(doubles, Nets::parameters))
        .withMessageContaining("of type DOUBLE");
  }

  static Stream<Arguments> badArguments() {
    return Stream.of(
        bad(() -> new ExponentialMovingAverage(1), "decay must be in [0, 1), but was 1.0"),
        bad(() -> new ExponentialMovingAverage(-0.1), "decay must be in [0, 1), but was -0.1"),
        bad(() -> new ExponentialMovingAverage(Double.NaN), "decay must be in [0, 1), but was NaN"),
        bad(() -> new StochasticWeightAverage(-1, 1), "start must be a number >= 0, but was -1"),
        bad(() -> new StochasticWeightAverage(0, 0), "every must be a number >= 1, but was 0"),
        bad(() -> new StochasticWeightAverage(null, 0, 1), "type"),
        bad(
            () -> ExponentialMovingAverage.builder().name("a/b").build(),
            "name must be one or more letters, digits and any of \"-._\", but was a/b"),
        bad(() -> ExponentialMovingAverage.builder().name(null).build(), "name"));
  }

  private static Arguments bad(Supplier<WeightAverage> average, String message) {
    return Arguments.of(average, message);
  }

  @ParameterizedTest
  @MethodSource("badArguments")
  void refusesBadArguments(Supplier<WeightAverage> average, String message) {
    assertThatIllegalArgumentException().isThrownBy(average::get).withMessageContaining(message);
  }
}
