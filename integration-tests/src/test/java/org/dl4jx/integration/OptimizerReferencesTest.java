package org.dl4jx.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.dl4jx.updaters.Muon;
import org.dl4jx.updaters.engine.Matrices;
import org.dl4jx.updaters.engine.ShownWeights;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.serde.json.JsonMappers;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * The same steps with dl4jx and, by {@code src/test/python/optimizer_references.py}, with PyTorch
 * or from the code of the authors; the numbers that it printed are kept.
 */
class OptimizerReferencesTest {
  private static final ObjectMapper MAPPER = JsonMappers.getMapper();

  static Stream<Named<JsonNode>> cases() throws IOException {
    return all().filter(example -> !example.getPayload().has("shape"));
  }

  /** Those of optimizers that work on a whole array and its parameters. */
  static Stream<Named<JsonNode>> casesOfArrays() throws IOException {
    return all().filter(example -> example.getPayload().has("shape"));
  }

  private static Stream<Named<JsonNode>> all() throws IOException {
    try (InputStream json =
        OptimizerReferencesTest.class.getResourceAsStream("/references/optimizers.json")) {
      return StreamSupport.stream(MAPPER.readTree(json).spliterator(), false)
          .map(example -> Named.of(example.get("name").asText(), example));
    }
  }

  /**
   * Both sides compute in double. A step adds at most 12 roundings of 2⁻⁵³ to what it computes
   * from, as in the contract of the updaters; they are of either sign and add up like a random
   * walk. Terms of opposite signs may cancel, but they are about as large as the largest update so
   * far. Twice that, 2.7e-15 in twelve steps, leaves no room for another formula.
   */
  @ParameterizedTest
  @MethodSource("cases")
  void takesTheSameSteps(JsonNode example) throws IOException {
    IUpdater updater = MAPPER.treeToValue(example.get("settings"), IUpdater.class);
    double[][] gradients = MAPPER.convertValue(example.get("gradients"), double[][].class);
    double[][] updates = MAPPER.convertValue(example.get("updates"), double[][].class);
    int length = gradients[0].length;
    GradientUpdater<?> steps =
        updater.instantiate(Nd4j.zeros(DataType.DOUBLE, updater.stateSize(length)), true);
    double[] largest = new double[length];

    assertThat(gradients.length).isEqualTo(updates.length).isGreaterThanOrEqualTo(12);
    for (int step = 0; step < gradients.length; step++) {
      INDArray g = Nd4j.createFromArray(gradients[step]);
      setState(steps, example.path("states").path(step));
      steps.applyUpdater(g, step, 0);
      double rounding = 2 * Math.sqrt(12 * (step + 1)) * 0x1p-53;
      for (int i = 0; i < length; i++) {
        largest[i] = Math.max(largest[i], Math.abs(updates[step][i]));
        assertThat(g.getDouble(i))
            .as("number %d in step %d", i, step + 1)
            .isCloseTo(updates[step][i], within(rounding * largest[i]));
      }
    }
  }

  /** Sets the arrays that something else than a step changes. */
  private static void setState(GradientUpdater<?> steps, JsonNode arrays) {
    arrays
        .fields()
        .forEachRemaining(
            array ->
                steps
                    .getState()
                    .get(array.getKey())
                    .assign(
                        Nd4j.createFromArray(
                            MAPPER.convertValue(array.getValue(), double[].class))));
  }

  /**
   * As above. Besides, the iterations of Muon multiply an error in small singular values by up to
   * 3.4445 each, 485 in total, and have 15 products of matrices.
   */
  @ParameterizedTest
  @MethodSource("casesOfArrays")
  void takesTheSameStepsOnArrays(JsonNode example) throws IOException {
    IUpdater updater = MAPPER.treeToValue(example.get("settings"), IUpdater.class);
    double[][] gradients = MAPPER.convertValue(example.get("gradients"), double[][].class);
    double[][] updates = MAPPER.convertValue(example.get("updates"), double[][].class);
    int[] shape = MAPPER.convertValue(example.get("shape"), int[].class);
    INDArray parameters =
        Nd4j.createFromArray(MAPPER.convertValue(example.get("parameters"), double[].class));
    int length = gradients[0].length;
    GradientUpdater<?> steps =
        updater.instantiate(Nd4j.zeros(DataType.DOUBLE, updater.stateSize(length)), true);
    double amplification = updater instanceof Muon ? 485 * 15 : 1;
    double largest = 0;

    assertThat(gradients.length).isEqualTo(updates.length).isGreaterThanOrEqualTo(12);
    for (int step = 0; step < gradients.length; step++) {
      INDArray g = Nd4j.createFromArray(gradients[step]);
      Matrices matrix = Matrices.of(1, shape[0], shape[1]);
      ShownWeights.show(null, parameters, g, 0, length, matrix, step, 0);
      steps.applyUpdater(g, step, 0);
      parameters.subi(g);
      for (double update : updates[step]) {
        largest = Math.max(largest, Math.abs(update));
      }
      double rounding = 2 * Math.sqrt(12 * (step + 1)) * 0x1p-53 * amplification;
      assertThat(g.toDoubleVector())
          .as("step %d", step + 1)
          .containsExactly(updates[step], within(rounding * largest));
    }
  }
}
