package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.updaters.engine.BlockState;
import org.dl4jx.updaters.sophia.SampledGradient;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks that {@link SophiaG} trains with its listener. */
class SophiaHessianTest {
  private static final int K = 3;

  private static SophiaG.Builder sophia() {
    return SophiaG.builder().learningRate(0.01).k(K).weightDecay(0);
  }

  private static MultiLayerNetwork mlp(IUpdater updater, TrainingListener... listeners) {
    MultiLayerNetwork network = new MultiLayerNetwork(Networks.mlp(updater));
    network.init();
    network.setListeners(listeners);
    return network;
  }

  /** A batch of random numbers, with the classes in turn. */
  private static DataSet batch(int size, long seed) {
    INDArray features = Nd4j.rand(Nd4j.getRandomFactory().getNewRandomInstance(seed), size, 4L);
    INDArray labels = Nd4j.zeros(size, 3);
    for (int i = 0; i < size; i++) {
      labels.putScalar(i, i % 3, 1);
    }
    return new DataSet(features, labels);
  }

  private static List<BlockState> states(Model model) {
    BaseMultiLayerUpdater<?> updaters =
        model instanceof MultiLayerNetwork network
            ? (BaseMultiLayerUpdater<?>) network.getUpdater()
            : ((ComputationGraph) model).getUpdater();
    return BlockState.of(updaters);
  }

  private static BlockState onlyState(Model model) {
    List<BlockState> states = states(model);
    assertThat(states).hasSize(1);
    return states.get(0);
  }

  private static float[] h(Model model) {
    return onlyState(model).array("H").dup().toFloatVector();
  }

  private static byte[] bits(INDArray array) {
    return array.dup().data().asBytes();
  }

  @Test
  void estimatesAfterEveryKthStep() {
    MultiLayerNetwork network = mlp(sophia().build(), new SophiaHessian());
    float[] before = new float[(int) network.numParams()];

    for (int t = 1; t <= 4 * K; t++) {
      network.fit(batch(8, t));
      float[] h = h(network);
      if (t % K == 0) {
        assertThat(h).as("step %d", t).isNotEqualTo(before);
      } else {
        assertThat(h).as("step %d", t).isEqualTo(before);
      }
      before = h;
    }
    for (float x : before) {
      assertThat(x).isPositive();
    }
  }

  /**
   * At the parameters after the step, and with the number of examples of its own batch. In FLOAT, B
   * ĝ² has 4 roundings of 2⁻²⁴, and each average 3.
   */
  @Test
  void averagesTheEstimatesOfBatchesOfAnySize() {
    MultiLayerNetwork network = mlp(sophia().k(1).beta2(0.5).build(), new SophiaHessian());
    double[] expected = new double[(int) network.numParams()];
    int[] sizes = {8, 8, 5, 1, 8};

    for (int t = 1; t <= sizes.length; t++) {
      int size = sizes[t - 1];
      DataSet data = batch(size, t);
      network.fit(data);
      network.setInput(data.getFeatures());
      double[] sum =
          SampledGradient.of(network)
              .sum(
                  new INDArray[] {data.getLabels()},
                  new SophiaHessian().random(t, data.getFeatures()))
              .castTo(DataType.DOUBLE)
              .toDoubleVector();
      float[] h = h(network);
      for (int i = 0; i < expected.length; i++) {
        double mean = sum[i] / size;
        expected[i] = 0.5 * expected[i] + 0.5 * size * mean * mean;
        assertThat((double) h[i])
            .isCloseTo(expected[i], within((4 + 3 * t) * 0x1p-24 * expected[i]));
      }
    }
  }

  /** Without miniBatch, Deeplearning4j adds up the gradients of the examples. */
  @Test
  void theCurvatureOfASumIsTheSumOfCurvatures() {
    NeuralNetConfiguration.Builder conf = Networks.with(sophia().k(1).build()).miniBatch(false);
    MultiLayerNetwork network =
        new MultiLayerNetwork(conf.list().layer(Networks.output().nIn(4).nOut(3).build()).build());
    network.init();
    network.setListeners(new SophiaHessian());
    DataSet data = batch(8, 1);
    network.fit(data);
    network.setInput(data.getFeatures());

    INDArray sum =
        SampledGradient.of(network)
            .sum(
                new INDArray[] {data.getLabels()},
                new SophiaHessian().random(1, data.getFeatures()));

    // 4 roundings in FLOAT of numbers below 1
    assertThat(h(network))
        .containsExactly(sum.mul(sum).mul(0.01).toFloatVector(), within(0x1p-22f));
    assertThat(sum.maxNumber().doubleValue()).isLessThan(8);
  }

  /** At a learning rate of 0, the parameters are the same. */
  @Test
  void penaltiesAndClippingAreNoPartOfTheEstimate() {
    float[] plain = null;
    for (UnaryOperator<NeuralNetConfiguration.Builder> change :
        List.<UnaryOperator<NeuralNetConfiguration.Builder>>of(
            conf -> conf,
            conf -> conf.l2(10).l1(3),
            conf ->
                conf.gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)
                    .gradientNormalizationThreshold(1e-6))) {
      MultiLayerNetwork network =
          new MultiLayerNetwork(
              change
                  .apply(Networks.with(sophia().k(1).learningRate(0).build()))
                  .list()
                  .layer(Networks.output().nIn(4).nOut(3).build())
                  .build());
      network.init();
      network.setListeners(new SophiaHessian());
      network.fit(batch(8, 1));
      plain = plain == null ? h(network) : plain;
      assertThat(h(network)).isEqualTo(plain);
    }
    assertThat(plain[0]).isPositive();
  }

  private static final class Observed extends BaseTrainingListener {
    int forward;
    int backward;

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
      forward++;
    }

    @Override
    public void onForwardPass(Model model, java.util.Map<String, INDArray> activations) {
      forward++;
    }

    @Override
    public void onBackwardPass(Model model) {
      backward++;
    }
  }

  /** All of a training step that may be seen from outside. */
  private static List<Object> visible(Model model) {
    List<Object> all = new ArrayList<>();
    all.add(model.params().dup().toFloatVector());
    all.add(model.getGradientsViewArray().dup().reshape(model.numParams()).toFloatVector());
    all.add(model.score());
    all.add(Nd4j.getRandom().rootState());
    all.add(Nd4j.getRandom().nodeState());
    for (BlockState state : states(model)) {
      if (state.updater() instanceof SophiaG) {
        all.add(state.array("M").dup().toFloatVector());
      } else {
        all.add(state.view().dup().toFloatVector());
      }
      all.add(state.updater() instanceof SophiaG ? state.steps().get() : 0);
    }
    if (model instanceof MultiLayerNetwork network) {
      all.add(network.getIterationCount());
      all.add(network.getListeners().size());
    }
    return all;
  }

  private static NeuralNetConfiguration.Builder noisy(WorkspaceMode mode) {
    return Networks.with(sophia().build())
        .dropOut(0.7)
        .l2(0.01)
        .gradientNormalization(GradientNormalization.ClipL2PerLayer)
        .trainingWorkspaceMode(mode)
        .inferenceWorkspaceMode(mode);
  }

  /** What a test trains: a model and its batches. */
  private record Training(Model model, Consumer<Integer> fit) {}

  private static Training ofLayers(WorkspaceMode mode) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            noisy(mode)
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(6).build())
                .layer(new BatchNormalization.Builder().nIn(6).nOut(6).build())
                .layer(
                    new DenseLayer.Builder()
                        .nIn(6)
                        .nOut(5)
                        .weightNoise(new DropConnect(0.8))
                        .updater(new Adam(0.01))
                        .build())
                .layer(Networks.output().nIn(5).nOut(3).build())
                .build());
    network.init();
    return new Training(network, t -> network.fit(batch(8, t)));
  }

  private static Training recurrent(WorkspaceMode mode) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            noisy(mode)
                .list()
                .layer(new LSTM.Builder().nIn(4).nOut(5).dataFormat(RNNFormat.NCW).build())
                .layer(
                    new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(5)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .dataFormat(RNNFormat.NCW)
                        .build())
                .build());
    network.init();
    INDArray mask = Nd4j.ones(DataType.FLOAT, 2, 4);
    mask.get(NDArrayIndex.point(1), NDArrayIndex.interval(2, 4)).assign(0);
    return new Training(
        network,
        t -> {
          DataSet rows = batch(8, t);
          network.fit(
              new DataSet(
                  rows.getFeatures().reshape(2, 4, 4),
                  rows.getLabels().reshape(2, 4, 3).permute(0, 2, 1),
                  mask,
                  mask));
        });
  }

  private static Training graph(WorkspaceMode mode) {
    ComputationGraph graph =
        new ComputationGraph(
            noisy(mode)
                .graphBuilder()
                .addInputs("a", "b")
                .addLayer("one", new DenseLayer.Builder().nIn(4).nOut(5).build(), "a")
                .addLayer("two", new DenseLayer.Builder().nIn(4).nOut(5).build(), "b")
                .addLayer(
                    "norm", new BatchNormalization.Builder().nIn(10).nOut(10).build(), "one", "two")
                .addLayer("classes", Networks.output().nIn(10).nOut(3).build(), "norm")
                .addLayer(
                    "flags",
                    new OutputLayer.Builder(LossFunction.XENT)
                        .nIn(10)
                        .nOut(3)
                        .activation(Activation.SIGMOID)
                        .build(),
                    "norm")
                .setOutputs("classes", "flags")
                .build());
    graph.init();
    return new Training(
        graph,
        t -> {
          DataSet one = batch(8, t);
          DataSet two = batch(8, -t);
          graph.fit(
              new MultiDataSet(
                  new INDArray[] {one.getFeatures(), two.getFeatures()},
                  new INDArray[] {one.getLabels(), two.getLabels()}));
        });
  }

  static Stream<Arguments> trainings() {
    return Arrays.stream(new WorkspaceMode[] {WorkspaceMode.ENABLED, WorkspaceMode.NONE})
        .flatMap(
            mode ->
                Stream.of(
                    arguments("layers, " + mode, () -> ofLayers(mode)),
                    arguments("recurrent, " + mode, () -> recurrent(mode)),
                    arguments("graph, " + mode, () -> graph(mode))));
  }

  private static Arguments arguments(String name, Supplier<Training> training) {
    return Arguments.of(Named.of(name, training));
  }

  /**
   * Trains with the listener, and then without it from the same start, with h copied. Dropout,
   * DropConnect and batch normalization take part, and the numbers must be the same to the last
   * bit.
   */
  @ParameterizedTest
  @MethodSource("trainings")
  void changesNothingButTheEstimate(Supplier<Training> start) {
    Observed observed = new Observed();
    List<List<Object>> seen = new ArrayList<>();
    List<List<INDArray>> states = new ArrayList<>();
    Model model = null;
    for (boolean withListener : new boolean[] {true, false}) {
      Training training = start.get();
      model = training.model();
      model.setListeners(
          withListener
              ? List.of(observed, new SophiaHessian())
              : List.of(observed, new Observed()));
      Nd4j.getRandom().setSeed(5);
      for (int t = 1; t <= 2 * K + 1; t++) {
        training.fit().accept(t);
        if (withListener) {
          seen.add(visible(model));
          states.add(states(model).stream().map(state -> state.view().dup()).toList());
        } else {
          List<Object> now = visible(model);
          for (int i = 0; i < now.size(); i++) {
            assertThat(now.get(i))
                .as("item %d after step %d", i, t)
                .isEqualTo(seen.get(t - 1).get(i));
          }
          for (int i = 0; i < states.get(t - 1).size(); i++) {
            states(model).get(i).view().assign(states.get(t - 1).get(i));
          }
        }
      }
      assertThat(observed.forward).isEqualTo((withListener ? 1 : 2) * (2 * K + 1));
      assertThat(observed.backward).isEqualTo(observed.forward);
    }
    BlockState last =
        states(model).stream()
            .filter(s -> s.updater() instanceof SophiaG)
            .findFirst()
            .orElseThrow();
    assertThat(last.array("H").maxNumber().doubleValue()).isPositive();
  }

  /** The listener draws by the seed, the updater's own step count and the input. */
  @ParameterizedTest
  @ValueSource(ints = {K, K + 1, 2 * K - 1})
  void aRestoredNetworkGoesOnBitForBit(int saved, @TempDir File folder) throws Exception {
    MultiLayerNetwork whole = mlp(sophia().build(), new SophiaHessian());
    File file = new File(folder, "network.zip");
    MultiLayerNetwork restored = null;
    for (int t = 1; t <= 4 * K; t++) {
      whole.fit(batch(8, t));
      if (t == saved) {
        ModelSerializer.writeModel(whole, file, true);
        restored = ModelSerializer.restoreMultiLayerNetwork(file, true);
        restored.setListeners(new SophiaHessian());
      } else if (t > saved) {
        restored.fit(batch(8, t));
        assertThat(bits(restored.params())).isEqualTo(bits(whole.params()));
        assertThat(bits(onlyState(restored).view())).isEqualTo(bits(onlyState(whole).view()));
      }
    }
  }

  @Test
  void aRestoredNetworkWithoutTheListenerIsRefused(@TempDir File folder) throws Exception {
    MultiLayerNetwork whole = mlp(sophia().build(), new SophiaHessian());
    for (int t = 1; t <= K + 1; t++) {
      whole.fit(batch(8, t));
    }
    File file = new File(folder, "network.zip");
    ModelSerializer.writeModel(whole, file, true);
    MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);

    for (int t = K + 2; t <= 2 * K; t++) {
      restored.fit(batch(8, t));
    }
    INDArray before = restored.params().dup();
    assertThatIllegalStateException()
        .isThrownBy(() -> restored.fit(batch(8, 1)))
        .withMessageContaining("has taken 3 steps without an estimate");
    assertThat(bits(restored.params())).isEqualTo(bits(before));

    restored.addListeners(new SophiaHessian());
    restored.fit(batch(8, 1));
    assertThat(bits(restored.params())).isNotEqualTo(bits(before));
  }

  /** As a CheckpointListener does that comes first. */
  @Test
  void aNetworkThatWasSavedBeforeItsEstimateMakesUpForIt(@TempDir File folder) throws Exception {
    File file = new File(folder, "network.zip");
    TrainingListener checkpoint =
        new BaseTrainingListener() {
          @Override
          public void iterationDone(Model model, int iteration, int epoch) {
            try {
              ModelSerializer.writeModel(model, file, true);
            } catch (java.io.IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          }
        };
    MultiLayerNetwork whole = mlp(sophia().build(), checkpoint, new SophiaHessian());
    for (int t = 1; t <= K; t++) {
      whole.fit(batch(8, t));
    }
    MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);
    restored.setListeners(new SophiaHessian());
    assertThat(onlyState(restored).array("H").maxNumber().doubleValue()).isZero();

    restored.fit(batch(8, K + 1));

    assertThat(onlyState(restored).array("H").maxNumber().doubleValue()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void otherSeedsDrawOtherLabels(boolean isSame) {
    MultiLayerNetwork one = mlp(sophia().k(1).build(), new SophiaHessian(1));
    MultiLayerNetwork other = mlp(sophia().k(1).build(), new SophiaHessian(isSame ? 1 : 2));
    one.fit(batch(8, 1));
    other.fit(batch(8, 1));

    assertThat(Arrays.equals(h(one), h(other))).isEqualTo(isSame);
  }

  /**
   * As workers of ParallelWrapper. With zero weights, the output is uniform whatever the input, so
   * only the draws make a difference to h of the biases. The batches differ in one bit.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void otherBatchesGetOtherDrawsInTheSameStep(boolean isGraph) {
    DataSet one = batch(64, 1);
    DataSet other = new DataSet(one.getFeatures().dup(), one.getLabels());
    other.getFeatures().putScalar(63, 3, Math.nextUp(one.getFeatures().getFloat(63, 3)));

    float[] drawn = biasesOfZeroWeights(isGraph, one);

    assertThat(biasesOfZeroWeights(isGraph, one)).isEqualTo(drawn);
    assertThat(biasesOfZeroWeights(isGraph, other)).isNotEqualTo(drawn);
  }

  private static float[] biasesOfZeroWeights(boolean isGraph, DataSet data) {
    SophiaG sophia = sophia().k(1).learningRate(0).build();
    Model model =
        isGraph
            ? new ComputationGraph(Networks.graph(sophia))
            : new MultiLayerNetwork(Networks.mlp(sophia));
    model.init();
    model.params().assign(0);
    model.setListeners(new SophiaHessian());
    if (model instanceof MultiLayerNetwork network) {
      network.fit(data);
    } else {
      ((ComputationGraph) model).fit(data);
    }
    float[] h = h(model);
    float[] biases = Arrays.copyOfRange(h, h.length - 3, h.length);
    assertThat(biases[0]).isPositive();
    return biases;
  }

  /** A listener outlives the networks that it was added to. */
  @Test
  void letsGoOfTheNetworkAtTheEndOfAnEpoch() throws InterruptedException {
    SophiaHessian listener = new SophiaHessian();
    WeakReference<Model> network = trainedForAnEpoch(listener);

    for (int i = 0; i < 50 && network.get() != null; i++) {
      System.gc();
      Thread.sleep(100);
    }

    assertThat(network.get()).isNull();
    assertThat(listener).isNotNull();
  }

  private static WeakReference<Model> trainedForAnEpoch(SophiaHessian listener) {
    MultiLayerNetwork network = mlp(sophia().k(1).build(), listener);
    network.fit(new ExistingDataSetIterator(List.of(batch(8, 1), batch(8, 2))));
    assertThat(h(network)[0]).isPositive();
    return new WeakReference<>(network);
  }

  /** The first step, which needs no estimate, has been taken by then. */
  @Test
  void refusesAnOutputThatItCannotDrawFromAtTheFirstStep() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            Networks.with(sophia().build())
                .list()
                .layer(
                    new OutputLayer.Builder(LossFunction.MSE)
                        .name("size")
                        .nIn(4)
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
    network.init();
    network.setListeners(new SophiaHessian());

    assertThatIllegalStateException()
        .isThrownBy(() -> network.fit(batch(8, 1)))
        .withMessageContaining("output \"size\", which is OutputLayer with identity and LossMSE()")
        .withMessageContaining("Use another updater");
    assertThat(network.getIterationCount()).isZero();
  }

  @Test
  void networksOfOtherUpdatersMayHaveAnyOutput() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            Networks.with(new Adam(0.01))
                .list()
                .layer(new OutputLayer.Builder(LossFunction.MSE).nIn(4).nOut(3).build())
                .build());
    network.init();
    network.setListeners(new SophiaHessian());

    assertThatCode(() -> network.fit(batch(8, 1))).doesNotThrowAnyException();
  }

  @Test
  void frozenLayersAndThoseOfOtherUpdatersGetNoEstimate() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            Networks.with(sophia().build())
                .list()
                .layer(new FrozenLayer(new DenseLayer.Builder().nIn(4).nOut(5).build()))
                .layer(new DenseLayer.Builder().nIn(5).nOut(5).build())
                .layer(new DenseLayer.Builder().nIn(5).nOut(5).updater(new Adam(0.01)).build())
                .layer(Networks.output().nIn(5).nOut(3).build())
                .build());
    network.init();
    network.setListeners(new SophiaHessian());
    for (int t = 1; t <= 2 * K; t++) {
      network.fit(batch(8, t));
    }

    List<BlockState> ours =
        states(network).stream().filter(state -> state.updater() instanceof SophiaG).toList();
    assertThat(ours).hasSize(2);
    for (BlockState state : ours) {
      assertThat(state.from()).isGreaterThanOrEqualTo(25);
      assertThat(state.array("H").minNumber().doubleValue()).isPositive();
    }
  }

  /** With α = 1, it is the updater inside. */
  @Test
  void worksInsideLookahead() {
    MultiLayerNetwork plain = mlp(sophia().build(), new SophiaHessian());
    MultiLayerNetwork wrapped = mlp(new Lookahead(sophia().build(), 2, 1), new SophiaHessian());
    for (int t = 1; t <= 3 * K; t++) {
      plain.fit(batch(8, t));
      wrapped.fit(batch(8, t));
      assertThat(bits(wrapped.params())).isEqualTo(bits(plain.params()));
    }
    assertThat(bits(onlyState(wrapped).unwrapped().array("H")))
        .isEqualTo(bits(onlyState(plain).array("H")));
  }

  /**
   * Uniform labels equal the uniform output of zero weights, so only drawn ones have a gradient.
   */
  @ParameterizedTest
  @EnumSource(NonFinitePolicy.class)
  void thePolicyDecidesOnAnEstimateThatIsNotFinite(NonFinitePolicy policy) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            Networks.with(sophia().k(1).learningRate(0).nonFiniteGradients(policy).build())
                .list()
                .layer(Networks.output().nIn(4).nOut(4).build())
                .build());
    network.init();
    network.params().assign(0);
    network.setListeners(new SophiaHessian());
    DataSet data =
        new DataSet(
            Nd4j.valueArrayOf(new long[] {7, 4}, 1e25f),
            Nd4j.valueArrayOf(new long[] {7, 4}, 0.25f));

    network.fit(data);
    float[] h = h(network);
    if (policy == NonFinitePolicy.FAIL) {
      assertThat(h).containsOnly(0);
      assertThatExceptionOfType(NonFiniteGradientException.class)
          .isThrownBy(() -> network.fit(data))
          .withMessageContaining("the estimate of the curvature for SophiaG(");
      assertThat(network.params().maxNumber().doubleValue()).isZero();
    } else if (policy == NonFinitePolicy.SKIP) {
      network.fit(data);
      assertThat(h(network)).containsOnly(0);
    } else {
      assertThat(h[0]).isInfinite();
    }
  }

  /** The data are easy: the class is the largest of the first three features. */
  @Test
  void learns() {
    INDArray x = Nd4j.rand(Nd4j.getRandomFactory().getNewRandomInstance(1), 300L, 4L);
    INDArray y = Nd4j.zeros(300, 3);
    for (int i = 0; i < 300; i++) {
      INDArray row = x.getRow(i).get(NDArrayIndex.interval(0, 3));
      y.putScalar(i, row.argMax(0).getInt(0), 1);
    }
    MultiLayerNetwork network = mlp(sophia().learningRate(0.02).build(), new SophiaHessian());
    DataSet data = new DataSet(x, y);
    double before = network.score(data);
    for (int epoch = 0; epoch < 20; epoch++) {
      data.batchBy(30).forEach(network::fit);
    }

    assertThat(network.score(data)).isLessThan(before / 2);
  }
}
