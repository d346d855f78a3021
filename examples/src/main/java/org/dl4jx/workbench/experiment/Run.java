package org.dl4jx.workbench.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/**
 * A finished run, with everything that is needed to judge or to repeat it.
 *
 * @param settings what was asked for
 * @param result what came out
 * @param environment where it was made
 * @param finished when, in UTC
 * @param configuration of the network, as Deeplearning4j writes it
 */
public record Run(
    RunSettings settings,
    RunResult result,
    Environment environment,
    String finished,
    JsonNode configuration) {

  /** Checks that a file has what every run has. */
  public Run {
    Objects.requireNonNull(settings, "settings are missing");
    Objects.requireNonNull(result, "result is missing");
    Objects.requireNonNull(environment, "environment is missing");
  }
}
