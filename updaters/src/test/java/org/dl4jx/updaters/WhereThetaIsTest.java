package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Compares the θ of a network that trains with averaged Nesterov momentum to the formula in plain
 * Java, on a linear least-squares problem.
 */
class WhereThetaIsTest {
  private static final double RATE = 0.05;
  private static final double MOMENTUM = 0.9;
  private static final int IN = 4;
  private static final int OUT = 2;
  private static final int EXAMPLES = 5;

  private static final LookaheadAverage CUSTOM =
      LookaheadAverage.of(new double[] {0, 0.9, 0.3, 1}, new double[] {0.1, 0.2, 0.3, 0.4});

  /**
   * Numbers stay below 8, and an iteration rounds each about 50 times, by at most half of 2⁻⁵² of
   * it. 30 iterations add up to 1.3e-12.
   */
  private static final double TOLERANCE = 2e-12;

  private static DataSet data() {
    return new DataSet(
        Nd4j.linspace(-1, 1, EXAMPLES * IN, DataType.DOUBLE).reshape(EXAMPLES, IN),
        Nd4j.linspace(3, 5, EXAMPLES * OUT, DataType.DOUBLE).reshape(EXAMPLES, OUT));
  }

  /** The formula, one gradient at a time. */
  private static final class Simulation {
    private final LookaheadAverage average;
    private final double[] theta;

    /** γ v. */
    private double[] ahead;

    private double[] sum;
    private double[] before;
    private int iteration;

    Simulation(LookaheadAverage average, double[] start) {
      this.average = average;
      this.theta = start.clone();
      this.ahead = new double[start.length];
      this.sum = new double[start.length];
      this.before = new double[start.length];
    }

    double[] theta() {
      return theta.clone();
    }

    /** Where the next gradient is taken. */
    double[] probe() {
      double[] probe = theta.clone();
      for (int i = 0; i < probe.length; i++) {
        probe[i] -= average.point(iteration % average.probes()) * ahead[i];
      }
      return probe;
    }

    /** The rest of the cycle takes its gradients at θ. */
    void settle() {
      for (int i = 0; i < theta.length; i++) {
        before[i] += ahead[i];
        ahead[i] = 0;
      }
    }

    void step() {
      int probe = iteration % average.probes();
      double[] g = gradient(probe());
      for (int i = 0; i < theta.length; i++) {
        sum[i] += RATE * average.weight(probe) * g[i];
      }
      iteration++;
      if (iteration % average.probes() == 0) {
        for (int i = 0; i < theta.length; i++) {
          double v = before[i] + ahead[i] + sum[i];
          theta[i] -= v;
          ahead[i] = MOMENTUM * v;
          sum[i] = 0;
          before[i] = 0;
        }
      }
    }

    /** The gradient of the mean squared error; weights are stored column by column. */
    private static double[] gradient(double[] p) {
      double[] g = new double[p.length];
      DataSet data = data();
      for (int e = 0; e < EXAMPLES; e++) {
        for (int o = 0; o < OUT; o++) {
          double error = p[IN * OUT + o] - data.getLabels().getDouble(e, o);
          for (int i = 0; i < IN; i++) {
            error += data.getFeatures().getDouble(e, i) * p[o * IN + i];
          }
          double scaled = 2 * error / OUT / EXAMPLES;
          g[IN * OUT + o] += scaled;
          for (int i = 0; i < IN; i++) {
            g[o * IN + i] += scaled * data.getFeatures().getDouble(e, i);
          }
        }
      }
      return g;
    }
  }

  private static NeuralNetConfiguration.Builder with(LookaheadAverage average) {
    return new NeuralNetConfiguration.Builder()
        .seed(1)
        .dataType(DataType.DOUBLE)
        .updater(new AveragedNesterovs(RATE, MOMENTUM, average));
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder(LossFunction.MSE)
        .activation(Activation.IDENTITY)
        .nIn(IN)
        .nOut(OUT)
        .build();
  }

  private static MultiLayerNetwork network(LookaheadAverage average) {
    MultiLayerNetwork network = new MultiLayerNetwork(with(average).list().layer(output()).build());
    network.init();
    return network;
  }

  private static ComputationGraph graph(LookaheadAverage average) {
    ComputationGraph graph =
        new ComputationGraph(
            with(average)
                .graphBuilder()
                .addInputs("in")
                .addLayer("out", output(), "in")
                .setOutputs("out")
                .build());
    graph.init();
    return graph;
  }

  /** A network or a graph. */
  private record Trained(Model model) {
    void fit(int iterations) {
      for (int i = 0; i < iterations; i++) {
        if (model instanceof MultiLayerNetwork network) {
          network.fit(data());
        } else {
          ((ComputationGraph) model).fit(data());
        }
      }
    }

    double[] parameters() {
      return vector(model.params());
    }

    double[] state() {
      return vector(
          model instanceof MultiLayerNetwork network
              ? network.getUpdater().getStateViewArray()
              : ((ComputationGraph) model).getUpdater().getStateViewArray());
    }

    double[] theta() {
      return model instanceof MultiLayerNetwork network
          ? AveragedNesterovs.atTheta(network, n -> vector(n.params()))
          : AveragedNesterovs.atTheta((ComputationGraph) model, g -> vector(g.params()));
    }

    void settle() {
      if (model instanceof MultiLayerNetwork network) {
        AveragedNesterovs.settle(network);
      } else {
        AveragedNesterovs.settle((ComputationGraph) model);
      }
    }
  }

  private static double[] vector(INDArray array) {
    return array.dup().toDoubleVector();
  }

  private interface Copy {
    Trained of(Trained trained, File folder) throws Exception;
  }

  /** A way for a model to get other counters than those of its training. */
  private record Way(String name, boolean isGraph, Copy copy) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static MultiLayerNetwork network(Trained trained) {
    return (MultiLayerNetwork) trained.model();
  }

  private static ComputationGraph graph(Trained trained) {
    return (ComputationGraph) trained.model();
  }

  static Stream<Way> ways() {
    return Stream.of(
        new Way("nothing", false, (t, folder) -> t),
        new Way("nothing with a graph", true, (t, folder) -> t),
        new Way(
            "save and load",
            false,
            (t, folder) -> {
              File file = new File(folder, "model.zip");
              network(t).save(file, true);
              return new Trained(MultiLayerNetwork.load(file, true));
            }),
        new Way(
            "save and load a graph",
            true,
            (t, folder) -> {
              File file = new File(folder, "model.zip");
              graph(t).save(file, true);
              return new Trained(ComputationGraph.load(file, true));
            }),
        new Way(
            "toComputationGraph",
            false,
            (t, folder) -> new Trained(network(t).toComputationGraph())),
        new Way("clone", false, (t, folder) -> new Trained(network(t).clone())),
        new Way("clone of a graph", true, (t, folder) -> new Trained(graph(t).clone())),
        new Way(
            "counters at 0",
            false,
            (t, folder) -> {
              network(t).setIterationCount(0);
              network(t).setEpochCount(0);
              return t;
            }),
        new Way(
            "counters of a graph at 1",
            true,
            (t, folder) -> {
              graph(t).getConfiguration().setIterationCount(1);
              return t;
            }),
        new Way(
            "another updater object",
            false,
            (t, folder) -> {
              INDArray state = network(t).getUpdater().getStateViewArray().dup();
              network(t).setUpdater(null);
              network(t).getUpdater().setStateViewArray(network(t), state, false);
              return t;
            }),
        new Way(
            "state and parameters handed on",
            false,
            (t, folder) -> {
              LookaheadAverage average = averageOf(network(t));
              MultiLayerNetwork other = network(average);
              other.setParams(network(t).params().dup());
              other
                  .getUpdater()
                  .setStateViewArray(
                      other, network(t).getUpdater().getStateViewArray().dup(), false);
              return new Trained(other);
            }));
  }

  private static LookaheadAverage averageOf(MultiLayerNetwork network) {
    return ((AveragedNesterovs) Networks.updaterOf(network.getLayerWiseConfigurations()))
        .getAverage();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void isWhereTheFormulaSaysForAnyCounters(Way way, @TempDir File folder) throws Exception {
    for (LookaheadAverage average : List.of(LookaheadAverage.THIRDS, CUSTOM)) {
      for (int iterations = 5; iterations < 9; iterations++) {
        Trained trained = new Trained(way.isGraph() ? graph(average) : network(average));
        Simulation simulation = new Simulation(average, trained.parameters());
        trained.fit(iterations);
        for (int i = 0; i < iterations; i++) {
          simulation.step();
        }

        Trained copy = way.copy().of(trained, folder);
        assertThat(copy.parameters()).containsExactly(simulation.probe(), within(TOLERANCE));
        assertThat(copy.theta()).containsExactly(simulation.theta(), within(TOLERANCE));
        assertThat(copy.parameters()).containsExactly(simulation.probe(), within(TOLERANCE));

        for (int i = 0; i < 8; i++) {
          copy.fit(1);
          simulation.step();
          assertThat(copy.parameters()).containsExactly(simulation.probe(), within(TOLERANCE));
          assertThat(copy.theta()).containsExactly(simulation.theta(), within(TOLERANCE));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aSettledModelContinuesLikeTheFormula(Way way, @TempDir File folder) throws Exception {
    for (int iterations = 6; iterations < 9; iterations++) {
      LookaheadAverage average = LookaheadAverage.THIRDS;
      Trained trained = new Trained(way.isGraph() ? graph(average) : network(average));
      Simulation simulation = new Simulation(average, trained.parameters());
      trained.fit(iterations);
      for (int i = 0; i < iterations; i++) {
        simulation.step();
      }
      trained.settle();
      simulation.settle();
      assertThat(trained.parameters()).containsExactly(simulation.theta(), within(TOLERANCE));
      double[] settled = trained.parameters();
      double[] state = trained.state();

      Trained copy = way.copy().of(trained, folder);
      copy.settle();
      assertThat(copy.parameters()).isEqualTo(settled);
      assertThat(copy.state()).isEqualTo(state);

      for (int i = 0; i < 8; i++) {
        copy.fit(1);
        simulation.step();
        assertThat(copy.theta()).containsExactly(simulation.theta(), within(TOLERANCE));
      }
    }
  }

  /** Deeplearning4j calls listeners before it counts the iteration. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isRightInListenersAndDoesNotDisturbTraining(boolean isGraph) {
    LookaheadAverage average = LookaheadAverage.QUARTERS;
    Trained watched = new Trained(isGraph ? graph(average) : network(average));
    Trained plain = new Trained(isGraph ? graph(average) : network(average));
    Simulation simulation = new Simulation(average, watched.parameters());
    List<double[]> thetas = new ArrayList<>();
    List<double[]> thetasAtEnds = new ArrayList<>();
    BaseTrainingListener listener =
        new BaseTrainingListener() {
          @Override
          public void iterationDone(Model model, int iteration, int epoch) {
            thetas.add(new Trained(model).theta());
          }

          @Override
          public void onEpochEnd(Model model) {
            thetasAtEnds.add(new Trained(model).theta());
          }
        };
    ExistingDataSetIterator fourBatches =
        new ExistingDataSetIterator(Collections.nCopies(4, data()));
    if (watched.model() instanceof MultiLayerNetwork network) {
      network.setListeners(listener);
      network.fit(fourBatches, 5);
    } else {
      graph(watched).setListeners(listener);
      graph(watched).fit(fourBatches, 5);
    }
    plain.fit(20);

    assertThat(watched.parameters()).isEqualTo(plain.parameters());
    assertThat(watched.state()).isEqualTo(plain.state());
    assertThat(thetas).hasSize(20);
    assertThat(thetasAtEnds).hasSize(5);
    for (int i = 0; i < 20; i++) {
      simulation.step();
      assertThat(thetas.get(i)).containsExactly(simulation.theta(), within(TOLERANCE));
      if (i % 4 == 3) {
        assertThat(thetasAtEnds.get(i / 4)).isEqualTo(thetas.get(i));
      }
    }
  }

  /** Its files contain the iteration from before the step. */
  @ParameterizedTest
  @CsvSource({"7, false", "8, false", "9, false", "7, true", "8, true", "9, true"})
  void isRightInTheFilesOfACheckpointListener(int every, boolean isGraph, @TempDir File folder) {
    LookaheadAverage average = LookaheadAverage.THIRDS;
    Trained trained = new Trained(isGraph ? graph(average) : network(average));
    Simulation simulation = new Simulation(average, trained.parameters());
    CheckpointListener listener =
        new CheckpointListener.Builder(folder).keepAll().saveEveryNIterations(every).build();
    if (isGraph) {
      graph(trained).setListeners(listener);
    } else {
      network(trained).setListeners(listener);
    }
    trained.fit(every + 1);
    for (int i = 0; i <= every; i++) {
      simulation.step();
    }
    Trained restored =
        new Trained(
            isGraph
                ? CheckpointListener.loadCheckpointCG(folder, 0)
                : CheckpointListener.loadCheckpointMLN(folder, 0));

    assertThat(restored.parameters()).isEqualTo(trained.parameters());
    assertThat(restored.theta()).containsExactly(simulation.theta(), within(TOLERANCE));
    restored.fit(6);
    trained.fit(6);
    assertThat(restored.parameters()).isEqualTo(trained.parameters());
    assertThat(restored.state()).isEqualTo(trained.state());
  }

  @Test
  void anEvaluationAtThetaMaySettleSaveAndAskAgain(@TempDir File folder) throws Exception {
    MultiLayerNetwork network = network(LookaheadAverage.THIRDS);
    Trained trained = new Trained(network);
    trained.fit(8);
    double[] parameters = trained.parameters();
    double[] state = trained.state();
    double[] theta = trained.theta();
    File file = new File(folder, "model.zip");

    double[] again =
        AveragedNesterovs.atTheta(
            network,
            n -> {
              AveragedNesterovs.settle(n);
              save(n, file);
              return new Trained(n).theta();
            });

    assertThat(again).isEqualTo(theta);
    assertThat(trained.parameters()).isEqualTo(parameters);
    assertThat(trained.state()).isEqualTo(state);
    MultiLayerNetwork saved = MultiLayerNetwork.load(file, true);
    assertThat(vector(saved.params())).isEqualTo(theta);
    assertThat(new Trained(saved).theta()).isEqualTo(theta);
  }

  private static void save(MultiLayerNetwork network, File file) {
    try {
      network.save(file, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void fail(Throwable failure) throws E {
    throw (E) failure;
  }

  static Stream<Throwable> failures() {
    return Stream.of(
        new IllegalArgumentException("no data"),
        new AssertionError("wrong"),
        new IOException("a checked one, as code compiled otherwise may throw it"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void restoresEveryBitWhateverTheEvaluationThrows(Throwable failure) {
    for (boolean isGraph : new boolean[] {false, true}) {
      Trained trained =
          new Trained(isGraph ? graph(LookaheadAverage.THIRDS) : network(LookaheadAverage.THIRDS));
      trained.fit(8);
      double[] parameters = trained.parameters();
      double[] state = trained.state();

      assertThatThrownBy(
              () -> {
                if (isGraph) {
                  AveragedNesterovs.atTheta(graph(trained), g -> failing(failure));
                } else {
                  AveragedNesterovs.atTheta(network(trained), n -> failing(failure));
                }
              })
          .isSameAs(failure);

      assertThat(trained.parameters()).isEqualTo(parameters);
      assertThat(trained.state()).isEqualTo(state);
    }
  }

  private static Object failing(Throwable failure) {
    WhereThetaIsTest.<RuntimeException>fail(failure);
    return null;
  }

  @Test
  void refusesTrainingInAnEvaluationEvenIfThatIsOverlooked() {
    MultiLayerNetwork network = network(LookaheadAverage.THIRDS);
    Trained trained = new Trained(network);
    trained.fit(7);
    network.setIterationCount(0);
    INDArray before = network.params().dup();

    Object result =
        AveragedNesterovs.atTheta(
            network,
            n -> {
              assertRefused(() -> n.fit(data()), "cannot train while it is evaluated at θ");
              return "overlooked";
            });

    assertThat(result).isEqualTo("overlooked");
    assertThat(network.params()).isEqualTo(before);
    assertThat(network.getIterationCount()).isZero();
  }

  private static void assertRefused(Runnable call, String message) {
    assertThatIllegalStateException().isThrownBy(call::run).withMessageContaining(message);
  }

  @Test
  void refusesNetworksThatAreNotInitialized() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(with(LookaheadAverage.THIRDS).list().layer(output()).build());
    ComputationGraph graph =
        new ComputationGraph(
            with(LookaheadAverage.THIRDS)
                .graphBuilder()
                .addInputs("in")
                .addLayer("out", output(), "in")
                .setOutputs("out")
                .build());

    assertRefused(() -> AveragedNesterovs.settle(network), "call init() first");
    assertRefused(() -> AveragedNesterovs.atTheta(network, n -> 0), "call init() first");
    assertRefused(() -> AveragedNesterovs.settle(graph), "call init() first");
    assertRefused(() -> AveragedNesterovs.atTheta(graph, g -> 0), "call init() first");
  }

  @Test
  void aNewNetworkIsAtThetaAndSoIsAGraphThatHasAnUpdater() {
    MultiLayerNetwork network = network(LookaheadAverage.THIRDS);
    ComputationGraph graph = graph(LookaheadAverage.THIRDS);
    graph.getUpdater();
    for (Trained fresh :
        List.of(
            new Trained(network),
            new Trained(network.clone()),
            new Trained(network.toComputationGraph()),
            new Trained(graph),
            new Trained(graph.clone()))) {
      assertThat(fresh.theta()).isEqualTo(fresh.parameters());
      Simulation simulation = new Simulation(LookaheadAverage.THIRDS, fresh.parameters());
      for (int i = 0; i < 5; i++) {
        simulation.step();
      }
      fresh.settle();
      fresh.fit(5);
      assertThat(fresh.theta()).containsExactly(simulation.theta(), within(TOLERANCE));
    }
  }

  private static MultiLayerNetwork withNewState(MultiLayerNetwork network) {
    network.getUpdater();
    return network;
  }

  private static ComputationGraph withNewState(ComputationGraph graph) {
    graph.getUpdater();
    return graph;
  }

  @Test
  void refusesTrainedModelsWithoutTheStateThatKnowsTheta(@TempDir File folder) throws Exception {
    Trained network = new Trained(network(LookaheadAverage.THIRDS));
    Trained graph = new Trained(graph(LookaheadAverage.THIRDS));
    network.fit(5);
    graph.fit(5);
    File file = new File(folder, "network.zip");
    File graphFile = new File(folder, "graph.zip");
    network(network).save(file, false);
    graph(graph).save(graphFile, false);
    Map<String, Trained> without =
        Map.of(
            "network", new Trained(MultiLayerNetwork.load(file, false)),
            "network that was to be loaded with it",
                new Trained(MultiLayerNetwork.load(file, true)),
            "clone", new Trained(MultiLayerNetwork.load(file, false).clone()),
            "graph", new Trained(ComputationGraph.load(graphFile, false)),
            "graph with a new state",
                new Trained(withNewState(ComputationGraph.load(graphFile, false))),
            "network with a new state",
                new Trained(withNewState(MultiLayerNetwork.load(file, false))));

    without.forEach(
        (name, trained) -> {
          double[] parameters = trained.parameters();
          assertThatIllegalStateException()
              .as(name)
              .isThrownBy(trained::settle)
              .withMessageContaining("but not the updater state");
          assertThatIllegalStateException()
              .as(name)
              .isThrownBy(trained::theta)
              .withMessageContaining("but not the updater state");
          assertThat(trained.parameters()).as(name).isEqualTo(parameters);
        });
  }

  @Test
  void doesNotChangeNetworksThatItDoesNotTrain(@TempDir File folder) throws Exception {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            with(LookaheadAverage.THIRDS).updater(new Sgd(0.1)).list().layer(output()).build());
    network.init();
    new Trained(network).fit(3);
    File file = new File(folder, "model.zip");
    network.save(file, false);
    for (MultiLayerNetwork any : List.of(network, MultiLayerNetwork.load(file, false))) {
      double[] parameters = vector(any.params());
      assertThat(new Trained(any).theta()).isEqualTo(parameters);
      new Trained(any).settle();
      assertThat(vector(any.params())).isEqualTo(parameters);
    }
  }

  /** Records what it is asked for. */
  private record Asked(double value, List<Integer> iterations) implements ISchedule {
    private static final long serialVersionUID = 1L;

    @Override
    public double valueAt(int iteration, int epoch) {
      iterations.add(iteration);
      return value;
    }

    @Override
    public ISchedule clone() {
      return this;
    }
  }

  private static AveragedNesterovs scheduled(Asked rate, Asked momentum) {
    return AveragedNesterovs.builder()
        .learningRateSchedule(rate)
        .momentumSchedule(momentum)
        .average(CUSTOM)
        .build();
  }

  /** Even if the iteration jumps back within a cycle. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void asksNoScheduleForANegativeIteration(int period) {
    Asked rate = new Asked(RATE, new ArrayList<>());
    Asked momentum = new Asked(MOMENTUM, new ArrayList<>());
    AveragedNesterovs updater = scheduled(rate, momentum);
    GradientUpdater<?> steps =
        updater.instantiate(Nd4j.zeros(DataType.DOUBLE, updater.stateSize(1)), true);

    for (int t = 0; t < 20; t++) {
      steps.applyUpdater(Nd4j.ones(DataType.DOUBLE, 1), t % period, 0);
    }

    assertThat(rate.iterations()).isNotEmpty().allMatch(iteration -> iteration >= 0);
    assertThat(momentum.iterations()).isNotEmpty().allMatch(iteration -> iteration >= 0);
  }

  /** Its schedules return the value of iteration 0, so it equals the updater with constants. */
  @Test
  void cyclesContinueWhileTheIterationStaysAtZero() {
    AveragedNesterovs scheduled =
        scheduled(new Asked(RATE, new ArrayList<>()), new Asked(MOMENTUM, new ArrayList<>()));
    AveragedNesterovs constant = new AveragedNesterovs(RATE, MOMENTUM, CUSTOM);
    long size = constant.stateSize(2);
    GradientUpdater<?> still = scheduled.instantiate(Nd4j.zeros(DataType.DOUBLE, size), true);
    GradientUpdater<?> counting = constant.instantiate(Nd4j.zeros(DataType.DOUBLE, size), true);

    for (int t = 0; t < 20; t++) {
      INDArray g = Nd4j.createFromArray(Math.sin(t), Math.cos(t));
      INDArray h = g.dup();
      still.applyUpdater(g, 0, 0);
      counting.applyUpdater(h, t, 0);
      assertThat(g.toDoubleVector()).isEqualTo(h.toDoubleVector());
    }
  }

  /** With two blocks, one of which started a step later. */
  @Test
  void attachKeepsThetaWhenBlocksOfDifferentAgeMerge() {
    MultiLayerConfiguration conf = Networks.mlp(new Sgd(0.1));
    BaseLayer hidden = (BaseLayer) conf.getConf(0).getLayer();
    BaseLayer out = (BaseLayer) conf.getConf(1).getLayer();
    hidden.setIUpdater(new AveragedNesterovs(0.1, 0.9));
    MultiLayerNetwork network = new MultiLayerNetwork(conf);
    network.init();
    network.fit(Networks.data());
    out.setIUpdater(new AveragedNesterovs(0.05, 0.9));
    DecoupledDecay.attach(network);
    for (int i = 0; i < 4; i++) {
      network.fit(Networks.data());
    }
    INDArray theta = AveragedNesterovs.atTheta(network, n -> n.params().dup());

    out.getIUpdater().setLrAndSchedule(0.1, null);
    DecoupledDecay.attach(network);

    INDArray after = AveragedNesterovs.atTheta(network, n -> n.params().dup());
    // Parameters of the order of 1 move to theta and back once, in FLOAT.
    assertThat(after.sub(theta).amaxNumber().doubleValue()).isLessThan(1e-6);
  }

  @Test
  void anUpdaterReplacedAtThetaLeavesTheNetworkThere() {
    MultiLayerNetwork network = new MultiLayerNetwork(Networks.mlp(new AveragedNesterovs()));
    network.init();
    for (int i = 0; i < 4; i++) {
      network.fit(Networks.data());
    }
    INDArray theta = AveragedNesterovs.atTheta(network, n -> n.params().dup());

    assertThatIllegalStateException()
        .isThrownBy(() -> AveragedNesterovs.atTheta(network, DecoupledDecay::attach))
        .withMessageContaining("has replaced its updater");

    INDArray after = AveragedNesterovs.atTheta(network, n -> n.params().dup());
    assertThat(after).isEqualTo(theta);
    assertThat(network.params()).isEqualTo(theta);
  }
}
