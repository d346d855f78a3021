package org.dl4jx.benchmarks;

/**
 * The median of what one process measured of one contestant.
 *
 * @param quantity what was measured
 * @param subject what it was measured on: a network and its images, or {@code block}
 * @param contest what was set against each other
 * @param contestant who did it
 * @param type the type of all numbers
 * @param threads the number of threads
 * @param parameters the number of parameters
 * @param process tells the processes of one run apart
 * @param median the median of the samples, for one step or one iteration
 * @param lowerQuartile a quarter of the samples is below
 * @param upperQuartile a quarter of the samples is above
 * @param samples the number of samples
 */
record Measurement(
    Quantity quantity,
    String subject,
    Contest contest,
    Contestant contestant,
    NumberType type,
    int threads,
    long parameters,
    long process,
    double median,
    double lowerQuartile,
    double upperQuartile,
    long samples) {

  /** The subject where an updater is measured without a network. */
  static final String BLOCK = "block";

  /** What can be measured. */
  enum Quantity {
    /** Nanoseconds of a step of an updater. */
    STEP,
    /** Bytes of heap that a step allocates. */
    ALLOCATION,
    /** Nanoseconds of an iteration of a network. */
    ITERATION,
    /** Nanoseconds of an iteration in which the updater is at work, with regularization. */
    UPDATER
  }

  /** One measured thing without the contestant who did it. */
  record Task(
      Quantity quantity,
      String subject,
      Contest contest,
      NumberType type,
      int threads,
      long parameters) {

    Task with(Quantity other) {
      return new Task(other, subject, contest, type, threads, parameters);
    }

    Task with(Contest other) {
      return new Task(quantity, subject, other, type, threads, parameters);
    }
  }

  Task task() {
    return new Task(quantity, subject, contest, type, threads, parameters);
  }
}
