package org.dl4jx.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.updaters.AMSGradDecoupled;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * The same network, weights and data trained through Deeplearning4j and, by {@code
 * src/test/python/torch_parity.py}, through PyTorch; the numbers that it printed are kept.
 */
class TorchParityTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static JsonNode torch() {
    try (InputStream json = TorchParityTest.class.getResourceAsStream("/torch/parity.json")) {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<Named<JsonNode>> runs() {
    return StreamSupport.stream(torch().get("runs").spliterator(), false)
        .map(run -> Named.of(run.get("name").asText() + " " + run.get("settings"), run));
  }

  private static IUpdater updater(JsonNode settings) {
    AdaptiveUpdater.Builder<?> builder =
        settings.get("amsgrad").asBoolean() ? AMSGradDecoupled.builder() : AdamWDecoupled.builder();
    return builder
        .learningRate(settings.get("lr").asDouble())
        .beta1(settings.get("betas").get(0).asDouble())
        .beta2(settings.get("betas").get(1).asDouble())
        .epsilon(settings.get("eps").asDouble())
        .weightDecay(settings.get("weight_decay").asDouble())
        .build();
  }

  private static INDArray array(JsonNode rows) {
    double[][] values = MAPPER.convertValue(rows, double[][].class);
    return Nd4j.createFromArray(values);
  }

  /**
   * Both sides compute in double. A step adds some 30 roundings of 1.1e-16 to parameters of size 1,
   * and training passes a deviation on nearly unchanged: 300 steps make 1e-12.
   */
  @ParameterizedTest
  @MethodSource("runs")
  void followsPyTorchOverATrainingRun(JsonNode run) {
    assertFollows(run, DataType.DOUBLE, 1e-12);
  }

  /**
   * In float, which takes the fused path: the 300 · 30 roundings of 6e-8 are of either sign and add
   * up like a random walk, √9000 · 6e-8 = 6e-6; four times that leaves no room for another formula.
   */
  @ParameterizedTest
  @MethodSource("runs")
  void followsPyTorchInFloat(JsonNode run) {
    assertFollows(run, DataType.FLOAT, 2.4e-5);
  }

  private static void assertFollows(JsonNode run, DataType type, double tolerance) {
    JsonNode torch = torch();
    MultiLayerNetwork network =
        Networks.network(
            DecoupledDecay.attach(
                Networks.classifier(Networks.with(type, updater(run.get("settings"))))));
    setParameters(network, torch.get("initial"), type);
    DataSet data =
        new DataSet(
            array(torch.get("features")).castTo(type), array(torch.get("labels")).castTo(type));

    int steps = 0;
    for (JsonNode recorded : run.get("recorded")) {
      for (; steps < recorded.get("step").asInt(); steps++) {
        network.fit(data);
      }
      assertThat(Math.abs(network.score() - recorded.get("lossBefore").asDouble()))
          .as("loss before step %d", steps)
          .isLessThan(tolerance);
      for (Iterator<Map.Entry<String, JsonNode>> it = recorded.get("parameters").fields();
          it.hasNext(); ) {
        Map.Entry<String, JsonNode> parameter = it.next();
        INDArray actual = network.getParam(parameter.getKey()).castTo(DataType.DOUBLE);
        double deviation = Networks.largestDifference(actual, array(parameter.getValue()));
        assertThat(deviation)
            .as("deviation of %s after %d steps", parameter.getKey(), steps)
            .isLessThan(tolerance);
      }
    }
    assertThat(steps).isEqualTo(300);
  }

  private static void setParameters(MultiLayerNetwork network, JsonNode initial, DataType type) {
    for (String name : Arrays.asList("0_W", "0_b", "1_W", "1_b")) {
      network.getParam(name).assign(array(initial.get(name)).castTo(type));
    }
  }
}
