package org.dl4jx.workbench.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

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

  /** Checks that the file of a run was complete. */
  public Run {
    Objects.requireNonNull(settings, "settings are missing");
    Objects.requireNonNull(result, "result is missing");
    Objects.requireNonNull(environment, "environment is missing");
  }
}
