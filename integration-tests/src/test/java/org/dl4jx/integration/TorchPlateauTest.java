package org.dl4jx.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.listeners.ReduceOnPlateau;
import org.dl4jx.listeners.ReduceOnPlateau.Mode;
import org.dl4jx.listeners.ReduceOnPlateau.ThresholdMode;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Rates beside PyTorch's: {@code src/test/python/torch_plateau.py} printed the numbers. */
class TorchPlateauTest {

  static Stream<Named<JsonNode>> runs() throws IOException {
    try (InputStream json = TorchPlateauTest.class.getResourceAsStream("/torch/plateau.json")) {
      return StreamSupport.stream(
              new ObjectMapper().readTree(json).get("runs").spliterator(), false)
          .map(run -> Named.of(run.get("name").asText(), run));
    }
  }

  /** The same products in the same order, in double: equal to the last bit. */
  @ParameterizedTest
  @MethodSource("runs")
  void lowersRatesAsPyTorchDoes(JsonNode run) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder().nIn(2).nOut(2).updater(new Sgd(0.1)).build())
                .layer(
                    new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(2)
                        .nOut(2)
                        .updater(new Adam(0.003))
                        .build())
                .build());
    network.init();
    ReduceOnPlateau plateau = plateau(run.get("settings"));
    JsonNode scores = run.get("scores");
    assertThat(scores.size()).isGreaterThanOrEqualTo(20);
    for (int i = 0; i < scores.size(); i++) {
      JsonNode score = scores.get(i);
      plateau.step(network, score.isTextual() ? Double.NaN : score.asDouble());
      for (int group = 0; group < 2; group++) {
        assertThat(network.getLearningRate(group))
            .as("score %d, group %d", i, group)
            .isCloseTo(run.get("rates").get(i).get(group).asDouble(), within(0.0));
      }
    }
  }

  private static ReduceOnPlateau plateau(JsonNode s) {
    ReduceOnPlateau.Builder builder = ReduceOnPlateau.builder();
    s.fieldNames()
        .forEachRemaining(
            name -> {
              JsonNode value = s.get(name);
              switch (name) {
                case "mode" -> builder.mode(value.asText().equals("max") ? Mode.MAX : Mode.MIN);
                case "factor" -> builder.factor(value.asDouble());
                case "patience" -> builder.patience(value.asInt());
                case "threshold" -> builder.threshold(value.asDouble());
                case "threshold_mode" -> builder.thresholdMode(ThresholdMode.ABSOLUTE);
                case "cooldown" -> builder.cooldown(value.asInt());
                case "min_lr" -> builder.minLearningRate(value.asDouble());
                case "eps" -> builder.epsilon(value.asDouble());
                default -> throw new AssertionError(name);
              }
            });
    return builder.build();
  }
}
