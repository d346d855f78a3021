package org.dl4jx.workbench.lab;

import java.util.function.DoubleFunction;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/** An updater with its name in pictures and tables, at any learning rate. */
public final class Optimizer {
  private final String name;
  private final DoubleFunction<IUpdater> atLearningRate;
  private final Kind kind;

  /**
   * Names an updater.
   *
   * @param name the name
   * @param atLearningRate creates the updater with a constant learning rate
   */
  public Optimizer(String name, DoubleFunction<IUpdater> atLearningRate) {
    this.name = name;
    this.atLearningRate = atLearningRate;
    this.kind = Kind.of(atLearningRate.apply(1));
  }

  /**
   * An updater of the command line, without weight decay.
   *
   * @param updater the updater
   * @return the optimizer of that name
   */
  public static Optimizer of(NamedUpdater updater) {
    return new Optimizer(updater.label(), rate -> updater.create(rate, 0));
  }

  String name() {
    return name;
  }

  Kind kind() {
    return kind;
  }

  IUpdater at(double learningRate) {
    return atLearningRate.apply(learningRate);
  }
}
