package org.dl4jx.examples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.dl4jx.updaters.AMSGradDecoupled;
import org.dl4jx.updaters.AdaBound;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.LookaheadAverage;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The updaters that can be named on the command line. */
enum NamedUpdater {
  ADAM("adam", "DL4J's Adam", 1e-3, (plan, rate) -> new Adam(rate)),
  DL4J_AMSGRAD("dl4j-amsgrad", "DL4J's AMSGrad", 1e-3, (plan, rate) -> new AMSGrad(rate)),
  NESTEROVS("nesterovs", "DL4J's Nesterovs", 0.1, (plan, rate) -> new Nesterovs(rate, 0.9)),
  SGD("sgd", "DL4J's Sgd", 0.1, (plan, rate) -> new Sgd(rate)),
  ADAMW(
      "adamw",
      "AdamWDecoupled, warm-up + cosine",
      1e-3,
      (plan, rate) -> new AdamWDecoupled(plan.warmupCosine(rate), plan.weightDecay())) {
    @Override
    String usualSchedule() {
      return "warm-up + cosine";
    }
  },
  AMSGRAD(
      "amsgrad",
      "AMSGradDecoupled",
      1e-3,
      (plan, rate) -> new AMSGradDecoupled(rate, plan.weightDecay())),
  ADABOUND(
      "adabound",
      "AdaBound with final learning rate 100 times the first",
      1e-3,
      (plan, rate) ->
          AdaBound.builder()
              .learningRate(rate)
              .finalLearningRate(100 * rate)
              .weightDecay(plan.weightDecay())
              .build()),
  AMSBOUND(
      "amsbound",
      "AdaBound with amsBound",
      1e-3,
      (plan, rate) ->
          AdaBound.builder()
              .learningRate(rate)
              .finalLearningRate(100 * rate)
              .amsBound(true)
              .weightDecay(plan.weightDecay())
              .build()),
  NESTEROVS_AVERAGED(
      "nesterovs-averaged",
      "AveragedNesterovs with THIRDS",
      0.1,
      (plan, rate) -> new AveragedNesterovs(rate, 0.9, LookaheadAverage.THIRDS)),
  NESTEROVS_QUARTERS(
      "nesterovs-quarters",
      "AveragedNesterovs with QUARTERS",
      0.1,
      (plan, rate) -> new AveragedNesterovs(rate, 0.9, LookaheadAverage.QUARTERS));

  /** Makes the updater at a learning rate. */
  private interface Factory {
    IUpdater create(TrainingPlan plan, double learningRate);
  }

  private final String label;
  private final String description;
  private final double usualLearningRate;
  private final Factory factory;

  NamedUpdater(String label, String description, double usualLearningRate, Factory factory) {
    this.label = label;
    this.description = description;
    this.usualLearningRate = usualLearningRate;
    this.factory = factory;
  }

  String label() {
    return label;
  }

  String usualSchedule() {
    return "constant";
  }

  String schedule(TrainingPlan plan) {
    return plan.schedule() == null ? usualSchedule() : plan.schedule().toString();
  }

  /** The constant rate, or the greatest of a schedule. */
  double learningRate(TrainingPlan plan) {
    if (plan.schedule() != null) {
      return plan.greatestLearningRate();
    }
    return plan.learningRate() == null ? usualLearningRate : plan.learningRate();
  }

  IUpdater create(TrainingPlan plan) {
    IUpdater updater = factory.create(plan, learningRate(plan));
    if (plan.schedule() != null) {
      updater.setLrAndSchedule(Double.NaN, plan.learningRates());
    }
    return updater;
  }

  /** With a constant learning rate and no weight decay. */
  IUpdater create(double learningRate) {
    TrainingPlan plan = new TrainingPlan(1, 1, 1, 0, learningRate, null, 0, 0);
    IUpdater updater = factory.create(plan, learningRate);
    updater.setLrAndSchedule(learningRate, null);
    return updater;
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
        add(
            String.format(
                "%s (%s, %s)", updater.label, updater.description, updater.usualLearningRate));
      }
    }
  }
}
