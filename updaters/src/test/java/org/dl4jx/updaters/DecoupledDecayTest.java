package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.updaters.decay.DecayingUpdater;
import org.dl4jx.updaters.decay.DecoupledWeightDecay;
import org.dl4jx.updaters.decay.DecoupledWeightDecay.Range;
import org.dl4jx.updaters.engine.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * One step shows whether a parameter decays. Two networks that differ only in the decay move apart
 * by {@code learningRate · decay · parameter}, or not at all if the parameter does not decay.
 */
class DecoupledDecayTest {
  private static final double LEARNING_RATE = 0.01;
  private static final double DECAY = 5;
  private static final DecoupledWeightDecay ALL = new DecoupledWeightDecay(true, false, List.of());
  private static final DecoupledWeightDecay NONE =
      new DecoupledWeightDecay(false, false, List.of());

  private static AdamWDecoupled adamW() {
    return new AdamWDecoupled(LEARNING_RATE, DECAY);
  }

  private static AdamWDecoupled adamWithoutDecay() {
    return new AdamWDecoupled(LEARNING_RATE, 0);
  }

  /** Parameters are of the order of 1, and a step rounds them a few times by 2⁻²⁴. */
  private static void assertDecayed(
      Map<String, INDArray> before,
      Map<String, INDArray> withDecay,
      Map<String, INDArray> without,
      String... decayed) {
    Map<String, INDArray> expected = new TreeMap<>();
    without.forEach(
        (name, array) ->
            expected.put(
                name,
                List.of(decayed).contains(name)
                    ? array.sub(before.get(name).mul(LEARNING_RATE * DECAY))
                    : array));
    assertThat(before.keySet()).contains(decayed);
    expected.forEach(
        (name, array) -> {
          double worst = withDecay.get(name).sub(array).amaxNumber().doubleValue();
          assertThat(worst).as("deviation of %s", name).isLessThan(8 * Math.pow(2, -24));
        });
  }

  private interface Conf {
    MultiLayerConfiguration of(IUpdater updater);
  }

  private static void assertDecays(Conf conf, DataSet data, String... decayed) {
    assertDecays(conf, data, DecayedParameters.WEIGHTS, decayed);
  }

  /** Biases and gains start at 0.5, so that a decay would be visible. */
  private static void assertDecays(
      Conf conf, DataSet data, DecayedParameters parameters, String... decayed) {
    MultiLayerConfiguration attached = DecoupledDecay.attach(conf.of(adamW()), parameters);
    MultiLayerNetwork with = new MultiLayerNetwork(attached);
    with.init();
    MultiLayerNetwork without = new MultiLayerNetwork(conf.of(adamWithoutDecay()));
    without.init();
    without
        .paramTable()
        .forEach(
            (name, array) -> {
              if (!name.contains("W")) {
                array.assign(0.5);
              }
            });
    with.setParams(without.params().dup());
    Map<String, INDArray> before = Networks.copyOf(with);

    with.fit(data);
    without.fit(data);

    assertDecayed(before, with.paramTable(), without.paramTable(), decayed);
  }

  @Test
  void decaysWeightsAndNothingElse() {
    assertDecays(Networks::mlp, Networks.data(), "0_W", "1_W");
  }

  @Test
  void decaysBiasesWhenAskedTo() {
    assertDecays(
        Networks::mlp,
        Networks.data(),
        DecayedParameters.WEIGHTS_AND_BIASES,
        "0_W",
        "0_b",
        "1_W",
        "1_b");
  }

  @Test
  void leavesBatchNormalizationAlone() {
    assertDecays(
        updater ->
            Networks.with(updater)
                .list()
                .layer(new DenseLayer.Builder().nOut(5).build())
                .layer(new BatchNormalization())
                .layer(Networks.output().nOut(3).build())
                .setInputType(InputType.feedForward(4))
                .build(),
        Networks.data(),
        "0_W",
        "2_W");
  }

  @Test
  void leavesTheGainOfLayerNormalizationAlone() {
    assertDecays(
        updater ->
            Networks.with(updater)
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).hasLayerNorm(true).build())
                .layer(Networks.output().nIn(5).nOut(3).build())
                .build(),
        Networks.data(),
        "0_W",
        "1_W");
  }

  private static DataSet sequences() {
    INDArray labels = Nd4j.zeros(2, 3, 6);
    labels.get(NDArrayIndex.all(), NDArrayIndex.point(1), NDArrayIndex.all()).assign(1);
    return new DataSet(Nd4j.rand(DataType.FLOAT, 2, 4, 6), labels);
  }

  private static RnnOutputLayer rnnOutput(int in) {
    return new RnnOutputLayer.Builder(LossFunction.MCXENT)
        .activation(Activation.SOFTMAX)
        .nIn(in)
        .nOut(3)
        .build();
  }

  @Test
  void decaysBothDirectionsOfABidirectionalLstm() {
    assertDecays(
        updater ->
            Networks.with(updater)
                .list()
                .layer(new Bidirectional(new LSTM.Builder().nIn(4).nOut(5).build()))
                .layer(rnnOutput(10))
                .setInputType(InputType.recurrent(4))
                .build(),
        sequences(),
        "0_fW",
        "0_fRW",
        "0_bW",
        "0_bRW",
        "1_W");
  }

  /** Deeplearning4j M2.1 fails in the forward pass of this layer, so this checks the lengths. */
  @Test
  void leavesTheGainOfANormalizedRecurrentLayerAlone() {
    MultiLayerConfiguration conf =
        Networks.with(adamW())
            .list()
            .layer(new SimpleRnn.Builder().nIn(4).nOut(5).hasLayerNorm(true).build())
            .layer(rnnOutput(5))
            .build();

    DecoupledDecay.attach(conf);

    BaseLayer rnn = (BaseLayer) conf.getConf(0).getLayer();
    assertThat(rnn.getRegularization())
        .containsExactly(
            new DecoupledWeightDecay(
                true,
                false,
                List.of(
                    new Range(4 * 5, 0, 4 * 5),
                    new Range(5 * 5, 0, 5 * 5),
                    new Range(2 * 5, 0, 0))));
  }

  @Test
  void reachesLayersInsideWrappers() {
    assertDecays(
        updater ->
            Networks.with(updater)
                .list()
                .layer(new LastTimeStep(new SimpleRnn.Builder().nIn(4).nOut(5).build()))
                .layer(Networks.output().nIn(5).nOut(3).build())
                .build(),
        new DataSet(Nd4j.rand(DataType.FLOAT, 8, 4, 6), Networks.data().getLabels()),
        "0_W",
        "0_RW",
        "1_W");
  }

  @Test
  void reachesSameDiffLayers() {
    assertDecays(
        updater ->
            Networks.with(updater)
                .list()
                .layer(
                    new LocallyConnected1D.Builder()
                        .nIn(4)
                        .nOut(3)
                        .kernelSize(2)
                        .hasBias(true)
                        .build())
                .layer(rnnOutput(3))
                .setInputType(InputType.recurrent(4, 6))
                .build(),
        sequences(),
        "0_W",
        "1_W");
  }

  @Test
  void leavesFrozenLayersUnchangedAndPreparesThemForUnfreezing() {
    MultiLayerConfiguration conf =
        Networks.with(adamW())
            .list()
            .layer(new FrozenLayer(new DenseLayer.Builder().nIn(4).nOut(5).build()))
            .layer(new FrozenLayerWithBackprop(new DenseLayer.Builder().nIn(5).nOut(5).build()))
            .layer(Networks.output().nIn(5).nOut(3).build())
            .build();
    MultiLayerNetwork network = new MultiLayerNetwork(DecoupledDecay.attach(conf));
    network.init();
    Map<String, INDArray> before = Networks.copyOf(network);

    network.fit(Networks.data());

    network
        .paramTable()
        .forEach(
            (name, array) ->
                assertThat(array.equals(before.get(name))).isEqualTo(!name.startsWith("2")));
    DenseLayer frozen = (DenseLayer) ((FrozenLayer) conf.getConf(0).getLayer()).getLayer();
    assertThat(frozen.getRegularization()).contains(ALL);
  }

  @Test
  void decaysEachLayerByItsOwnUpdater() {
    double other = 2 * DECAY;
    MultiLayerConfiguration conf =
        Networks.with(adamW())
            .list()
            .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
            .layer(new DenseLayer.Builder().nIn(5).nOut(5).updater(new Adam(0.1)).build())
            .layer(new DenseLayer.Builder().nIn(5).nOut(5).updater(adamWithoutDecay()).build())
            .layer(
                Networks.output()
                    .nIn(5)
                    .nOut(3)
                    .updater(new AdamWDecoupled(LEARNING_RATE, other))
                    .build())
            .build();

    DecoupledDecay.attach(conf);

    assertThat(decaysOf(conf)).containsExactly(DECAY, null, null, other);
    MultiLayerNetwork network = new MultiLayerNetwork(conf);
    network.init();
    network.fit(Networks.data());
  }

  private static List<Double> decaysOf(MultiLayerConfiguration conf) {
    List<Double> decays = new ArrayList<>();
    for (int i = 0; i < conf.getConfs().size(); i++) {
      var layer = (BaseLayer) conf.getConf(i).getLayer();
      decays.add(
          layer.getRegularization().stream()
              .filter(DecoupledWeightDecay.class::isInstance)
              .map(r -> ((DecayingUpdater) layer.getIUpdater()).getWeightDecay())
              .findFirst()
              .orElse(null));
    }
    return decays;
  }

  @Test
  void doesNotChangeTheUpdaterOfTheUser() {
    AdamWDecoupled held = adamW();
    MultiLayerConfiguration conf =
        Networks.with(new Sgd())
            .list()
            .layer(new DenseLayer.Builder().nIn(4).nOut(5).updater(held).build())
            .layer(Networks.output().nIn(5).nOut(3).build())
            .build();

    DecoupledDecay.attach(conf);

    assertThat(held.isDecayAttached()).isFalse();
    assertThat(((AdamWDecoupled) Networks.updaterOf(conf)).isDecayAttached()).isTrue();
  }

  /** Otherwise, the copy would train without decay in a network that was never attached. */
  @Test
  void anAttachedUpdaterReusedElsewhereIsNotAttachedThere() {
    IUpdater attached = Networks.updaterOf(DecoupledDecay.attach(Networks.mlp(adamW())));
    MultiLayerNetwork other = new MultiLayerNetwork(Networks.mlp(attached));
    other.init();

    assertThatIllegalStateException().isThrownBy(() -> other.fit(Networks.data()));
  }

  /** Deeplearning4j does not clone the updater of a single layer, so the mark comes along. */
  @Test
  void anAttachedUpdaterReusedInALayerElsewhereRefusesItsFirstStep() {
    IUpdater attached = Networks.updaterOf(DecoupledDecay.attach(Networks.mlp(adamW())));
    MultiLayerNetwork other =
        new MultiLayerNetwork(
            Networks.with(new Sgd(0.1))
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).updater(attached).build())
                .layer(Networks.output().nIn(5).nOut(3).build())
                .build());
    other.init();

    assertThatIllegalStateException()
        .isThrownBy(() -> other.fit(Networks.data()))
        .withMessageContaining("weightDecay 5.0, but only 0 of 25 parameters")
        .withMessageContaining("attach(x) again");
    DecoupledDecay.attach(other).fit(Networks.data());
  }

  @Test
  void aDecayRemovedByTransferLearningIsNoticedInTheFirstStep() {
    MultiLayerNetwork network = new MultiLayerNetwork(DecoupledDecay.attach(Networks.mlp(adamW())));
    network.init();
    MultiLayerNetwork tuned =
        new TransferLearning.Builder(network)
            .fineTuneConfiguration(new FineTuneConfiguration.Builder().l1(1e-4).build())
            .build();

    assertThatIllegalStateException().isThrownBy(() -> tuned.fit(Networks.data()));

    DecoupledDecay.attach(tuned);
    assertThat(decaysOf(tuned.getLayerWiseConfigurations())).containsExactly(DECAY, DECAY);
    tuned.fit(Networks.data());
    tuned.fit(Networks.data());
  }

  @Test
  void aLayerWithoutWeightsTrainsWithoutDecay() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            DecoupledDecay.attach(
                Networks.with(adamW())
                    .list()
                    .layer(new BatchNormalization())
                    .layer(Networks.output().nOut(3).updater(new Sgd(0.1)).build())
                    .setInputType(InputType.feedForward(4))
                    .build()));
    network.init();

    for (int i = 0; i < 3; i++) {
      network.fit(Networks.data());
    }
  }

  @Test
  void attachingWithAnUpdaterWithoutDecayRemovesTheOldDecay() {
    MultiLayerNetwork network = new MultiLayerNetwork(DecoupledDecay.attach(Networks.mlp(adamW())));
    network.init();
    MultiLayerNetwork tuned =
        new TransferLearning.Builder(network)
            .fineTuneConfiguration(
                new FineTuneConfiguration.Builder().updater(new Sgd(0.1)).build())
            .build();

    DecoupledDecay.attach(tuned);

    assertThat(decaysOf(tuned.getLayerWiseConfigurations())).containsExactly(null, null);
  }

  @Test
  void stateOfAnotherKindOfUpdaterIsNotCopied() {
    MultiLayerNetwork network = new MultiLayerNetwork(Networks.mlp(new AMSGradDecoupled(0.01, 0)));
    network.init();
    network.fit(Networks.data());
    for (int i = 0; i < 2; i++) {
      ((BaseLayer) network.getLayerWiseConfigurations().getConf(i).getLayer()).setIUpdater(adamW());
    }

    DecoupledDecay.attach(network);

    assertThat(network.getUpdater().getStateViewArray().amaxNumber().doubleValue()).isZero();
    network.fit(Networks.data());
    network.fit(Networks.data());
  }

  @Test
  void attachingTwiceChangesNothing() {
    MultiLayerConfiguration once = DecoupledDecay.attach(Networks.mlp(adamW()));
    String json = once.toJson();

    assertThat(DecoupledDecay.attach(once)).isSameAs(once);

    assertThat(once.toJson()).isEqualTo(json);
  }

  @Test
  void otherRegularizationsStay() {
    MultiLayerConfiguration conf =
        DecoupledDecay.attach(
            Networks.with(adamW())
                .l1(0.1)
                .l2Bias(0.1)
                .list()
                .layer(Networks.output().nIn(4).nOut(3).build())
                .build());

    var layer = (BaseLayer) conf.getConf(0).getLayer();
    assertThat(layer.getRegularization()).containsExactly(new L1Regularization(0.1), ALL);
    assertThat(layer.getRegularizationBias()).containsExactly(new L2Regularization(0.1), NONE);
  }

  @Test
  void refusesADoubleDecayAndNamesTheLayerBeforeChangingAnything() {
    MultiLayerConfiguration l2 =
        Networks.with(adamW())
            .list()
            .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
            .layer(Networks.output().name("classes").nIn(5).nOut(3).l2(0.1).build())
            .build();
    MultiLayerConfiguration weightDecay =
        Networks.with(adamW())
            .weightDecay(0.1)
            .list()
            .layer(Networks.output().nIn(4).nOut(3).build())
            .build();
    String before = l2.toJson();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> DecoupledDecay.attach(l2))
        .withMessageContaining("weights of layer \"classes\" (OutputLayer)")
        .withMessageContaining("L2Regularization")
        .withMessageContaining("weightDecay 5.0");
    assertThat(l2.toJson()).isEqualTo(before);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DecoupledDecay.attach(weightDecay))
        .withMessageContaining("layer \"layer0\"");
  }

  @Test
  void refusesALayerWhoseWeightsNoRegularizationReaches() {
    MultiLayerConfiguration conf =
        Networks.with(adamW())
            .list()
            .layer(
                new OCNNOutputLayer.Builder().name("one class").nIn(4).hiddenLayerSize(3).build())
            .build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> DecoupledDecay.attach(conf))
        .withMessageContaining("layer \"one class\" (OCNNOutputLayer)")
        .withMessageContaining("weightDecay(0)");
  }

  /**
   * With one input, weights and gain have the same length, so only their order tells them apart.
   */
  @Test
  void tellsAGainFromWeightsOfTheSameLength() {
    assertDecays(
        updater ->
            Networks.with(updater)
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(1).build())
                .layer(new DenseLayer.Builder().nIn(1).nOut(5).hasLayerNorm(true).build())
                .layer(Networks.output().nIn(5).nOut(3).build())
                .build(),
        Networks.data(),
        "0_W",
        "1_W",
        "2_W");
  }

  @Test
  void aNetworkNeverAttachedRefusesToTrainUntilItIs() {
    MultiLayerNetwork network = new MultiLayerNetwork(Networks.mlp(adamW()));
    network.init();
    INDArray before = network.params().dup();

    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatIllegalStateException()
          .isThrownBy(() -> network.fit(Networks.data()))
          .withMessageContaining("AdamWDecoupled has weightDecay 5.0")
          .withMessageContaining("DecoupledDecay.attach(");
    }
    assertThat(network.params()).isEqualTo(before);

    DecoupledDecay.attach(network).fit(Networks.data());
    assertThat(network.params()).isNotEqualTo(before);
  }

  @Test
  void aNetworkAttachedInTheMiddleKeepsItsState() {
    MultiLayerConfiguration partly = DecoupledDecay.attach(Networks.mlp(adamW()));
    var out = (BaseLayer) partly.getConf(1).getLayer();
    out.setIUpdater(adamWithoutDecay());
    DecoupledDecay.attach(partly);
    MultiLayerNetwork network = new MultiLayerNetwork(partly);
    network.init();
    network.fit(Networks.data());
    Map<String, INDArray> blocks = stateByParameter(network);

    out.setIUpdater(adamW());
    DecoupledDecay.attach(network);

    assertThat(decaysOf(partly)).containsExactly(DECAY, DECAY);
    assertThat(stateByParameter(network)).isEqualTo(blocks);
    assertThat(((MultiLayerUpdater) network.getUpdater()).getUpdaterBlocks()).hasSize(1);
  }

  /** Deeplearning4j's {@code setLearningRate(layer, rate)} cannot carry over the step count. */
  @Test
  void theRateOfOneLayerIsSetInItsUpdaterAndTheStateIsKept() {
    MultiLayerNetwork network = new MultiLayerNetwork(DecoupledDecay.attach(Networks.mlp(adamW())));
    network.init();
    network.fit(Networks.data());
    Map<String, INDArray> before = stateByParameter(network);

    Networks.updaterOf(network.getLayerWiseConfigurations()).setLrAndSchedule(1e-3, null);
    DecoupledDecay.attach(network);

    var blocks = ((MultiLayerUpdater) network.getUpdater()).getUpdaterBlocks();
    assertThat(blocks).hasSize(2);
    for (var block : blocks) {
      INDArray steps = (INDArray) block.getGradientUpdater().getState().get("steps");
      assertThat(steps.toFloatVector()).startsWith(1, 0, 0, 0);
    }
    assertThat(stateByParameter(network)).isEqualTo(before);
    network.fit(Networks.data());
  }

  /**
   * Otherwise, the first steps of the new layer, with its empty moments, or of the old layer would
   * be several times the learning rate.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0.9, 0.95, 0.999})
  void aLayerThatJoinsATrainedBlockDoesNotEnlargeSteps(double beta2) {
    AdamWDecoupled updater =
        AdamWDecoupled.builder().learningRate(LEARNING_RATE).weightDecay(0).beta2(beta2).build();
    MultiLayerConfiguration conf = Networks.mlp(new Sgd(0.1));
    ((BaseLayer) conf.getConf(0).getLayer()).setIUpdater(updater);
    MultiLayerNetwork network = new MultiLayerNetwork(conf);
    network.init();
    for (int i = 0; i < 500; i++) {
      network.fit(Networks.data());
    }
    ((BaseLayer) conf.getConf(1).getLayer()).setIUpdater(updater.clone());
    DecoupledDecay.attach(network);
    assertThat(((MultiLayerUpdater) network.getUpdater()).getUpdaterBlocks()).hasSize(1);

    for (int i = 0; i < 20; i++) {
      INDArray before = network.params().dup();
      network.fit(Networks.data());
      double largest = network.params().sub(before).amaxNumber().doubleValue();
      // Gradients hardly change from step to step, so no step is much larger than the rate.
      assertThat(largest).isLessThan(1.2 * LEARNING_RATE);
    }
  }

  private static Map<String, INDArray> stateByParameter(MultiLayerNetwork network) {
    Map<String, INDArray> state = new TreeMap<>();
    var updater = (MultiLayerUpdater) network.getUpdater();
    for (var block : updater.getUpdaterBlocks()) {
      GradientUpdater<?> arrays = block.getGradientUpdater();
      for (var entry : arrays.getState().entrySet()) {
        if (entry.getKey().equals("steps")) {
          continue;
        }
        int at = 0;
        for (var p : block.getLayersAndVariablesInBlock()) {
          int length = p.getParamOffsetEnd() - p.getParamOffsetStart();
          state.put(
              p.getParamOffsetStart() + "_" + entry.getKey(),
              entry.getValue().get(NDArrayIndex.interval(at, at + length)).dup());
          at += length;
        }
      }
    }
    return state;
  }

  @Test
  void attachingAfterTransferLearningUpdatesAllLayers() {
    MultiLayerNetwork network = new MultiLayerNetwork(DecoupledDecay.attach(Networks.mlp(adamW())));
    network.init();
    MultiLayerNetwork tuned =
        new TransferLearning.Builder(network)
            .fineTuneConfiguration(
                new FineTuneConfiguration.Builder()
                    .updater(new AdamWDecoupled(LEARNING_RATE, 1))
                    .build())
            .build();

    DecoupledDecay.attach(tuned);

    assertThat(decaysOf(tuned.getLayerWiseConfigurations())).containsExactly(1.0, 1.0);
    tuned.fit(Networks.data());
  }

  @Test
  void decaysAComputationGraph() {
    ComputationGraph with = new ComputationGraph(DecoupledDecay.attach(Networks.graph(adamW())));
    with.init();
    ComputationGraph without = new ComputationGraph(Networks.graph(adamWithoutDecay()));
    without.init();
    with.setParams(without.params().dup());
    Map<String, INDArray> before = Networks.copyOf(with);

    with.fit(Networks.data());
    without.fit(Networks.data());

    assertDecayed(before, with.paramTable(), without.paramTable(), "dense_W", "out_W");
  }

  @Test
  void aGraphNeverAttachedRefusesToTrainUntilItIs() {
    ComputationGraph graph = new ComputationGraph(Networks.graph(adamW()));
    graph.init();

    assertThatIllegalStateException().isThrownBy(() -> graph.fit(Networks.data()));

    assertThat(DecoupledDecay.attach(graph)).isSameAs(graph);
    graph.fit(Networks.data());
  }

  @Test
  void reachesVerticesWithParameters() {
    ComputationGraphConfiguration conf =
        Networks.with(adamW())
            .graphBuilder()
            .addInputs("in")
            .addVertex(
                "attention",
                new AttentionVertex.Builder()
                    .nInQueries(4)
                    .nInKeys(4)
                    .nInValues(4)
                    .headSize(4)
                    .nHeads(2)
                    .nOut(5)
                    .projectInput(true)
                    .build(),
                "in",
                "in",
                "in")
            .addVertex(
                "frozen",
                new FrozenVertex(
                    new LayerVertex(
                        Networks.with(adamW())
                            .layer(new DenseLayer.Builder().nIn(5).nOut(5).updater(adamW()).build())
                            .build(),
                        null)),
                "attention")
            .addLayer("out", rnnOutput(5), "attention")
            .setOutputs("out")
            .allowDisconnected(true)
            .build();

    DecoupledDecay.attach(conf);

    AttentionVertex attention = (AttentionVertex) conf.getVertices().get("attention");
    assertThat(attention.getRegularization()).contains(ALL);
    assertThat(((AdamWDecoupled) attention.getUpdater()).isDecayAttached()).isTrue();
    FrozenVertex frozen = (FrozenVertex) conf.getVertices().get("frozen");
    LayerVertex inside = (LayerVertex) frozen.getUnderlying();
    DenseLayer dense = (DenseLayer) inside.getLayerConf().getLayer();
    assertThat(dense.getRegularization()).contains(ALL);
  }

  private static void assertSameDiffDecays(DecayedParameters parameters, String... decayed) {
    SameDiff with =
        Networks.sameDiff(DecoupledDecay.attach(Networks.training(adamW()), parameters));
    SameDiff without = Networks.sameDiff(Networks.training(adamWithoutDecay()));
    Map<String, INDArray> before = variables(with);

    with.fit(Networks.data());
    without.fit(Networks.data());

    assertDecayed(before, variables(with), variables(without), decayed);
  }

  private static Map<String, INDArray> variables(SameDiff sd) {
    Map<String, INDArray> arrays = new TreeMap<>();
    List.of("w", "row", "vector")
        .forEach(name -> arrays.put(name, sd.getArrForVarName(name).dup()));
    return arrays;
  }

  @Test
  void decaysTheMatricesOfASameDiffModel() {
    assertSameDiffDecays(DecayedParameters.WEIGHTS, "w");
  }

  @Test
  void decaysAllVariablesOfASameDiffModelWhenAskedTo() {
    assertSameDiffDecays(DecayedParameters.WEIGHTS_AND_BIASES, "w", "row", "vector");
  }

  @Test
  void aFilterLeavesOutVariablesOfASameDiffModel() {
    for (boolean left : new boolean[] {true, false}) {
      SameDiff with = Networks.sameDiff(Networks.training(adamW()));
      DecoupledDecay.attach(
          with, name -> name.equals("w") != left, DecayedParameters.WEIGHTS_AND_BIASES);
      SameDiff without = Networks.sameDiff(Networks.training(adamWithoutDecay()));
      Map<String, INDArray> before = variables(with);

      with.fit(Networks.data());
      without.fit(Networks.data());

      String[] decayed = left ? new String[] {"row", "vector"} : new String[] {"w"};
      assertDecayed(before, variables(with), variables(without), decayed);
    }
  }

  @Test
  void aFilterThatSeparatesVariablesOfTheSameLengthIsRefused() {
    SameDiff model = Networks.sameDiff(Networks.training(adamW()));

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                DecoupledDecay.attach(
                    model, name -> !name.equals("row"), DecayedParameters.WEIGHTS_AND_BIASES))
        .withMessageContaining("\"row\" and \"vector\" of 3 numbers each");
    assertThat(model.getTrainingConfig().getRegularization()).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DecoupledDecay.attach(SameDiff.create(), name -> true))
        .withMessageContaining("trainingConfig must be set by setTrainingConfig");
  }

  @Test
  void aSameDiffModelNeverAttachedRefusesToTrainUntilItIs() {
    SameDiff sd = Networks.sameDiff(Networks.training(adamW()));

    assertThatIllegalStateException()
        .isThrownBy(() -> sd.fit(Networks.data()))
        .withMessageContaining("TrainingConfig");

    DecoupledDecay.attach(sd.getTrainingConfig());
    sd.fit(Networks.data());
  }

  /** Otherwise, the gain of a layer normalization would decay after loading. */
  @Test
  void everyFieldOfADecaySurvivesJsonAndYaml() {
    MultiLayerConfiguration conf =
        DecoupledDecay.attach(
            Networks.with(adamW())
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).hasLayerNorm(true).build())
                .layer(Networks.output().nIn(5).nOut(3).build())
                .build());
    var expected = ((BaseLayer) conf.getConf(0).getLayer()).getRegularization();
    assertThat(expected)
        .containsExactly(
            new DecoupledWeightDecay(
                true, false, List.of(new Range(20, 0, 20), new Range(5, 0, 0))));

    for (MultiLayerConfiguration read :
        List.of(Networks.throughJson(conf), Networks.throughYaml(conf))) {
      assertThat(((BaseLayer) read.getConf(0).getLayer()).getRegularization()).isEqualTo(expected);
      assertThat(read).isEqualTo(conf);
    }
  }

  @Test
  void namesABadDecayInJson() {
    MultiLayerConfiguration conf = DecoupledDecay.attach(Networks.mlp(adamW()));
    String json = conf.toJson();

    assertThatThrownBy(() -> MultiLayerConfiguration.fromJson(json.replace("5.0", "-5.0")))
        .hasMessageContaining("weightDecay must be a finite number >= 0, but was -5.0");
    assertThatThrownBy(() -> MultiLayerConfiguration.fromJson(json.replace("5.0", "null")))
        .hasMessageContaining("weightDecay");
  }

  /**
   * Both sides have two roundings, of the product and of the sum, which is below 2. The weights are
   * a matrix in column order, as in Deeplearning4j, inside a longer array. Bfloat16 rounds the
   * update once more.
   */
  @ParameterizedTest
  @CsvSource({
    "FLOAT, 1",
    "FLOAT, 511",
    "FLOAT, 513",
    "FLOAT, 300001",
    "DOUBLE, 1",
    "DOUBLE, 513",
    "DOUBLE, 300001",
    "BFLOAT16, 513"
  })
  void addsLearningRateTimesDecayTimesWeight(DataType type, int length) {
    double rounding =
        Map.of(DataType.FLOAT, 0x1p-24, DataType.DOUBLE, 0x1p-53, DataType.BFLOAT16, 0x1p-8)
            .get(type);
    INDArray gradients = Nd4j.rand(type, length + 3L).subi(0.5);
    INDArray parameters = Nd4j.rand(type, length + 3L).muli(6).subi(3);
    INDArray weights = parameters.get(NDArrayIndex.interval(3, length + 3)).reshape('f', length, 1);
    double[] before = doubles(parameters);
    AdamWDecoupled adamW = new AdamWDecoupled(0.1, 0.5);
    AdamWDecoupled adam = new AdamWDecoupled(0.1, 0);
    INDArray view = Nd4j.zeros(type, adam.stateSize(length));

    for (int first : new int[] {0, length / 3}) {
      for (boolean elsewhere : new boolean[] {false, true}) {
        INDArray all = gradients.dup();
        INDArray block = all.get(NDArrayIndex.interval(3, length + 3));
        INDArray plain = block.dup();
        adam.instantiate(view.dup(), true).applyUpdater(plain, 0, 0);
        GradientUpdater<?> updater =
            elsewhere
                ? Engine.onAnotherBackend(adamW, view.dup())
                : adamW.instantiate(view.dup(), true);

        new DecoupledWeightDecay(true, false, List.of(new Range(length, first, length)))
            .apply(weights, block.reshape('f', length, 1), 0.1, 0, 0);
        updater.applyUpdater(block, 0, 0);

        double[] expected = doubles(plain);
        double[] actual = doubles(block);
        assertThat(all.getDouble(2)).isEqualTo(gradients.getDouble(2));
        for (int i = 0; i < length; i++) {
          double decayed = i < first ? 0 : 0.05 * before[i + 3];
          assertThat(actual[i]).isCloseTo(expected[i] + decayed, within(8 * rounding));
        }
        assertThat(doubles(parameters)).isEqualTo(before);
      }
    }
  }

  private static double[] doubles(INDArray array) {
    return array.castTo(DataType.DOUBLE).toDoubleVector();
  }

  /** SameDiff passes some gradients this way. */
  @Test
  void decaysWhereTheUpdateIsNotContiguous() {
    INDArray parent = Nd4j.zeros(DataType.FLOAT, 6, 2);
    INDArray gradient = parent.getColumn(1);
    AdamWDecoupled adamW = new AdamWDecoupled(0.25, 0.5);

    ALL.apply(Nd4j.ones(DataType.FLOAT, 6).muli(2), gradient, 0.25, 0, 0);
    adamW
        .instantiate(Nd4j.zeros(DataType.FLOAT, adamW.stateSize(6)), true)
        .applyUpdater(gradient, 0, 0);

    assertThat(gradient.dup()).isEqualTo(Nd4j.valueArrayOf(new long[] {6}, 0.25f));
    assertThat(parent.getColumn(0).dup()).isEqualTo(Nd4j.zeros(DataType.FLOAT, 6));
  }

  /** Training may continue with other arrays, for example after the parameters were copied. */
  @Test
  void followsTheWeightsToAnotherArray() {
    INDArray gradient = Nd4j.zeros(DataType.FLOAT, 4);
    AdamWDecoupled adamW = new AdamWDecoupled(0.5, 0.5);
    GradientUpdater<?> updater =
        adamW.instantiate(Nd4j.zeros(DataType.FLOAT, adamW.stateSize(4)), true);

    for (float weight : new float[] {1, 2, 4}) {
      gradient.assign(0);
      ALL.apply(Nd4j.valueArrayOf(new long[] {4}, weight), gradient, 0.5, 0, 0);
      updater.applyUpdater(gradient, 0, 0);

      assertThat(gradient.getFloat(3)).isEqualTo(weight / 4);
    }
  }

  @Test
  void theScoreContainsNoPenalty() {
    assertThat(ALL.score(Nd4j.ones(4), 0, 0)).isZero();
  }

  @Test
  void aRestoredNetworkIsAttached(@TempDir File folder) throws Exception {
    MultiLayerNetwork network = new MultiLayerNetwork(DecoupledDecay.attach(Networks.mlp(adamW())));
    network.init();
    network.fit(Networks.data());
    File file = new File(folder, "model.zip");

    MultiLayerNetwork restored = throughFile(network, file);

    assertThat(restored.getLayerWiseConfigurations())
        .isEqualTo(network.getLayerWiseConfigurations());
    restored.fit(Networks.data());
    network.fit(Networks.data());
    assertThat(restored.params().data().asBytes()).isEqualTo(network.params().data().asBytes());
    assertThat(restored.getUpdater()).isEqualTo(network.getUpdater());
  }

  private static MultiLayerNetwork throughFile(Model model, File file) throws Exception {
    ModelSerializer.writeModel(model, file, true);
    return ModelSerializer.restoreMultiLayerNetwork(file, true);
  }

  /** Spark sends configurations to its workers this way. */
  @Test
  void attachedConfigurationsSurviveJavaSerialization() throws Exception {
    MultiLayerConfiguration conf =
        DecoupledDecay.attach(
            Networks.with(adamW())
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).hasLayerNorm(true).build())
                .layer(Networks.output().nIn(5).nOut(3).build())
                .build());
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(conf);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(conf);
    }
  }

  @Test
  void configurationsRoundTripThroughJsonAndYaml() {
    MultiLayerConfiguration conf = DecoupledDecay.attach(Networks.mlp(adamW()));
    ComputationGraphConfiguration graph = DecoupledDecay.attach(Networks.graph(adamW()));

    assertThat(Networks.throughJson(conf)).isEqualTo(conf);
    assertThat(Networks.throughYaml(conf)).isEqualTo(conf);
    assertThat(ComputationGraphConfiguration.fromJson(graph.toJson())).isEqualTo(graph);
    assertThat(ComputationGraphConfiguration.fromYaml(graph.toYaml())).isEqualTo(graph);
  }

  @Test
  void aSkippedStepDoesNotDecay() {
    AdamWDecoupled skipping =
        AdamWDecoupled.builder()
            .weightDecay(DECAY)
            .nonFiniteGradients(NonFinitePolicy.SKIP)
            .build();
    MultiLayerNetwork network =
        new MultiLayerNetwork(DecoupledDecay.attach(Networks.mlp(skipping)));
    network.init();
    INDArray before = network.params().dup();
    DataSet bad = Networks.data();
    bad.getFeatures().putScalar(0, Float.NaN);

    network.fit(bad);

    assertThat(network.params().data().asBytes()).isEqualTo(before.data().asBytes());
    network.fit(Networks.data());
    assertThat(network.params()).isNotEqualTo(before);
  }
}
