package org.dl4jx.workbench.experiment;

import static org.dl4jx.schedules.checks.Argument.given;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A finished run, with everything needed to judge or repeat it.
 *
 * @param settings what was requested
 * @param result how it ended
 * @param environment the software and the machine
 * @param finished the time, in UTC
 * @param configuration of the network, in Deeplearning4j's JSON
 */
public record Run(
    RunSettings settings,
    RunResult result,
    Environment environment,
    String finished,
    JsonNode configuration) {

  /** Checks that nothing is missing. */
  public Run {
    given("settings", settings);
    given("result", result);
    given("environment", environment);
  }
}
