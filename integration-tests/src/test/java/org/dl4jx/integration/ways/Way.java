package org.dl4jx.integration.ways;

/**
 * A way of training in Deeplearning4j.
 *
 * @param name what it is called in the documentation
 * @param result what is known of its result
 * @param training trains a small model in this way
 */
record Way(String name, Result result, Training training) {

  /** What is known of the result of a way. */
  enum Result {
    /** The parameters are those of {@code fit(DataSet)}, to the bit. */
    SAME_AS_FIT,
    /** Each batch makes one step, so a decay takes ηλ of the weights that the batch found. */
    ONE_STEP,
    /** It learns. */
    LEARNS,
    /** Parameters move, and stay finite; it takes too long to learn anything. */
    MOVES,
    /** The score rises, because Deeplearning4j's gradient has the wrong sign. */
    UNLEARNS
  }

  /** Trains a small model. */
  interface Training {
    /**
     * Trains.
     *
     * @param run the updater, the type and the data
     * @return the model before and after
     * @throws Exception as Deeplearning4j declares
     */
    Trained train(Run run) throws Exception;
  }

  static Way sameAsFit(String name, Training training) {
    return new Way(name, Result.SAME_AS_FIT, training);
  }

  static Way oneStep(String name, Training training) {
    return new Way(name, Result.ONE_STEP, training);
  }

  static Way moves(String name, Training training) {
    return new Way(name, Result.MOVES, training);
  }

  static Way unlearns(String name, Training training) {
    return new Way(name, Result.UNLEARNS, training);
  }

  static Way learns(String name, Training training) {
    return new Way(name, Result.LEARNS, training);
  }

  @Override
  public String toString() {
    return name;
  }
}
