package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.notNegative;
import static org.dl4jx.schedules.checks.Argument.rate;

import java.util.List;
import java.util.Map;
import org.dl4jx.schedules.ScaledSchedule;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.decay.DecayingUpdater;
import org.dl4jx.updaters.engine.ArrayRule;
import org.dl4jx.updaters.engine.Cells;
import org.dl4jx.updaters.engine.Epsilon;
import org.dl4jx.updaters.engine.ParameterArray;
import org.dl4jx.updaters.engine.Rule;
import org.dl4jx.updaters.engine.Scalars;
import org.dl4jx.updaters.engine.Step;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * Muon: turns the momentum of a weight matrix into a matrix that stretches all directions about
 * alike, so rare directions are learned as fast as frequent ones. It set speed records for training
 * on CIFAR-10. Everything that is not a matrix of a hidden layer takes AdamW; one updater does
 * both.
 *
 * <p>In step {@code t = 1, 2, ...}, with gradient {@code G} of a matrix:
 *
 * <pre>
 * B ← μ B + (1 - μ) G
 * U = (1 - μ) G + μ B                     (with nesterov; else U = B)
 * X = U / (‖U‖ + 1e-7)                    (Frobenius norm)
 * five times:
 *   A = X Xᵀ
 *   X ← 3.4445 X + (2.0315 A² - 4.7750 A) X
 * θ ← θ - η √max(1, nOut / nIn) X - η λ θ
 * </pre>
 *
 * <p>These are five Newton-Schulz iterations, in the type of the parameters. Singular values above
 * 0.0016 times the norm of U end up in [0.68, 1.21]; smaller ones stay smaller.
 *
 * <p>It always needs {@link DecoupledDecay#attach attach}, even without a decay, because
 * Deeplearning4j does not tell updaters where an array begins and what it is:
 *
 * <pre>{@code
 * MultiLayerConfiguration conf = DecoupledDecay.attach(new NeuralNetConfiguration.Builder()
 *     .updater(new Muon(0.02, 0.01))
 *     .list()
 *     .layer(new DenseLayer.Builder().nIn(784).nOut(256).activation(Activation.RELU).build())
 *     .layer(new OutputLayer.Builder(LossFunction.MCXENT).nIn(256).nOut(10)
 *         .activation(Activation.SOFTMAX).build())
 *     .build());
 *
 * new Muon(0.02, 0.01).getAdamLearningRate(0, 0); // 0.001
 * }</pre>
 *
 * <p>The gradient with the entries 4 and -0.25 has these two singular values. They differ by a
 * factor of 16; those of the update do not differ by more than 1.21 / 0.68:
 *
 * <pre>{@code
 * SameDiff model = SameDiff.create();
 * SDVariable gradient = model.placeHolder("gradient", DataType.DOUBLE, 2, 2);
 * SDVariable w = model.var("w", Nd4j.zeros(DataType.DOUBLE, 2, 2));
 * gradient.mul(w).sum("loss");
 * model.setLossVariables("loss");
 * model.setTrainingConfig(DecoupledDecay.attach(TrainingConfig.builder()
 *     .updater(new Muon(0.02, 0))
 *     .dataSetFeatureMapping("gradient").markLabelsUnused()
 *     .build()));
 * model.fit(new DataSet(Nd4j.createFromArray(new double[][] {{4, 0}, {0, -0.25}}), null));
 * w.getArr().getDouble(0, 0); // -0.01397028
 * w.getArr().getDouble(1, 1); // 0.02135763
 * }</pre>
 *
 * <p>What counts as a matrix:
 *
 * <ul>
 *   <li>the weights of dense and recurrent layers and of autoencoders; in LSTMs, the part of each
 *       gate on its own;
 *   <li>the kernels of convolutions and deconvolutions in one, two, or three dimensions, as
 *       matrices of (channels out) x (the rest);
 *   <li>the projections of attention layers, of all heads together, and arrays of rank 2 in other
 *       SameDiff layers and vertices;
 *   <li>in SameDiff models, every array with at least two rows and columns; the last axis has the
 *       outputs. Output matrices and embeddings cannot be told apart there.
 * </ul>
 *
 * <p>AdamW gets everything else: biases, gains, peepholes, output layers, the last layer with
 * weights before a loss layer, embeddings, learned queries, depthwise, separable and locally
 * connected convolutions, capsules, and layers with a single input or output. To give a whole layer
 * to AdamW, set {@code .updater(new AdamWDecoupled(1e-3, 0.01))} on it.
 *
 * <ul>
 *   <li>The learning rate of AdamW follows that of Muon at 0.05 times, so it is 1e-3 by default.
 *       Set {@code adamLearningRate} or its schedule to choose another.
 *   <li>Every matrix moves by about {@code η √max(1, nOut / nIn)} times the square root of its
 *       rank, however small its gradient is. Let the learning rate decay.
 *   <li>A step takes 15 multiplications of matrices for each matrix. That is little beside training
 *       with large batches, but much beside a small batch, especially with large dense layers.
 *   <li>Besides the state, each block of parameters with the same updater keeps memory for
 *       intermediate results, which its matrices share: twice the numbers of the largest matrix,
 *       and twice the square of the largest shorter side. If a single matrix has nearly all
 *       parameters, that is as much as the state, and twice as much if it is square.
 *   <li>If a new layer joins a trained block, AdamW corrects its averages for bias anew. The
 *       momentum of matrices stays as it is.
 *   <li>Fine-tuning a model that was trained with AdamW seldom gains from it.
 * </ul>
 *
 * <p>Parameters: learning rate η (at least 0; default 0.02) or its schedule, momentum μ (in [0, 1);
 * 0.95), nesterov (true), weight decay λ (at least 0; 0.01), which AdamW shares, adamLearningRate
 * (at least 0; 0.05 η) or its schedule, adamBeta1 (in [0, 1); 0.9), adamBeta2 (in [0, 1); 0.999),
 * adamEpsilon (at least 1.2e-38; 1e-8). State: {@code M} and {@code V}, two numbers per parameter.
 * For matrices, {@code M} is B, and {@code V} is not used, but takes memory.
 *
 * <p>A step throws {@link NonFiniteGradientException} if the gradient is not finite, unless {@link
 * NonFinitePolicy} says otherwise. It throws {@link IllegalStateException} if {@code attach} was
 * not called, if a schedule returns a value outside its range, or if the parameters are of type
 * {@code HALF}. No parameter of the network has moved then.
 *
 * <p>Jordan et al., <a href="https://kellerjordan.github.io/posts/muon/">Muon: An optimizer for
 * hidden layers in neural networks</a> (2024). Equal to the authors' {@code
 * SingleDeviceMuonWithAuxAdam} in formula, but in the type of the parameters instead of bfloat16,
 * and with other defaults: λ is 0 there, and AdamW has its own. For convolutions, it compares the
 * channels out with the rest, where theirs compares height and width of the kernel. PyTorch's
 * {@code torch.optim.Muon} has η 1e-3 and λ 0.1, takes only matrices, and leaves the rest to
 * another optimizer. Optax's {@code contrib.muon} takes arrays of rank 2 and gives the rest to
 * AdamW. Keras's {@code Muon} has η 1e-3, scales by the larger side of the matrix, and leaves out
 * embeddings and layers named in {@code exclude_layers}.
 */
@JsonDeserialize(builder = Muon.Builder.class)
public class Muon extends DecayingUpdater {
  private static final long serialVersionUID = 1L;

  /** The learning rate of AdamW, compared with that of Muon. */
  private static final double ADAM_PER_MUON = 0.05;

  private final double momentum;
  private final boolean nesterov;

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private Double adamLearningRate;

  private ISchedule adamLearningRateSchedule;
  private final double adamBeta1;
  private final double adamBeta2;
  private final double adamEpsilon;

  /** Created once, because every step needs it. */
  private transient AdamWDecoupled adam;

  /** Muon with every parameter at its default. */
  public Muon() {
    this(new Builder());
  }

  /**
   * Muon with a constant learning rate. Every other parameter has its default, so the weight decay
   * is 0.01.
   *
   * @param learningRate η, a finite number of at least 0
   * @throws IllegalArgumentException if the rate is outside its range
   */
  public Muon(double learningRate) {
    this(new Builder().learningRate(learningRate));
  }

  /**
   * Muon with a scheduled learning rate. Every other parameter has its default, so the weight decay
   * is 0.01.
   *
   * @param learningRate schedule of η
   * @throws IllegalArgumentException if the schedule is null
   */
  public Muon(ISchedule learningRate) {
    this(new Builder().learningRateSchedule(given("learningRate", learningRate)));
  }

  /**
   * Muon with a constant learning rate.
   *
   * @param learningRate η, a finite number of at least 0
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if an argument is outside its range, naming it
   */
  public Muon(double learningRate, double weightDecay) {
    this(new Builder().learningRate(learningRate).weightDecay(weightDecay));
  }

  /**
   * Muon with a scheduled learning rate, which scales the decay too.
   *
   * @param learningRate schedule of η
   * @param weightDecay λ, a finite number of at least 0
   * @throws IllegalArgumentException if the decay is outside its range or the schedule is null
   */
  public Muon(ISchedule learningRate, double weightDecay) {
    this(
        new Builder()
            .learningRateSchedule(given("learningRate", learningRate))
            .weightDecay(weightDecay));
  }

  private Muon(Builder builder) {
    super(builder);
    this.momentum = rate("momentum", builder.momentum);
    this.nesterov = builder.nesterov;
    this.adamLearningRateSchedule = builder.adamLearningRateSchedule;
    boolean isConstant = adamLearningRateSchedule == null && builder.adamLearningRate != null;
    this.adamLearningRate =
        isConstant ? (Double) notNegative("adamLearningRate", builder.adamLearningRate) : null;
    this.adamBeta1 = rate("adamBeta1", builder.adamBeta1);
    this.adamBeta2 = rate("adamBeta2", builder.adamBeta2);
    this.adamEpsilon = Epsilon.checked("adamEpsilon", builder.adamEpsilon);
  }

  /**
   * Starts building.
   *
   * @return a builder with every parameter at its default
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The rate of the running average of gradients of matrices, μ.
   *
   * @return the rate, in [0, 1)
   */
  public double getMomentum() {
    return momentum;
  }

  /**
   * Whether the gradient counts once more, as in Nesterov momentum.
   *
   * @return true if it does
   */
  public boolean isNesterov() {
    return nesterov;
  }

  /** That of AdamW, if it was set. */
  @Override
  public void scaleOtherLearningRates(double factor) {
    if (adamLearningRateSchedule != null) {
      adamLearningRateSchedule = ScaledSchedule.times(factor, adamLearningRateSchedule);
    } else if (adamLearningRate != null) {
      adamLearningRate *= factor;
    }
  }

  /**
   * The learning rate of what is not a matrix.
   *
   * @param iteration Deeplearning4j's iteration, counted from 0
   * @param epoch Deeplearning4j's epoch, counted from 0
   * @return the rate: the one that was set, or 0.05 η
   * @throws IllegalStateException if a schedule returns a negative, infinite or NaN rate
   */
  public double getAdamLearningRate(int iteration, int epoch) {
    if (adamLearningRateSchedule != null) {
      return learningRate("adamLearningRate", adamLearningRateSchedule, iteration, epoch);
    }
    return adamLearningRate == null
        ? ADAM_PER_MUON * getLearningRate(iteration, epoch)
        : adamLearningRate;
  }

  /**
   * The schedule of the learning rate of what is not a matrix.
   *
   * @return the schedule, or null if there is none
   */
  public ISchedule getAdamLearningRateSchedule() {
    return adamLearningRateSchedule;
  }

  /**
   * β1 of AdamW.
   *
   * @return the rate, in [0, 1)
   */
  public double getAdamBeta1() {
    return adamBeta1;
  }

  /**
   * β2 of AdamW.
   *
   * @return the rate, in [0, 1)
   */
  public double getAdamBeta2() {
    return adamBeta2;
  }

  /**
   * ε of AdamW.
   *
   * @return epsilon, at least 1.2e-38
   */
  public double getAdamEpsilon() {
    return adamEpsilon;
  }

  @Override
  protected Map<String, Object> parameters() {
    Map<String, Object> parameters = super.parameters();
    parameters.put("momentum", momentum);
    parameters.put("nesterov", nesterov);
    if (adamLearningRateSchedule != null || adamLearningRate != null) {
      parameters.put(
          "adamLearningRate",
          adamLearningRateSchedule == null ? adamLearningRate : adamLearningRateSchedule);
    }
    parameters.put("adamBeta1", adamBeta1);
    parameters.put("adamBeta2", adamBeta2);
    parameters.put("adamEpsilon", adamEpsilon);
    return parameters;
  }

  @Override
  protected List<String> stateNames() {
    return List.of("M", "V");
  }

  @Override
  protected double rescaling(String array, long from, long to, Scalars remembered) {
    return Step.rescaling(array.equals("M") ? adamBeta1 : adamBeta2, from, to);
  }

  /** The B of matrices, where V is 0, is not corrected for bias. It means the same at any step. */
  @Override
  protected void rescale(Map<String, INDArray> state, long from, long to, Scalars remembered) {
    INDArray m = state.get("M");
    INDArray v = state.get("V");
    INDArray b = m.mul(v.eq(0).castTo(m.dataType()));
    m.muli(v.neq(0).castTo(m.dataType()));
    super.rescale(state, from, to, remembered);
    m.addi(b);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if the type cannot hold the squared gradients of AdamW
   */
  @Override
  protected void checkTrainable(DataType type) {
    refuseHalf(
        type,
        "averages of squared gradients for what is not a matrix, which may be zero in that type");
    super.checkTrainable(type);
  }

  /** The weights tell where an array begins. */
  @Override
  protected boolean needsWeights() {
    return true;
  }

  @Override
  protected boolean needsMatrices() {
    return true;
  }

  @Override
  protected String otherNeed() {
    return "must know which parameters are matrices";
  }

  @Override
  public Muon clone() {
    Muon copy = (Muon) super.clone();
    copy.adamLearningRateSchedule =
        adamLearningRateSchedule == null ? null : adamLearningRateSchedule.clone();
    return copy;
  }

  /** Its own learning rate and decay are not used. */
  private AdamWDecoupled adam() {
    if (adam == null) {
      adam =
          AdamWDecoupled.builder().beta1(adamBeta1).beta2(adamBeta2).epsilon(adamEpsilon).build();
    }
    return adam;
  }

  @Override
  protected Rule rule(Step step) {
    double adamRate = getAdamLearningRate(step.iteration(), step.epoch());
    return new Update(
        getLearningRate(step),
        momentum,
        nesterov,
        new ArrayRule.Others(adam().rule(step, adamRate), adamRate * getWeightDecay()));
  }

  private record Update(double learningRate, double momentum, boolean nesterov, Others others)
      implements ArrayRule {

    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C b = state.get(0);
      b.average(momentum, g); // B ← μ B + (1 - μ) G
      if (nesterov) {
        g.combine(1 - momentum, g, momentum, b); // G ← U = (1 - μ) G + μ B
      } else {
        g.set(1, b);
      }
    }

    @Override
    public void finish(ParameterArray u) {
      double ratio = (double) u.outputs() / u.inputs();
      NewtonSchulz.apply(u, learningRate * Math.sqrt(Math.max(1, ratio)));
    }

    @Override
    public boolean decaysFirst() {
      return false;
    }
  }

  /** Builds a {@link Muon}. */
  public static final class Builder extends DecayingUpdater.Builder<Builder> {
    private double momentum = 0.95;
    private boolean nesterov = true;
    private Double adamLearningRate;
    private ISchedule adamLearningRateSchedule;
    private double adamBeta1 = 0.9;
    private double adamBeta2 = 0.999;
    private double adamEpsilon = 1e-8;

    /** Starts with the defaults. */
    public Builder() {
      super(0.02, 0.01);
    }

    /**
     * Sets the rate of the running average of gradients of matrices.
     *
     * @param momentum in [0, 1); default 0.95
     * @return this
     */
    @Given
    public Builder momentum(double momentum) {
      this.momentum = momentum;
      return this;
    }

    /**
     * Sets whether the gradient counts once more, as in Nesterov momentum.
     *
     * @param nesterov true (the default) if it does
     * @return this
     */
    @Given
    public Builder nesterov(boolean nesterov) {
      this.nesterov = nesterov;
      return this;
    }

    /**
     * Sets a constant learning rate for what is not a matrix.
     *
     * @param learningRate a finite number of at least 0; default 0.05 η; ignored while a schedule
     *     is set
     * @return this
     */
    @Given
    public Builder adamLearningRate(double learningRate) {
      this.adamLearningRate = learningRate;
      return this;
    }

    /**
     * Sets a schedule for the learning rate of what is not a matrix.
     *
     * @param schedule the schedule, or null for the constant rate
     * @return this
     */
    public Builder adamLearningRateSchedule(ISchedule schedule) {
      this.adamLearningRateSchedule = schedule;
      return this;
    }

    /**
     * Sets β1 of AdamW.
     *
     * @param beta1 in [0, 1); default 0.9
     * @return this
     */
    @Given
    public Builder adamBeta1(double beta1) {
      this.adamBeta1 = beta1;
      return this;
    }

    /**
     * Sets β2 of AdamW.
     *
     * @param beta2 in [0, 1); default 0.999
     * @return this
     */
    @Given
    public Builder adamBeta2(double beta2) {
      this.adamBeta2 = beta2;
      return this;
    }

    /**
     * Sets ε of AdamW.
     *
     * @param epsilon a finite number of at least 1.2e-38, the smallest normal float; default 1e-8
     * @return this
     */
    @Given
    public Builder adamEpsilon(double epsilon) {
      this.adamEpsilon = epsilon;
      return this;
    }

    @Override
    public Muon build() {
      return new Muon(this);
    }
  }
}
