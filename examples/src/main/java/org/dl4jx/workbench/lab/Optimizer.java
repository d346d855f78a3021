package org.dl4jx.workbench.lab;

import java.util.function.DoubleFunction;
import org.nd4j.linalg.learning.config.IUpdater;

/** An updater with its name in pictures and tables, at any learning rate. */
public final class Optimizer {
  private final String name;
  private final DoubleFunction<IUpdater> atLearningRate;
  private final Family family;

  /**
   * Names an updater.
   *
   * @param name the name
   * @param atLearningRate creates the updater with a constant learning rate
   */
  public Optimizer(String name, DoubleFunction<IUpdater> atLearningRate) {
    this.name = name;
    this.atLearningRate = atLearningRate;
    this.family = Family.of(atLearningRate.apply(1));
  }

  String name() {
    return name;
  }

  Family family() {
    return family;
  }

  IUpdater at(double learningRate) {
    return atLearningRate.apply(learningRate);
  }
}
