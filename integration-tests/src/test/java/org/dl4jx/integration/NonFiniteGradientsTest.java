package org.dl4jx.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.NonFiniteGradientException;
import org.dl4jx.updaters.NonFinitePolicy;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;

/** What a broken mini-batch does to a network in training. */
class NonFiniteGradientsTest {

  static Stream<NamedOptimizer> decaying() {
    return Arrays.stream(NamedOptimizer.values()).filter(NamedOptimizer::decays);
  }

  private static MultiLayerNetwork trained(NamedOptimizer optimizer, NonFinitePolicy policy) {
    IUpdater updater = optimizer.create(optimizer.usualLearningRate(), 0.1, policy);
    MultiLayerNetwork network =
        Networks.network(
            DecoupledDecay.attach(Networks.classifier(Networks.with(DataType.FLOAT, updater))));
    for (int i = 0; i < 3; i++) {
      network.fit(Networks.batch(DataType.FLOAT, i));
    }
    return network;
  }

  private static DataSet brokenBatch() {
    DataSet batch = Networks.batch(DataType.FLOAT, 3);
    batch.getFeatures().putScalar(5, Float.POSITIVE_INFINITY);
    batch.getFeatures().putScalar(6, Float.NaN);
    return batch;
  }

  private static byte[] parameters(MultiLayerNetwork network) {
    return network.params().data().asBytes();
  }

  private static byte[] state(MultiLayerNetwork network) {
    return network.getUpdater().getStateViewArray().data().asBytes();
  }

  @ParameterizedTest
  @EnumSource
  void failLeavesParametersAndStateUntouchedAndTrainingCanGoOn(NamedOptimizer optimizer) {
    MultiLayerNetwork network = trained(optimizer, NonFinitePolicy.FAIL);
    MultiLayerNetwork undisturbed = trained(optimizer, NonFinitePolicy.FAIL);

    assertThatThrownBy(() -> network.fit(brokenBatch()))
        .isInstanceOf(NonFiniteGradientException.class)
        .hasMessageContaining("at iteration 3, epoch 0");

    assertThat(parameters(network)).isEqualTo(parameters(undisturbed));
    assertThat(state(network)).isEqualTo(state(undisturbed));
    network.fit(Networks.batch(DataType.FLOAT, 4));
    undisturbed.fit(Networks.batch(DataType.FLOAT, 4));
    assertThat(parameters(network)).isEqualTo(parameters(undisturbed));
  }

  /** Two updaters make two blocks: the first has stepped when the second finds the NaN. */
  @ParameterizedTest
  @EnumSource
  void failMovesNoParameterOfANetworkWithSeveralBlocks(NamedOptimizer optimizer) {
    MultiLayerConfiguration conf =
        Networks.classifier(Networks.with(DataType.FLOAT, optimizer.create(1e-2, 0)));
    ((BaseLayer) conf.getConf(1).getLayer()).setIUpdater(optimizer.create(1e-3, 0));
    MultiLayerNetwork network = Networks.network(DecoupledDecay.attach(conf));
    network.fit(Networks.batch(DataType.FLOAT, 0));
    byte[] before = parameters(network);

    assertThatThrownBy(() -> network.fit(brokenBatch()))
        .isInstanceOf(NonFiniteGradientException.class)
        .hasMessageContaining("The state of these parameters is unchanged");

    assertThat(parameters(network)).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("decaying")
  void skipLeavesOutTheStepAndItsDecay(NamedOptimizer optimizer) {
    MultiLayerNetwork network = trained(optimizer, NonFinitePolicy.SKIP);
    MultiLayerNetwork undisturbed = trained(optimizer, NonFinitePolicy.SKIP);

    network.fit(brokenBatch());

    assertThat(parameters(network)).isEqualTo(parameters(undisturbed));
    assertThat(state(network)).isEqualTo(state(undisturbed));
    assertThat(network.getIterationCount()).isEqualTo(4);
  }

  /** A gradient at a probe point moves the parameters at the end of its cycle only. */
  @ParameterizedTest
  @EnumSource
  void propagateLetsThemThrough(NamedOptimizer optimizer) {
    MultiLayerNetwork network = trained(optimizer, NonFinitePolicy.PROPAGATE);

    network.fit(brokenBatch());
    for (int i = 4; i < 9; i++) {
      network.fit(Networks.batch(DataType.FLOAT, i));
    }

    assertThat(network.params().isNaN().any()).isTrue();
  }
}
