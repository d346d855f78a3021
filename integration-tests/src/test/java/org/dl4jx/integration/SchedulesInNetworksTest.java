package org.dl4jx.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.schedules.OneCycleSchedule;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** Every schedule inside updaters, configurations and saved models. */
class SchedulesInNetworksTest {

  static Stream<ISchedule> schedules() {
    return Schedules.all().stream();
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void surviveJsonYamlAndJavaSerialization(ISchedule schedule) throws Exception {
    List<IUpdater> updaters = new ArrayList<>(updaters());
    updaters.add(new Adam());
    for (IUpdater updater : updaters) {
      updater.setLrAndSchedule(Double.NaN, schedule);
      MultiLayerConfiguration network =
          DecoupledDecay.attach(Networks.classifier(Networks.with(DataType.FLOAT, updater)));
      ComputationGraphConfiguration graph =
          DecoupledDecay.attach(Networks.graph(Networks.with(DataType.FLOAT, updater)));

      assertThat(MultiLayerConfiguration.fromJson(network.toJson())).isEqualTo(network);
      assertThat(MultiLayerConfiguration.fromYaml(network.toYaml())).isEqualTo(network);
      assertThat(ComputationGraphConfiguration.fromJson(graph.toJson())).isEqualTo(graph);
      assertThat(ComputationGraphConfiguration.fromYaml(graph.toYaml())).isEqualTo(graph);
      assertThat(throughJava(updater)).isEqualTo(updater);
    }
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void refuseANullByNameAndAMissingPropertyUnlessItIsNew(ISchedule schedule) throws Exception {
    NeuralNetConfiguration.Builder builder = Networks.with(DataType.FLOAT, new Adam(schedule));
    assertRefused(Networks.classifier(builder).toJson(), MultiLayerConfiguration::fromJson);
    assertRefused(Networks.graph(builder).toJson(), ComputationGraphConfiguration::fromJson);
  }

  private static void assertRefused(String json, Consumer<String> reader) throws Exception {
    JsonNode tree = NeuralNetConfiguration.mapper().readTree(json);
    ObjectNode schedule = (ObjectNode) tree.findValue("learningRateSchedule");
    for (RecordComponent component :
        Class.forName(schedule.get("@class").asText()).getRecordComponents()) {
      String name = component.getName();
      JsonNode value = schedule.get(name);
      schedule.putNull(name);
      assertThatThrownBy(() -> reader.accept(tree.toString()))
          .hasMessageContaining(name + " must not be null");
      schedule.remove(name);
      if (component.getAccessor().getAnnotation(Given.class).mayBeMissing()) {
        reader.accept(tree.toString());
      } else {
        assertThatThrownBy(() -> reader.accept(tree.toString()))
            .hasMessageContaining(name + " is missing");
      }
      schedule.set(name, value);
    }
  }

  private static Object throughJava(Object value) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void giveTheNetworkTheirRatesAlsoAfterRestoring(ISchedule schedule, @TempDir File folder)
      throws Exception {
    for (IUpdater updater : updaters()) {
      updater.setLrAndSchedule(Double.NaN, schedule);
      MultiLayerNetwork network = network(updater);
      assertRates(network, schedule, 0, 9);
      File file = new File(folder, "model.zip");
      ModelSerializer.writeModel(network, file, true);

      assertRates(ModelSerializer.restoreMultiLayerNetwork(file, true), schedule, 9, 18);
    }
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void canBeSetOnARunningNetwork(ISchedule schedule) {
    for (IUpdater updater : updaters()) {
      MultiLayerNetwork network = network(updater);
      for (int i = 0; i < 4; i++) {
        network.fit(Networks.batch(DataType.FLOAT, i));
      }

      network.setLearningRate(schedule);

      assertRates(network, schedule, 4, 12);
    }
  }

  private static List<UpdaterConfiguration> updaters() {
    return Optimizers.all(0.01).toList();
  }

  private static MultiLayerNetwork network(IUpdater updater) {
    return Networks.network(
        DecoupledDecay.attach(Networks.classifier(Networks.with(DataType.FLOAT, updater))));
  }

  private static void assertRates(MultiLayerNetwork network, ISchedule schedule, int from, int to) {
    for (int i = from; i < to; i++) {
      assertThat(network.getIterationCount()).isEqualTo(i);
      assertThat(network.getLearningRate(0)).isEqualTo(schedule.valueAt(i, 0));
      network.fit(Networks.batch(DataType.FLOAT, i));
    }
  }

  @Test
  void theMomentumOfOneCycleFitsDeeplearning4jsNesterovsAndOurs() {
    OneCycleSchedule cycle = new OneCycleSchedule(ScheduleType.ITERATION, 0.5, 60);
    ISchedule momentum = cycle.momentum(0.85, 0.95);
    for (IUpdater updater :
        List.of(
            new Nesterovs(cycle, momentum),
            AveragedNesterovs.builder()
                .learningRateSchedule(cycle)
                .momentumSchedule(momentum)
                .build())) {
      MultiLayerNetwork network = network(updater);
      double before = network.score(Networks.batch(DataType.FLOAT, 1));
      for (int i = 0; i < 60; i++) {
        network.fit(Networks.batch(DataType.FLOAT, 1));
      }
      AveragedNesterovs.settle(network);
      assertThat(network.score(Networks.batch(DataType.FLOAT, 1))).isLessThan(before);
    }
  }
}
