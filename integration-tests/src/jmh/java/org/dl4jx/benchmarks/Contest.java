package org.dl4jx.benchmarks;

import static org.dl4jx.benchmarks.Contestant.BUILT_IN;
import static org.dl4jx.benchmarks.Contestant.COPY;
import static org.dl4jx.benchmarks.Contestant.FORMULA;
import static org.dl4jx.benchmarks.Contestant.OPERATIONS;
import static org.dl4jx.benchmarks.Contestant.OURS;
import static org.dl4jx.benchmarks.Contestant.SUBTRACT;
import static org.dl4jx.benchmarks.Contestant.UNDECAYED;
import static org.dl4jx.benchmarks.Contestant.UNGUARDED;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.Lookahead;
import org.dl4jx.updaters.NonFinitePolicy;
import org.dl4jx.updaters.SophiaG;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.dl4jx.workbench.notation.Conversion;
import org.dl4jx.workbench.notation.Names;
import org.nd4j.linalg.learning.config.IUpdater;
import picocli.CommandLine.ITypeConverter;

/** An updater of dl4jx, and what it is set against: one of Deeplearning4j's, or itself. */
final class Contest implements Comparable<Contest> {
  /** λ where weights decay. */
  static final double WEIGHT_DECAY = 0.01;

  /** No network of the benchmarks diverges with it. */
  private static final double GREATEST_RATE = 0.01;

  /** With decay, applied to all of the parameters. */
  static final Contest DECAY =
      new Contest(
          "decay",
          title(NamedOptimizer.ADAMW) + " with decay",
          policy -> ours(NamedOptimizer.ADAMW, WEIGHT_DECAY, policy),
          BUILT_IN,
          "Adam with WeightDecay",
          builtIn(NamedOptimizer.ADAMW));

  private static final List<Contest> ALL =
      Stream.concat(
              Arrays.stream(NamedOptimizer.values()).map(Contest::withBuiltIn),
              Stream.of(
                  lookahead(builtIn(NamedOptimizer.ADAMW)),
                  DECAY,
                  adamWBy("operations", OPERATIONS, "by ND4J operations"),
                  adamWBy("formula", FORMULA, "by its formula alone")))
          .toList();

  private final String label;
  private final String ours;
  private final Function<NonFinitePolicy, IUpdater> configuration;
  private final Contestant rival;
  private final String rivalTitle;
  private final IUpdater builtIn;

  private Contest(
      String label,
      String ours,
      Function<NonFinitePolicy, IUpdater> configuration,
      Contestant rival,
      String rivalTitle,
      IUpdater builtIn) {
    this.label = label;
    this.ours = ours;
    this.configuration = configuration;
    this.rival = rival;
    this.rivalTitle = rivalTitle;
    this.builtIn = builtIn;
  }

  private static Contest withBuiltIn(NamedOptimizer optimizer) {
    IUpdater builtIn = builtIn(optimizer);
    return new Contest(
        optimizer.label(),
        title(optimizer),
        policy -> ours(optimizer, 0, policy),
        BUILT_IN,
        builtIn.getClass().getSimpleName(),
        builtIn);
  }

  /** What Lookahead adds to an updater of Deeplearning4j. */
  private static Contest lookahead(IUpdater inner) {
    String title = inner.getClass().getSimpleName();
    return new Contest(
        "lookahead",
        "Lookahead around " + title,
        ignored -> new Lookahead(inner),
        BUILT_IN,
        title,
        inner);
  }

  /** The normal AdamW beside the same on another path. */
  private static Contest adamWBy(String label, Contestant path, String how) {
    String title = title(NamedOptimizer.ADAMW);
    return new Contest(
        label,
        title,
        policy -> ours(NamedOptimizer.ADAMW, 0, policy),
        path,
        title + " " + how,
        null);
  }

  private static UpdaterConfiguration ours(
      NamedOptimizer optimizer, double weightDecay, NonFinitePolicy policy) {
    UpdaterConfiguration.Builder<?> builder = optimizer.builder(rate(optimizer), weightDecay);
    if (builder instanceof SophiaG.Builder sophia) {
      sophia.k(Integer.MAX_VALUE); // a step without estimates of curvature
    }
    return builder.nonFiniteGradients(policy).build();
  }

  private static IUpdater builtIn(NamedOptimizer optimizer) {
    return optimizer.builtIn(rate(optimizer));
  }

  private static double rate(NamedOptimizer optimizer) {
    return Math.min(GREATEST_RATE, optimizer.usualLearningRate());
  }

  /** The class; of several with one class, all but the first have their name beside it. */
  private static String title(NamedOptimizer optimizer) {
    String name = className(optimizer);
    NamedOptimizer first =
        Arrays.stream(NamedOptimizer.values())
            .filter(other -> className(other).equals(name))
            .findFirst()
            .orElseThrow();
    return optimizer == first ? name : name + " (" + optimizer.label() + ")";
  }

  private static String className(NamedOptimizer optimizer) {
    return ours(optimizer, 0, NonFinitePolicy.FAIL).getClass().getSimpleName();
  }

  /** All of them, in the order of reports. */
  static List<Contest> all() {
    return ALL;
  }

  /** An optimizer without decay against what is nearest to it in Deeplearning4j. */
  static Contest of(NamedOptimizer optimizer) {
    return labelled(optimizer.label());
  }

  /**
   * The contest of a name.
   *
   * @throws IllegalArgumentException if there is none, with the nearest name
   */
  static Contest labelled(String label) {
    return Names.named(label, "contest", ALL, Contest::label);
  }

  /** The name on the command line and in files. */
  String label() {
    return label;
  }

  /** Whether an updater of Deeplearning4j takes part. */
  boolean hasBuiltIn() {
    return rival == BUILT_IN;
  }

  /** Who takes part where steps are measured. */
  Set<Contestant> contestants() {
    Set<Contestant> contestants = EnumSet.of(rival, UNGUARDED, COPY);
    if (hasBuiltIn()) {
      contestants.add(OURS);
    }
    if (this == DECAY) {
      contestants.add(UNDECAYED);
      contestants.add(SUBTRACT);
    }
    return contestants;
  }

  /** Whether a step of ours sees the weights of its block. */
  boolean showsWeights() {
    return this == DECAY || label.equals(NamedOptimizer.LAMB.label());
  }

  /** Whether a step takes as long for any block of a size; Muon's depends on its matrices. */
  boolean isOfBlocks() {
    return !label.equals(NamedOptimizer.MUON.label());
  }

  /** The one whose time is divided by {@link #ours()}'s. */
  Contestant rival() {
    return rival;
  }

  /** The other paths have no guard, and neither has who is compared with them. */
  Contestant ours() {
    return hasBuiltIn() ? OURS : UNGUARDED;
  }

  IUpdater builtIn() {
    return builtIn;
  }

  IUpdater ours(NonFinitePolicy policy) {
    return configuration.apply(policy);
  }

  /** How many iterations make one step of the optimizer; they do not cost the same. */
  int cycle() {
    IUpdater updater = ours(NonFinitePolicy.FAIL);
    if (updater instanceof AveragedNesterovs averaged) {
      return averaged.getAverage().probes();
    }
    return updater instanceof Lookahead lookahead ? lookahead.getK() : 1;
  }

  /** Names a contestant for readers. */
  String title(Contestant contestant) {
    return switch (contestant) {
      case BUILT_IN, OPERATIONS, FORMULA -> rivalTitle;
      case OURS -> ours;
      case UNGUARDED -> ours + ", PROPAGATE";
      case UNDECAYED -> title(NamedOptimizer.ADAMW);
      case SUBTRACT -> "params.subi(update)";
      case COPY -> "copy";
      case SGD -> "Sgd";
    };
  }

  /** Both sides in a few words. */
  String title() {
    return ours + " beside " + rivalTitle;
  }

  /**
   * The numbers that have to be read or written for each parameter: gradient and state once each
   * way, and for a decay the parameter once. Deeplearning4j's comes after the updater, so that the
   * gradient moves a second time.
   */
  int numbersMoved(Contestant contestant) {
    return switch (contestant) {
      case COPY, SGD -> 2;
      case SUBTRACT -> 3;
      case BUILT_IN -> numbersMoved(builtIn) + (this == DECAY ? 3 : 0);
      case UNDECAYED -> numbersMoved(ours(NonFinitePolicy.FAIL));
      default -> numbersMoved(ours(NonFinitePolicy.FAIL)) + (showsWeights() ? 1 : 0);
    };
  }

  private static int numbersMoved(IUpdater updater) {
    return 2 * (1 + (int) (updater.stateSize(2) - updater.stateSize(1)));
  }

  @Override
  public int compareTo(Contest other) {
    return Integer.compare(ALL.indexOf(this), ALL.indexOf(other));
  }

  @Override
  public String toString() {
    return label;
  }

  /** Reads a contest's name. */
  static final class Converter implements ITypeConverter<Contest> {
    @Override
    public Contest convert(String label) {
      return Conversion.of(label, Contest::labelled);
    }
  }

  /** All contests, for the help. */
  static final class Candidates extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Candidates() {
      super(ALL.stream().map(Contest::label).toList());
    }
  }
}
