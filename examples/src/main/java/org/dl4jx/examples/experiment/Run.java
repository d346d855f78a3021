package org.dl4jx.examples.experiment;

import com.fasterxml.jackson.databind.JsonNode;

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
    JsonNode configuration) {}
