package org.dl4jx.workbench.notation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.Lookahead;
import org.dl4jx.updaters.SophiaHessian;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.dl4jx.updaters.catalog.NamedOptimizer.Need;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.FixedSchedule;
import picocli.CommandLine.ITypeConverter;

/**
 * An updater as written on the command line: a name that is Deeplearning4j's or in the catalog of
 * dl4jx, alone or with settings, as in {@code adamw(beta2=0.95)}. The settings have the names of
 * the builder's methods.
 */
public final class NamedUpdater {
  /** DL4J's Adam. */
  public static final NamedUpdater ADAM = builtIn("adam", "DL4J's Adam", 1e-3, new Adam());

  /** DL4J's Adam with DL4J's own weight decay: the closest thing to AdamW in DL4J. */
  public static final NamedUpdater ADAM_WEIGHT_DECAY =
      builtIn(
          "adam-weight-decay",
          "DL4J's Adam with its WeightDecay on weights",
          1e-3,
          Decay.PENALTY,
          new Adam());

  /** DL4J's Adam with L2 regularization, whose gradient Adam rescales. */
  public static final NamedUpdater ADAM_L2 =
      builtIn("adam-l2", "DL4J's Adam with its l2 on weights", 1e-3, Decay.L2, new Adam());

  /** DL4J's AMSGrad. */
  public static final NamedUpdater DL4J_AMSGRAD =
      builtIn("dl4j-amsgrad", "DL4J's AMSGrad", 1e-3, new AMSGrad());

  /** DL4J's AdaMax. */
  public static final NamedUpdater ADAMAX = builtIn("adamax", "DL4J's AdaMax", 1e-3, new AdaMax());

  /** DL4J's Nadam. */
  public static final NamedUpdater NADAM = builtIn("nadam", "DL4J's Nadam", 1e-3, new Nadam());

  /** DL4J's AdaGrad. */
  public static final NamedUpdater DL4J_ADAGRAD =
      builtIn("dl4j-adagrad", "DL4J's AdaGrad", 0.01, new AdaGrad());

  /** DL4J's AdaDelta, which has no learning rate. */
  public static final NamedUpdater DL4J_ADADELTA =
      builtIn("dl4j-adadelta", "DL4J's AdaDelta, which has no learning rate", 1, new AdaDelta());

  /** DL4J's RmsProp. */
  public static final NamedUpdater RMSPROP =
      builtIn("rmsprop", "DL4J's RmsProp", 1e-3, new RmsProp());

  /** DL4J's Nesterov momentum. */
  public static final NamedUpdater NESTEROVS =
      builtIn("nesterovs", "DL4J's Nesterovs", 0.1, new Nesterovs(0.1, 0.9));

  /** DL4J's plain gradient descent. */
  public static final NamedUpdater SGD = builtIn("sgd", "DL4J's Sgd", 0.1, new Sgd());

  private static final List<NamedUpdater> VALUES =
      Stream.of(
              Stream.of(
                  ADAM,
                  ADAM_WEIGHT_DECAY,
                  ADAM_L2,
                  DL4J_AMSGRAD,
                  ADAMAX,
                  NADAM,
                  DL4J_ADAGRAD,
                  DL4J_ADADELTA,
                  RMSPROP,
                  NESTEROVS,
                  SGD),
              Arrays.stream(NamedOptimizer.values()).map(NamedUpdater::ours),
              Stream.of(lookahead(ADAM)))
          .flatMap(updaters -> updaters)
          .toList();

  /** What an updater does with a weight decay. */
  private enum Decay {
    /** Ignores it. */
    NONE,
    /** Adds a penalty to the score of the network, and decays the weights beside the updater. */
    PENALTY,
    /** Adds a penalty to the score of the network, and so to the gradient. */
    L2,
    /** Shrinks the weights and does nothing else. */
    DECOUPLED
  }

  /**
   * Starts an updater: a builder of dl4jx, or an updater of Deeplearning4j, to be set further by
   * {@link Settings}.
   */
  private interface Start {
    Object at(double learningRate, double weightDecay);
  }

  /** The setting of Lookahead that names the updater inside. */
  private static final String OF = "of";

  private final String name;
  private final String label;
  private final Map<String, String> settings;
  private final String description;
  private final double usualLearningRate;
  private final Decay decay;
  private final Start start;

  /** The updater inside; null if it is not around another. */
  private final NamedUpdater inner;

  private final boolean isAveraged;

  private NamedUpdater(
      String name, String description, double usualLearningRate, Decay decay, Start start) {
    this(name, name, Map.of(), description, usualLearningRate, decay, start, null, false);
  }

  private NamedUpdater(
      String name,
      String label,
      Map<String, String> settings,
      String description,
      double usualLearningRate,
      Decay decay,
      Start start,
      NamedUpdater inner,
      boolean isAveraged) {
    this.name = name;
    this.label = label;
    this.settings = settings;
    this.description = description;
    this.usualLearningRate = usualLearningRate;
    this.decay = decay;
    this.start = start;
    this.inner = inner;
    this.isAveraged = isAveraged;
  }

  private static NamedUpdater builtIn(
      String name, String description, double usualLearningRate, IUpdater usual) {
    return builtIn(name, description, usualLearningRate, Decay.NONE, usual);
  }

  private static NamedUpdater builtIn(
      String name, String description, double usualLearningRate, Decay decay, IUpdater usual) {
    return new NamedUpdater(
        name,
        description,
        usualLearningRate,
        decay,
        (rate, ignored) -> {
          IUpdater updater = usual.clone();
          if (updater.hasLearningRate()) {
            updater.setLrAndSchedule(rate, null);
          }
          return updater;
        });
  }

  private static NamedUpdater ours(NamedOptimizer optimizer) {
    return new NamedUpdater(
        optimizer.label(),
        optimizer.description(),
        optimizer.usualLearningRate(),
        optimizer.decays() ? Decay.DECOUPLED : Decay.NONE,
        optimizer::builder);
  }

  private static NamedUpdater lookahead(NamedUpdater inner) {
    return new NamedUpdater(
        "lookahead",
        "lookahead",
        Map.of(),
        "Lookahead around another updater",
        inner.usualLearningRate,
        inner.decay,
        (rate, decay) -> Lookahead.builder().inner(inner.create(rate, decay)),
        inner,
        false);
  }

  /**
   * All updaters, Deeplearning4j's first.
   *
   * @return the updaters
   */
  public static List<NamedUpdater> values() {
    return VALUES;
  }

  /**
   * An updater of dl4jx.
   *
   * @param optimizer its entry in the catalog
   * @return the updater
   */
  public static NamedUpdater of(NamedOptimizer optimizer) {
    return labelled(optimizer.label());
  }

  /**
   * The position of its name among all, which decides its place in tables and its style in charts.
   *
   * @return a number from 0
   */
  public int number() {
    return VALUES.stream().map(updater -> updater.name).toList().indexOf(name);
  }

  /**
   * The styles of updaters that share a chart: the number of each, but a free one where that is
   * taken by another with the same name and other settings.
   *
   * @param updaters the updaters
   * @return a different number for each
   */
  public static Map<NamedUpdater, Integer> styles(Collection<NamedUpdater> updaters) {
    Map<NamedUpdater, Integer> styles = new LinkedHashMap<>();
    int free = VALUES.size();
    for (NamedUpdater updater : updaters) {
      if (!styles.containsKey(updater)) {
        boolean taken = styles.containsValue(updater.number());
        styles.put(updater, taken ? free++ : updater.number());
      }
    }
    return styles;
  }

  /**
   * The name with its settings.
   *
   * @return a name such as {@code adamw} or {@code adamw(beta2=0.95)}
   */
  @JsonValue
  public String label() {
    return label;
  }

  /**
   * What it is.
   *
   * @return a phrase for the help
   */
  public String description() {
    return description;
  }

  /**
   * The learning rate to try first.
   *
   * @return the rate
   */
  public double usualLearningRate() {
    return usualLearningRate;
  }

  /**
   * Whether it has weight decay.
   *
   * @return false if {@link #create} ignores {@code weightDecay}
   */
  public boolean decaysWeights() {
    return decay != Decay.NONE;
  }

  /**
   * Whether it has a learning rate.
   *
   * @return false for Deeplearning4j's AdaDelta
   */
  public boolean hasLearningRate() {
    return create(usualLearningRate, 0).hasLearningRate();
  }

  /**
   * Whether its learning rate can follow a schedule.
   *
   * @return false for Deeplearning4j's AdaDelta, which has no rate, and for its AdaGrad, which
   *     loses the schedule when a network clones it
   */
  public boolean followsSchedules() {
    IUpdater updater = create(usualLearningRate, 0);
    if (!updater.hasLearningRate()) {
      return false;
    }
    updater.setLrAndSchedule(Double.NaN, new FixedSchedule(usualLearningRate));
    return updater.clone().getLearningRate(0, 0) == usualLearningRate;
  }

  /**
   * Whether its decay adds a penalty to the score of the network, so that the score is not the
   * loss.
   *
   * @return true for Deeplearning4j's own decay
   */
  public boolean penalizesWeights() {
    return decay == Decay.PENALTY || decay == Decay.L2;
  }

  /**
   * What its steps need besides gradients.
   *
   * @return the need; that of the updater inside for Lookahead
   */
  public Need need() {
    if (inner != null) {
      return inner.need();
    }
    return Arrays.stream(NamedOptimizer.values())
        .filter(optimizer -> optimizer.label().equals(name))
        .findFirst()
        .map(NamedOptimizer::need)
        .orElse(Need.NOTHING);
  }

  /**
   * Adds the listener that the updater needs, if any.
   *
   * @param network the network that it trains
   * @return {@code network}
   */
  public MultiLayerNetwork listen(MultiLayerNetwork network) {
    if (need() == Need.CURVATURE) {
      network.addListeners(new SophiaHessian());
    }
    return network;
  }

  /**
   * Makes the updater with a constant learning rate.
   *
   * @param learningRate the rate; ignored if it has none
   * @param weightDecay for updaters with weight decay
   * @return a new updater
   * @throws IllegalArgumentException if a number is outside its range
   */
  public IUpdater create(double learningRate, double weightDecay) {
    Object started = start.at(learningRate, weightDecay);
    Settings all = new Settings(started);
    settings.forEach(all::set);
    if (started instanceof UpdaterConfiguration.Builder<?> builder) {
      return builder.build();
    }
    return started instanceof Lookahead.Builder builder ? builder.build() : (IUpdater) started;
  }

  /**
   * Makes the updater with a schedule of the learning rate.
   *
   * @param schedule the schedule
   * @param learningRate its peak, if the notation leaves it out
   * @param weightDecay for updaters with weight decay
   * @param run the length of the training
   * @return a new updater
   */
  public IUpdater create(
      ScheduleNotation schedule, double learningRate, double weightDecay, RunLength run) {
    IUpdater updater = create(schedule.peak(run, learningRate), weightDecay);
    if (schedule.form() != ScheduleForm.CONSTANT) {
      updater.setLrAndSchedule(Double.NaN, schedule.schedule(run, learningRate));
    }
    return updater;
  }

  /**
   * Attaches the weight decay to the layers of a network with this updater.
   *
   * @param conf the network
   * @param weightDecay the decay that the updater was created with
   * @return {@code conf}
   */
  public MultiLayerConfiguration attachDecay(MultiLayerConfiguration conf, double weightDecay) {
    if (!penalizesWeights()) {
      return DecoupledDecay.attach(conf);
    }
    Regularization penalty =
        decay == Decay.L2 ? new L2Regularization(weightDecay) : new WeightDecay(weightDecay, true);
    // Layer by layer, since M2.1 applies a decay twice if it is set for the whole network.
    conf.getConfs().stream()
        .map(layer -> layer.getLayer())
        .filter(BaseLayer.class::isInstance)
        .forEach(layer -> ((BaseLayer) layer).setRegularization(List.of(penalty)));
    return conf;
  }

  /**
   * Reads an updater.
   *
   * @param text its name, alone or with settings
   * @return the updater
   * @throws IllegalArgumentException if it is wrong; the message has the nearest name or the right
   *     form
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static NamedUpdater labelled(String text) {
    return Settings.labelled(text, "updater", values(), NamedUpdater::label, NamedUpdater::with);
  }

  private NamedUpdater with(String bracketed) {
    Settings all = new Settings(start.at(usualLearningRate, 0));
    List<String> names = new ArrayList<>(all.names());
    if (inner != null) {
      names.add(OF);
    }
    Map<String, String> given = Settings.parse(bracketed, names, what -> wrong(what, all));
    boolean isEmpty = given.isEmpty();
    try {
      String of = given.remove(OF);
      NamedUpdater plain = of == null ? this : lookahead(labelled(of));
      NamedUpdater updater = plain.with(given, name + bracketed);
      updater.create(usualLearningRate, 0);
      return isEmpty ? this : updater;
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage(), all);
    }
  }

  private NamedUpdater with(Map<String, String> given, String named) {
    return new NamedUpdater(
        name, named, given, description, usualLearningRate, decay, start, inner, false);
  }

  /**
   * The same updater, for the rows of a comparison whose networks are evaluated at an average.
   *
   * @param weights the average
   * @return an updater that differs in its label
   */
  public NamedUpdater at(NamedAverage weights) {
    return new NamedUpdater(
        name,
        label + " at " + weights,
        settings,
        description,
        usualLearningRate,
        decay,
        start,
        inner,
        true);
  }

  /**
   * Whether its networks are evaluated at an average.
   *
   * @return false unless {@link #at} made it
   */
  public boolean isAveraged() {
    return isAveraged;
  }

  private IllegalArgumentException wrong(String what, Settings all) {
    return new IllegalArgumentException(
        String.format("%s: %s; its form is %s", name, what, form(all)));
  }

  private String form(Settings all) {
    String form = all.form(name, create(usualLearningRate, 0));
    return inner == null
        ? form
        : form.replaceFirst("\\(", "([" + OF + "=" + inner.label + "][,").replace("[,[", "[,");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NamedUpdater updater && updater.label.equals(label);
  }

  @Override
  public int hashCode() {
    return label.hashCode();
  }

  @Override
  public String toString() {
    return label;
  }

  /** Reads an updater. */
  public static final class Converter implements ITypeConverter<NamedUpdater> {
    /** Used by picocli. */
    public Converter() {}

    @Override
    public NamedUpdater convert(String text) {
      return Conversion.of(text, NamedUpdater::labelled);
    }
  }

  /** Reads updaters separated by commas, or the word {@code all}. */
  public static final class ListConverter implements ITypeConverter<List<NamedUpdater>> {
    private static final String ALL = "all";

    /** Used by picocli. */
    public ListConverter() {}

    @Override
    public List<NamedUpdater> convert(String text) {
      return text.equals(ALL)
          ? values()
          : Names.split(text).stream().map(new Converter()::convert).toList();
    }
  }

  /** All updaters with their descriptions, for the help. */
  public static final class Candidates extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    /** Used by picocli. */
    public Candidates() {
      for (NamedUpdater updater : values()) {
        add(
            String.format(
                "%s (%s, %s)", updater.label, updater.description, updater.usualLearningRate));
      }
    }
  }
}
