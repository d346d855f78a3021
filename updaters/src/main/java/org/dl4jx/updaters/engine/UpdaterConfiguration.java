package org.dl4jx.updaters.engine;

import static org.dl4jx.schedules.checks.Argument.checkRead;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.notNegative;
import static org.dl4jx.schedules.checks.Argument.refusal;

import java.io.InvalidObjectException;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.NonFinitePolicy;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect.Visibility;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;
import org.nd4j.shade.jackson.databind.annotation.JsonPOJOBuilder;

/**
 * What all updaters of dl4jx share: the learning rate or its schedule, the policy for non-finite
 * gradients, and everything that {@link IUpdater} requires.
 *
 * <p>A subclass adds its hyperparameters and checks them. It provides two things: the names of its
 * state arrays and the {@link Rule} of a step. It names every hyperparameter in {@link
 * #parameters()}, which {@code equals}, {@code hashCode} and {@code toString} are based on. It has
 * the annotation {@code JsonDeserialize(builder = ...)}, so JSON and YAML are read through its
 * checks.
 */
public abstract class UpdaterConfiguration implements IUpdater {
  private static final long serialVersionUID = 1L;

  private double learningRate;
  private ISchedule learningRateSchedule;
  private final NonFinitePolicy nonFiniteGradients;

  /**
   * Takes the parameters from the builder.
   *
   * @param builder the builder
   * @throws IllegalArgumentException if there is no schedule and the learning rate is negative,
   *     infinite or NaN
   */
  protected UpdaterConfiguration(Builder<?> builder) {
    this.learningRateSchedule = builder.learningRateSchedule;
    this.learningRate =
        learningRateSchedule == null
            ? notNegative("learningRate", builder.learningRate)
            : Double.NaN;
    this.nonFiniteGradients = given("nonFiniteGradients", builder.nonFiniteGradients);
  }

  /**
   * Checks what Java deserialization has read, with the checks of the builder.
   *
   * @return this
   * @throws InvalidObjectException if a parameter is outside its range, naming it
   */
  protected Object readResolve() throws InvalidObjectException {
    checkRead(this::rebuild);
    return this;
  }

  /** Passes every parameter to the builder's method of the same name. */
  private void rebuild() {
    Class<?> type = getClass().getAnnotation(JsonDeserialize.class).builder();
    try {
      Builder<?> builder = (Builder<?>) type.getDeclaredConstructor().newInstance();
      for (Map.Entry<String, Object> parameter : parameters().entrySet()) {
        boolean isSchedule = parameter.getValue() instanceof ISchedule;
        String name = parameter.getKey() + (isSchedule ? "Schedule" : "");
        for (Method method : type.getMethods()) {
          if (method.getName().equals(name) && method.getParameterCount() == 1) {
            method.invoke(builder, parameter.getValue());
          }
        }
      }
      builder.build();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " must be a builder with a method for " + this, e);
    }
  }

  /**
   * The names of the state arrays, each as long as the gradient.
   *
   * @return the names, in the order in which a rule gets the arrays
   */
  protected abstract List<String> stateNames();

  /**
   * The names of the numbers to remember for a whole block of parameters.
   *
   * @return the names, in the order in which {@link Scalars} has them; none by default
   */
  protected List<String> scalarNames() {
    return List.of();
  }

  /**
   * The rule for one step.
   *
   * @param step which step it is
   * @param remembered the {@link #scalarNames() scalars} after the step before
   * @return the rule, with the numbers of that step
   */
  protected Rule rule(Step step, Scalars remembered) {
    return rule(step);
  }

  /**
   * The rule for one step of an updater that remembers no scalars.
   *
   * @param step which step it is
   * @return the rule, with the numbers of that step
   */
  protected Rule rule(Step step) {
    throw new UnsupportedOperationException(getClass() + " must have a rule");
  }

  /**
   * All hyperparameters by name. A subclass adds its own to those of its superclass.
   *
   * @return a new map, in the order in which to show them
   */
  protected Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put(
        "learningRate", learningRateSchedule == null ? learningRate : learningRateSchedule);
    parameters.put("nonFiniteGradients", nonFiniteGradients);
    return parameters;
  }

  /**
   * Refuses to train if the updater would not do what it promises.
   *
   * @param type the type of parameters, gradient and state
   * @throws IllegalStateException in that case, with a remedy
   */
  protected void checkTrainable(DataType type) {}

  /**
   * Refuses to train parameters of type HALF.
   *
   * @param type the type of parameters, gradient and state
   * @param reason what the updater keeps that this type cannot hold
   * @throws IllegalStateException if it is HALF
   */
  protected final void refuseHalf(DataType type, String reason) {
    if (type == DataType.FLOAT16) {
      throw new IllegalStateException(
          String.format(
              "%s cannot train parameters of type HALF: it keeps %s. Use FLOAT or DOUBLE (BFLOAT16"
                  + " works only in SameDiff)",
              getClass().getSimpleName(), reason));
    }
  }

  /**
   * Refuses a step if weights that it needs were not shown to it.
   *
   * @param shown how many parameters were shown
   * @param told how many of them are in arrays whose matrices are known, if they have any
   * @param parameters how many parameters the step is for
   * @throws IllegalStateException if weights are missing, with a remedy
   */
  protected void checkWeights(long shown, long told, long parameters) {}

  /**
   * The step count of a block whose parts have taken different numbers of steps, for example
   * because a new layer joins a trained one.
   *
   * @param fewest how many steps the youngest part has taken
   * @param most how many steps the oldest part has taken
   * @return at least 1; by default the fewest
   */
  protected long mergedSteps(long fewest, long most) {
    return Math.max(1, fewest);
  }

  /**
   * The factor by which to multiply a state array or a scalar so it means the same at another step
   * count.
   *
   * @param array the name of the array or scalar
   * @param from the step count so far
   * @param to the new step count
   * @param remembered the scalars with which the updater goes on, before they are rescaled
   * @return the factor; 1 by default
   */
  protected double rescaling(String array, long from, long to, Scalars remembered) {
    return 1;
  }

  /**
   * Multiplies state arrays so they mean the same at another step count.
   *
   * @param state the arrays by their names
   * @param from the step count so far
   * @param to the new step count
   * @param remembered the scalars with which the updater goes on, before they are rescaled
   */
  protected void rescale(Map<String, INDArray> state, long from, long to, Scalars remembered) {
    state.forEach((name, array) -> array.muli(rescaling(name, from, to, remembered)));
  }

  /**
   * The fraction of every decaying weight that a step subtracts from it, in addition to the update
   * of its rule.
   *
   * @param step which step it is
   * @return the fraction; 0 by default
   */
  protected double decay(Step step) {
    return 0;
  }

  /**
   * The policy for gradients that contain NaN or an infinity.
   *
   * @return the policy
   */
  public NonFinitePolicy getNonFiniteGradients() {
    return nonFiniteGradients;
  }

  /**
   * The constant learning rate.
   *
   * @return the rate, or NaN if a schedule is set
   */
  public double getLearningRate() {
    return learningRate;
  }

  /**
   * The schedule of the learning rate.
   *
   * @return the schedule, or null if the rate is constant
   */
  public ISchedule getLearningRateSchedule() {
    return learningRateSchedule;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if the schedule returns a negative, infinite or NaN rate
   */
  @Override
  public double getLearningRate(int iteration, int epoch) {
    if (learningRateSchedule == null) {
      return learningRate;
    }
    return learningRate("learning rate", learningRateSchedule, iteration, epoch);
  }

  /**
   * Multiplies further learning rates, which {@link #setLrAndSchedule} does not change. There are
   * none by default.
   *
   * @param factor what to multiply them by
   */
  public void scaleOtherLearningRates(double factor) {}

  /**
   * The value of a schedule of a learning rate, checked.
   *
   * @param name what the schedule is for
   * @param schedule the schedule
   * @param iteration the iteration, counted from 0
   * @param epoch the epoch, counted from 0
   * @return the rate
   * @throws IllegalStateException if it is negative, infinite or NaN
   */
  protected static double learningRate(String name, ISchedule schedule, int iteration, int epoch) {
    return scheduled(
        name,
        schedule,
        iteration,
        epoch,
        rate -> rate >= 0 && rate < Double.POSITIVE_INFINITY,
        "a finite number >= 0");
  }

  /**
   * The learning rate of a step.
   *
   * @param step which step it is
   * @return the rate, η
   * @throws IllegalStateException if the schedule returns a negative, infinite or NaN rate
   */
  protected final double getLearningRate(Step step) {
    return getLearningRate(step.iteration(), step.epoch());
  }

  /**
   * The value of a schedule, checked.
   *
   * @param name what the schedule is for
   * @param schedule the schedule
   * @param iteration the iteration, counted from 0
   * @param epoch the epoch, counted from 0
   * @param valid whether a value is allowed
   * @param allowed what is allowed, in words that go after "must be"
   * @return the value
   * @throws IllegalStateException if the value is not allowed, naming all of these
   */
  protected static double scheduled(
      String name,
      ISchedule schedule,
      int iteration,
      int epoch,
      DoublePredicate valid,
      String allowed) {
    double value = schedule.valueAt(iteration, epoch);
    if (!valid.test(value)) {
      throw new IllegalStateException(
          String.format(
              "%s at iteration %d, epoch %d; it comes from %s",
              refusal(name, value, allowed), iteration, epoch, schedule));
    }
    return value;
  }

  @Override
  public boolean hasLearningRate() {
    return true;
  }

  /**
   * {@inheritDoc}
   *
   * <p>To change the rate of a single layer in a trained network, set it here and then call {@code
   * DecoupledDecay.attach(network)}. Deeplearning4j's {@code setLearningRate(layer, rate)} divides
   * the parameters into new blocks, but then fails because it cannot carry over the step count.
   *
   * @throws IllegalArgumentException if there is no schedule and the learning rate is negative,
   *     infinite or NaN
   */
  @Override
  public void setLrAndSchedule(double learningRate, ISchedule schedule) {
    this.learningRate = schedule == null ? notNegative("learningRate", learningRate) : Double.NaN;
    this.learningRateSchedule = schedule;
  }

  @Override
  public long stateSize(long numParams) {
    return StateLayout.of(this).size(numParams);
  }

  @Override
  public GradientUpdater<?> instantiate(INDArray view, boolean initialize) {
    RuleUpdater updater = new RuleUpdater(this, Backend.current());
    updater.setFlatState(view, initialize);
    return updater;
  }

  @Override
  public GradientUpdater<?> instantiate(Map<String, INDArray> state, boolean initialize) {
    RuleUpdater updater = new RuleUpdater(this, Backend.current());
    updater.setState(state, initialize);
    return updater;
  }

  @Override
  public UpdaterConfiguration clone() {
    try {
      UpdaterConfiguration copy = (UpdaterConfiguration) super.clone();
      copy.learningRateSchedule =
          learningRateSchedule == null ? null : learningRateSchedule.clone();
      return copy;
    } catch (CloneNotSupportedException impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other != null
        && getClass() == other.getClass()
        && parameters().equals(((UpdaterConfiguration) other).parameters());
  }

  @Override
  public int hashCode() {
    return parameters().hashCode();
  }

  @Override
  public String toString() {
    return parameters().entrySet().stream()
        .map(Object::toString)
        .collect(Collectors.joining(", ", getClass().getSimpleName() + "(", ")"));
  }

  /**
   * Builds an updater step by step, with the method names of Deeplearning4j's builders.
   *
   * @param <B> the builder itself
   */
  @JsonPOJOBuilder(withPrefix = "")
  @JsonAutoDetect(setterVisibility = Visibility.PUBLIC_ONLY)
  public abstract static class Builder<B extends Builder<B>> {
    private double learningRate;
    private ISchedule learningRateSchedule;
    private NonFinitePolicy nonFiniteGradients = NonFinitePolicy.FAIL;

    /**
     * Starts with the defaults.
     *
     * @param learningRate the default learning rate
     */
    protected Builder(double learningRate) {
      this.learningRate = learningRate;
    }

    /**
     * This builder, by its own type.
     *
     * @return this
     */
    @SuppressWarnings("unchecked")
    protected B self() {
      return (B) this;
    }

    /**
     * The constant learning rate.
     *
     * @return the rate, or null if there is a schedule
     */
    protected final Double constantLearningRate() {
      return learningRateSchedule == null ? learningRate : null;
    }

    /**
     * Creates the updater.
     *
     * @return the updater
     * @throws IllegalArgumentException if a parameter is outside its range, naming the parameter,
     *     its value and the range
     */
    public abstract UpdaterConfiguration build();

    /**
     * Sets a constant learning rate.
     *
     * @param learningRate a finite number of at least 0; ignored while a schedule is set
     * @return this
     */
    @Given
    public B learningRate(double learningRate) {
      this.learningRate = learningRate;
      return self();
    }

    /**
     * Sets a schedule for the learning rate.
     *
     * @param schedule the schedule, or null for the constant rate
     * @return this
     */
    public B learningRateSchedule(ISchedule schedule) {
      this.learningRateSchedule = schedule;
      return self();
    }

    /**
     * Sets what happens to a gradient that contains NaN or an infinity.
     *
     * @param policy the policy; default {@link NonFinitePolicy#FAIL}
     * @return this
     */
    @Given
    public B nonFiniteGradients(NonFinitePolicy policy) {
      this.nonFiniteGradients = policy;
      return self();
    }
  }
}
