package org.dl4jx.averaging;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.solvers.BaseOptimizer;
import org.dl4jx.listeners.SavedListener;
import org.dl4jx.updaters.engine.RunningArray;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.ScheduleType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An average of the weights that a network has had. Add it to the network's listeners; the classes
 * that extend this say which average it is.
 *
 * <p>It averages all parameters, including those that batch normalization keeps. It averages them
 * where the network's updaters want them to be evaluated: θ of {@code AveragedNesterovs}, x of
 * {@code ScheduleFreeAdamW}, slow weights of {@code Lookahead}. Deeplearning4j applies constraints
 * after listeners, so the weights of an iteration are averaged before them.
 *
 * <p>Before the first weights are averaged, {@code at} evaluates the network's own weights, and
 * {@code moveTo} and {@code save} are refused. {@code fit(DataSet)} and {@code ParallelWrapper} end
 * no epoch, so count iterations there.
 *
 * <p>For updaters that train elsewhere, every update takes a copy of the parameters.
 *
 * <p>The average has the type of the parameters, or {@code FLOAT} if that is a type of 16 bits. It
 * needs as much memory as the parameters.
 */
public abstract class WeightAverage extends SavedListener implements EvaluationWeights {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(WeightAverage.class);

  private final ScheduleType type;
  private final int start;
  private final int every;
  private long seen;
  private long averaged;
  private int lastIteration = -1;
  private transient boolean warned;
  private transient INDArray average;
  private transient RunningArray running;

  /**
   * An average.
   *
   * @param builder its settings
   * @throws IllegalArgumentException if one of them is outside its range, naming it
   */
  WeightAverage(Builder<?> builder) {
    super(builder.name);
    this.type = given("type", builder.type);
    this.start = check(builder.start >= 0, "start", builder.start, "a number >= 0");
    this.every = check(builder.every >= 1, "every", builder.every, "a number >= 1");
  }

  /**
   * How far the average goes towards the next weights: {@code average ← average + share (weights -
   * average)}. The first weights are copied.
   *
   * @param n how many weights there are with the next ones; at least 2
   * @return the share, in (0, 1]
   */
  abstract double share(long n);

  /**
   * Whether it counts iterations or epochs.
   *
   * @return the type
   */
  public ScheduleType getType() {
    return type;
  }

  /**
   * The iteration or epoch that is averaged first, counted from 0 by this listener.
   *
   * @return the number, at least 0
   */
  public int getStart() {
    return start;
  }

  /**
   * How many iterations or epochs there are from one that is averaged to the next.
   *
   * @return the number, at least 1
   */
  public int getEvery() {
    return every;
  }

  /**
   * How many weights have been averaged.
   *
   * @return the number
   */
  public synchronized long getAveraged() {
    return averaged;
  }

  /**
   * A copy of the average.
   *
   * @return all parameters in the order of {@code network.params()}, of rank 1
   * @throws IllegalStateException if no weights have been averaged yet
   */
  public synchronized INDArray getAverage() {
    checkHasWeights();
    return average.dup();
  }

  private void checkHasWeights() {
    if (average == null) {
      throw new IllegalStateException(
          String.format(
              "%s has not averaged any weights yet: it has seen %d of its network's %s, and starts"
                  + " after %d",
              this, seen, type == ScheduleType.EPOCH ? "epochs" : "iterations", start));
    }
  }

  @Override
  protected void afterIteration(Model model) {
    lastIteration = BaseOptimizer.getIterationCount(model);
    if (type == ScheduleType.ITERATION) {
      take(model);
    }
  }

  @Override
  protected void afterEpoch(Model model) {
    if (type == ScheduleType.EPOCH) {
      take(model);
    }
  }

  private void take(Model model) {
    long i = seen++;
    if (i < start || (i - start) % every != 0) {
      return;
    }
    INDArray weights = EvaluationPoint.inAnIteration(model).parameters();
    if (average == null) {
      average = Nd4j.createUninitializedDetached(typeFor(weights), weights.length());
      average.assign(weights);
    } else {
      checkFits(model);
      running().approach(share(averaged + 1), weights);
    }
    averaged++;
  }

  private RunningArray running() {
    if (running == null) {
      running = new RunningArray(average);
    }
    return running;
  }

  private static DataType typeFor(INDArray weights) {
    return weights.dataType() == DataType.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
  }

  private void checkFits(Model model) {
    INDArray parameters = model.params();
    if (average.length() != parameters.length() || average.dataType() != typeFor(parameters)) {
      throw new IllegalStateException(
          String.format(
              "%s is of %d parameters of type %s, but the network has %d of type %s. Use the average"
                  + " that was saved with this network, or start with a new one",
              this,
              average.length(),
              average.dataType(),
              parameters.length(),
              parameters.dataType()));
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if the network has trained without this listener, or has other
   *     parameters than those that were averaged
   */
  @Override
  public synchronized EvaluationPoint pointOf(Model model) {
    EvaluationPoint own = EvaluationWeights.ofUpdaters().pointOf(model);
    boolean isListener = isListenerOf(model);
    int iteration = BaseOptimizer.getIterationCount(model);
    if (seen == 0 && average == null && !isListener && iteration > 0) {
      throw new IllegalStateException(
          this
              + " has not seen the network train: add it to the network's listeners before you train,"
              + " or restore the one that was saved with the network");
    }
    if (average == null) {
      return own;
    }
    checkFits(model);
    if (!isListener && iteration > lastIteration + 1 && !warned) {
      warned = true;
      LOG.warn(
          "{} is as of iteration {}, but the network has trained without it to iteration {}: it is not"
              + " among the network's listeners",
          this,
          lastIteration,
          iteration);
    }
    return own.then(average, toString());
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException also if it has not averaged any weights
   */
  @Override
  public <M extends Model> M moveTo(M network) {
    checkHasWeightsFor(network);
    return EvaluationWeights.super.moveTo(network);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException also if it has not averaged any weights
   */
  @Override
  public void save(Model network, File file) throws IOException {
    checkHasWeightsFor(network);
    EvaluationWeights.super.save(network, file);
  }

  private synchronized void checkHasWeightsFor(Model network) {
    if (average == null) {
      pointOf(network); // It may know a better reason.
      checkHasWeights();
    }
  }

  /** Refuses to train while the network is evaluated elsewhere. */
  @Override
  protected void beforeStep(Model model) {
    EvaluationPoint.refuseTraining(model);
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    out.writeBoolean(average != null);
    if (average != null) {
      Nd4j.write(average, new DataOutputStream(out));
    }
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    if (in.readBoolean()) {
      average = Nd4j.read(new DataInputStream(in));
    }
    if (average == null != (averaged == 0)) {
      throw new InvalidObjectException("an average of " + averaged + " weights is incomplete");
    }
  }

  /**
   * Builds an average.
   *
   * @param <B> the builder itself
   */
  public abstract static class Builder<B extends Builder<B>> {
    private String name;
    private ScheduleType type = ScheduleType.ITERATION;
    private int start;
    private int every = 1;

    Builder(String name) {
      this.name = name;
    }

    /**
     * Sets what is counted.
     *
     * @param type iterations, or the epochs of {@code fit(iterator)}; default {@code ITERATION}
     * @return this
     */
    public B type(ScheduleType type) {
      this.type = type;
      return self();
    }

    /**
     * Sets where averaging starts.
     *
     * @param start the first iteration or epoch that counts, at least 0; default 0. The listener
     *     counts from 0 itself, because Deeplearning4j's iteration may be reset
     * @return this
     */
    public B start(int start) {
      this.start = start;
      return self();
    }

    /**
     * Sets how often weights are averaged.
     *
     * @param every after so many iterations or epochs, at least 1; default 1
     * @return this
     */
    public B every(int every) {
      this.every = every;
      return self();
    }

    /**
     * Sets the name, which several averages of one network need to be saved.
     *
     * @param name letters, digits and any of "-._"; default: the name of the class
     * @return this
     */
    public B name(String name) {
      this.name = name;
      return self();
    }

    /**
     * Creates the average.
     *
     * @return the average
     * @throws IllegalArgumentException if a parameter is outside its range, naming it
     */
    public abstract WeightAverage build();

    @SuppressWarnings("unchecked")
    private B self() {
      return (B) this;
    }
  }
}
