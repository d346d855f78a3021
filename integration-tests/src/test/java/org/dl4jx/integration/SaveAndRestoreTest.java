package org.dl4jx.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.schedules.ScaledSchedule;
import org.dl4jx.schedules.WarmupCosineSchedule;
import org.dl4jx.updaters.AdaBound;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.LookaheadAverage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * A model saved in the middle of a run, restored and trained on is bit for bit the model. Seven
 * iterations are in the middle of a schedule, and in the middle of a cycle of three probes.
 */
class SaveAndRestoreTest {
  private static final int BEFORE = 7;
  private static final int AFTER = 8;

  @TempDir File folder;

  static Stream<IUpdater> updaters() {
    ISchedule rate = new WarmupCosineSchedule(ScheduleType.ITERATION, 1e-2, 5, BEFORE + AFTER);
    ISchedule momentum = new ExponentialSchedule(ScheduleType.ITERATION, 0.9, 0.99);
    return Stream.concat(
        Optimizers.all(0.1),
        Stream.of(
            new AdamWDecoupled(rate, 0.1),
            // Its bounds close in soon.
            AdaBound.builder().learningRate(1e-2).gamma(0.1).weightDecay(0.1).build(),
            AveragedNesterovs.builder()
                .learningRateSchedule(new ScaledSchedule(10, rate))
                .momentumSchedule(momentum)
                .average(LookaheadAverage.QUARTERS)
                .build()));
  }

  private static void assertSameBits(INDArray actual, INDArray expected) {
    assertThat(actual.dup().data().asBytes()).isEqualTo(expected.dup().data().asBytes());
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void networkGoesOnAsIfNeverStopped(IUpdater updater) throws Exception {
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      MultiLayerNetwork network =
          Networks.network(
              DecoupledDecay.attach(Networks.classifier(Networks.with(type, updater))));
      train(network, type, 0, BEFORE);
      File file = new File(folder, type + ".zip");
      ModelSerializer.writeModel(network, file, true);
      MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);

      train(network, type, BEFORE, BEFORE + AFTER);
      train(restored, type, BEFORE, BEFORE + AFTER);

      assertSameBits(restored.params(), network.params());
      assertSameBits(
          restored.getUpdater().getStateViewArray(), network.getUpdater().getStateViewArray());
    }
  }

  private static void train(MultiLayerNetwork network, DataType type, int from, int to) {
    for (int i = from; i < to; i++) {
      network.fit(Networks.batch(type, i));
    }
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void graphGoesOnAsIfNeverStopped(IUpdater updater) throws Exception {
    ComputationGraph graph =
        new ComputationGraph(
            DecoupledDecay.attach(Networks.graph(Networks.with(DataType.FLOAT, updater))));
    graph.init();
    train(graph, 0, BEFORE);
    File file = new File(folder, "graph.zip");
    ModelSerializer.writeModel(graph, file, true);
    ComputationGraph restored = ModelSerializer.restoreComputationGraph(file, true);

    train(graph, BEFORE, BEFORE + AFTER);
    train(restored, BEFORE, BEFORE + AFTER);

    assertSameBits(restored.params(), graph.params());
  }

  private static void train(ComputationGraph graph, int from, int to) {
    for (int i = from; i < to; i++) {
      graph.fit(Networks.batch(DataType.FLOAT, i));
    }
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void sameDiffGoesOnAsIfNeverStopped(IUpdater updater) {
    SameDiff model = sameDiff(updater);
    train(model, 0, BEFORE);
    File file = new File(folder, "model.fb");
    model.save(file, true);
    SameDiff restored = SameDiff.load(file, true);

    train(model, BEFORE, BEFORE + AFTER);
    train(restored, BEFORE, BEFORE + AFTER);

    for (String name : new String[] {"w", "b"}) {
      assertSameBits(restored.getArrForVarName(name), model.getArrForVarName(name));
    }
  }

  private static SameDiff sameDiff(IUpdater updater) {
    SameDiff sd = SameDiff.create();
    SDVariable in = sd.placeHolder("in", DataType.FLOAT, -1, 4);
    SDVariable label = sd.placeHolder("label", DataType.FLOAT, -1, 3);
    SDVariable w = sd.var("w", Nd4j.linspace(-1, 1, 12, DataType.FLOAT).reshape(4, 3));
    SDVariable b = sd.var("b", Nd4j.zeros(DataType.FLOAT, 3));
    sd.loss.softmaxCrossEntropy("loss", label, in.mmul(w).add(b), null);
    sd.setLossVariables("loss");
    sd.setTrainingConfig(Networks.sameDiffTraining(updater));
    return sd;
  }

  private static void train(SameDiff model, int from, int to) {
    for (int i = from; i < to; i++) {
      model.fit(Networks.batch(DataType.FLOAT, i));
    }
  }
}
