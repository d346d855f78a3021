package org.dl4jx.examples.notation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.dl4jx.updaters.AMSGradDecoupled;
import org.dl4jx.updaters.AdaBound;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.LookaheadAverage;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import picocli.CommandLine.ITypeConverter;

/** The updaters that can be named on the command line. */
public enum NamedUpdater {
  /** DL4J's Adam. */
  ADAM("adam", "DL4J's Adam", 1e-3, (rate, decay) -> new Adam(rate)),
  /** DL4J's Adam with its own weight decay, which is the nearest that DL4J has to AdamW. */
  ADAM_WEIGHT_DECAY(
      "adam-weight-decay",
      "DL4J's Adam with its WeightDecay on weights",
      1e-3,
      (rate, decay) -> new Adam(rate)) {
    @Override
    public boolean decaysWeights() {
      return true;
    }

    @Override
    public boolean penalizesWeights() {
      return true;
    }

    /** Set layer by layer: set for a whole network, M2.1 gives each layer the same decay twice. */
    @Override
    public MultiLayerConfiguration attachDecay(MultiLayerConfiguration conf, double weightDecay) {
      conf.getConfs().stream()
          .map(layer -> layer.getLayer())
          .filter(BaseLayer.class::isInstance)
          .forEach(
              layer ->
                  ((BaseLayer) layer)
                      .setRegularization(List.of(new WeightDecay(weightDecay, true))));
      return conf;
    }
  },
  /** DL4J's AMSGrad. */
  DL4J_AMSGRAD("dl4j-amsgrad", "DL4J's AMSGrad", 1e-3, (rate, decay) -> new AMSGrad(rate)),
  /** DL4J's Nesterov momentum. */
  NESTEROVS("nesterovs", "DL4J's Nesterovs", 0.1, (rate, decay) -> new Nesterovs(rate, 0.9)),
  /** DL4J's plain gradient descent. */
  SGD("sgd", "DL4J's Sgd", 0.1, (rate, decay) -> new Sgd(rate)),
  /** Adam with decoupled weight decay. */
  ADAMW("adamw", "AdamWDecoupled", 1e-3, AdamWDecoupled::new) {
    @Override
    public ScheduleNotation usualSchedule() {
      return ScheduleNotation.parse("warmup-cosine");
    }
  },
  /** AMSGrad with decoupled weight decay. */
  AMSGRAD("amsgrad", "AMSGradDecoupled", 1e-3, AMSGradDecoupled::new),
  /** Adam that becomes gradient descent. */
  ADABOUND(
      "adabound",
      "AdaBound with final learning rate 100 times the first",
      1e-3,
      (rate, decay) -> adaBound(rate, decay, false)),
  /** The same from AMSGrad. */
  AMSBOUND(
      "amsbound", "AdaBound with amsBound", 1e-3, (rate, decay) -> adaBound(rate, decay, true)),
  /** Averaged Nesterov momentum with probes at thirds. */
  NESTEROVS_AVERAGED(
      "nesterovs-averaged",
      "AveragedNesterovs with THIRDS",
      0.1,
      (rate, decay) -> new AveragedNesterovs(rate, 0.9, LookaheadAverage.THIRDS)),
  /** Averaged Nesterov momentum with probes at quarters. */
  NESTEROVS_QUARTERS(
      "nesterovs-quarters",
      "AveragedNesterovs with QUARTERS",
      0.1,
      (rate, decay) -> new AveragedNesterovs(rate, 0.9, LookaheadAverage.QUARTERS));

  /** Makes the updater. */
  private interface Factory {
    IUpdater create(double learningRate, double weightDecay);
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

  private static AdaBound adaBound(double learningRate, double weightDecay, boolean amsBound) {
    return AdaBound.builder()
        .learningRate(learningRate)
        .finalLearningRate(100 * learningRate)
        .amsBound(amsBound)
        .weightDecay(weightDecay)
        .build();
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
   * The learning rate that it is usually tried with first.
   *
   * @return the rate
   */
  public double usualLearningRate() {
    return usualLearningRate;
  }

  /**
   * The schedule that it is usually trained with.
   *
   * @return the schedule
   */
  public ScheduleNotation usualSchedule() {
    return ScheduleNotation.parse("constant");
  }

  /**
   * Whether it has a weight decay.
   *
   * @return false if {@code weightDecay} does not matter to {@link #create}
   */
  public boolean decaysWeights() {
    return create(usualLearningRate, 0.5) instanceof AdaptiveUpdater a && a.getWeightDecay() > 0;
  }

  /**
   * Whether its decay adds a penalty to the score of a network, which is then no longer the loss.
   *
   * @return true for Deeplearning4j's own decay
   */
  public boolean penalizesWeights() {
    return false;
  }

  /**
   * Makes the updater with a constant learning rate.
   *
   * @param learningRate the rate
   * @param weightDecay the decay, for updaters that have one
   * @return a new updater
   */
  public IUpdater create(double learningRate, double weightDecay) {
    return factory.create(learningRate, weightDecay);
  }

  /**
   * Makes the updater with a schedule of the learning rate.
   *
   * @param schedule the schedule
   * @param learningRate its greatest value, if the notation leaves that out
   * @param weightDecay the decay, for updaters that have one
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
   * Hands the decay to the layers of a network that has this updater.
   *
   * @param conf the network
   * @param weightDecay the decay that the updater was made with
   * @return {@code conf}
   */
  public MultiLayerConfiguration attachDecay(MultiLayerConfiguration conf, double weightDecay) {
    return DecoupledDecay.attach(conf);
  }

  /**
   * The updater of a name.
   *
   * @param label the name
   * @return the updater
   * @throws IllegalArgumentException if there is none, with the nearest name
   */
  @JsonCreator
  public static NamedUpdater labelled(String label) {
    return Names.named(label, "updater", values(), NamedUpdater::label);
  }

  /** Reads an updater's name. */
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
