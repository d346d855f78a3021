package org.dl4jx.benchmarks;

import static org.dl4jx.benchmarks.Contestant.BUILT_IN;
import static org.dl4jx.benchmarks.Contestant.COPY;
import static org.dl4jx.benchmarks.Contestant.OURS;
import static org.dl4jx.benchmarks.Contestant.READABLE;
import static org.dl4jx.benchmarks.Contestant.SUBTRACT;
import static org.dl4jx.benchmarks.Contestant.UNGUARDED;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import org.dl4jx.updaters.AMSGradDecoupled;
import org.dl4jx.updaters.AdaBound;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.NonFinitePolicy;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

/** An updater of dl4jx, and what of Deeplearning4j it is set against. */
public enum Contest {
  ADAM(
      "Adam",
      new Adam(1e-3),
      "AdamWDecoupled",
      policy -> AdamWDecoupled.builder().weightDecay(0).nonFiniteGradients(policy).build()),

  /** With decay, applied to all of the parameters. */
  DECAY(
      "Adam with WeightDecay",
      new Adam(1e-3),
      "AdamWDecoupled with decay",
      policy ->
          AdamWDecoupled.builder()
              .weightDecay(Contest.WEIGHT_DECAY)
              .nonFiniteGradients(policy)
              .build()),

  AMSGRAD(
      "AMSGrad",
      new AMSGrad(1e-3),
      "AMSGradDecoupled",
      policy -> AMSGradDecoupled.builder().weightDecay(0).nonFiniteGradients(policy).build()),

  ADABOUND(
      "Adam",
      new Adam(1e-3),
      "AdaBound",
      policy -> AdaBound.builder().nonFiniteGradients(policy).build()),

  NESTEROVS(
      "Nesterovs",
      new Nesterovs(Contest.RATE_WITH_MOMENTUM, 0.9),
      "AveragedNesterovs",
      policy ->
          AveragedNesterovs.builder()
              .learningRate(Contest.RATE_WITH_MOMENTUM)
              .momentum(0.9)
              .nonFiniteGradients(policy)
              .build()),

  /** The two forms of one rule. */
  READABLE_FORM(
      "AdamWDecoupled in ND4J operations",
      null,
      "AdamWDecoupled",
      policy -> AdamWDecoupled.builder().weightDecay(0).nonFiniteGradients(policy).build());

  /** λ where weights decay. */
  static final double WEIGHT_DECAY = 0.01;

  /** No network of the benchmarks diverges with it. */
  private static final double RATE_WITH_MOMENTUM = 0.01;

  private static final int BYTES_READ_AND_WRITTEN = 2 * Float.BYTES;

  private final String rival;
  private final IUpdater builtIn;
  private final String ours;
  private final Function<NonFinitePolicy, UpdaterConfiguration> configuration;

  Contest(
      String rival,
      IUpdater builtIn,
      String ours,
      Function<NonFinitePolicy, UpdaterConfiguration> configuration) {
    this.rival = rival;
    this.builtIn = builtIn;
    this.ours = ours;
    this.configuration = configuration;
  }

  /** Who takes part where steps are measured. */
  Set<Contestant> contestants() {
    return switch (this) {
      case READABLE_FORM -> EnumSet.of(READABLE, UNGUARDED, COPY);
      case DECAY -> EnumSet.of(BUILT_IN, OURS, UNGUARDED, SUBTRACT, COPY);
      default -> EnumSet.of(BUILT_IN, OURS, UNGUARDED, COPY);
    };
  }

  /** The one whose time is divided by ours. */
  Contestant rival() {
    return this == READABLE_FORM ? READABLE : BUILT_IN;
  }

  IUpdater builtIn() {
    return builtIn;
  }

  UpdaterConfiguration ours(NonFinitePolicy policy) {
    return configuration.apply(policy);
  }

  /** How many iterations make one step of the optimizer; they do not cost the same. */
  int cycle() {
    return ours(NonFinitePolicy.FAIL) instanceof AveragedNesterovs averaged
        ? averaged.getAverage().probes()
        : 1;
  }

  /** Names a contestant for readers. */
  String label(Contestant contestant) {
    return switch (contestant) {
      case BUILT_IN, READABLE -> rival;
      case OURS -> ours;
      case UNGUARDED -> ours + ", PROPAGATE";
      case SUBTRACT -> "params.subi(update)";
      case COPY -> "copy";
      case SGD -> "Sgd";
    };
  }

  /** Both sides in a few words. */
  String title() {
    return ours + " beside " + rival;
  }

  /**
   * The bytes that have to be read and written for each parameter: gradient and state once, and for
   * a decay the parameter once and the gradient a second time.
   */
  int bytes(Contestant contestant) {
    return switch (contestant) {
      case COPY, SGD -> BYTES_READ_AND_WRITTEN;
      case SUBTRACT -> BYTES_READ_AND_WRITTEN + Float.BYTES;
      case BUILT_IN -> bytes(builtIn);
      default -> bytes(ours(NonFinitePolicy.FAIL));
    };
  }

  private int bytes(IUpdater updater) {
    int step = BYTES_READ_AND_WRITTEN * (1 + (int) updater.stateSize(1));
    return this == DECAY ? step + BYTES_READ_AND_WRITTEN + Float.BYTES : step;
  }
}
