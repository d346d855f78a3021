package org.dl4jx.examples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dl4jx.updaters.AdamWDecoupled;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The updaters that can be named on the command line. */
enum NamedUpdater {
  ADAM("adam", "constant", "DL4J's Adam", plan -> new Adam(plan.learningRate())),
  ADAMW(
      "adamw",
      "warm-up + cosine",
      "AdamWDecoupled",
      plan -> new AdamWDecoupled(plan.warmupCosine(), plan.weightDecay()));

  private final String label;
  private final String schedule;
  private final String description;
  private final Function<TrainingPlan, IUpdater> factory;

  NamedUpdater(
      String label, String schedule, String description, Function<TrainingPlan, IUpdater> factory) {
    this.label = label;
    this.schedule = schedule;
    this.description = description;
    this.factory = factory;
  }

  String label() {
    return label;
  }

  String schedule() {
    return schedule;
  }

  IUpdater create(TrainingPlan plan) {
    return factory.apply(plan);
  }

  static NamedUpdater labelled(String label) {
    return Arrays.stream(values())
        .filter(updater -> updater.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    String.format("'%s' is no updater; there are: %s", label, labels())));
  }

  private static String labels() {
    return Arrays.stream(values()).map(NamedUpdater::label).collect(Collectors.joining(", "));
  }

  /** Reads an updater's name. */
  static final class Converter implements ITypeConverter<NamedUpdater> {
    @Override
    public NamedUpdater convert(String label) {
      return labelled(label);
    }
  }

  /** All updaters with their descriptions, for the help. */
  static final class Candidates extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Candidates() {
      for (NamedUpdater updater : values()) {
        add(String.format("%s (%s, %s)", updater.label, updater.description, updater.schedule));
      }
    }
  }
}
