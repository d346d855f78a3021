package org.dl4jx.workbench.notation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import picocli.CommandLine.ITypeConverter;

/** The updaters that the command line knows by name: Deeplearning4j's, and all of dl4jx. */
public final class NamedUpdater {
  /** DL4J's Adam. */
  public static final NamedUpdater ADAM = builtIn("adam", "DL4J's Adam", 1e-3, Adam::new);

  /** DL4J's Adam with DL4J's own weight decay: the closest thing to AdamW in DL4J. */
  public static final NamedUpdater ADAM_WEIGHT_DECAY =
      new NamedUpdater(
          "adam-weight-decay",
          "DL4J's Adam with its WeightDecay on weights",
          1e-3,
          Decay.PENALTY,
          (rate, decay) -> new Adam(rate));

  /** DL4J's AMSGrad. */
  public static final NamedUpdater DL4J_AMSGRAD =
      builtIn("dl4j-amsgrad", "DL4J's AMSGrad", 1e-3, AMSGrad::new);

  /** DL4J's Nesterov momentum. */
  public static final NamedUpdater NESTEROVS =
      builtIn("nesterovs", "DL4J's Nesterovs", 0.1, rate -> new Nesterovs(rate, 0.9));

  /** DL4J's plain gradient descent. */
  public static final NamedUpdater SGD = builtIn("sgd", "DL4J's Sgd", 0.1, Sgd::new);

  private static final List<NamedUpdater> VALUES =
      Stream.concat(
              Stream.of(ADAM, ADAM_WEIGHT_DECAY, DL4J_AMSGRAD, NESTEROVS, SGD),
              Arrays.stream(NamedOptimizer.values()).map(NamedUpdater::ours))
          .toList();

  /** What an updater does with a weight decay. */
  private enum Decay {
    /** Ignores it. */
    NONE,
    /** Adds a penalty to the score of the network. */
    PENALTY,
    /** Shrinks the weights and does nothing else. */
    DECOUPLED
  }

  /** Makes the updater. */
  private interface Factory {
    IUpdater create(double learningRate, double weightDecay);
  }

  private final String label;
  private final String description;
  private final double usualLearningRate;
  private final Decay decay;
  private final Factory factory;

  private NamedUpdater(
      String label, String description, double usualLearningRate, Decay decay, Factory factory) {
    this.label = label;
    this.description = description;
    this.usualLearningRate = usualLearningRate;
    this.decay = decay;
    this.factory = factory;
  }

  private static NamedUpdater builtIn(
      String label,
      String description,
      double usualLearningRate,
      DoubleFunction<IUpdater> atLearningRate) {
    return new NamedUpdater(
        label,
        description,
        usualLearningRate,
        Decay.NONE,
        (rate, decay) -> atLearningRate.apply(rate));
  }

  private static NamedUpdater ours(NamedOptimizer optimizer) {
    return new NamedUpdater(
        optimizer.label(),
        optimizer.description(),
        optimizer.usualLearningRate(),
        optimizer.decays() ? Decay.DECOUPLED : Decay.NONE,
        optimizer::create);
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
   * Its position among all updaters, which decides its place in tables and its style in charts.
   *
   * @return a number from 0
   */
  public int number() {
    return VALUES.indexOf(this);
  }

  /**
   * The name.
   *
   * @return a name such as {@code adamw}
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
   * Whether its decay adds a penalty to the score of the network, so that the score is not the
   * loss.
   *
   * @return true for Deeplearning4j's own decay
   */
  public boolean penalizesWeights() {
    return decay == Decay.PENALTY;
  }

  /**
   * Makes the updater with a constant learning rate.
   *
   * @param learningRate the rate
   * @param weightDecay for updaters with weight decay
   * @return a new updater
   */
  public IUpdater create(double learningRate, double weightDecay) {
    return factory.create(learningRate, weightDecay);
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
    if (decay != Decay.PENALTY) {
      return DecoupledDecay.attach(conf);
    }
    // Layer by layer, since M2.1 applies a decay twice if it is set for the whole network.
    conf.getConfs().stream()
        .map(layer -> layer.getLayer())
        .filter(BaseLayer.class::isInstance)
        .forEach(
            layer ->
                ((BaseLayer) layer).setRegularization(List.of(new WeightDecay(weightDecay, true))));
    return conf;
  }

  /**
   * The updater with a name.
   *
   * @param label the name
   * @return the updater
   * @throws IllegalArgumentException if there is none; the message has the nearest name
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static NamedUpdater labelled(String label) {
    return Names.named(label, "updater", values(), NamedUpdater::label);
  }

  @Override
  public String toString() {
    return label;
  }

  /** Reads the name of an updater. */
  public static final class Converter implements ITypeConverter<NamedUpdater> {
    /** Used by picocli. */
    public Converter() {}

    @Override
    public NamedUpdater convert(String label) {
      return Conversion.of(label, NamedUpdater::labelled);
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
