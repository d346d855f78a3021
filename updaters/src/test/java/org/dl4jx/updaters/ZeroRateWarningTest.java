package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.dl4jx.schedules.WarmupCosineSchedule;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Warnings about a learning rate of 0; slf4j-simple writes them to {@code System.err}. */
class ZeroRateWarningTest {
  private static final ISchedule BY_EPOCH =
      new WarmupCosineSchedule(ScheduleType.EPOCH, 1e-3, 2, 10);

  private static List<String> warnings(Runnable training) {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      training.run();
    } finally {
      System.setErr(before);
    }
    return said.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("learning rate of 0"))
        .toList();
  }

  private static AdamWDecoupled adamW(ISchedule schedule) {
    return new AdamWDecoupled(schedule, 0);
  }

  /** Has four blocks: the second layer and the biases of the third have their own updaters. */
  private static MultiLayerNetwork network(IUpdater updater, IUpdater other) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            Networks.with(updater)
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
                .layer(new DenseLayer.Builder().nIn(5).nOut(4).updater(other).build())
                .layer(Networks.output().nIn(4).nOut(3).biasUpdater(other).build())
                .build());
    network.init();
    return network;
  }

  private static void train(MultiLayerNetwork network, int iterations) {
    for (int i = 0; i < iterations; i++) {
      network.fit(Networks.data());
    }
  }

  private static AdamWDecoupled otherEpsilon(ISchedule schedule) {
    return AdamWDecoupled.builder()
        .learningRateSchedule(schedule)
        .weightDecay(0)
        .epsilon(1e-7)
        .build();
  }

  @Test
  void warnsOnceAboutAWarmUpByEpochIfNoEpochEnds() {
    MultiLayerNetwork network = network(adamW(BY_EPOCH), otherEpsilon(BY_EPOCH));
    INDArray start = network.params().dup();

    List<String> warnings = warnings(() -> train(network, 50));

    assertThat(network.params()).isEqualTo(start);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0))
        .contains("WARN")
        .contains("AdamWDecoupled has taken 10 steps with a learning rate of 0")
        .contains(BY_EPOCH.toString())
        .contains("iteration 9, epoch 0")
        .contains("schedule by EPOCH")
        .contains("fit(DataSet)")
        .contains("ScheduleType.ITERATION")
        .contains("incrementEpochCount()");
  }

  @Test
  void warnsOnceAboutAConstantRateOfZero() {
    UpdaterConfiguration updater = new AdamWDecoupled(0, 0);
    List<String> warnings = warnings(() -> train(network(updater, updater), 30));

    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0))
        .contains("AdamWDecoupled")
        .contains("the rate is constant")
        .contains("Set a learning rate above 0.")
        .doesNotContain("EPOCH");
  }

  @Test
  void warnsOnceAboutEachUpdater() {
    List<String> warnings =
        warnings(() -> train(network(adamW(BY_EPOCH), new AveragedNesterovs(BY_EPOCH)), 50));

    assertThat(warnings)
        .hasSize(2)
        .anyMatch(line -> line.contains("AdamWDecoupled has"))
        .anyMatch(line -> line.contains("AveragedNesterovs has"));
  }

  @Test
  void isSilentAboutAWarmUpByIteration() {
    ISchedule schedule = new WarmupCosineSchedule(ScheduleType.ITERATION, 1e-3, 20, 100);

    assertThat(warnings(() -> train(network(adamW(schedule), adamW(schedule)), 50))).isEmpty();
  }

  @Test
  void isSilentAfterNineStepsAndWarnsAfterTen() {
    for (int zeros : new int[] {9, 10}) {
      ISchedule schedule =
          new MapSchedule.Builder(ScheduleType.ITERATION).add(0, 0).add(zeros, 0.1).build();

      assertThat(warnings(() -> train(network(adamW(schedule), adamW(schedule)), 50)))
          .hasSize(zeros - 9);
    }
  }

  @Test
  void isSilentAboutARateThatFallsToZero() {
    ISchedule schedule =
        new MapSchedule.Builder(ScheduleType.ITERATION).add(0, 0.1).add(5, 0).build();

    assertThat(warnings(() -> train(network(adamW(schedule), adamW(schedule)), 50))).isEmpty();
  }

  @Test
  void isSilentIfEpochsEnd() {
    MultiLayerNetwork network = network(adamW(BY_EPOCH), otherEpsilon(BY_EPOCH));

    assertThat(
            warnings(
                () -> {
                  for (int i = 0; i < 30; i++) {
                    network.fit(Networks.data());
                    if (i % 8 == 7) {
                      network.incrementEpochCount();
                    }
                  }
                }))
        .isEmpty();
  }

  @Test
  void everyTrainingWarnsOnce() {
    for (int i = 0; i < 3; i++) {
      assertThat(warnings(() -> train(network(adamW(BY_EPOCH), otherEpsilon(BY_EPOCH)), 15)))
          .hasSize(1);
    }
    assertThat(
            warnings(
                () -> {
                  train(network(adamW(BY_EPOCH), adamW(BY_EPOCH)), 15);
                  train(network(adamW(BY_EPOCH), adamW(BY_EPOCH)), 15);
                }))
        .hasSize(2);
  }

  @Test
  void warnsOnceInAGraph() {
    ComputationGraph graph = network(adamW(BY_EPOCH), otherEpsilon(BY_EPOCH)).toComputationGraph();

    List<String> warnings =
        warnings(
            () -> {
              for (int i = 0; i < 30; i++) {
                graph.fit(Networks.data());
              }
            });

    assertThat(warnings).hasSize(1);
  }

  /** With a schedule from 0, code that applies gradients itself has to pass on the iteration. */
  @Test
  void warnsAboutExternalErrorsThatAlwaysHaveTheSameIteration() {
    ISchedule schedule = new WarmupCosineSchedule(ScheduleType.ITERATION, 1e-3, 20, 100);
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            Networks.with(adamW(schedule))
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
                .layer(
                    new DenseLayer.Builder().nIn(5).nOut(3).updater(otherEpsilon(schedule)).build())
                .build());
    network.init();
    List<String> warnings =
        warnings(
            () -> {
              for (int i = 0; i < 15; i++) {
                INDArray in = Networks.data().getFeatures();
                network.setInput(in);
                network.feedForward(true, false);
                Pair<Gradient, INDArray> pair =
                    network.backpropGradient(
                        Nd4j.ones(DataType.FLOAT, 8, 3), LayerWorkspaceMgr.noWorkspaces());
                network
                    .getUpdater()
                    .update(network, pair.getFirst(), 0, 0, 8, LayerWorkspaceMgr.noWorkspaces());
              }
            });

    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0))
        .contains("iteration 0, epoch 0")
        .contains("With external errors, pass on the iteration");
  }

  @Test
  void warnsOnceForAllVariablesOfASameDiffModel() {
    SameDiff sd = SameDiff.create();
    SDVariable x = sd.placeHolder("x", DataType.FLOAT, -1, 4);
    SDVariable y = sd.placeHolder("y", DataType.FLOAT, -1, 3);
    SDVariable w = sd.var("w", Nd4j.ones(DataType.FLOAT, 4, 3));
    SDVariable b = sd.var("b", Nd4j.ones(DataType.FLOAT, 3));
    SDVariable s = sd.var("s", Nd4j.scalar(0.5f));
    sd.loss.meanSquaredError("loss", y, x.mmul(w).add(b).mul(s), null);
    sd.setLossVariables("loss");
    sd.setTrainingConfig(
        new TrainingConfig.Builder()
            .updater(adamW(BY_EPOCH))
            .dataSetFeatureMapping("x")
            .dataSetLabelMapping("y")
            .build());
    sd.getTrainingConfig().setEpochCount(0);

    List<String> warnings =
        warnings(
            () -> {
              for (int i = 0; i < 15; i++) {
                sd.fit(Networks.data());
                sd.getTrainingConfig().setEpochCount(0);
              }
            });

    assertThat(warnings).hasSize(1);
  }

  /** Here the network has taken steps before, but this updater has not. */
  @Test
  void watchesAnUpdaterFromItsOwnFirstStep() {
    ISchedule schedule =
        new MapSchedule.Builder(ScheduleType.ITERATION).add(0, 0.1).add(100, 0).build();
    UpdaterConfiguration updater = adamW(schedule);
    GradientUpdater<?> late =
        updater.instantiate(Nd4j.zeros(DataType.FLOAT, updater.stateSize(2)), true);

    List<String> warnings =
        warnings(
            () -> {
              for (int t = 100; t < 120; t++) {
                late.applyUpdater(Nd4j.ones(2), t, 0);
              }
            });

    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("iteration 109");
  }
}
