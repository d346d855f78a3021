package org.dl4jx.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.dl4jx.schedules.CosineRestartsSchedule;
import org.dl4jx.schedules.CyclicalSchedule;
import org.dl4jx.schedules.CyclicalSchedule.Mode;
import org.dl4jx.schedules.OneCycleSchedule;
import org.dl4jx.schedules.OneCycleSchedule.Anneal;
import org.dl4jx.schedules.PiecewiseInterpolationSchedule;
import org.dl4jx.schedules.PolynomialDecaySchedule;
import org.dl4jx.schedules.ProductSchedule;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Schedules beside PyTorch's: {@code src/test/python/torch_schedules.py} printed the numbers. */
class TorchSchedulesTest {

  static Stream<Named<JsonNode>> runs() throws IOException {
    try (InputStream json = TorchSchedulesTest.class.getResourceAsStream("/torch/schedules.json")) {
      JsonNode runs = new ObjectMapper().readTree(json).get("runs");
      return StreamSupport.stream(runs.spliterator(), false)
          .map(run -> Named.of(run.get("name").asText(), run));
    }
  }

  /**
   * Closed forms in double, against PyTorch's, of which some go from step to step: 70 steps of a
   * few roundings of 1.1e-16 of values of at most 1.
   */
  @ParameterizedTest
  @MethodSource("runs")
  void hasTheValuesOfPyTorch(JsonNode run) {
    ISchedule learningRate = schedule(run.get("kind").asText(), run.get("settings"));

    assertValues(learningRate, run.get("steps"), run.get("lr"));
    if (run.hasNonNull("momentum")) {
      ISchedule momentum = ((OneCycleSchedule) learningRate).momentum(0.85, 0.95);
      assertValues(momentum, run.get("steps"), run.get("momentum"));
    }
  }

  private static void assertValues(ISchedule schedule, JsonNode steps, JsonNode expected) {
    assertThat(steps.size()).isEqualTo(expected.size()).isPositive();
    for (int i = 0; i < steps.size(); i++) {
      int step = steps.get(i).asInt();
      assertThat(schedule.valueAt(step, 0))
          .as("step %d", step)
          .isCloseTo(expected.get(i).asDouble(), within(1e-14));
    }
  }

  private static ISchedule schedule(String kind, JsonNode s) {
    ScheduleType type = ScheduleType.ITERATION;
    return switch (kind) {
      case "one_cycle" ->
          OneCycleSchedule.builder(type, number(s, "max_lr"), s.get("total_steps").asInt())
              .pctStart(number(s, "pct_start"))
              .divFactor(number(s, "div_factor"))
              .finalDivFactor(number(s, "final_div_factor"))
              .anneal(
                  s.get("anneal_strategy").asText().equals("cos") ? Anneal.COSINE : Anneal.LINEAR)
              .threePhase(s.get("three_phase").asBoolean())
              .build();
      case "cosine_restarts" ->
          new CosineRestartsSchedule(
              type,
              number(s, "lr"),
              s.get("T_0").asInt(),
              s.get("T_mult").asInt(),
              1,
              number(s, "eta_min"));
      case "cyclic" ->
          new CyclicalSchedule(
              type,
              switch (s.get("mode").asText()) {
                case "triangular" -> Mode.TRIANGULAR;
                case "triangular2" -> Mode.TRIANGULAR2;
                default -> Mode.EXPONENTIAL_RANGE;
              },
              number(s, "base_lr"),
              number(s, "max_lr"),
              s.get("step_size_up").asInt(),
              s.get("step_size_down").asInt(),
              number(s, "gamma"));
      case "polynomial" ->
          new PolynomialDecaySchedule(
              type, number(s, "lr"), s.get("total_iters").asInt(), number(s, "power"), 0);
      case "linear" -> line(s, number(s, "lr"), number(s, "end_factor"));
      case "chained" ->
          new ProductSchedule(
              List.of(
                  line(s, 1, 1),
                  new ExponentialSchedule(type, number(s, "lr"), number(s, "gamma"))));
      default -> throw new AssertionError(kind);
    };
  }

  /** PyTorch's factors of a learning rate, as values. */
  private static ISchedule line(JsonNode s, double learningRate, double endFactor) {
    return new PiecewiseInterpolationSchedule(
        ScheduleType.ITERATION,
        List.of(0, s.get("total_iters").asInt()),
        List.of(learningRate * number(s, "start_factor"), learningRate * endFactor));
  }

  private static double number(JsonNode settings, String name) {
    return settings.get(name).asDouble();
  }
}
