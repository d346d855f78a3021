package org.dl4jx.averaging;

import java.io.File;
import java.io.IOException;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Stochastic weight averaging (SWA): the mean of the weights from some point of the training on.
 * Use it with a learning rate that stays high or goes in cycles.
 *
 * <p>With the weights {@code θ₁, θ₂, ...} that are averaged:
 *
 * <pre>
 * a₁ = θ₁
 * aₙ = aₙ₋₁ + (θₙ - aₙ₋₁) / n      (the mean of θ₁ to θₙ)
 * </pre>
 *
 * <pre>{@code
 * StochasticWeightAverage average = new StochasticWeightAverage(ScheduleType.EPOCH, 2, 1);
 * network.addListeners(average);
 * network.fit(train, 4);
 * average.getAveraged(); // 2, the weights after epochs 2 and 3, counted from 0
 * average.moveTo(network);
 * BatchNormalizationStatistics.estimate(network, train); // if the network has any
 * }</pre>
 *
 * <p>The paper starts after 75 % of the training, and averages once in an epoch or a cycle of the
 * learning rate. {@code CyclicalSchedule} has cycles; take the weights at their end, with {@code
 * every} as long as a cycle.
 *
 * <p>Parameters: start (at least 0; default 0), every (at least 1; 1), type ({@code ITERATION}),
 * name.
 *
 * <p>Izmailov, Podoprikhin, Garipov, Vetrov and Wilson, <a
 * href="https://arxiv.org/abs/1803.05407">Averaging Weights Leads to Wider Optima and Better
 * Generalization</a> (2018), algorithm 1. Equal to PyTorch's {@code swa_utils.AveragedModel}.
 */
public final class StochasticWeightAverage extends WeightAverage {
  private static final long serialVersionUID = 1L;

  private static final String NAME = "StochasticWeightAverage";

  /**
   * An average over iterations.
   *
   * @param start the first iteration to average, counted from 0; at least 0
   * @param every how many iterations there are to the next; at least 1
   * @throws IllegalArgumentException if an argument is outside its range, naming it
   */
  public StochasticWeightAverage(int start, int every) {
    this(new Builder().start(start).every(every));
  }

  /**
   * An average.
   *
   * @param type whether it counts iterations or epochs
   * @param start the first one to average, counted from 0; at least 0
   * @param every how many there are to the next; at least 1
   * @throws IllegalArgumentException if an argument is outside its range, naming it
   */
  public StochasticWeightAverage(ScheduleType type, int start, int every) {
    this(new Builder().type(type).start(start).every(every));
  }

  private StochasticWeightAverage(Builder builder) {
    super(builder);
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
   * Reads an average from the file of a network. Add it to the network's listeners to go on.
   *
   * @param modelFile a file to which it was {@linkplain #addTo added}, or a checkpoint
   * @return the average
   * @throws IOException if the file cannot be read
   * @throws IllegalStateException if there is none in it
   */
  public static StochasticWeightAverage restore(File modelFile) throws IOException {
    return restore(modelFile, NAME);
  }

  /**
   * Reads an average that has a name.
   *
   * @param modelFile a file to which it was {@linkplain #addTo added}, or a checkpoint
   * @param name its name
   * @return the average
   * @throws IOException if the file cannot be read
   * @throws IllegalStateException if there is none of that name in it
   */
  public static StochasticWeightAverage restore(File modelFile, String name) throws IOException {
    return restore(StochasticWeightAverage.class, modelFile, name);
  }

  @Override
  double share(long n) {
    return 1.0 / n;
  }

  @Override
  public String toString() {
    return String.format(
        "StochasticWeightAverage(start=%d, every=%d, type=%s)", getStart(), getEvery(), getType());
  }

  /** Builds a {@link StochasticWeightAverage}. */
  public static final class Builder extends WeightAverage.Builder<Builder> {

    /** Starts with the defaults. */
    public Builder() {
      super(NAME);
    }

    @Override
    public StochasticWeightAverage build() {
      return new StochasticWeightAverage(this);
    }
  }
}
