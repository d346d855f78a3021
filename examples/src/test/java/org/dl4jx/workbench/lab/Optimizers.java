package org.dl4jx.workbench.lab;

import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.dl4jx.workbench.notation.NamedUpdater;

/** The optimizers of which the texts of the page speak. */
final class Optimizers {
  static final Optimizer SGD = of(NamedUpdater.SGD);
  static final Optimizer NESTEROVS = of(NamedUpdater.NESTEROVS);
  static final Optimizer AVERAGED = of(NamedUpdater.of(NamedOptimizer.NESTEROVS_AVERAGED));
  static final Optimizer ADAM = of(NamedUpdater.ADAM);
  static final Optimizer DL4J_AMSGRAD = of(NamedUpdater.DL4J_AMSGRAD);
  static final Optimizer AMSGRAD = of(NamedUpdater.of(NamedOptimizer.AMSGRAD));
  static final Optimizer ADABOUND = of(NamedUpdater.of(NamedOptimizer.ADABOUND));

  private Optimizers() {}

  private static Optimizer of(NamedUpdater updater) {
    return Optimizer.of(updater);
  }
}
