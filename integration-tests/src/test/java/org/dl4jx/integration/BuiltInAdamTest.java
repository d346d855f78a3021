package org.dl4jx.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.DecoupledDecay;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/** {@code AdamWDecoupled} beside Deeplearning4j's own {@code Adam}. */
class BuiltInAdamTest {
  private static final double LEARNING_RATE = 1e-2;
  private static final int STEPS = 200;
  private static final double TINY = 1e-30;

  /**
   * Deeplearning4j adds epsilon to √v, which is not corrected for its bias, PyTorch and this
   * library to the corrected √v̂. So the first update differs by its share ε / (√(1 - β2) |g|),
   * 3e-3 for a gradient of 1e-4, below which few are, and later ones by less: 3e-5 at this learning
   * rate. The float roundings of two orders of operations are a tenth of that.
   */
  @Test
  void isFollowedWithoutDecay() {
    MultiLayerNetwork builtIn = trained(new Adam(LEARNING_RATE));
    MultiLayerNetwork ours = trained(new AdamWDecoupled(LEARNING_RATE, 0));

    assertThat(Networks.largestDifference(builtIn.params(), ours.params())).isLessThan(3e-5);
  }

  private static MultiLayerNetwork trained(IUpdater updater) {
    MultiLayerNetwork network =
        Networks.network(Networks.classifier(Networks.with(DataType.FLOAT, updater)));
    for (int i = 0; i < STEPS; i++) {
      network.fit(Networks.batch(DataType.FLOAT, i));
    }
    return network;
  }

  /**
   * With an epsilon that disappears beside every √v, both are one formula: 200 times the rounding
   * of a step, some 10 operations on parameters of size 1 in double, since each step starts from
   * equal parameters but keeps its own state.
   */
  @Test
  void withWeightDecayIsFollowedAndTheScoreLacksJustThePenalty() {
    double decay = 0.1;
    MultiLayerNetwork builtIn =
        Networks.network(
            withPenalty(
                Networks.classifier(
                    Networks.with(DataType.DOUBLE, new Adam(LEARNING_RATE, 0.9, 0.999, TINY))),
                decay));
    MultiLayerNetwork ours =
        Networks.network(
            DecoupledDecay.attach(
                Networks.classifier(
                    Networks.with(
                        DataType.DOUBLE,
                        AdamWDecoupled.builder()
                            .learningRate(LEARNING_RATE)
                            .epsilon(TINY)
                            .weightDecay(decay)
                            .build()))));

    for (int i = 0; i < STEPS; i++) {
      DataSet batch = Networks.batch(DataType.DOUBLE, i);
      ours.setParams(builtIn.params().dup());
      double weights = 0;
      for (String name : new String[] {"0_W", "1_W"}) {
        double norm = builtIn.getParam(name).norm2Number().doubleValue();
        weights += norm * norm;
      }

      double difference = builtIn.score(batch) - ours.score(batch);

      assertThat(difference).isCloseTo(0.5 * decay * weights, within(1e-13));
      builtIn.fit(batch);
      ours.fit(batch);
      assertThat(Networks.largestDifference(builtIn.params(), ours.params()))
          .isLessThan(200 * 10 * Math.pow(2, -53));
    }
  }

  /** Set layer by layer: set for a whole network, M2.1 gives each layer the same decay twice. */
  private static MultiLayerConfiguration withPenalty(MultiLayerConfiguration conf, double decay) {
    conf.getConfs()
        .forEach(
            layer ->
                ((BaseLayer) layer.getLayer())
                    .setRegularization(List.of(new WeightDecay(decay, true))));
    return conf;
  }
}
