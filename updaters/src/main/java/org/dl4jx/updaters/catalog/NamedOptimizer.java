package org.dl4jx.updaters.catalog;

import java.util.Arrays;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.dl4jx.updaters.AMSGradDecoupled;
import org.dl4jx.updaters.AdaBeliefDecoupled;
import org.dl4jx.updaters.AdaBound;
import org.dl4jx.updaters.AdadeltaDecoupled;
import org.dl4jx.updaters.AdagradDecoupled;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.LAMB;
import org.dl4jx.updaters.Lion;
import org.dl4jx.updaters.LookaheadAverage;
import org.dl4jx.updaters.Muon;
import org.dl4jx.updaters.NAdamW;
import org.dl4jx.updaters.NonFinitePolicy;
import org.dl4jx.updaters.RAdam;
import org.dl4jx.updaters.SWATS;
import org.dl4jx.updaters.ScheduleFreeAdamW;
import org.dl4jx.updaters.SophiaG;
import org.dl4jx.updaters.decay.DecayingUpdater;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Every optimizer of dl4jx, once, with its usual settings. Whatever covers all of them (common
 * tests, benchmarks, command lines) goes by this list. Only {@code Lookahead} is missing, because
 * it is none without another updater.
 */
public enum NamedOptimizer {
  /** Adam with decoupled weight decay. */
  ADAMW(
      "adamw",
      "AdamWDecoupled",
      1e-3,
      rate -> AdamWDecoupled.builder().learningRate(rate),
      Adam::new),
  /** AMSGrad with decoupled weight decay. */
  AMSGRAD(
      "amsgrad",
      "AMSGradDecoupled",
      1e-3,
      rate -> AMSGradDecoupled.builder().learningRate(rate),
      AMSGrad::new),
  /** AdamW with Nesterov momentum. */
  NADAMW("nadamw", "NAdamW", 1e-3, rate -> NAdamW.builder().learningRate(rate), Nadam::new),
  /** Adam with a built-in warm-up. */
  RADAM("radam", "RAdam", 1e-3, rate -> RAdam.builder().learningRate(rate), Adam::new),
  /** Adam that divides by how far gradients are from their average. */
  ADABELIEF(
      "adabelief",
      "AdaBeliefDecoupled",
      1e-3,
      rate -> AdaBeliefDecoupled.builder().learningRate(rate),
      Adam::new),
  /** AdamW that averages weights instead of lowering the learning rate. */
  SCHEDULE_FREE_ADAMW(
      "schedule-free-adamw",
      "ScheduleFreeAdamW",
      2.5e-3,
      rate -> ScheduleFreeAdamW.builder().learningRate(rate),
      Adam::new),
  /** Adam that turns into gradient descent. */
  ADABOUND(
      "adabound",
      "AdaBound with final learning rate 100 times the first",
      1e-3,
      rate -> AdaBound.builder().learningRate(rate).finalLearningRate(100 * rate),
      Adam::new),
  /** AMSGrad that turns into gradient descent. */
  AMSBOUND(
      "amsbound",
      "AdaBound with amsBound",
      1e-3,
      rate -> AdaBound.builder().learningRate(rate).finalLearningRate(100 * rate).amsBound(true),
      AMSGrad::new),
  /** Adam that switches to gradient descent. */
  // In an expression, SWATS and LAMB mean the constants here, but in "new SWATS.Builder()" the
  // class.
  SWATS("swats", "SWATS", 1e-3, rate -> new SWATS.Builder().learningRate(rate), Adam::new),
  /** Averaged Nesterov momentum with probes at thirds of the look-ahead. */
  NESTEROVS_AVERAGED(
      "nesterovs-averaged",
      "AveragedNesterovs with THIRDS",
      0.1,
      rate -> AveragedNesterovs.builder().learningRate(rate),
      rate -> new Nesterovs(rate, 0.9)),
  /** Averaged Nesterov momentum with probes at quarters of the look-ahead. */
  NESTEROVS_QUARTERS(
      "nesterovs-quarters",
      "AveragedNesterovs with QUARTERS",
      0.1,
      rate -> AveragedNesterovs.builder().learningRate(rate).average(LookaheadAverage.QUARTERS),
      rate -> new Nesterovs(rate, 0.9)),
  /** The sign of momentum. */
  LION("lion", "Lion", 1e-4, rate -> Lion.builder().learningRate(rate), Sgd::new),
  /** Gradient descent with a rate for each parameter. */
  ADAGRAD(
      "adagrad",
      "AdagradDecoupled",
      1e-2,
      rate -> AdagradDecoupled.builder().learningRate(rate),
      AdaGrad::new),
  /** Gradient descent that needs no learning rate to be tuned. */
  ADADELTA(
      "adadelta",
      "AdadeltaDecoupled",
      1,
      rate -> AdadeltaDecoupled.builder().learningRate(rate),
      rate -> new AdaDelta()),
  /** Momentum over curvature. */
  SOPHIA(
      "sophia",
      "SophiaG with SophiaHessian",
      1e-4,
      Need.CURVATURE,
      rate -> SophiaG.builder().learningRate(rate),
      Adam::new),
  /** AdamW with steps in proportion to the weights. */
  LAMB(
      "lamb", "LAMB", 1e-3, Need.WEIGHTS, rate -> new LAMB.Builder().learningRate(rate), Adam::new),
  /** Orthogonal steps for hidden matrices, AdamW for the rest. */
  MUON("muon", "Muon", 0.02, Need.WEIGHTS, rate -> Muon.builder().learningRate(rate), Adam::new);

  /** What steps need besides gradients. */
  public enum Need {
    /** Nothing, unless weights decay. */
    NOTHING("gradients alone"),
    /** The weights, even if they do not decay. */
    WEIGHTS("the weights of a network, which DecoupledDecay.attach shows it"),
    /** An estimate of curvature. */
    CURVATURE("the output of a network, from which SophiaHessian draws labels");

    private final String description;

    Need(String description) {
      this.description = description;
    }

    @Override
    public String toString() {
      return description;
    }
  }

  private final String label;
  private final String description;
  private final double usualLearningRate;
  private final Need need;
  private final DoubleFunction<UpdaterConfiguration.Builder<?>> builder;
  private final DoubleFunction<IUpdater> builtIn;

  NamedOptimizer(
      String label,
      String description,
      double usualLearningRate,
      DoubleFunction<UpdaterConfiguration.Builder<?>> builder,
      DoubleFunction<IUpdater> builtIn) {
    this(label, description, usualLearningRate, Need.NOTHING, builder, builtIn);
  }

  NamedOptimizer(
      String label,
      String description,
      double usualLearningRate,
      Need need,
      DoubleFunction<UpdaterConfiguration.Builder<?>> builder,
      DoubleFunction<IUpdater> builtIn) {
    this.label = label;
    this.description = description;
    this.usualLearningRate = usualLearningRate;
    this.need = need;
    this.builder = builder;
    this.builtIn = builtIn;
  }

  /**
   * The optimizers that need nothing but gradients, unless weights decay.
   *
   * @return most of them
   */
  public static Stream<NamedOptimizer> ofGradientsAlone() {
    return Arrays.stream(values()).filter(optimizer -> optimizer.need == Need.NOTHING);
  }

  /**
   * What its steps need besides gradients.
   *
   * @return the need
   */
  public Need need() {
    return need;
  }

  /**
   * The name on command lines and in files.
   *
   * @return a name such as {@code adamw}
   */
  public String label() {
    return label;
  }

  /**
   * The class and its settings.
   *
   * @return a description such as {@code AveragedNesterovs with THIRDS}
   */
  public String description() {
    return description;
  }

  /**
   * The learning rate that people usually try first.
   *
   * @return the rate
   */
  public double usualLearningRate() {
    return usualLearningRate;
  }

  /**
   * Whether it has a weight decay.
   *
   * @return false if {@link #create} ignores {@code weightDecay}
   */
  public boolean decays() {
    return builder.apply(usualLearningRate) instanceof DecayingUpdater.Builder;
  }

  /**
   * Creates the optimizer.
   *
   * @param learningRate a constant learning rate
   * @param weightDecay the weight decay, ignored if the optimizer has none
   * @return a new updater
   */
  public UpdaterConfiguration create(double learningRate, double weightDecay) {
    return create(learningRate, weightDecay, NonFinitePolicy.FAIL);
  }

  /**
   * Creates the optimizer.
   *
   * @param learningRate a constant learning rate
   * @param weightDecay the weight decay, ignored if the optimizer has none
   * @param policy what happens to gradients that are not finite
   * @return a new updater
   */
  public UpdaterConfiguration create(
      double learningRate, double weightDecay, NonFinitePolicy policy) {
    return builder(learningRate, weightDecay).nonFiniteGradients(policy).build();
  }

  /**
   * Starts building the optimizer.
   *
   * @param learningRate a constant learning rate
   * @param weightDecay the weight decay, ignored if the optimizer has none
   * @return its builder, for further settings
   */
  public UpdaterConfiguration.Builder<?> builder(double learningRate, double weightDecay) {
    UpdaterConfiguration.Builder<?> made = builder.apply(learningRate);
    if (made instanceof DecayingUpdater.Builder<?> decaying) {
      decaying.weightDecay(weightDecay);
    }
    return made;
  }

  /**
   * The nearest updater of Deeplearning4j.
   *
   * @param learningRate a constant learning rate, ignored if that updater has none
   * @return a new updater
   */
  public IUpdater builtIn(double learningRate) {
    return builtIn.apply(learningRate);
  }
}
