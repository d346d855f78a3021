package org.dl4jx.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.NonFiniteGradientException;
import org.dl4jx.updaters.NonFinitePolicy;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

/** What a broken mini-batch does to a network in training. */
class NonFiniteGradientsTest {

  private static MultiLayerNetwork trained(NonFinitePolicy policy) {
    AdamWDecoupled updater =
        AdamWDecoupled.builder().weightDecay(0.1).nonFiniteGradients(policy).build();
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

  @Test
  void failLeavesParametersAndStateUntouchedAndTrainingCanGoOn() {
    MultiLayerNetwork network = trained(NonFinitePolicy.FAIL);
    MultiLayerNetwork undisturbed = trained(NonFinitePolicy.FAIL);

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
  @Test
  void failMovesNoParameterOfANetworkWithSeveralBlocks() {
    MultiLayerConfiguration conf =
        Networks.classifier(Networks.with(DataType.FLOAT, new AdamWDecoupled(1e-2, 0)));
    ((BaseLayer) conf.getConf(1).getLayer()).setIUpdater(new AdamWDecoupled(1e-3, 0));
    MultiLayerNetwork network = Networks.network(conf);
    network.fit(Networks.batch(DataType.FLOAT, 0));
    byte[] before = parameters(network);

    assertThatThrownBy(() -> network.fit(brokenBatch()))
        .isInstanceOf(NonFiniteGradientException.class)
        .hasMessageContaining("The state of these parameters is as it was");

    assertThat(parameters(network)).isEqualTo(before);
  }

  @Test
  void skipLeavesOutTheStepAndItsDecay() {
    MultiLayerNetwork network = trained(NonFinitePolicy.SKIP);
    MultiLayerNetwork undisturbed = trained(NonFinitePolicy.SKIP);

    network.fit(brokenBatch());

    assertThat(parameters(network)).isEqualTo(parameters(undisturbed));
    assertThat(state(network)).isEqualTo(state(undisturbed));
    assertThat(network.getIterationCount()).isEqualTo(4);
  }

  @Test
  void propagateLetsThemThrough() {
    MultiLayerNetwork network = trained(NonFinitePolicy.PROPAGATE);

    network.fit(brokenBatch());

    assertThat(network.params().isNaN().any()).isTrue();
  }
}
