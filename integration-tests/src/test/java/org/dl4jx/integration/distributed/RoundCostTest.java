package org.dl4jx.integration.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.integration.Networks;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;

class RoundCostTest {

  @ParameterizedTest
  @EnumSource
  void aWorkerSendsItsParametersAndItsState(NamedOptimizer optimizer) {
    IUpdater updater = optimizer.create(0.1, 0);
    MultiLayerNetwork network =
        Networks.network(
            DecoupledDecay.attach(Networks.classifier(Networks.with(DataType.FLOAT, updater))));
    long[] lengths = network.paramTable().values().stream().mapToLong(INDArray::length).toArray();

    assertThat(RoundCost.bytes(updater, lengths, Float.BYTES))
        .isEqualTo(
            Float.BYTES
                * (network.numParams() + network.getUpdater().getStateViewArray().length()));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2, 1, 1",
    "2, 2, 2, 2",
    "5, 2, 5, 5",
    "6, 2, 2, 5",
    "10, 2, 2, 7",
    "100, 2, 10, 20",
    "1000, 2, 31, 64",
    "1000, 1, 1000, 1000",
    "1000, 3, 10, 30",
  })
  void sumsOfSparkFormATree(int workers, int depth, int atDriver, int copies) {
    RoundCost cost = new RoundCost(1, 1, 0, depth);

    assertThat(cost.sumsAtDriver(workers)).isEqualTo(atDriver);
    assertThat(cost.copiesOnTheWayUp(workers)).isEqualTo(copies);
    assertThat(cost.seconds(workers)).isEqualTo(1.0 + copies);
  }

  @ParameterizedTest
  @CsvSource({"2, 4", "10, 22", "100, 210", "1000, 2031"})
  void trafficIsALittleMoreThanTwoCopiesForEachWorker(int workers, double copies) {
    assertThat(new RoundCost(1, 1, 0, 2).traffic(workers)).isEqualTo(copies);
  }

  @ParameterizedTest
  @CsvSource({"2, 0.2", "100, 0.2", "1000, 0.05"})
  void roundsTakeNoMoreThanTheirShareOfTheTime(int workers, double share) {
    RoundCost cost = new RoundCost(12e6, 125e6, 0.5, 2);
    double step = 0.05;
    long k = cost.every(workers, step, share);

    assertThat(share(cost, workers, step, k)).isLessThanOrEqualTo(share);
    assertThat(share(cost, workers, step, k - 1)).isGreaterThan(share);
  }

  /** 12 MB, and half a second for a round beside iterations of 50 ms. */
  @ParameterizedTest
  @CsvSource({
    "10, 1, 102",
    "10, 10, 47",
    "100, 1, 202",
    "100, 10, 57",
    "1000, 1, 540",
    "1000, 10, 90",
  })
  void kOfThePageKeepsRoundsWithinAFifthOfTheTime(int workers, double gigabits, long k) {
    RoundCost cost = new RoundCost(12e6, gigabits * 1e9 / 8, 0.5, 2);

    assertThat(cost.every(workers, 0.05, 0.2)).isEqualTo(k);
  }

  private static double share(RoundCost cost, int workers, double step, long k) {
    return cost.seconds(workers) / (cost.seconds(workers) + k * step);
  }
}
