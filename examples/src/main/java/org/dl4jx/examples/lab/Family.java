package org.dl4jx.examples.lab;

import org.dl4jx.updaters.AMSGradDecoupled;
import org.dl4jx.updaters.AdaBound;
import org.dl4jx.updaters.AveragedNesterovs;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/** Updaters of one idea, which share a panel: all on one would not be told apart. */
enum Family {
  MOMENTUM("Gradient descent, momentum"),
  AVERAGED("Averaged momentum"),
  ADAM("Adam"),
  BOUNDED("AMSGrad, AdaBound");

  private final String title;

  Family(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  static Family of(IUpdater updater) {
    if (updater instanceof Sgd || updater instanceof Nesterovs) {
      return MOMENTUM;
    }
    if (updater instanceof AveragedNesterovs) {
      return AVERAGED;
    }
    boolean bounded =
        updater instanceof AMSGrad
            || updater instanceof AMSGradDecoupled
            || updater instanceof AdaBound;
    return bounded ? BOUNDED : ADAM;
  }
}
